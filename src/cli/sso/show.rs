//! `provost sso show`.

use std::iter;

use clap::Args;

use crate::admin::sso::{
    CertificateState, NextStep, Outside, Sso, SsoRefresh, SsoState, SsoStatus,
};
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Sheet, Tone, text, time};
use crate::cli::session::Session;

/// From when on a certificate's end is a warning, in days.
const SOON: i64 = 30;

/// How single sign-on stands, what to enter at the identity provider, and what the next step would do.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso show
  provost sso show --json")]
pub struct ShowVerb {}

/// Shows it.
pub async fn run(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let status = reach.read().sso().await;
    let status = reach.finish(status).await?;
    let sheet = sheet(&status, session);
    session.out.sheet(&status, &sheet)
}

fn sheet(status: &SsoStatus, session: &Session) -> Sheet {
    let mut sheet = Sheet::new();
    sheet
        .title("Single sign-on")
        .fact("state", state(status.state))
        .fact(
            "last gone well",
            Cell::maybe_moment(status.last_green, session.now, "never"),
        )
        .fact("members at sign-in", jit(status))
        .title("To be entered at the identity provider")
        .fact("entity id", Cell::text(&status.entity_id))
        .fact("ACS URL", Cell::text(&status.acs_url))
        .fact("or its metadata", Cell::text(&status.metadata_url))
        .fact("members sign in at", Cell::text(&status.sign_in_url));
    match &status.sso {
        Some(sso) => identity_provider(&mut sheet, sso, status, session),
        None => {
            sheet.title("Identity provider").lines(vec![
                "  none; provost sso configure --metadata FILE-OR-URL sets one".to_owned(),
            ]);
        }
    }
    for step in &status.next {
        sheet
            .title(format!("To go on to {}", step.to))
            .lines(next(step));
    }
    if !status.remarks.is_empty() {
        let remarks = status.remarks.iter();
        sheet.title("To be looked at").lines(
            remarks
                .map(|it| format!("  ! {}", text::printable(it)))
                .collect(),
        );
    }
    if !status.without_password.is_empty() {
        let names = status.without_password.iter();
        sheet
            .title("Came by single sign-on and have no password")
            .lines(
                names
                    .map(|(_, name)| format!("  {}", text::printable(name)))
                    .collect(),
            );
    }
    sheet
}

fn identity_provider(sheet: &mut Sheet, sso: &Sso, status: &SsoStatus, session: &Session) {
    let idp = &sso.identity_provider;
    sheet
        .title("Identity provider")
        .fact("entity id", Cell::text(&idp.entity_id))
        .fact("sign-in URL", Cell::text(&idp.sign_in_url))
        .fact(
            "binding",
            Cell::text(format!("{:?}", idp.binding).to_lowercase()),
        )
        .maybe("metadata from", idp.metadata_url.as_deref())
        .fact(
            "metadata read",
            Cell::maybe_moment(idp.metadata_at, session.now, "never, set by hand"),
        )
        .maybe(
            "read again",
            status.refresh.as_ref().map(|it| refresh(it, session)),
        )
        .fact(
            "begins at the identity provider",
            Cell::text(if sso.allow_unsolicited {
                "allowed"
            } else {
                "refused"
            }),
        );
    for certificate in &status.certificates {
        let mut lines = vec![format!("    SHA-256 {}", certificate.fingerprint)];
        lines.extend(match &certificate.outside {
            None => None,
            Some(Outside::Added) => Some("    accepted by an admin beside the metadata".to_owned()),
            Some(Outside::Left { since }) => Some(format!(
                "    left the metadata {}; believed for some days more",
                time::relative(*since, session.now)
            )),
        });
        sheet
            .fact("certificate", validity(certificate))
            .lines(lines);
    }
}

/// How the schedule stands.
fn refresh(refresh: &SsoRefresh, session: &Session) -> String {
    let ago = |at| time::relative(at, session.now);
    let next = refresh.next.map_or_else(
        || "as the schedule has it".to_owned(),
        |at| {
            if at > session.now {
                ago(at)
            } else {
                "as soon as the engine runs".to_owned()
            }
        },
    );
    match &refresh.failing {
        Some(failing) => format!(
            "✗ the last try failed {}, {} in a row since {}: {}; next {next}",
            ago(refresh.looked),
            text::counted(u64::from(failing.times), "time"),
            ago(failing.since),
            text::printable(&failing.why)
        ),
        None => format!("looked at {}; next {next}", ago(refresh.looked)),
    }
}

fn validity(certificate: &CertificateState) -> Cell {
    match certificate.days_left {
        None => Cell::text("unreadable").tone(Tone::Bad),
        Some(days) if days < 0 => Cell::text(format!(
            "✗ ended {} ago",
            text::counted(days.unsigned_abs(), "day")
        ))
        .tone(Tone::Bad),
        Some(days) if days <= SOON => Cell::text(format!(
            "! ends in {}",
            text::counted(days.unsigned_abs(), "day")
        ))
        .tone(Tone::Warn),
        Some(days) => Cell::text(format!(
            "✓ {} left",
            text::counted(days.unsigned_abs(), "day")
        ))
        .tone(Tone::Good),
    }
}

fn jit(status: &SsoStatus) -> Cell {
    let (rule, becomes) = &status.jit;
    let now = if *becomes {
        "somebody unknown becomes a member"
    } else {
        "somebody unknown is refused"
    };
    Cell::text(format!("{now} (sso.jit = {rule})"))
}

fn next(step: &NextStep) -> Vec<String> {
    let changes = step.changes.iter();
    missing(step)
        .into_iter()
        .map(|it| format!("  ✗ missing: {}", text::printable(&it)))
        .chain(changes.map(|it| format!("  {}", text::printable(it))))
        .collect()
}

/// All that is missing for a step, each with the command by which it is had.
pub(super) fn missing(step: &NextStep) -> Vec<String> {
    let ways = step.ways.iter().map(Some).chain(iter::repeat(None));
    step.missing
        .iter()
        .zip(ways)
        .map(|(what, way)| match way {
            Some(way) => format!("{what} → {way}"),
            None => what.clone(),
        })
        .collect()
}

fn state(state: SsoState) -> Cell {
    match state {
        SsoState::Off => Cell::both("⏸ off", "off").tone(Tone::Dim),
        SsoState::TestDrive => {
            Cell::both("~ test-drive: nobody's sign-in changes", "test-drive").tone(Tone::Warn)
        }
        SsoState::Enabled => Cell::both("✓ enabled", "enabled").tone(Tone::Good),
    }
}
