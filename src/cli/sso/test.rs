//! `provost sso test`: a browser goes the way of a sign-in, or a Response is pasted; nothing changes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use super::configure::read;
use super::driven;
use crate::admin::sso::{PastedResponse, SignInRow, TestDriveLink};
use crate::cli::connect::Reach;
use crate::cli::error::CliError;
use crate::cli::output::{Form, time};
use crate::cli::session::{Session, note};

/// How often the outcome is asked for.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Test-drive: sign in as a member would, see every check, and change nothing.
///
/// Prints a link, waits until a browser has gone that way, and shows each check with what was expected and what came.
/// Nobody gets a session, and no member changes. Ends with 0 if every check went well and with 1 otherwise.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso test
  provost sso test --response response.xml
  pbpaste | provost sso test --response -

A Response may be given as XML, as base64, or as the form that a browser posted.")]
pub struct TestVerb {
    /// Look at a Response in a file instead (`-` for the standard input).
    #[arg(long, value_name = "FILE")]
    response: Option<PathBuf>,
}

/// Runs it.
pub async fn run(session: &mut Session, verb: TestVerb) -> Result<(), CliError> {
    session.refuse_dry_run("sso test")?;
    let outcome = match verb.response {
        Some(path) => {
            let text = read(&path)?;
            let reach = session.reach().await?;
            let examined = reach.read().examine_response(PastedResponse { text }).await;
            Some(reach.finish(examined).await?)
        }
        None => live(session).await?,
    };
    let Some(row) = outcome else {
        return Err(CliError::NoTestDrive);
    };
    session.out.sheet(&row, &driven::sheet(&row))?;
    if row.ok {
        return Ok(());
    }
    Err(CliError::TestDriveFailed {
        code: row.code.unwrap_or_default(),
        request: (row.request.0 != 0).then_some(row.request.0),
    })
}

async fn live(session: &mut Session) -> Result<Option<SignInRow>, CliError> {
    let reach = session.reach_to_write().await?;
    let started = async { Ok::<_, CliError>(reach.write()?.start_test_drive().await?) }.await;
    let link = match started {
        Ok(link) => link,
        Err(error) => return reach.finish(Err(error)).await,
    };
    if session.out.form == Form::Json {
        note(&link.url);
    } else {
        session.out.line(&link.url)?;
        note(&format!(
            "open this link in a browser, by {} at the latest, and sign in; waiting …",
            time::clock(link.expires)
        ));
    }
    let outcome = wait(&reach, &link).await;
    reach.finish(outcome).await
}

/// The outcome; `None` where nobody has opened the link in time. Somebody who opened it late is waited for a while.
async fn wait(reach: &Reach, link: &TestDriveLink) -> Result<Option<SignInRow>, CliError> {
    let patience = jiff::SignedDuration::from_mins(5);
    let until = link
        .expires
        .saturating_add(patience)
        .unwrap_or(link.expires);
    while Timestamp::now() < until {
        if let Some(row) = reach.read().test_drive(link.id).await? {
            return Ok(Some(row));
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    Ok(None)
}
