//! `provost sso signins`.

use clap::Args;
use jiff::Timestamp;

use crate::admin::sso::{SignInPurpose, SignInRow};
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Column, Form, Row, Tone};
use crate::cli::session::{Session, note};

/// The last sign-ins and test-drives.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sso signins
  provost sso signins --limit 100 --json
  provost log show 4711    the checks of one of them")]
pub struct SignInsVerb {
    /// How many at most, up to 200.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: u32,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Lists them.
pub async fn run(session: &mut Session, verb: &SignInsVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let rows = reach.read().sign_ins(verb.limit).await;
    let rows = reach.finish(rows).await?;
    let document = serde_json::json!({ "items": rows });
    session.out.list(&document, &rows, session.now)?;
    if rows.is_empty() && session.out.form == Form::Table {
        note("nobody has signed in yet; `provost sso test` tries it");
    }
    Ok(())
}

impl Row for SignInRow {
    const COLUMNS: &'static [Column] = &[
        Column::right("request", "REQUEST", 7),
        Column::left("at", "WHEN", 9),
        Column::left("how", "BY", 8),
        Column::left("purpose", "FOR", 10),
        Column::left("name", "NAME", 28),
        Column::left("ok", "OK", 9),
        Column::left("detail", "WHAT CAME OF IT", 60),
        Column::script("code"),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::text(self.request.0.to_string()),
            Cell::moment(self.at, now),
            Cell::text(self.how.as_str()),
            Cell::text(match self.purpose {
                SignInPurpose::SignIn => "sign-in",
                SignInPurpose::TestDrive => "test-drive",
            }),
            Cell::text(&self.name),
            if self.ok {
                Cell::both("✓ in", "true").tone(Tone::Good)
            } else {
                Cell::both("✗ refused", "false").tone(Tone::Bad)
            },
            Cell::text(&self.detail),
            Cell::maybe(self.code.as_deref()),
        ]
    }
}
