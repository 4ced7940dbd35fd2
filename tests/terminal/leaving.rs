//! Every way out gives the terminal back: the key, the signals, the terminal that goes away, and a panic.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rstest::rstest;
use rustix::process::Signal;

use crate::home::Home;
use crate::screen::{Ended, Screen, Start, key};

/// Opens the console and makes sure that it took the terminal, so that giving it back means something.
fn taken(home: &Home) -> Screen {
    let screen = Start::at(home).environment("PROVOST_DEBUG", "1").open();
    screen.wait_until("the terminal taken", |screen| {
        screen.alternate_screen()
            && screen.bracketed_paste()
            && screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None
    });
    assert!(!screen.is_cooked());
    screen
}

#[track_caller]
fn clean(ended: &Ended, code: u32) {
    ended.left_the_terminal_clean();
    assert_eq!(ended.code, code, "{ended:?}");
}

#[rstest]
#[case::quit("q")]
#[case::interrupt(key::CTRL_C)]
#[case::interrupt_twice("\x03\x03")]
#[case::quit_with_keys_behind_it("qqq24\x1b[A")]
fn a_key_leaves(#[case] keys: &str) {
    let home = Home::with_account();
    let mut screen = taken(&home);
    screen.send(keys);
    clean(&screen.ended(), 0);
}

#[rstest]
#[case::terminate(Signal::TERM)]
#[case::hang_up(Signal::HUP)]
#[case::interrupt(Signal::INT)]
fn a_signal_leaves(#[case] signal: Signal) {
    let home = Home::with_account();
    let screen = taken(&home);
    screen.signal(signal);
    clean(&screen.ended(), 0);
    home.run(&["status"]).ok();
}

#[test]
fn a_terminal_that_is_closed_ends_it() {
    let home = Home::with_account();
    assert_eq!(taken(&home).closed(), 0);
    is_free(&home);
}

/// Where no signal tells of it, such as below a shell that ignores it.
#[test]
fn a_terminal_that_is_closed_without_a_signal_ends_it() {
    let home = Home::with_account();
    let screen = Start::at(&home).without_hangup().open();
    assert_eq!(screen.closed(), 0);
    is_free(&home);
}

/// Only one process may have the data directory, so another engine there means that the console let go of it.
#[track_caller]
fn is_free(home: &Home) {
    assert_eq!(home.serve().end(Signal::TERM), 0);
}

#[test]
fn an_open_question_does_not_keep_it() {
    let home = Home::with_account();
    let mut screen = taken(&home);
    screen.send_and_see("6", "Tokens");
    screen.send_and_see("A", "Issue a token");
    screen.send("half a na");
    screen.wait_for_text("half a na");
    screen.signal(Signal::TERM);
    clean(&screen.ended(), 0);
}

#[test]
fn a_panic_gives_the_terminal_back_and_names_its_report() {
    let home = Home::with_account();
    let mut screen = taken(&home);
    screen.send_and_see(":", "Commands");
    screen.send_and_see("debug.panic", "Panic, to try the way out");
    screen.send(key::ENTER);
    let ended = screen.ended();
    clean(&ended, 1);
    // Wherever the lines were wrapped.
    let said: String = ended.text().split_whitespace().collect();
    let state = home.path().join(".local/state/provost");
    let report = only_file(&state, "panic-");
    assert!(
        said.contains(&*report.to_string_lossy()),
        "{}",
        ended.text()
    );
    let mode = fs::metadata(&report).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&report).unwrap();
    assert!(
        text.contains("asked for by the command debug.panic"),
        "{text}"
    );
    home.run(&["status"]).ok();
}

#[test]
fn the_command_that_panics_is_hidden_otherwise() {
    let home = Home::with_account();
    let mut screen = Start::at(&home).open();
    screen.send_and_see(":", "Commands");
    screen.send("debug.panic");
    screen.wait_for("no such command", |text| {
        text.contains("debug.panic") && !text.contains("Panic, to try the way out")
    });
}

fn only_file(directory: &Path, prefix: &str) -> std::path::PathBuf {
    let mut found: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(prefix)
        })
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}
