//! `provost rehearse`: joiners, movers and leavers of a simulated identity provider against a throw-away engine, and a
//! report for the day on which the real one is connected.
//!
//! The engine follows a preset on an empty account, or what is in force on a copy of the account here. Neither the data
//! directory nor a running engine is changed, and nothing is left behind.

mod allowance;
mod checklist;
mod judge;
mod print;
mod report;
mod stage;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::embedded;
use super::error::CliError;
use super::session::Session;
use super::signals::EndSignals;
use super::tracing_setup;
use crate::simulate::rehearsal::{Idp, Rehearsal};
use report::{Report, StepReport, StepResult};
use stage::{Basis, Stage};

/// Rehearse provisioning with a simulated identity provider, and see what to set before go-live.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost rehearse okta --preset launchdarkly
  provost rehearse entra --copy
  provost rehearse onelogin --preset safe --json | jq '.verdict'

Everything happens on a throw-away engine on 127.0.0.1; with --copy, on a copy of the account
here, whose original stays as it is. Team sync is turned on there. Each step is told with what
the policy made of it; a refusal names the policy key and what to do. The exit code is 0 when
everything is as the policy says, and 1 when something else came.")]
pub struct RehearseVerb {
    /// The identity provider.
    #[arg(value_name = "IDP", value_parser = idp_parser())]
    idp: Idp,
    /// The policy preset; by default the one in force here, or safe where there is no account yet.
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// On a copy of the account here, with its members, teams and settings, instead of on an empty one.
    #[arg(long)]
    copy: bool,
}

fn idp_parser() -> impl TypedValueParser<Value = Idp> {
    const IDPS: [Idp; 3] = [Idp::Okta, Idp::Entra, Idp::OneLogin];
    PossibleValuesParser::new(IDPS.map(Idp::as_str)).map(|word| {
        let named = IDPS.into_iter().find(|idp| idp.as_str() == word);
        named.expect("the parser takes no other word")
    })
}

/// Rehearses.
pub async fn run(session: &mut Session, verb: &RehearseVerb) -> Result<(), CliError> {
    session.refuse_dry_run("rehearse")?;
    session.refuse_remote("rehearse")?;
    let basis = basis(session, verb).await?;
    let mut signals = EndSignals::listen()?;
    let stage = tokio::select! {
        stage = Stage::build(&session.settings, verb.idp, &basis) => stage?,
        _ = signals.next() => return Err(CliError::RehearsalEnded),
    };
    let _log = tracing_setup::to_file(&stage.settings, &stage.settings.state_dir)?;
    let report = tokio::select! {
        report = rehearse(session, verb, &basis, &stage) => report,
        _ = signals.next() => Err(CliError::RehearsalEnded),
    };
    let struck = stage.strike().await;
    let report = report?;
    struck?;
    print::print(&mut session.out, &report)?;
    match report.count(StepResult::Unexpected) {
        0 => Ok(()),
        count => Err(CliError::NotReady { count }),
    }
}

/// On what to rehearse.
async fn basis(session: &Session, verb: &RehearseVerb) -> Result<Basis, CliError> {
    if verb.copy {
        return Ok(Basis::Copy {
            preset: verb.preset.clone(),
        });
    }
    let preset = match &verb.preset {
        Some(preset) => preset.clone(),
        None if session.settings.database_file().is_file() => {
            let reach = session.reach().await?;
            let overview = reach.read().overview().await;
            reach.finish(overview).await?.preset
        }
        None => "safe".to_owned(),
    };
    Ok(Basis::Empty { preset })
}

async fn rehearse(
    session: &Session,
    verb: &RehearseVerb,
    basis: &Basis,
    stage: &Stage,
) -> Result<Report, CliError> {
    let admin = stage.embedded.shared_admin();
    let mut rehearsal = Rehearsal::new(verb.idp, &stage.target, &stage.scene)?;
    let mut steps: Vec<StepReport> = Vec::new();
    let mut seen = stage.last_request().await?;
    while let Some(played) = rehearsal.next().await? {
        let mut log = Vec::new();
        for row in stage.requests_since(seen, played.exchanges.len()).await? {
            seen = Some(row.id);
            log.push(admin.request(row.id).await?);
        }
        let was_refused = steps.iter().any(|step| !step.refusals.is_empty());
        steps.push(judge::judge(&played, &log, &stage.rules, was_refused));
    }
    let path = stage.rules.value("scim.base_path");
    // An address with port 0, or one that stands for all of them, is none to enter anywhere.
    let base_url = match embedded::told_url(&session.settings).as_str() {
        "" => format!(
            "the engine's URL (provost scim status tells it while it runs) with {path} at its end"
        ),
        url => format!("{url}{path}"),
    };
    Ok(Report {
        idp: verb.idp.as_str(),
        preset: stage.rules.preset.clone(),
        overrides: stage.rules.overrides.clone(),
        copied: matches!(basis, Basis::Copy { .. }),
        team_sync: stage.team_sync,
        verdict: report::verdict(&steps),
        checklist: checklist::checklist(verb.idp, &stage.rules, &base_url),
        tolerated: report::tolerated(&steps),
        steps,
    })
}
