//! Asks before something is taken away. The answer is typed; Enter alone, and anything else, is no.

use std::io::{self, BufRead, IsTerminal, Write};

use super::connect::{self, Reach};
use super::error::CliError;
use super::output::text;
use super::session::Session;
use crate::admin::types::{Done, Outcome};
use crate::admin::{AdminError, AdminWrite};

/// Lets `verb` go on when `--yes` was given, nothing will be changed, or the admin types `yes`.
///
/// The engine is let go of meanwhile: one opened here holds the data directory, and other commands would wait for
/// whoever thinks about the question. So what was asked about must be looked at again on the engine that is returned.
pub async fn confirm(
    session: &Session,
    reach: Reach,
    verb: &'static str,
    question: &str,
) -> Result<Reach, CliError> {
    if session.global.yes || session.global.dry_run {
        return Ok(reach);
    }
    reach.close().await?;
    if !io::stdin().is_terminal() {
        return Err(CliError::NobodyToAsk { verb });
    }
    ask(question, &mut io::stdin().lock(), &mut io::stderr().lock())?;
    session.reach_to_write().await
}

/// Whether somebody is asked at all: neither `--yes` nor `--dry-run` was given.
pub fn asks(session: &Session) -> bool {
    !session.global.yes && !session.global.dry_run
}

/// Finds an engine for a change that is foreseen before anybody is asked about it.
pub async fn reach_to_ask(session: &Session) -> Result<Reach, CliError> {
    if asks(session) {
        connect::reach_to_foresee(session).await
    } else {
        session.reach_to_write().await
    }
}

/// What to ask about a change.
pub enum Foreseen {
    /// It would be made, and this is what it would do: ask.
    Change(Reach, Done),
    /// Everything is so already; nobody need be asked.
    AlreadySo(Done),
}

/// Decides a change on an engine that makes none of it, before somebody is asked: what is refused is told at once.
pub async fn foresee(
    reach: Reach,
    change: impl AsyncFnOnce(&dyn AdminWrite) -> Result<Done, AdminError>,
) -> Result<Foreseen, CliError> {
    let decided = async { Ok::<_, CliError>(change(reach.write()?).await?) }.await;
    match decided {
        Ok(done) if done.outcome == Outcome::NoOp => {
            reach
                .finish(Ok::<_, CliError>(Foreseen::AlreadySo(done)))
                .await
        }
        Ok(would) => Ok(Foreseen::Change(reach, would)),
        Err(error) => reach.finish(Err(error)).await,
    }
}

/// Goes on when `word` is typed, for what takes much away and cannot be undone. No engine may be held meanwhile.
pub fn type_to_go_on(verb: &'static str, question: &str, word: &str) -> Result<(), CliError> {
    if !io::stdin().is_terminal() {
        return Err(CliError::NobodyToAsk { verb });
    }
    ask_for(
        question,
        word,
        &mut io::stdin().lock(),
        &mut io::stderr().lock(),
    )
}

fn ask(question: &str, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<(), CliError> {
    ask_for(question, "yes", input, output)
}

fn ask_for(
    question: &str,
    word: &str,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<(), CliError> {
    let question = text::printable(question);
    write!(output, "{question}\nType {word} to go on: ")
        .and_then(|()| output.flush())
        .map_err(CliError::Input)?;
    let mut answer = String::new();
    io::Read::take(input, 64)
        .read_line(&mut answer)
        .map_err(CliError::Input)?;
    if answer.trim().eq_ignore_ascii_case(word) {
        Ok(())
    } else {
        Err(CliError::Declined)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::typed("yes\n", true)]
    #[case::capital("YES\n", true)]
    #[case::enter("\n", false)]
    #[case::short("y\n", false)]
    #[case::end_of_input("", false)]
    #[case::no("no\n", false)]
    fn only_a_typed_yes_goes_on(#[case] answer: &str, #[case] goes_on: bool) {
        let mut shown = Vec::new();
        let result = ask("Revoke okta?", &mut answer.as_bytes(), &mut shown);
        assert_eq!(result.is_ok(), goes_on);
        assert!(
            String::from_utf8(shown)
                .unwrap()
                .starts_with("Revoke okta?")
        );
    }
}
