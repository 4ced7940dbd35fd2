//! `provost status`: the state of everything on one screen.

use clap::Args;
use jiff::Timestamp;

use super::error::CliError;
use super::member::timeline_part;
use super::output::{Cell, Sheet, Tone, text, time};
use super::session::Session;
use crate::admin::AdminError;
use crate::admin::link::credential_steps;
use crate::admin::types::{ConnectionRow, Overview};

/// The state of everything on one screen.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost status
  provost status --json
  provost --context prod status")]
pub struct StatusVerb {}

/// Shows it.
pub async fn run(session: &mut Session, _verb: &StatusVerb) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let place = reach.read().place();
    let seen = async {
        let overview = reach.read().overview().await?;
        // How one connects is told where none has called.
        let steps = if overview.connections.is_empty() {
            let link = reach.read().link().await?;
            Some(credential_steps(link.auth, "okta", link.lacks_sso))
        } else {
            None
        };
        Ok::<_, AdminError>((overview, steps))
    }
    .await;
    let (overview, steps) = reach.finish(seen).await?;
    let sheet = sheet(&overview, &place, steps);
    session.out.sheet(&overview, &sheet)
}

fn sheet(overview: &Overview, place: &str, steps: Option<String>) -> Sheet {
    let now = overview.now;
    let mut sheet = Sheet::new();
    sheet
        .title(&overview.organisation)
        .fact("preset", Cell::text(preset(overview)))
        .fact(
            "engine",
            Cell::text(format!(
                "{place}, version {}, started {}",
                overview.version,
                time::relative(overview.started, now)
            )),
        )
        .fact("SCIM base URL", base_url(overview))
        .fact(
            "members",
            Cell::text(format!(
                "{}, {} active",
                text::thousands(overview.members),
                text::thousands(overview.active_members)
            )),
        )
        .fact(
            "teams",
            Cell::text(format!(
                "{}, {} synced",
                text::thousands(overview.teams),
                text::thousands(overview.synced_teams)
            )),
        )
        .fact("ways to admin", admins(overview))
        .fact(
            "request log",
            Cell::text(format!(
                "{}, median {}, p95 {}",
                text::count(overview.log_rows, "line", "lines"),
                time::took(overview.p50_us),
                time::took(overview.p95_us)
            )),
        )
        .fact("database", Cell::text(text::bytes(overview.database_bytes)));
    if let Some(steps) = steps {
        nobody(&mut sheet, &steps);
    } else {
        connections(&mut sheet, &overview.connections, now);
    }
    failures(&mut sheet, overview);
    timeline_part(&mut sheet, &overview.last_changes, now);
    sheet
}

/// Which port a 0 becomes is only known while something listens.
fn base_url(overview: &Overview) -> Cell {
    if overview.scim_base_url.starts_with('/') {
        Cell::text("none while nothing listens").tone(Tone::Dim)
    } else {
        Cell::text(&overview.scim_base_url)
    }
}

fn admins(overview: &Overview) -> Cell {
    let ways = overview.ways_to_admin();
    if overview.admins_who_can_sign_in < 2 {
        // One lost password would lock everybody out.
        Cell::text(format!("! {ways}")).tone(Tone::Warn)
    } else {
        Cell::text(ways)
    }
}

/// What is said while no identity provider has called.
fn nobody(sheet: &mut Sheet, steps: &str) {
    sheet.title("Identity providers").lines(vec![format!(
        "  none has called yet; {steps} makes a credential for one"
    )]);
}

fn connections(sheet: &mut Sheet, connections: &[ConnectionRow], now: Timestamp) {
    sheet.title("Identity providers");
    for connection in connections {
        let idp = connection.idp.as_deref().unwrap_or("unknown client");
        let push = connection.last_push.map_or_else(
            || "pushed nothing yet".to_owned(),
            |push| format!("last push {}", time::relative(push, now)),
        );
        let line = format!(
            "{idp}, {push}, last call {}, {} in the last hour, {} failed",
            time::relative(connection.last_request, now),
            text::count(connection.requests, "request", "requests"),
            text::thousands(connection.failures)
        );
        let cell = if connection.failures > 0 {
            Cell::text(format!("! {line}")).tone(Tone::Warn)
        } else {
            Cell::text(format!("✓ {line}"))
        };
        sheet.fact(format!("  {}", text::printable(&connection.token)), cell);
    }
}

fn failures(sheet: &mut Sheet, overview: &Overview) {
    if overview.failures.is_empty() {
        return;
    }
    sheet.title("Failures of the last 24 hours");
    for failure in &overview.failures {
        sheet.fact(
            format!("  {}", text::printable(&failure.code)),
            Cell::text(format!(
                "{}, the newest is {}",
                text::thousands(failure.count),
                failure.last
            )),
        );
    }
}

/// The preset, and how far the policy is from it.
fn preset(overview: &Overview) -> String {
    match overview.policy_overrides {
        0 => overview.preset.clone(),
        keys => {
            let keys = text::count(u64::from(keys), "key", "keys");
            format!("{}, {keys} set otherwise", overview.preset)
        }
    }
}
