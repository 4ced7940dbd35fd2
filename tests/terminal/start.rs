//! The console opens, every pane answers, every size is lived with, and without a terminal it says so.

use rustix::process::Signal;

use crate::home::Home;
use crate::idp::Idp;
use crate::screen::{Screen, Start, key};

/// Goes to each pane and waits for what only that pane says.
#[track_caller]
fn walk(screen: &mut Screen) {
    for (key, part) in [
        ("2", "[2 Members]"),
        ("3", "No teams yet"),
        ("4", "Requests"),
        ("6", "Tokens"),
        ("1", "What to do next"),
    ] {
        screen.send_and_see(key, part);
    }
}

#[test]
fn it_opens_on_its_own_engine_and_every_pane_answers() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).size(80, 24).open();
    walk(&mut screen);
    assert_eq!(Idp::of(&home).get("/Users"), 200, "it serves HTTP, too");
    screen.send_and_see("4", "following");
    screen.send_and_see("6", "idp");
    screen.send("q");
    assert_eq!(screen.ended().code, 0);
}

#[test]
fn it_lives_with_every_size() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).size(80, 24).open();
    // Home names the owner, too: the key must have been taken before the size changes.
    screen.send_and_see("2", "[2 Members]");
    screen.wait_for_text("owner@example.com");
    for (columns, rows) in [(120, 40), (40, 10), (30, 8), (200, 60), (1, 1), (80, 24)] {
        screen.resize(columns, rows);
        let small = columns < 40 || rows < 10;
        screen.wait_until(&format!("a frame of {columns}x{rows}"), |screen| {
            let text = screen.contents();
            let rows: Vec<String> = screen.rows(0, columns).collect();
            if columns == 1 {
                return text.trim().chars().count() <= 1;
            }
            if small {
                return text.contains(&format!("{columns}x{} is too small", rows.len()))
                    && !text.contains("owner@");
            }
            // The last line is the hints', with the help at its very end.
            rows.last().unwrap().trim_end().ends_with("? help")
                && text.contains("owner@example.com")
        });
    }
    walk(&mut screen);
    screen.send("q");
    screen.ended().left_the_terminal_clean();
}

/// A program that is stopped finds both at once when it goes on.
#[test]
fn a_key_and_a_resize_in_the_same_moment_both_count() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).size(80, 24).open();
    for (key, pane, columns) in [
        ("2", "2 Members]", 95),
        ("3", "3 Teams]", 90),
        ("4", "4 Requests]", 80),
    ] {
        screen.signal(Signal::STOP);
        screen.send(key);
        screen.resize(columns, 24);
        screen.signal(Signal::CONT);
        screen.wait_until(&format!("{pane} at {columns} columns"), |screen| {
            let last = screen.rows(0, columns).last().unwrap_or_default();
            let full = last.trim_end().chars().count() >= usize::from(columns) - 1;
            screen.contents().contains(pane) && last.trim_end().ends_with("? help") && full
        });
    }
}

#[test]
fn the_screen_can_be_drawn_anew() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).size(80, 24).open();
    let before = screen.frames().len();
    screen.send(key::CTRL_L);
    screen.send_and_see("2", "[2 Members]");
    assert!(screen.frames().len() > before);
    screen.send("q");
    assert_eq!(screen.ended().code, 0);
}

#[test]
fn a_second_console_attaches_and_sees_live_what_the_engine_does() {
    let home = Home::with_account();
    let engine = home.serve();
    let mut screen = Start::at(&home).size(80, 24).open();
    let idp = Idp::of(&home);
    screen.send_and_see("4", "following");
    assert_eq!(idp.push("ada@example.com"), 201);
    screen.wait_for_text("ada@example.com");
    screen.send("q");
    let ended = screen.ended();
    assert_eq!(ended.code, 0);
    ended.left_the_terminal_clean();
    assert_eq!(idp.push("bob@example.com"), 201, "the engine goes on");
    assert_eq!(engine.end(Signal::TERM), 0);
}

#[test]
fn an_attached_console_says_that_the_engine_is_gone() {
    let home = Home::with_account();
    let engine = home.serve();
    let mut screen = Start::at(&home).open();
    screen.send_and_see("2", "owner@example.com");
    assert_eq!(engine.end(Signal::TERM), 0);
    screen.wait_for("that the engine is gone", |text| {
        text.contains("unreachable, trying again")
    });
    let _again = home.serve();
    screen.wait_for("that it is back", |text| !text.contains("unreachable"));
    screen.send(key::CTRL_C);
    assert_eq!(screen.ended().code, 0);
}

#[test]
fn without_a_terminal_it_says_what_works_instead() {
    let home = Home::with_account();
    home.run(&[])
        .ends(2)
        .says("the console needs a terminal")
        .says("provost serve runs the engine, provost status shows its state");
}
