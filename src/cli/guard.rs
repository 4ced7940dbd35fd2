//! `provost guard …`: incidents, what they hold, and the paths to admin.

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use super::confirm::confirm;
use super::duration::{self, Span};
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Sheet, Tone, text, time};
use super::session::{Session, note};
use super::written;
use crate::admin::AdminError;
use crate::admin::guards::{
    GuardStatus, Held, Incident, IncidentDetail, IncidentId, IncidentListing, IncidentSeverity,
    RuleHold, Ruling, TendIncident, Tending,
};

/// Guards: incidents, what is held, and who can let the others in.
#[derive(Debug, Subcommand)]
pub enum GuardVerb {
    /// Show each guard, every path to admin, and what should be done.
    Status(StatusVerb),
    /// List incidents: what an admin should look at.
    Incidents(IncidentsVerb),
    /// Show one incident and what it holds.
    Show(ShowVerb),
    /// Carry out what an incident holds.
    Allow(AllowVerb),
    /// Refuse what an incident holds, also when it is sent again.
    Reject(RejectVerb),
    /// Close an incident.
    Close(CloseVerb),
    /// Say who looks after an incident.
    Assign(AssignVerb),
    /// Put an incident off.
    Snooze(SnoozeVerb),
}

/// Show each guard, every path to admin, and what should be done.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard status
  provost guard status --json")]
pub struct StatusVerb {}

/// List incidents: what an admin should look at.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard incidents
  provost guard incidents --all --csv")]
pub struct IncidentsVerb {
    /// Closed ones, too.
    #[arg(long)]
    all: bool,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Show one incident and what it holds.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard show 4812
  provost guard show 4812 --limit 1000
  provost guard show 4812 --json")]
pub struct ShowVerb {
    /// Its number.
    #[arg(value_name = "INCIDENT")]
    id: IncidentId,
    /// How many of those it holds at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// How many of them to skip.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
}

/// Carry out what an incident holds.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard allow 4812 --dry-run
  provost guard allow 4812

Each member is decided anew as they are now: who was brought back meanwhile stays, and other guards still hold.
A batch that was cut short goes on when this is said again.")]
pub struct AllowVerb {
    /// Its number.
    #[arg(value_name = "INCIDENT")]
    id: IncidentId,
}

/// Refuse what an incident holds, also when it is sent again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard reject 4812

The identity provider is answered 403 for these members until the incident is closed, or for a day.")]
pub struct RejectVerb {
    /// Its number.
    #[arg(value_name = "INCIDENT")]
    id: IncidentId,
}

/// Close an incident.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard close 4812 --note 'a wrong filter in Okta, mended'")]
pub struct CloseVerb {
    /// Its number.
    #[arg(value_name = "INCIDENT")]
    id: IncidentId,
    /// What is to be said of it.
    #[arg(long)]
    note: Option<String>,
}

/// Say who looks after an incident.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard assign 4812 ada@example.com
  provost guard assign 4812")]
pub struct AssignVerb {
    /// Its number.
    #[arg(value_name = "INCIDENT")]
    id: IncidentId,
    /// Who; nobody where left out.
    #[arg(value_name = "NAME")]
    to: Option<String>,
}

/// Put an incident off.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost guard snooze 4812 --for 4h")]
pub struct SnoozeVerb {
    /// Its number.
    #[arg(value_name = "INCIDENT")]
    id: IncidentId,
    /// For how long; it is shown again at once where left out.
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
    span: Option<Span>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: GuardVerb) -> Result<(), CliError> {
    match verb {
        GuardVerb::Status(_) => status(session).await,
        GuardVerb::Incidents(verb) => incidents(session, &verb).await,
        GuardVerb::Show(verb) => show(session, &verb).await,
        GuardVerb::Allow(verb) => rule(session, verb.id, Ruling::Allowed).await,
        GuardVerb::Reject(verb) => rule(session, verb.id, Ruling::Rejected).await,
        GuardVerb::Close(verb) => {
            let close = Tending::Close { note: verb.note };
            tend(session, verb.id, close, "close").await
        }
        GuardVerb::Assign(verb) => {
            let assign = Tending::Assign { to: verb.to };
            tend(session, verb.id, assign, "assign").await
        }
        GuardVerb::Snooze(verb) => {
            let until = verb.span.and_then(|Span(seconds)| {
                let seconds = i64::try_from(seconds).ok()?;
                let span = SignedDuration::from_secs(seconds);
                session.now.checked_add(span).ok()
            });
            tend(session, verb.id, Tending::Snooze { until }, "snooze").await
        }
    }
}

async fn status(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let status = reach.read().guard_status().await;
    let status = reach.finish(status).await?;
    let sheet = status_sheet(&status);
    session.out.sheet(&status, &sheet)
}

async fn incidents(session: &mut Session, verb: &IncidentsVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let listing = IncidentListing {
        closed: verb.all,
        offset: 0,
        limit: verb.limit,
    };
    let page = reach.read().incidents(listing).await;
    let page = reach.finish(page).await?;
    session.out.list(&page, &page.items, session.now)?;
    if page.items.is_empty() && session.out.form == Form::Table {
        note("no open incidents; `provost guard status` shows what is guarded");
    }
    Ok(())
}

async fn show(session: &mut Session, verb: &ShowVerb) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let asked = async {
        let mut detail = reach.read().incident(verb.id).await?;
        let (offset, limit) = (verb.offset, verb.limit);
        if detail.incident.held > 0 {
            detail.held = reach.read().held(verb.id, offset, limit).await?;
        }
        Ok::<_, AdminError>(detail)
    }
    .await;
    let detail = reach.finish(asked).await?;
    let sheet = sheet(&detail, verb, session.now);
    session.out.sheet(&detail, &sheet)
}

