//! `provost scim …`: the SCIM provider itself. What it tolerates is the same for every engine, and schemas of an
//! organisation's own are files, so no engine is asked for these; who is connected is in `connection`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::connection::{self, ConnectVerb, DisconnectVerb, StatusVerb};
use super::embedded::schema_files;
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Sheet, Tone};
use super::session::{Session, note};
use crate::admin::local::{SchemaFiles, SchemaSummary, summarise_schemas};
use crate::admin::types::{DIALECT_RULES, DialectRule};
use crate::admin::{AdminError, AdminErrorKind};
use crate::nearest::nearest;

/// The SCIM provider: who is connected, what it tolerates, and schemas of your own.
#[derive(Debug, Subcommand)]
pub enum ScimVerb {
    /// Connect an identity provider: make its credential, print it, and say what to enter where.
    Connect(ConnectVerb),
    /// End a connection: its credentials are worthless from the next request on. Members and teams stay.
    Disconnect(DisconnectVerb),
    /// Show how the provider is reached, and who is connected to it.
    Status(StatusVerb),
    /// List the deviations of clients that are understood; each is one named rule.
    Dialects(DialectsVerb),
    /// Schemas of your own: attributes that the standards do not have.
    #[command(subcommand)]
    Schema(SchemaVerb),
}

/// Schemas of your own: attributes that the standards do not have.
#[derive(Debug, Subcommand)]
pub enum SchemaVerb {
    /// List those that the configuration names in its table `scim`.
    List(SchemaListVerb),
    /// Check files before the configuration names them.
    Check(SchemaCheckVerb),
}

/// List those that the configuration names in its table `scim`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost scim schema list
  provost scim schema list --json")]
pub struct SchemaListVerb {
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Check files before the configuration names them.
///
/// A file holds one schema as RFC 7643 §7 writes it, an array of them, or what another provider answers at /Schemas. A
/// mistake is told with its place and the nearest word.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost scim schema check acme.schema.json
  provost scim schema check --team cost-centre.schema.json")]
pub struct SchemaCheckVerb {
    /// The files, which must go together.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// They describe teams (SCIM Groups), not members.
    #[arg(long)]
    team: bool,
}

/// List the deviations of clients that are understood; each is one named rule.
///
/// A rule fires only on what would otherwise be refused or would mean nothing. Where one fired, the trace of the request
/// names it: `provost log show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost scim dialects
  provost scim dialects remove-by-value
  provost scim dialects --json")]
pub struct DialectsVerb {
    /// One rule, with the shape it is for and the correct one beside it that it leaves alone.
    #[arg(value_name = "RULE")]
    rule: Option<String>,
    /// Comma-separated values for a spreadsheet.
    #[arg(long, conflicts_with = "rule")]
    csv: bool,
}

/// The document of `scim dialects`.
#[derive(Serialize)]
struct RuleList {
    items: &'static [DialectRule],
}

/// The document of `scim schema list` and `scim schema check`.
#[derive(Serialize)]
struct SchemaList {
    items: Vec<SchemaSummary>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: ScimVerb) -> Result<(), CliError> {
    match verb {
        ScimVerb::Connect(verb) => connection::connect(session, verb).await,
        ScimVerb::Disconnect(verb) => connection::disconnect(session, verb).await,
        ScimVerb::Status(verb) => connection::status(session, &verb).await,
        ScimVerb::Dialects(verb) => dialects(session, &verb),
        ScimVerb::Schema(SchemaVerb::List(verb)) => {
            session.list_form(verb.csv)?;
            let files = schema_files(&session.settings);
            schemas(session, &files)
        }
        ScimVerb::Schema(SchemaVerb::Check(verb)) => {
            let files = verb.files;
            let files = if verb.team {
                SchemaFiles {
                    group: files,
                    ..SchemaFiles::default()
                }
            } else {
                SchemaFiles {
                    user: files,
                    ..SchemaFiles::default()
                }
            };
            schemas(session, &files)
        }
    }
}

fn schemas(session: &mut Session, files: &SchemaFiles) -> Result<(), CliError> {
    let document = SchemaList {
        items: summarise_schemas(files)?,
    };
    session.out.list(&document, &document.items, session.now)?;
    if document.items.is_empty() && session.out.form == Form::Table {
        note("no schemas of your own; the configuration names their files as scim.user_schemas");
    }
    Ok(())
}

fn dialects(session: &mut Session, verb: &DialectsVerb) -> Result<(), CliError> {
    let Some(name) = &verb.rule else {
        session.list_form(verb.csv)?;
        let document = RuleList {
            items: DIALECT_RULES,
        };
        return session.out.list(&document, DIALECT_RULES, session.now);
    };
    let rule = DIALECT_RULES
        .iter()
        .find(|rule| rule.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| unknown(name))?;
    session.out.sheet(rule, &sheet(rule))
}

fn unknown(name: &str) -> AdminError {
    let names = DIALECT_RULES.iter().map(|rule| rule.name);
    let hint = nearest(name, names)
        .map(|name| format!("; did you mean {name}?"))
        .unwrap_or_default();
    AdminError::new(
        AdminErrorKind::NotFound,
        format!("there is no rule {name:?}{hint}"),
    )
}

fn sheet(rule: &DialectRule) -> Sheet {
    let mut sheet = Sheet::new();
    sheet
        .title(rule.name)
        .fact("for", Cell::text(rule.client))
        .fact("does", Cell::text(rule.does))
        .fact("such as", Cell::text(rule.example))
        .fact("leaves alone", Cell::text(rule.spares));
    sheet
}

impl Row for DialectRule {
    const COLUMNS: &'static [Column] = &[
        Column::left("name", "RULE", 24),
        Column::left("client", "FOR", 30),
        Column::left("does", "WHAT IT DOES", 60),
        Column::script("example"),
        Column::script("spares"),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::text(self.name).tone(Tone::Strong),
            Cell::text(self.client),
            Cell::text(self.does),
            Cell::text(self.example),
            Cell::text(self.spares),
        ]
    }
}

impl Row for SchemaSummary {
    const COLUMNS: &'static [Column] = &[
        Column::left("resource_type", "FOR", 5),
        Column::left("name", "NAME", 16),
        Column::left("id", "SCHEMA", 40),
        Column::left("attributes", "ATTRIBUTES", 60),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::text(&self.resource_type),
            Cell::text(&self.name).tone(Tone::Strong),
            Cell::text(&self.id),
            Cell::text(self.attributes.join(", ")),
        ]
    }
}
