//! `provost stream …`: event streams, by which others hear what changed.

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;

use super::confirm::confirm;
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Sheet, Tone, text, time};
use super::password;
use super::session::{Session, note};
use super::written;
use crate::admin::streams::{
    Delivery, EventForm, EventKind, NewStream, Resume, StreamDetail, StreamState,
};

/// Event streams: tell others what changed, as signed security events (RFC 9967).
#[derive(Debug, Subcommand)]
pub enum StreamVerb {
    /// Make an event stream. The token of a poll stream is printed alone on standard output, this once.
    New(NewVerb),
    /// List event streams and their queues.
    List(ListVerb),
    /// Show one event stream, its queue, and what went wrong.
    Show(ShowVerb),
    /// Hold its events back. They are queued meanwhile.
    Pause(PauseVerb),
    /// Deliver its events again.
    Resume(ResumeVerb),
    /// Remove an event stream with its queue.
    Delete(DeleteVerb),
    /// Sign events with a new key from now on.
    RotateKey(RotateKeyVerb),
}

/// Make an event stream. The token of a poll stream is printed alone on standard output, this once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream new --name crm --delivery poll
  provost stream new --name siem --delivery push --endpoint https://siem.example.com/events --authorization-stdin
  provost stream new --name replica --delivery poll --format full --events prov:create,prov:patch,prov:delete

A queue holds 100,000 events or 256 MiB. A stream whose queue was full is stopped and says so; its
recipient has to read anew what it missed.")]
pub struct NewVerb {
    /// Its name, 1 to 64 characters.
    #[arg(long)]
    name: String,
    /// Whether the recipient asks (RFC 8936) or is sent events (RFC 8935).
    #[arg(long, value_enum)]
    delivery: DeliveryArgument,
    /// Where events are pushed to: https://, or http:// on this machine.
    #[arg(long, value_name = "URL", required_if_eq("delivery", "push"))]
    endpoint: Option<String>,
    /// Which events it carries; without it all of them.
    #[arg(long, value_name = "EVENTS", value_delimiter = ',', value_parser = parse_event)]
    events: Vec<EventKind>,
    /// Whether events tell values or the names of attributes alone.
    #[arg(long, value_enum, default_value_t)]
    format: FormatArgument,
    /// `aud` of its events; without it the endpoint or the poll URL.
    #[arg(long)]
    audience: Option<String>,
    /// Carry this team and its members alone: id, displayName or externalId.
    #[arg(long)]
    team: Option<String>,
    /// Read the value of the Authorization header of pushes from standard input.
    #[arg(long)]
    authorization_stdin: bool,
}

/// How events come to the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DeliveryArgument {
    /// The recipient asks.
    Poll,
    /// Provost sends.
    Push,
}

/// How much events tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FormatArgument {
    /// Values, too.
    Full,
    /// The names of attributes.
    #[default]
    Notice,
}

