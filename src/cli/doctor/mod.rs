//! `provost doctor`: what is wrong with configuration and state, each finding with its fix.
//!
//! Looks at this machine itself (files, disk, ports, certificates, clock) and asks the engine for what only it knows.
//! A check that cannot be made is a finding too; only an answer that cannot be written is a failure.

mod engine;
mod findings;
mod here;
mod listen;
mod settings;
mod tls;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::args::GlobalArguments;
use super::error::CliError;
use super::output::{Form, Out, text};
use super::session::Session;
use super::words;
use crate::admin::types::{Finding, Severity};
use findings::Findings;

/// Check configuration and state; each finding with its fix.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost doctor
  provost doctor --json | jq '.findings[] | select(.severity != \"ok\")'
  provost --context prod doctor

The exit code is 1 when something does not work; a warning alone leaves it 0.")]
pub struct DoctorVerb {}

/// The document of `doctor`.
#[derive(Serialize)]
struct Report<'a> {
    worst: Severity,
    findings: &'a [Finding],
}

/// Checks everything and writes what was found.
pub async fn run(global: &GlobalArguments, _verb: &DoctorVerb) -> Result<(), CliError> {
    let mut findings = Findings::default();
    let mut out = match Session::start(global) {
        Ok(session) => {
            settings::check(&session, &mut findings);
            let is_remote = global.url.is_some() || session.settings.context.is_some();
            if !is_remote {
                here::check(&session.settings, &mut findings);
                tls::check(&session.settings, session.now, &mut findings);
            }
            engine::check(&session, is_remote, &mut findings).await;
            session.out
        }
        Err(error) => {
            findings.error(
                "configuration",
                error.whole(),
                "correct it; nothing of the file holds until then",
            );
            Out::stdout(if global.json { Form::Json } else { Form::Table })
        }
    };
    let findings = findings.into_vec();
    let worst = findings
        .iter()
        .map(|finding| finding.severity)
        .max()
        .unwrap_or(Severity::Ok);
    write(&mut out, &findings, worst)?;
    let count = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    if count > 0 {
        return Err(CliError::Unhealthy { count });
    }
    Ok(())
}

fn write(out: &mut Out, findings: &[Finding], worst: Severity) -> Result<(), CliError> {
    if out.form == Form::Json {
        return out.document(&Report { worst, findings });
    }
    let width = findings
        .iter()
        .map(|finding| text::width(&finding.check))
        .max()
        .unwrap_or(0);
    for finding in findings {
        let sign = words::severity(finding.severity);
        let padding = " ".repeat(10usize.saturating_sub(text::width(&sign.shown)));
        let sign = out.style.paint(&sign.shown, sign.tone);
        let check_padding = " ".repeat(width.saturating_sub(text::width(&finding.check)));
        out.line(&format!(
            "{sign}{padding} {}{check_padding}  {}",
            text::printable(&finding.check),
            text::printable(&finding.found)
        ))?;
        if !finding.fix.is_empty() {
            let indent = " ".repeat(11 + width + 2);
            out.line(&format!("{indent}→ {}", text::printable(&finding.fix)))?;
        }
    }
    Ok(())
}

/// Whole days from now until then; negative when it is past.
fn days_until(then: Timestamp, now: Timestamp) -> i64 {
    then.duration_since(now).as_secs().div_euclid(86_400)
}
