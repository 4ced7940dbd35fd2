//! `provost policy export` and `import`: a policy as a file.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::change::adopt_after;
use crate::admin::policy::PolicyDifference;
use crate::admin::policy_file;
use crate::cli::confirm::reach_to_ask;
use crate::cli::error::CliError;
use crate::cli::output::Form;
use crate::cli::session::Session;
use crate::config::PolicyTable;

/// The largest file that is read.
const LARGEST: u64 = 64 * 1_024;

/// Take over the policy of a file that `policy export` has written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy import policy.toml --dry-run
  provost policy import policy.toml
  provost policy import - --yes < policy.toml

The whole policy becomes what the file says: its preset, and the keys it sets otherwise. A preset, key or value that is
none stops it with file and line, and nothing changes.")]
pub struct ImportVerb {
    /// The file; - is the standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) async fn export(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let policy = reach.read().policy().await;
    let policy = reach.finish(policy).await?;
    if session.out.form == Form::Json {
        return session.out.document(&policy);
    }
    session.out.line(policy.to_toml().trim_end())
}

pub(super) async fn import(session: &mut Session, verb: ImportVerb) -> Result<(), CliError> {
    let text = read(&verb.file)?;
    let table = PolicyTable::parse(&text, &verb.file)?;
    let mut adopt = policy_file::whole(&table)?;
    let reach = reach_to_ask(session).await?;
    let (reach, policy) = reach.keep(async |read| read.policy().await).await?;
    let name = adopt.preset.clone();
    let (reach, diff) = reach
        .keep(async |read| read.policy_diff(name).await)
        .await?;
    adopt.if_version = Some(policy.version);
    let changing: Vec<PolicyDifference> = policy
        .keys
        .iter()
        .filter_map(|row| {
            let by_preset = diff.differences.iter().find(|it| it.key == row.key);
            let by_preset = by_preset.map_or(&row.value, |it| &it.then);
            let then = adopt.overrides.get(&row.key).unwrap_or(by_preset);
            (*then != row.value).then(|| PolicyDifference {
                key: row.key.clone(),
                now: row.value.clone(),
                then: then.clone(),
                meaning: row.meaning.clone(),
            })
        })
        .collect();
    let what = format!("take over the policy of {}", verb.file.display());
    adopt_after(session, reach, adopt, &changing, ("policy import", &what)).await
}

fn read(path: &Path) -> Result<String, CliError> {
    let failed = |source| CliError::File {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin()
            .take(LARGEST)
            .read_to_string(&mut text)
            .map_err(CliError::Input)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(LARGEST)
            .read_to_string(&mut text)
            .map_err(failed)?;
    }
    Ok(text)
}
