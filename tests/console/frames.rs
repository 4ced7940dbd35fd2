//! What each pane and overlay looks like, at each size, full and empty, loading and failed.
//!
//! Snapshots are of the text; that the theme without colours shows the same text is a test of its own, and what is said
//! by style is in two styled snapshots. `INSTA_UPDATE=always` writes them anew.

use provost::console::ConsoleOptions;
use provost::console::panes::PaneId;
use provost::console::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Color;
use rstest::rstest;

use super::driver::{Driver, options};
use super::fake::{Fake, State};

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

fn frame(driver: &mut Driver, what: &str) -> String {
    let size = driver.app.size;
    format!(
        "== {what} at {}x{}\n{}",
        size.width,
        size.height,
        driver.screen()
    )
}

#[rstest]
#[case::home("home", &["1"], &["1", "j", "j"])]
#[case::members("members", &["2", "j"], &["2", "j", "enter"])]
#[case::teams("teams", &["3", "j"], &["3", "j", "enter"])]
#[case::requests("requests", &["4"], &["4", "N", "enter"])]
#[case::sso("sso", &["5"], &["5", "j", "j", "enter"])]
#[case::sso_connection("sso_connection", &["5", "right"], &["5", "right", "tab", "right"])]
#[case::test_drive("test_drive", &["5", "T"], &["5", "tab", "right", "right", "right", "right"])]
#[case::scim("scim", &["6"], &["6", "enter", "right"])]
#[case::policy("policy", &["9", "j", "j", "j", "j", "j", "j"], &["9", "j", "j", "j", "j", "j", "j", "enter"])]
#[case::shadow("shadow", &["9", "v"], &["9", "v", "enter"])]
#[case::incidents("incidents", &["7"], &["7", "enter", "right"])]
fn panes(#[case] name: &str, #[case] list: &[&str], #[case] detail: &[&str]) {
    let mut frames = Vec::new();
    for (width, height) in SIZES {
        for keys in [list, detail] {
            let mut driver = Driver::new(Fake::new(State::Full), width, height);
            driver.press(keys);
            frames.push(frame(&mut driver, &keys.join(" ")));
        }
    }
    insta::assert_snapshot!(name, frames.join("\n"));
}

#[rstest]
#[case::empty("empty", State::Empty)]
#[case::loading("loading", State::Hanging)]
#[case::failed("failed", State::Failing)]
fn states(#[case] name: &str, #[case] state: State) {
    let mut frames = Vec::new();
    for (width, height) in [(40, 12), (80, 24), (120, 30)] {
        for key in ["1", "2", "3", "4", "5", "6", "7", "9"] {
            let mut driver = Driver::new(Fake::new(state), width, height);
            driver.press(&[key]);
            frames.push(frame(&mut driver, key));
        }
    }
    insta::assert_snapshot!(name, frames.join("\n"));
}

#[test]
fn details() {
    let mut frames = Vec::new();
    for keys in [
        &["2", "j", "t"][..],
        &["2", "j", "t", "right"],
        &["3", "j", "enter", "right"],
        &["3", "j", "t"],
        &["4", "N", "t"],
        &["4", "N", "d"],
        &["4", "N", "x", "right", "right"],
        &["4", "N", "x", "left", "left"],
    ] {
        let mut driver = Driver::new(Fake::new(State::Full), 120, 30);
        driver.press(keys);
        frames.push(frame(&mut driver, &keys.join(" ")));
    }
    insta::assert_snapshot!("details", frames.join("\n"));
}

