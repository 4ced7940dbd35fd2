//! One exchange as the writer wants it: the narrow row that searches look at, and two texts that hold the exchange.

use serde::{Deserialize, Serialize};

use super::failure::{Failure, Fallible};
use super::values::{int, nanos};
use crate::directory::fold::fold;
use crate::directory::{ChangeView, ObjectKind, TraceStep};
use crate::request_log::{Exchange, Message, RequestRow};

/// Free text looks at no more than this much of a line.
const SUMMARY_BYTES: usize = 1_024;

/// One line of the request log, ready to be written.
#[derive(Debug)]
pub struct ReadyLine {
    /// The row itself, for the live figures.
    pub row: RequestRow,
    /// When.
    pub at: i64,
    /// The method in upper case.
    pub method: String,
    /// The folded resource type.
    pub resource: String,
    /// The code in upper case.
    pub code: Option<String>,
    /// The folded name of the token, where folding changes it.
    pub token_key: Option<String>,
    /// The folded identity provider.
    pub idp: Option<String>,
    /// The word of the subject's kind.
    pub subject_kind: Option<&'static str>,
    /// The folded id of the subject.
    pub subject: Option<String>,
    /// The folded name of the subject.
    pub label: Option<String>,
    /// The folded path.
    pub path: String,
    /// The folded user agent.
    pub user_agent: Option<String>,
    /// The folded attribute paths that changed, each once, separated by line feeds.
    pub changed: String,
    /// What free text finds besides, folded.
    pub summary: String,
    /// What a list shows, as JSON.
    pub line: String,
    /// Everything else, as JSON.
    pub rest: String,
}

/// An exchange without its row.
#[derive(Serialize)]
struct RestOut<'a> {
    query: &'a Option<String>,
    peer: &'a Option<String>,
    request: &'a Message,
    response: &'a Message,
    trace: &'a [TraceStep],
    changed: &'a [ChangeView],
    policy_key: &'a Option<String>,
    detail: &'a Option<String>,
}

/// The same, read back.
#[derive(Deserialize)]
struct RestIn {
    query: Option<String>,
    peer: Option<String>,
    request: Message,
    response: Message,
    trace: Vec<TraceStep>,
    changed: Vec<ChangeView>,
    policy_key: Option<String>,
    detail: Option<String>,
}

impl ReadyLine {
    /// Makes a line of an exchange.
    pub fn from_exchange(exchange: &Exchange) -> Self {
        let row = &exchange.row;
        let rest = RestOut {
            query: &exchange.query,
            peer: &exchange.peer,
            request: &exchange.request,
            response: &exchange.response,
            trace: &exchange.trace,
            changed: &exchange.changed,
            policy_key: &exchange.policy_key,
            detail: &exchange.detail,
        };
        let subject = row.subject.as_ref();
        Self {
            at: nanos(row.at),
            method: row.method.to_ascii_uppercase(),
            resource: fold(&row.resource),
            code: row.code.as_deref().map(str::to_ascii_uppercase),
            token_key: row
                .token
                .as_deref()
                .map(fold)
                .filter(|key| row.token.as_ref() != Some(key)),
            idp: row.idp.as_deref().map(fold),
            subject_kind: subject.map(|subject| kind_word(subject.kind)),
            subject: subject.and_then(|subject| subject.id.as_deref()).map(fold),
            label: subject.map(|subject| fold(&subject.label)),
            path: fold(&row.path),
            user_agent: row.user_agent.as_deref().map(fold),
            changed: changed_paths(&exchange.changed),
            summary: summary(exchange),
            line: text(row, 512),
            rest: text(&rest, room(exchange)),
            row: row.clone(),
        }
    }

    /// The id as a column holds it.
    pub fn id(&self) -> i64 {
        int(self.row.id.0)
    }
}

/// The word of a subject's kind.
pub fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Member => "member",
        ObjectKind::Team => "team",
        ObjectKind::Token => "token",
        ObjectKind::Client => "client",
        ObjectKind::Stream => "stream",
        ObjectKind::SigningKey => "signing key",
        ObjectKind::Settings => "settings",
        ObjectKind::Incident => "incident",
    }
}

/// The row behind the text of a line.
pub fn read_row(line: &str) -> Fallible<RequestRow> {
    serde_json::from_str(line).map_err(|error| Failure::damaged("a line of the request log", error))
}

/// The exchange behind its two texts.
pub fn read_exchange(line: &str, rest: &str) -> Fallible<Exchange> {
    let rest: RestIn = serde_json::from_str(rest)
        .map_err(|error| Failure::damaged("an exchange of the request log", error))?;
    Ok(Exchange {
        row: read_row(line)?,
        query: rest.query,
        peer: rest.peer,
        request: rest.request,
        response: rest.response,
        trace: rest.trace,
        changed: rest.changed,
        policy_key: rest.policy_key,
        detail: rest.detail,
    })
}

/// The JSON text of a value that is about so long.
fn text<T: Serialize>(value: &T, about: usize) -> String {
    let mut text = Vec::with_capacity(about);
    serde_json::to_writer(&mut text, value).expect("texts and JSON values always have a JSON text");
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// Room for everything of an exchange but its row: its bodies, an eighth of them for escapes, and what is around them.
fn room(exchange: &Exchange) -> usize {
    let body = |message: &Message| message.body.as_ref().map_or(0, |body| body.len() / 8 * 9);
    body(&exchange.request) + body(&exchange.response) + 2_048
}

fn changed_paths(changed: &[ChangeView]) -> String {
    let mut paths: Vec<String> = changed
        .iter()
        .flat_map(|view| &view.fields)
        .map(|field| fold(&field.path))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths.join("\n")
}

/// What free text finds besides the columns that have a name of their own.
fn summary(exchange: &Exchange) -> String {
    let mut summary = String::with_capacity(160);
    let mut add = |part: &str| {
        if !part.is_empty() && summary.len() < SUMMARY_BYTES {
            if !summary.is_empty() {
                summary.push('\n');
            }
            summary.push_str(&fold(part));
        }
    };
    add(exchange.query.as_deref().unwrap_or_default());
    add(exchange.detail.as_deref().unwrap_or_default());
    for view in exchange.changed.iter().take(8) {
        add(&view.label);
    }
    summary
}
