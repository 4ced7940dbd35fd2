//! Takes a password: a line of the standard input, or typed twice at a terminal without being shown.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use super::error::CliError;
use crate::secret::Secret;

/// No password is longer, in bytes.
const LIMIT: usize = 1024;

/// Reads the first line of the standard input.
pub fn from_stdin() -> Result<Secret, CliError> {
    read_line(
        &mut io::stdin().lock(),
        "the standard input is empty; --password-stdin reads it from the first line",
    )
}

fn read_line(input: &mut dyn BufRead, empty: &'static str) -> Result<Secret, CliError> {
    let mut line = String::new();
    input
        .take(LIMIT as u64 + 2)
        .read_line(&mut line)
        .map_err(CliError::Input)?;
    let line = Secret::new(line);
    let password = line.expose().trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(CliError::Password(empty));
    }
    if password.len() > LIMIT {
        return Err(CliError::Password("it is longer than 1024 bytes"));
    }
    Ok(Secret::new(password.to_owned()))
}

/// Asks for it twice at a terminal.
pub fn from_terminal() -> Result<Secret, CliError> {
    require_terminal(
        "there is no terminal to type it at; give it on the standard input with --password-stdin",
    )?;
    // Before the first question is there to be read: what is typed at once must neither be echoed nor cooked.
    let _raw = RawMode::enter().map_err(CliError::Input)?;
    let first = prompt("Password of the owner: ")?;
    let second = prompt("The same again: ")?;
    if first != second {
        return Err(CliError::Password("the two are not the same"));
    }
    Ok(first)
}

/// Asks once at a terminal, for a password that is there already.
pub fn known_from_terminal(question: &str) -> Result<Secret, CliError> {
    require_terminal(
        "there is no terminal to type it at; give it on the standard input with --password-stdin",
    )?;
    let _raw = RawMode::enter().map_err(CliError::Input)?;
    prompt(question)
}

/// Asks at a terminal for a recovery code and twice for the new password.
pub fn code_from_terminal() -> Result<(Secret, Secret), CliError> {
    require_terminal(
        "there is no terminal to type it at; give the code and the new password, a line each, on the standard input with --stdin",
    )?;
    let _raw = RawMode::enter().map_err(CliError::Input)?;
    let code = prompt("Recovery code: ")?;
    let first = prompt("New password: ")?;
    let second = prompt("The same again: ")?;
    if first != second {
        return Err(CliError::Password("the two are not the same"));
    }
    Ok((trimmed(&code), first))
}

/// Reads a recovery code and a new password, a line each, from the standard input.
pub fn two_from_stdin() -> Result<(Secret, Secret), CliError> {
    let mut input = io::stdin().lock();
    let missing = "--stdin reads the code from the first line and the new password from the second, and one of them is empty";
    let code = read_line(&mut input, missing)?;
    Ok((trimmed(&code), read_line(&mut input, missing)?))
}

/// A code is pasted, often with blanks around it.
fn trimmed(code: &Secret) -> Secret {
    Secret::new(code.expose().trim().to_owned())
}

fn require_terminal(otherwise: &'static str) -> Result<(), CliError> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    Err(CliError::Password(otherwise))
}

/// Gives the terminal its echo back however the prompt ends.
struct RawMode;

impl RawMode {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode().map(|()| Self)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        let _ = terminal::disable_raw_mode();
    }
}

fn prompt(question: &str) -> Result<Secret, CliError> {
    let mut stderr = io::stderr();
    write!(stderr, "{question}")
        .and_then(|()| stderr.flush())
        .map_err(CliError::Input)?;
    let typed = read_keys();
    // In raw mode a line feed alone leaves the cursor where it is.
    write!(stderr, "\r\n").map_err(CliError::Input)?;
    typed
}

fn read_keys() -> Result<Secret, CliError> {
    // Reserved at once, so that no shorter copy is left behind when it grows.
    let mut typed = String::with_capacity(LIMIT);
    loop {
        let Event::Key(KeyEvent {
            code,
            modifiers,
            kind: KeyEventKind::Press,
            ..
        }) = crossterm::event::read().map_err(CliError::Input)?
        else {
            continue;
        };
        match code {
            KeyCode::Enter if typed.is_empty() => {
                return Err(CliError::Password("it is empty"));
            }
            KeyCode::Enter => return Ok(Secret::new(typed)),
            KeyCode::Char('c' | 'd') if modifiers.contains(KeyModifiers::CONTROL) => {
                drop(Secret::new(typed));
                return Err(CliError::Declined);
            }
            KeyCode::Backspace => {
                typed.pop();
            }
            KeyCode::Char(character) if typed.len() + 4 <= LIMIT => typed.push(character),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_taken_without_its_end() {
        let password = read_line(&mut b"correct horse \r\nrest".as_slice(), "").unwrap();
        assert_eq!(password.expose(), "correct horse ");
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert!(read_line(&mut b"\n".as_slice(), "").is_err());
        let long = "x".repeat(1025);
        assert!(read_line(&mut long.as_bytes(), "").is_err());
        assert!(read_line(&mut &long.as_bytes()[1..], "").is_ok());
    }
}
