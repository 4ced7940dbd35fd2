//! What a headless demo has to show for itself.

use serde::Serialize;

use super::stage::Stage;
use crate::admin::types::FailureCount;
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Sheet, text};
use crate::cli::session::Session;
use crate::simulate::traffic::TrafficTotals;

/// The document of `demo --headless`.
#[derive(Serialize)]
struct Summary {
    scim_base_url: String,
    members: u64,
    teams: u64,
    log_rows: u64,
    traffic: TrafficSummary,
    failures: Vec<FailureCount>,
}

#[derive(Serialize)]
struct TrafficSummary {
    requests: u64,
    refused: u64,
    unexpected: u64,
    unreachable: u64,
}

/// Prints it.
pub async fn print(
    session: &mut Session,
    stage: &Stage,
    totals: TrafficTotals,
) -> Result<(), CliError> {
    let overview = stage.embedded.shared_admin().overview().await?;
    let summary = Summary {
        scim_base_url: overview.scim_base_url,
        members: overview.members,
        teams: overview.teams,
        log_rows: overview.log_rows,
        traffic: TrafficSummary {
            requests: totals.requests,
            refused: totals.refused,
            unexpected: totals.unexpected,
            unreachable: totals.unreachable,
        },
        failures: overview.failures,
    };
    let mut sheet = Sheet::new();
    sheet
        .title("Demo")
        .fact("SCIM base URL", Cell::text(&summary.scim_base_url))
        .fact("members", Cell::text(text::thousands(summary.members)))
        .fact("teams", Cell::text(text::thousands(summary.teams)))
        .fact(
            "request log",
            Cell::text(text::count(summary.log_rows, "line", "lines")),
        )
        .fact(
            "traffic",
            Cell::text(format!(
                "{}, {} refused, {} unexpected",
                text::count(summary.traffic.requests, "request", "requests"),
                text::thousands(summary.traffic.refused),
                text::thousands(summary.traffic.unexpected)
            )),
        );
    for failure in &summary.failures {
        sheet.fact(
            format!("  {}", text::printable(&failure.code)),
            Cell::text(text::thousands(failure.count)),
        );
    }
    session.out.sheet(&summary, &sheet)
}
