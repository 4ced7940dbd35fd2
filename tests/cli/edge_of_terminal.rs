//! `provost log tail` at a terminal: a line ends at its edge. Into a pipe nothing is cut.

use rstest::rstest;
use unicode_width::UnicodeWidthStr;

use crate::home::Home;
use crate::pty;

fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut in_sequence = false;
    for char in text.chars() {
        match (in_sequence, char) {
            (false, '\u{1b}') => in_sequence = true,
            (false, char) => plain.push(char),
            (true, char) => in_sequence = !char.is_ascii_alphabetic(),
        }
    }
    plain
}

#[rstest]
#[case::narrow(40)]
#[case::usual(80)]
fn a_line_of_the_tail_ends_at_the_edge(#[case] columns: u16) {
    let home = Home::with_account();
    let name = "a-very-long-name-of-a-member@department.example.com";
    home.run(&["member", "add", name]).ok();
    let arguments = ["log", "tail", "--count", "1"];
    let piped = home.run(&arguments).ok().stdout;
    let whole = piped.lines().last().unwrap();
    assert!(whole.contains(name), "{whole}");

    let (ended, shown) = pty::run(&home, &arguments, columns, |_, _| {});
    assert_eq!(ended, 0, "{shown}");
    assert!(shown.contains('\u{1b}'), "with colours: {shown:?}");
    let shown = without_colours(&shown);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 2, "titles and one line: {shown}");
    for line in lines {
        assert!(line.width() <= usize::from(columns), "{line}");
    }
    assert!(shown.contains("#1"), "{shown}");
}