#[test]
fn overlays() {
    let mut frames = Vec::new();
    for keys in [
        &["?"][..],
        &["4", "?"],
        &[":"],
        &["2", "j", "D"],
        &["6", "X"],
        &["2", "A"],
        &["6", "A"],
        &["6", "A", "x", "ctrl-s"],
        &["!"],
        &["2", "D", "H"],
        &["4", "N", "e"],
        &["4", "/", "s", "t"],
        &["4", "/", "s", "t", "a", "t", "u", "s", ":", "x"],
        &["2", "g"],
        &["9", "E"],
        &["9", "j", "E", "right", "enter"],
        &["9", "P"],
        &["9", "P", "enter"],
        &["4", "N", "u"],
        &["5", "S"],
        &["5", "E"],
        &["5", "B"],
        &["5", "x"],
        &["5", "m"],
        &["5", "T", "c"],
        &["2", "j", "K", "K"],
    ] {
        let mut driver = Driver::new(Fake::new(State::Full), 80, 24);
        driver.press(keys);
        frames.push(frame(&mut driver, &keys.join(" ")));
    }
    for keys in [
        &["?"][..],
        &[":"],
        &["2", "j", "D"],
        &["6", "A"],
        &["4", "/"],
    ] {
        let mut driver = Driver::new(Fake::new(State::Full), 40, 12);
        driver.press(keys);
        frames.push(frame(&mut driver, &keys.join(" ")));
    }
    insta::assert_snapshot!("overlays", frames.join("\n"));
}

#[test]
fn ascii() {
    let mut options = options();
    options.ascii = true;
    let mut frames = Vec::new();
    for key in ["1", "2", "4", "5"] {
        let client = Fake::new(State::Full).client();
        let mut driver = Driver::with(options.clone(), client, 120, 30);
        driver.press(&[key]);
        let screen = driver.screen();
        assert!(screen.is_ascii(), "{screen}");
        frames.push(frame(&mut driver, key));
    }
    insta::assert_snapshot!("ascii", frames.join("\n"));
}

#[test]
fn a_terminal_that_is_too_small_is_told_so() {
    let mut driver = Driver::new(Fake::new(State::Full), 39, 9);
    assert!(driver.shows("39x9 is too small."));
    assert!(driver.shows("At least 40x10."));
    driver.press(&["ctrl-c"]);
    assert!(driver.app.exit().is_some());
}

fn with_theme(theme: Option<&str>, no_color: bool) -> ConsoleOptions {
    ConsoleOptions {
        theme: theme.map(|name| Theme::built_in(name).unwrap()),
        no_color,
        ..options()
    }
}

fn buffer(options: ConsoleOptions, keys: &[&str], width: u16, height: u16) -> (String, Buffer) {
    let mut driver = Driver::with(options, Fake::new(State::Full).client(), width, height);
    driver.press(keys);
    let text = driver.screen();
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let (app, regions) = (&driver.app, &mut driver.regions);
    terminal
        .draw(|frame| provost::console::view::view(app, frame, regions))
        .unwrap();
    (text, terminal.backend().buffer().clone())
}

#[test]
fn without_colours_every_pane_says_the_same() {
    for (width, height) in SIZES {
        for pane in PaneId::ALL {
            let key = pane.number().to_string();
            let keys = [key.as_str()];
            let (coloured, _) = buffer(with_theme(None, false), &keys, width, height);
            let (plain, cells) = buffer(with_theme(None, true), &keys, width, height);
            assert_eq!(coloured, plain);
            let colours = cells
                .content()
                .iter()
                .filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
                .count();
            assert_eq!(colours, 0, "{pane:?} at {width}x{height}");
        }
    }
}

#[test]
fn the_default_uses_only_the_terminals_own_colours() {
    for pane in PaneId::ALL {
        let key = pane.number().to_string();
        let (_, cells) = buffer(with_theme(None, false), &[&key], 120, 40);
        for cell in cells.content() {
            for colour in [cell.fg, cell.bg] {
                assert!(
                    !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                    "{colour:?}"
                );
            }
        }
    }
}

#[rstest]
#[case::default("styled_default", false)]
#[case::mono("styled_mono", true)]
fn styles(#[case] name: &str, #[case] no_color: bool) {
    let (_, cells) = buffer(with_theme(None, no_color), &["4", "N"], 100, 14);
    insta::assert_snapshot!(name, format!("{cells:#?}"));
}
