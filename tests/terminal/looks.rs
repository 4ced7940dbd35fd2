//! What the terminal is told to draw with: no colour where the environment wants none, ASCII where it has nothing else.

use std::fs;

use crate::home::Home;
use crate::idp::Idp;
use crate::screen::{Start, key};

/// The parameters of every SGR sequence.
fn styles(raw: &[u8]) -> Vec<String> {
    let raw = String::from_utf8_lossy(raw);
    raw.split("\x1b[")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':'))?;
            rest[end..].starts_with('m').then(|| rest[..end].to_owned())
        })
        .collect()
}

/// Whether a sequence sets a colour; going back to the terminal's own is none.
fn is_colour(style: &str) -> bool {
    style.split(';').any(|code| {
        let number: u16 = code.split(':').next().unwrap().parse().unwrap_or(0);
        matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
    })
}

fn shown_with(environment: &[(&str, &str)]) -> (Vec<u8>, Vec<String>) {
    let home = Home::with_account();
    let mut start = Start::at(&home);
    for (name, value) in environment {
        start = start.environment(name, value);
    }
    let mut screen = start.open();
    let idp = Idp::of(&home);
    for status in [201, 409] {
        assert_eq!(idp.push("ada@example.com"), status);
    }
    screen.send_and_see("4", "DUP_USER");
    screen.send_and_see("N", "What next");
    screen.send_and_see("2", "ada@example.com");
    screen.send_and_see("?", "Keys");
    screen.send(key::ESC);
    screen.wait_for("the help closed", |text| !text.contains("Keys"));
    screen.send_and_see(":", "Commands");
    screen.send(key::CTRL_C);
    let ended = screen.ended();
    ended.left_the_terminal_clean();
    (ended.raw, ended.frames)
}

#[test]
fn no_color_means_none() {
    let (raw, _) = shown_with(&[("NO_COLOR", "1")]);
    let styles = styles(&raw);
    assert!(!styles.is_empty(), "bold and reverse are no colours");
    let colours: Vec<_> = styles.iter().filter(|style| is_colour(style)).collect();
    assert!(colours.is_empty(), "{colours:?}");
}

#[test]
fn otherwise_there_is_some() {
    let (raw, _) = shown_with(&[]);
    assert!(styles(&raw).iter().any(|style| is_colour(style)));
}

#[test]
fn a_terminal_without_utf8_is_given_ascii() {
    let (_, frames) = shown_with(&[("LANG", "C")]);
    for frame in &frames {
        assert!(frame.is_ascii(), "{frame}");
    }
}

/// A terminal that was given a theme shows its colours, whichever way it was given.
#[test]
fn a_theme_is_chosen_by_flag_variable_or_file() {
    let has_true_colour = |arguments: &[&str], environment: &[(&str, &str)], config: &str| {
        let home = Home::with_account();
        let directory = home.path().join(".config/provost");
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("provost.toml"), config).unwrap();
        let own = "[roles]\ntext = { fg = \"#123456\" }\n";
        fs::write(directory.join("mine.toml"), own).unwrap();
        let mut start = Start::at(&home).arguments(arguments);
        for (name, value) in environment {
            start = start.environment(name, value);
        }
        let mut screen = start.open();
        screen.send("q");
        let raw = screen.ended().raw;
        styles(&raw)
            .iter()
            .any(|style| style.contains("38;2;18;52;86"))
    };
    assert!(!has_true_colour(&[], &[], ""));
    assert!(
        has_true_colour(&[], &[], "theme = \"mine.toml\""),
        "beside the file"
    );
    let file = "theme = \"mine.toml\"";
    assert!(
        !has_true_colour(&["--theme", "mono"], &[], file),
        "a flag goes over the file"
    );
    assert!(!has_true_colour(&[], &[("PROVOST_THEME", "ansi16")], file));
    let (name, mine) = ("NO_COLOR", "~/.config/provost/mine.toml");
    assert!(
        has_true_colour(&["--theme", mine], &[(name, "1")], ""),
        "a choice goes over it"
    );
}

#[test]
fn a_theme_that_cannot_be_used_is_told_before_the_console_opens() {
    let home = Home::with_account();
    let broken = home.path().join("broken.toml");
    fs::write(&broken, "[roles]\ntxet = { fg = \"red\" }\n").unwrap();
    for (choice, told) in [
        ("drak", "no theme is called `drak`; the nearest is `dark`"),
        (broken.to_str().unwrap(), "line 2: `txet` is not"),
        ("nowhere/mine.toml", "cannot use nowhere/mine.toml"),
    ] {
        let ended = Start::at(&home)
            .arguments(&["--theme", choice])
            .spawn()
            .ended();
        // Wherever the lines were wrapped.
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert!(
            words(&ended.text()).contains(&words(told)),
            "{}",
            ended.text()
        );
        assert_ne!(ended.code, 0);
        assert!(ended.frames.is_empty());
    }
}