fn parse_event(text: &str) -> Result<EventKind, String> {
    EventKind::parse(text.trim()).ok_or_else(|| {
        let known: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

/// List event streams and their queues.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream list
  provost stream list --json")]
pub struct ListVerb {
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Show one event stream, its queue, and what went wrong.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream show siem
  provost stream show siem --json")]
pub struct ShowVerb {
    /// Its name or id.
    #[arg(value_name = "STREAM")]
    which: String,
}

/// Hold its events back. They are queued meanwhile.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream pause siem")]
pub struct PauseVerb {
    /// Its name or id.
    #[arg(value_name = "STREAM")]
    which: String,
}

/// Deliver its events again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream resume siem
  provost stream resume crm --reset")]
pub struct ResumeVerb {
    /// Its name or id.
    #[arg(value_name = "STREAM")]
    which: String,
    /// Drop what is queued and go on with what happens from now on; its recipient must read everything anew.
    #[arg(long)]
    reset: bool,
}

/// Remove an event stream with its queue.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream delete crm
  provost stream delete crm --yes")]
pub struct DeleteVerb {
    /// Its name or id.
    #[arg(value_name = "STREAM")]
    which: String,
}

/// Sign events with a new key from now on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost stream rotate-key

The old key stays published for 30 days, so that events on their way can be verified.")]
pub struct RotateKeyVerb {}

/// The document of `stream list`.
#[derive(Serialize)]
struct StreamList {
    items: Vec<StreamDetail>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: StreamVerb) -> Result<(), CliError> {
    match verb {
        StreamVerb::New(verb) => new(session, verb).await,
        StreamVerb::List(verb) => list(session, &verb).await,
        StreamVerb::Show(verb) => show(session, &verb.which).await,
        StreamVerb::Pause(verb) => pause(session, &verb.which).await,
        StreamVerb::Resume(verb) => resume(session, &verb).await,
        StreamVerb::Delete(verb) => delete(session, &verb.which).await,
        StreamVerb::RotateKey(_) => rotate_key(session).await,
    }
}

async fn new(session: &mut Session, verb: NewVerb) -> Result<(), CliError> {
    let authorization = if verb.authorization_stdin {
        Some(password::from_stdin()?.expose().to_owned())
    } else {
        None
    };
    let delivery = match verb.delivery {
        DeliveryArgument::Poll => Delivery::Poll,
        DeliveryArgument::Push => Delivery::Push {
            endpoint: verb.endpoint.unwrap_or_default(),
        },
    };
    let reach = session.reach_to_write().await?;
    let made = async {
        let team = match verb.team {
            Some(name) => Some(reach.read().find_team(name).await?.row.id),
            None => None,
        };
        let stream = NewStream {
            name: verb.name,
            delivery,
            events: verb.events,
            form: match verb.format {
                FormatArgument::Full => EventForm::Full,
                FormatArgument::Notice => EventForm::Notice,
            },
            audience: verb.audience,
            team,
            authorization,
        };
        Ok::<_, CliError>(reach.write()?.create_stream(stream).await?)
    }
    .await;
    let made = reach.finish(made).await?;
    if session.out.form == Form::Json {
        return session.out.document(&made);
    }
    let stream = &made.stream;
    if session.global.dry_run {
        let name = &stream.row.stream.name;
        let line = format!("would make the event stream {name}; nothing changed");
        return session.out.line(&text::printable(&line));
    }
    let name = text::printable(&stream.row.stream.name);
    note(&format!(
        "the keys of its events are at {}",
        text::printable(&stream.key_set_url)
    ));
    match (&made.secret, &stream.poll_url) {
        (Some(secret), Some(url)) => {
            note(&format!(
                "stream {name} is polled at {}",
                text::printable(url)
            ));
            note("its token follows and is never shown again");
            session.out.line(secret)
        }
        _ => session.out.line(&format!("new stream {name}: done")),
    }
}

async fn list(session: &mut Session, verb: &ListVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let items = reach.read().streams().await;
    let document = StreamList {
        items: reach.finish(items).await?,
    };
    session.out.list(&document, &document.items, session.now)?;
    if document.items.is_empty() && session.out.form == Form::Table {
        note("no event streams; `provost stream new --name crm --delivery poll` makes one");
    }
    Ok(())
}

async fn show(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let found = async { find(reach.read().streams().await?, name) }.await;
    let stream = reach.finish(found).await?;
    let sheet = sheet(&stream, session.now);
    session.out.sheet(&stream, &sheet)
}

async fn pause(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let paused = async {
        let stream = find(reach.read().streams().await?, name)?.row.stream;
        Ok::<_, CliError>(reach.write()?.pause_stream(stream.id).await?)
    }
    .await;
    let done = reach.finish(paused).await?;
    written::report(session, &done, &format!("pause {name}"))
}

async fn resume(session: &mut Session, verb: &ResumeVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, streams) = reach.keep(async |read| read.streams().await).await?;
    let row = match find(streams, &verb.which) {
        Ok(stream) => stream.row,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let reach = if verb.reset {
        let question = format!(
            "Drop the {} of {}? Its recipient never hears of them and must read everything anew.",
            text::count(row.pending, "queued event", "queued events"),
            row.stream.name
        );
        confirm(session, reach, "stream resume", &question).await?
    } else {
        reach
    };
    let resume = Resume { reset: verb.reset };
    let resumed =
        async { Ok::<_, CliError>(reach.write()?.resume_stream(row.stream.id, resume).await?) }
            .await;
    let done = reach.finish(resumed).await?;
    written::report(session, &done, &format!("resume {}", verb.which))
}

async fn delete(session: &mut Session, name: &str) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, streams) = reach.keep(async |read| read.streams().await).await?;
    let row = match find(streams, name) {
        Ok(stream) => stream.row,
        Err(error) => return reach.finish(Err(error)).await,
    };
    let question = format!(
        "Delete the event stream {} with {}? It cannot be undone.",
        row.stream.name,
        text::count(row.pending, "queued event", "queued events")
    );
    let reach = confirm(session, reach, "stream delete", &question).await?;
    let deleted =
        async { Ok::<_, CliError>(reach.write()?.delete_stream(row.stream.id).await?) }.await;
    let done = reach.finish(deleted).await?;
    written::report(session, &done, &format!("delete {name}"))
}

async fn rotate_key(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let rotated = async { Ok::<_, CliError>(reach.write()?.rotate_signing_key().await?) }.await;
    let done = reach.finish(rotated).await?;
    written::report(session, &done, "rotate the signing key")
}

fn find(streams: Vec<StreamDetail>, name: &str) -> Result<StreamDetail, CliError> {
    streams
        .into_iter()
        .find(|it| it.row.stream.name == name || it.row.stream.id.to_string() == name)
        .ok_or_else(|| CliError::NoSuchStream {
            name: name.to_owned(),
        })
}

fn state(stream: &StreamDetail) -> Cell {
    let row = &stream.row;
    let word = row.stream.state.as_str();
    match &row.stream.state {
        StreamState::Running if row.last_error_at > row.last_delivered => {
            Cell::both("▲ failing", word).tone(Tone::Warn)
        }
        StreamState::Running => Cell::both("✓ running", word).tone(Tone::Good),
        StreamState::Paused => Cell::both("⏸ paused", word).tone(Tone::Warn),
        StreamState::Stopped { .. } => Cell::both("✗ stopped", word).tone(Tone::Bad),
    }
}

fn form(form: EventForm) -> &'static str {
    match form {
        EventForm::Full => "full",
        EventForm::Notice => "notice",
    }
}

impl Row for StreamDetail {
    const COLUMNS: &'static [Column] = &[
        Column::script("id"),
        Column::left("state", "STATE", 9),
        Column::left("name", "NAME", 20),
        Column::left("delivery", "DELIVERY", 8),
        Column::left("format", "FORMAT", 6),
        Column::right("pending", "QUEUED", 7),
        Column::left("oldest", "OLDEST", 10),
        Column::right("delivered", "DELIVERED", 9),
        Column::right("refused", "REFUSED", 7),
        Column::right("lost", "LOST", 4),
        Column::left("last_delivered", "LAST", 10),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let row = &self.row;
        let number = |count: u64| Cell::both(text::thousands(count), count.to_string());
        vec![
            Cell::text(row.stream.id.to_string()),
            state(self),
            Cell::text(&row.stream.name),
            Cell::text(row.stream.delivery.as_str()),
            Cell::text(form(row.stream.form)),
            number(row.pending),
            Cell::maybe_moment(row.oldest, now, ""),
            number(row.delivered),
            number(row.refused),
            number(row.lost),
            Cell::maybe_moment(row.last_delivered, now, "never"),
        ]
    }
}

