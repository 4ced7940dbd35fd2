//! What a write answers: what became of it, what changed, and the request to look it up by.

use serde::Serialize;

use super::error::CliError;
use super::output::{Form, text};
use super::session::{Session, note};
use super::words;
use crate::admin::types::{Done, Outcome};

/// The document of a write.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    done: &'a Done,
    /// Whether it was only decided.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    /// What it does, and what it does not, a sentence each.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    effects: &'a [String],
}

/// Writes the answer. A change that was understood and not made is a failure with its own exit code.
pub fn report(session: &mut Session, done: &Done, what: &str) -> Result<(), CliError> {
    report_with(session, done, what, &[])
}

/// The same with what the change would do, for a preview.
pub fn report_with(
    session: &mut Session,
    done: &Done,
    what: &str,
    effects: &[String],
) -> Result<(), CliError> {
    if !head(session, done, what, effects)? {
        return Ok(());
    }
    for change in &done.changes {
        let change = words::change_line(change);
        session
            .out
            .line(&format!("  {}", text::printable(&change)))?;
    }
    for effect in effects {
        session
            .out
            .line(&format!("  it would {}", text::printable(effect)))?;
    }
    Ok(())
}

/// The same with lines of the caller's in place of the changes, which are told shortened otherwise.
pub fn report_lines(
    session: &mut Session,
    done: &Done,
    what: &str,
    lines: &[String],
) -> Result<(), CliError> {
    if head(session, done, what, &[])? {
        for line in lines {
            session.out.line(&text::printable(line))?;
        }
    }
    Ok(())
}

/// What became of it, and the whole document where JSON is asked for. Returns whether more is to be said.
fn head(
    session: &mut Session,
    done: &Done,
    what: &str,
    effects: &[String],
) -> Result<bool, CliError> {
    let dry_run = session.global.dry_run;
    if session.out.form == Form::Json {
        session.out.document(&Written {
            done,
            dry_run,
            effects,
        })?;
    }
    let request = done.request_id.map(|id| id.0.to_string());
    match done.outcome {
        Outcome::Applied | Outcome::NoOp => {}
        Outcome::Ignored | Outcome::Held | Outcome::Refused | Outcome::Error => {
            return Err(CliError::NotApplied {
                outcome: done.outcome,
                request,
            });
        }
    }
    // Beside the answer, so that whoever keeps only that is told as well.
    for warning in &done.warnings {
        note(&format!("note: {warning}"));
    }
    if session.out.form == Form::Json {
        return Ok(false);
    }
    let mut line = match (done.outcome, dry_run) {
        (Outcome::NoOp, false) => format!("{what}: already so, nothing changed"),
        (Outcome::NoOp, true) => format!("{what}: already so, nothing would change"),
        (_, false) => format!("{what}: done"),
        (_, true) => format!("{what}: would change this, nothing changed"),
    };
    if let Some(request) = request {
        line = format!("{line} (request #{request})");
    }
    session.out.line(&text::printable(&line))?;
    Ok(true)
}
