//! `provost policy …`: what an identity provider's request means here, key by key.

mod change;
mod file;
mod show;
mod simulate;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::session::Session;

/// The policy: what an identity provider's request means here.
#[derive(Debug, Subcommand)]
pub enum PolicyVerb {
    /// Show the policy in force, or one key with what it means.
    Show(show::ShowVerb),
    /// List every key with its values and what it changes.
    Keys(show::KeysVerb),
    /// Give a key another value.
    Set(change::SetVerb),
    /// Give a key back to the preset.
    Reset(change::ResetVerb),
    /// Follow another preset; what was set otherwise is forgotten.
    Preset(change::PresetVerb),
    /// Show in which keys the policy would differ under a preset.
    Diff(show::DiffVerb),
    /// Show which recorded requests another policy would have answered otherwise.
    Simulate(simulate::SimulateVerb),
    /// Print the policy as a file for `policy import` or for the configuration.
    Export(ExportVerb),
    /// Take over the policy of a file that `policy export` has written.
    Import(file::ImportVerb),
    /// Take back the last change of the policy.
    Undo(UndoVerb),
}

/// Print the policy as a file for `policy import` or for the configuration.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy export > policy.toml
  provost --context staging policy export | provost --context prod policy import -")]
pub struct ExportVerb {}

/// Take back the last change of the policy.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy undo --dry-run
  provost policy undo

It says what it takes back and asks. Once more takes back the change before that one, and so on: what is taken back
already is stepped over. To make a change again, take back its undo by number: provost log undo 4812")]
pub struct UndoVerb {}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: PolicyVerb) -> Result<(), CliError> {
    match verb {
        PolicyVerb::Show(verb) => show::show(session, &verb).await,
        PolicyVerb::Keys(verb) => show::keys(session, &verb).await,
        PolicyVerb::Set(verb) => change::set(session, verb.key, Some(verb.value)).await,
        PolicyVerb::Reset(verb) => change::set(session, verb.key, None).await,
        PolicyVerb::Preset(verb) => change::preset(session, verb).await,
        PolicyVerb::Diff(verb) => show::diff(session, verb).await,
        PolicyVerb::Simulate(verb) => simulate::run(session, verb).await,
        PolicyVerb::Export(_) => file::export(session).await,
        PolicyVerb::Import(verb) => file::import(session, verb).await,
        PolicyVerb::Undo(_) => change::undo(session).await,
    }
}