fn sheet(detail: &StreamDetail, now: Timestamp) -> Sheet {
    let row = &detail.row;
    let stream = &row.stream;
    let mut sheet = Sheet::new();
    sheet.title(&stream.name).fact("state", state(detail));
    if let StreamState::Stopped { code, reason } = &stream.state {
        sheet.fact(
            "why",
            Cell::text(format!("{reason} ({code})")).tone(Tone::Bad),
        );
        sheet.fact("next", Cell::text(next(code, row.gap_since.is_some())));
    }
    let events: Vec<&str> = stream.events.iter().map(|kind| kind.as_str()).collect();
    let events = if events.is_empty() {
        "all".to_owned()
    } else {
        events.join(", ")
    };
    sheet
        .fact("id", Cell::text(stream.id.to_string()))
        .fact("delivery", Cell::text(stream.delivery.as_str()));
    if let Delivery::Push { endpoint } = &stream.delivery {
        let authorization = if row.has_authorization {
            "sent"
        } else {
            "none"
        };
        sheet
            .fact("endpoint", Cell::text(endpoint))
            .fact("Authorization", Cell::text(authorization));
    }
    sheet
        .maybe("poll URL", detail.poll_url.as_deref())
        .maybe(
            "token",
            row.token_prefix.as_ref().map(|prefix| format!("{prefix}…")),
        )
        .fact("events", Cell::text(events))
        .fact("format", Cell::text(form(stream.form)))
        .maybe("team", stream.team.map(|team| team.to_string()))
        .maybe("audience", stream.audience.as_deref())
        .fact("issuer", Cell::text(&detail.issuer))
        .fact("keys", Cell::text(&detail.key_set_url))
        .fact("made", Cell::text(time::full(stream.created)));
    sheet
        .title("Queue")
        .fact(
            "queued",
            Cell::text(format!(
                "{} of {} at most, {} of {} KiB",
                text::thousands(row.pending),
                text::thousands(detail.queue_events),
                text::thousands(row.pending_bytes / 1_024),
                text::thousands(detail.queue_bytes / 1_024),
            )),
        )
        .fact("oldest", Cell::maybe_moment(row.oldest, now, "none"))
        .fact("delivered", Cell::text(text::thousands(row.delivered)))
        .fact(
            "last delivered",
            Cell::maybe_moment(row.last_delivered, now, "never"),
        )
        .fact("refused", Cell::text(text::thousands(row.refused)));
    if let Some(since) = row.gap_since {
        let gap = format!(
            "{} since {}",
            text::count(row.lost, "event", "events"),
            time::full(since)
        );
        sheet.fact("missing", Cell::text(gap).tone(Tone::Bad));
    }
    if let (Some(error), Some(at)) = (&row.last_error, row.last_error_at) {
        let error = format!("{error}, {}", time::relative(at, now));
        sheet.fact("last error", Cell::text(error).tone(Tone::Warn));
    }
    sheet
}

/// What to do about a stream that was stopped.
fn next(code: &str, has_gap: bool) -> String {
    if has_gap || code == "STREAM_BEHIND" {
        "have its recipient read everything anew, then `provost stream resume … --reset`".into()
    } else {
        "see that its endpoint takes events, then `provost stream resume …`; nothing queued is lost"
            .into()
    }
}
