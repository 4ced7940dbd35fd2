//! What the engine knows: its own findings (the database, the tokens), and whether the clock can be right.

use jiff::{SignedDuration, Timestamp};

use super::findings::Findings;
use crate::admin::types::Overview;
use crate::admin::{AdminRead, policy_file};
use crate::cli::error::CliError;
use crate::cli::output::time;
use crate::cli::session::Session;
use crate::config::PolicyTable;

/// Two clocks further apart than this are told.
const SKEW: SignedDuration = SignedDuration::from_secs(30);
/// No clock that is right shows an earlier day: this program was not written yet.
const EARLIEST: &str = "2026-01-01T00:00:00Z";

/// Asks the engine, where there is one to ask.
pub async fn check(session: &Session, is_remote: bool, findings: &mut Findings) {
    let reach = match session.reach().await {
        Ok(reach) => reach,
        // Already told by the check of the data directory.
        Err(CliError::NotInitialised { .. }) => {
            clock(session.now, None, findings);
            return;
        }
        Err(error) => {
            let fix = error.next_step().unwrap_or_else(|| {
                if is_remote {
                    "see that it runs and that the URL is right".into()
                } else {
                    "see what `provost serve` says".into()
                }
            });
            findings.error("engine", error.whole(), fix);
            clock(session.now, None, findings);
            return;
        }
    };
    ask(reach.read(), session.now, findings).await;
    if !is_remote {
        policy_fits(reach.read(), &session.settings.policy, findings).await;
    }
    if let Err(error) = reach.close().await {
        findings.error("engine", error.whole(), "see what `provost serve` says");
    }
}

async fn ask(engine: &dyn AdminRead, now: Timestamp, findings: &mut Findings) {
    match engine.overview().await {
        Ok(overview) => clock(now, Some(&overview), findings),
        Err(error) => {
            findings.error("engine", error.to_string(), "see what `provost serve` says");
            return;
        }
    }
    match engine.doctor().await {
        Ok(found) => findings.extend(found),
        Err(error) => findings.error("engine", error.to_string(), "see what the engine logs"),
    }
}

/// Whether an engine that is started anew takes the file: the one that runs may have been started with another.
async fn policy_fits(engine: &dyn AdminRead, table: &PolicyTable, findings: &mut Findings) {
    let (Ok(fixed), Ok(policy)) = (policy_file::fixed(table), engine.policy().await) else {
        return;
    };
    if let Err(error) = policy_file::fit_in_force(table, &fixed, policy) {
        let fix = "correct it; the engine does not start with it";
        findings.error("policy", error.to_string(), fix);
    }
}

fn clock(now: Timestamp, overview: Option<&Overview>, findings: &mut Findings) {
    const CHECK: &str = "clock";
    let fix = "set it by the network: timedatectl set-ntp true";
    let earliest: Timestamp = EARLIEST.parse().expect("the constant is a timestamp");
    if now < earliest {
        findings.error(
            CHECK,
            format!("it shows {}, which is past", time::full(now)),
            fix,
        );
        return;
    }
    let Some(overview) = overview else {
        findings.ok(CHECK, time::full(now));
        return;
    };
    let newest = overview.last_changes.iter().map(|change| change.at).max();
    let apart = overview.now.duration_since(now).abs();
    if let Some(newest) = newest.filter(|newest| newest.duration_since(now) > SKEW) {
        findings.error(
            CHECK,
            format!(
                "the newest change is of {}, and it shows {}: it was put back",
                time::full(newest),
                time::full(now)
            ),
            fix,
        );
    } else if apart > SKEW {
        findings.warning(
            CHECK,
            format!(
                "the engine's and this machine's are {} apart",
                time::span(apart.as_secs().unsigned_abs())
            ),
            fix,
        );
    } else {
        findings.ok(CHECK, time::full(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::types::Severity;

    fn found(look: impl FnOnce(&mut Findings)) -> Vec<(Severity, String)> {
        let mut findings = Findings::default();
        look(&mut findings);
        findings
            .into_vec()
            .into_iter()
            .map(|finding| (finding.severity, finding.check))
            .collect()
    }

    #[test]
    fn a_clock_of_the_past_is_told() {
        assert_eq!(
            found(|findings| clock(Timestamp::UNIX_EPOCH, None, findings)),
            [(Severity::Error, "clock".into())]
        );
    }
}
