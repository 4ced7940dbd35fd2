//! `provost demo` at a terminal.

use std::fs;

use rstest::rstest;
use rustix::process::Signal;

use crate::home::Home;
use crate::screen::{Screen, Start};

/// How many throw-away directories there are.
fn stages(home: &Home) -> usize {
    fs::read_dir(home.path())
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("provost-demo-")
        })
        .count()
}

fn playing(home: &Home) -> Screen {
    let arguments = ["demo", "--members", "30", "--teams", "3", "--pace", "20"];
    let mut screen = Start::at(home).arguments(&arguments).spawn();
    screen.wait_for("Home of the demo", |text| {
        text.contains("[demo]") && text.contains("Home")
    });
    assert_eq!(stages(home), 1);
    screen.send_and_see("4", "following");
    let first = screen.wait_for_text("PATCH");
    screen.wait_for("traffic", |text| {
        text != first && text.contains("following")
    });
    screen
}

#[test]
fn it_plays_and_leaves_nothing_behind() {
    let home = Home::empty();
    let mut screen = playing(&home);
    screen.send("q");
    let ended = screen.ended();
    ended.left_the_terminal_clean();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(stages(&home), 0);
    assert!(!home.data().exists());
}

#[rstest]
#[case::terminate(Signal::TERM)]
#[case::hang_up(Signal::HUP)]
fn a_signal_takes_it_away_too(#[case] signal: Signal) {
    let home = Home::empty();
    let screen = playing(&home);
    screen.signal(signal);
    let ended = screen.ended();
    ended.left_the_terminal_clean();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(stages(&home), 0);
}