async fn rule(session: &mut Session, id: IncidentId, ruling: Ruling) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, seen) = reach.keep(async |read| read.incident(id).await).await?;
    let incident = seen.incident;
    let members = text::count(incident.waiting, "member", "members");
    let (verb, question) = match ruling {
        Ruling::Allowed => (
            "guard allow",
            format!("Deactivate or remove {members} that incident {id} holds?"),
        ),
        Ruling::Rejected => (
            "guard reject",
            format!("Refuse to take {members} away, whatever is sent again?"),
        ),
    };
    let reach = confirm(session, reach, verb, &question).await?;
    let rule = RuleHold {
        ruling,
        if_version: Some(incident.tended.version),
    };
    let ruled = async { Ok::<_, CliError>(reach.write()?.rule_hold(id, rule).await?) }.await;
    let ruled = reach.finish(ruled).await?;
    if session.out.form == Form::Json {
        return session.out.document(&ruled);
    }
    let would = if session.global.dry_run {
        "would be "
    } else {
        ""
    };
    let line = match ruling {
        Ruling::Allowed => format!(
            "incident {id}: {} {would}deactivated or removed, {} {would}left as they are",
            text::thousands(ruled.applied),
            text::thousands(ruled.left)
        ),
        Ruling::Rejected => format!("incident {id}: {would}rejected; nobody goes"),
    };
    session.out.line(&line)
}

async fn tend(
    session: &mut Session,
    id: IncidentId,
    tending: Tending,
    verb: &str,
) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let tend = TendIncident {
        tending,
        if_version: None,
    };
    let done = async { Ok::<_, CliError>(reach.write()?.tend_incident(id, tend).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, &format!("{verb} incident {id}"))
}

fn status_sheet(status: &GuardStatus) -> Sheet {
    let mut sheet = Sheet::new();
    sheet.title("Guards");
    for (key, value) in &status.keys {
        sheet.fact(key, Cell::text(value));
    }
    let gone = match status.allowed {
        Some(allowed) => format!("{} of {allowed} within the window", status.gone),
        None => "not counted".to_owned(),
    };
    sheet.fact("taken away", Cell::text(gone));
    let open = text::count(status.incidents, "open incident", "open incidents");
    let open = match status.holds {
        0 => Cell::text(open),
        holds => Cell::text(format!(
            "{open}, {} for a word",
            text::count(holds, "hold waits", "holds wait")
        ))
        .tone(Tone::Warn),
    };
    sheet.fact("incidents", open);
    let signing = status.paths.iter().filter(|path| path.may_sign_in).count();
    sheet.title(format!(
        "Paths to admin: {signing} of {} can sign in",
        status.paths.len()
    ));
    for path in &status.paths {
        sheet.fact("", Cell::text(path.to_string()));
        if let Some(why) = &path.why_not {
            let why = format!("  cannot sign in: {why}");
            sheet.fact("", Cell::text(why).tone(Tone::Warn));
        }
    }
    if !status.remarks.is_empty() {
        sheet.title("To do");
        for remark in &status.remarks {
            sheet.fact("", Cell::text(remark).tone(Tone::Warn));
        }
    }
    sheet
}

