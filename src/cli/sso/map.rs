//! `provost sso map`.

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::not_configured;
use crate::admin::sso::MapClaims;
use crate::admin::types::Done;
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Column, Row, Tone};
use crate::cli::session::Session;
use crate::cli::written;

/// By which attribute names the identity provider sends a role, a team, a name.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso map
  provost sso map teamKey groups memberOf
  provost sso map role --none
  provost sso map role --default

Claims: role, customRole, roleAttributes, teamKey, firstName, lastName. The first name that comes counts.")]
pub struct MapVerb {
    /// The claim; without it, all are listed.
    #[arg(value_name = "CLAIM")]
    claim: Option<String>,
    /// Attribute names, the preferred one first.
    #[arg(value_name = "ATTRIBUTE", requires = "claim", conflicts_with_all = ["none", "default"])]
    names: Vec<String>,
    /// Read this claim from no attribute.
    #[arg(long, requires = "claim", conflicts_with = "default")]
    none: bool,
    /// Read it from the names that identity providers use for it.
    #[arg(long, requires = "claim")]
    default: bool,
}

/// One claim.
#[derive(Serialize)]
struct Mapped {
    claim: String,
    attributes: Vec<String>,
}

/// The document of the list.
#[derive(Serialize)]
struct Mapping {
    items: Vec<Mapped>,
}

/// Lists or sets them.
pub async fn run(session: &mut Session, verb: MapVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, status) = reach.keep(async |read| read.sso().await).await?;
    let Some(sso) = status.sso else {
        return reach.finish(Err(not_configured())).await;
    };
    let mut claims: BTreeMap<String, Vec<String>> = sso.claims.into();
    let change = match verb.claim {
        Some(claim) if verb.default => {
            claims.remove(&claim);
            claim
        }
        Some(claim) if verb.none => {
            claims.insert(claim.clone(), Vec::new());
            claim
        }
        Some(claim) if !verb.names.is_empty() => {
            claims.insert(claim.clone(), verb.names);
            claim
        }
        some => {
            reach.close().await?;
            let document = Mapping {
                items: claims
                    .into_iter()
                    .filter(|(name, _)| some.as_ref().is_none_or(|it| it == name))
                    .map(|(claim, attributes)| Mapped { claim, attributes })
                    .collect(),
            };
            return session.out.list(&document, &document.items, session.now);
        }
    };
    let map = MapClaims {
        claims,
        if_version: Some(status.version),
    };
    let done = async { Ok::<_, CliError>(reach.write()?.map_claims(map).await?) }.await;
    let done = reach.finish(done).await?;
    let lines = mapped(&done);
    written::report_lines(session, &done, &format!("map {change}"), &lines)
}

/// The claims that are read from other attributes now, each whole.
fn mapped(done: &Done) -> Vec<String> {
    let fields = done.changes.iter().flat_map(|change| &change.fields);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("none").to_owned();
    fields
        .filter_map(|field| {
            let claim = field.path.strip_prefix("sso.claims.")?;
            let (before, after) = (text(field.before.as_ref()), text(field.after.as_ref()));
            Some(format!("  {claim}: {before} → {after}"))
        })
        .collect()
}

impl Row for Mapped {
    const COLUMNS: &'static [Column] = &[
        Column::left("claim", "CLAIM", 14),
        Column::left("attributes", "FROM THE ATTRIBUTE", 80),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        let attributes = if self.attributes.is_empty() {
            Cell::text("none").tone(Tone::Dim)
        } else {
            Cell::text(self.attributes.join(", "))
        };
        vec![Cell::text(&self.claim).tone(Tone::Strong), attributes]
    }
}
