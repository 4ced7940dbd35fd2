//! The real binary at a pseudo-terminal.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};

use crate::home::Home;

/// Runs a command, types `answer` once `question` is on the screen, and gives the exit code and everything shown.
pub fn answer(home: &Home, arguments: &[&str], question: &str, answer: &str) -> (u32, String) {
    answer_after(home, arguments, question, || {}, answer)
}

/// The same, after something was done while the question was on the screen.
pub fn answer_after(
    home: &Home,
    arguments: &[&str],
    question: &str,
    meanwhile: impl FnOnce(),
    answer: &str,
) -> (u32, String) {
    let mut meanwhile = Some(meanwhile);
    run(home, arguments, 80, |shown, writer| {
        if shown.contains(question)
            && let Some(meanwhile) = meanwhile.take()
        {
            meanwhile();
            writer.write_all(answer.as_bytes()).unwrap();
        }
    })
}

/// Runs a command at a terminal so many columns wide to its end. `look` sees all that was shown so far, and can type.
pub fn run(
    home: &Home,
    arguments: &[&str],
    columns: u16,
    mut look: impl FnMut(&str, &mut dyn Write),
) -> (u32, String) {
    let size = PtySize {
        rows: 24,
        cols: columns,
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
    let mut buffer = [0; 1024];
    // The end of the terminal is an error on Linux and an empty read elsewhere.
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
        look(&shown, &mut writer);
    }
    (child.wait().unwrap().exit_code(), shown)
}