fn severity(severity: IncidentSeverity) -> Cell {
    let word = severity.as_str();
    match severity {
        IncidentSeverity::Notice => Cell::both("· notice", word),
        IncidentSeverity::Warning => Cell::both("▲ warning", word).tone(Tone::Warn),
        IncidentSeverity::Critical => Cell::both("✗ critical", word).tone(Tone::Bad),
    }
}

fn state(incident: &Incident) -> String {
    let tended = &incident.tended;
    match (tended.closed, tended.ruling, tended.snoozed) {
        (Some(_), ..) => "closed".into(),
        (None, Some(ruling), _) => ruling.as_str().into(),
        (None, None, Some(_)) => "snoozed".into(),
        (None, None, None) if incident.waiting > 0 => "holding".into(),
        (None, None, None) => "open".into(),
    }
}

impl Row for Incident {
    const COLUMNS: &'static [Column] = &[
        Column::right("id", "NUMBER", 6),
        Column::left("severity", "SEVERITY", 10),
        Column::left("code", "CODE", 16),
        Column::left("state", "STATE", 8),
        Column::right("count", "COUNT", 6),
        Column::right("waiting", "HELD", 5),
        Column::left("subject", "ABOUT", 28),
        Column::left("assignee", "OWNER", 16),
        Column::left("last", "LAST", 10),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let number = |count: u64| Cell::both(text::thousands(count), count.to_string());
        let subject = self.subjects.last().map(|it| it.name.clone());
        vec![
            Cell::text(self.id.to_string()),
            severity(self.severity),
            Cell::text(&self.code),
            Cell::text(state(self)),
            number(self.count),
            number(self.waiting),
            Cell::text(subject.unwrap_or_default()),
            Cell::text(self.tended.assignee.clone().unwrap_or_default()),
            Cell::maybe_moment(Some(self.last), now, ""),
        ]
    }
}

fn sheet(detail: &IncidentDetail, verb: &ShowVerb, now: Timestamp) -> Sheet {
    let incident = &detail.incident;
    let tended = &incident.tended;
    let mut sheet = Sheet::new();
    sheet
        .title(format!("{} {}", incident.code, incident.id))
        .fact("severity", severity(incident.severity))
        .fact("state", Cell::text(state(incident)))
        .fact("opened", Cell::text(time::full(incident.opened)))
        .fact("last", Cell::maybe_moment(Some(incident.last), now, ""))
        .fact("count", Cell::text(text::thousands(incident.count)))
        .maybe("owner", tended.assignee.as_deref())
        .maybe("snoozed until", tended.snoozed.map(time::full))
        .maybe("closed", tended.closed.map(time::full))
        .maybe("note", tended.note.as_deref());
    if let Some(explanation) = &detail.explanation {
        sheet
            .fact("what", Cell::text(&explanation.what))
            .fact("why", Cell::text(&explanation.why));
        for step in &explanation.next {
            sheet.fact("next", Cell::text(&step.text));
        }
    }
    let names: Vec<&str> = incident
        .subjects
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    let requests: Vec<String> = incident.evidence.iter().map(ToString::to_string).collect();
    sheet
        .fact("about", Cell::text(names.join(", ")))
        .fact("requests", Cell::text(requests.join(" ")));
    if incident.held > 0 {
        sheet.title(format!(
            "Held: {} of {} wait",
            incident.waiting, incident.held
        ));
        for held in &detail.held.items {
            sheet.fact(held.ask.as_str(), Cell::text(held_line(held)));
        }
        let shown = verb.offset.saturating_add(detail.held.items.len() as u64);
        let more = incident.held.saturating_sub(shown);
        if more > 0 {
            let text = format!(
                "and {} more: provost guard show {} --offset {shown}",
                text::thousands(more),
                incident.id
            );
            sheet.fact("", Cell::text(text).tone(Tone::Dim));
        }
    }
    sheet
}

fn held_line(held: &Held) -> String {
    let end = held.end.as_deref().unwrap_or("waits");
    format!(
        "{}, request {} by {}: {end}",
        held.name, held.request, held.token
    )
}
