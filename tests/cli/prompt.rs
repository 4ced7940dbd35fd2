//! Questions at a terminal: only a typed yes takes something away.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};
use rstest::rstest;

use crate::home::Home;

/// Runs a command at a pseudo-terminal, types `answer` once `question` is on the screen, and gives the exit code and
/// everything shown.
fn answer(home: &Home, arguments: &[&str], question: &str, answer: &str) -> (u32, String) {
    let size = PtySize {
        rows: 24,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = NativePtySystem::default().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_provost"));
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("PROVOST_DATA_DIR", home.data());
    command.env("TERM", "xterm");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let mut shown = String::new();
    let mut asked = false;
    let mut buffer = [0; 1024];
    // The end of the terminal is an error on Linux and an empty read elsewhere.
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
        if !asked && shown.contains(question) {
            asked = true;
            writer.write_all(answer.as_bytes()).unwrap();
        }
    }
    (child.wait().unwrap().exit_code(), shown)
}

#[rstest]
#[case::yes("yes\n", 0, false)]
#[case::enter("\n", 1, true)]
#[case::no("no\n", 1, true)]
fn only_a_typed_yes_deactivates(
    #[case] typed: &str,
    #[case] code: u32,
    #[case] stays_active: bool,
) {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    let (ended, shown) = answer(
        &home,
        &["member", "deactivate", "ada@example.com"],
        "Type yes to go on: ",
        typed,
    );
    assert_eq!(ended, code, "{shown}");
    assert!(shown.contains("Deactivate ada@example.com?"), "{shown}");
    let member = home.json(&["member", "show", "ada@example.com"]);
    assert_eq!(member["active"], stays_active);
}

#[test]
fn the_password_of_the_owner_is_not_shown() {
    let home = Home::empty();
    let password = "correct horse battery staple";
    let (ended, shown) = answer(
        &home,
        &["init", "--owner-email", "owner@example.com"],
        "Password of the owner: ",
        &format!("{password}\r{password}\r"),
    );
    assert_eq!(ended, 0, "{shown}");
    assert!(!shown.contains("horse"), "{shown}");
    home.run(&["status"]).ok();
}
