//! What came of a request, in one line that can stand in a table.

use provost::admin::AdminError;
use provost::admin::types::{ChangeOp, ChangeView, Done, Exchange};
use serde_json::Value;

use super::world::World;
use crate::provider::Reply;

/// An answer with its line of the log.
pub struct Seen {
    pub reply: Reply,
    pub exchange: Exchange,
    line: String,
}

impl Seen {
    pub(super) fn of(world: &World, reply: Reply, exchange: Exchange) -> Self {
        let line = format!(
            "{} | {} | {}",
            answer(world, &reply, &exchange),
            log(&exchange),
            changes(&exchange)
        );
        Self {
            reply,
            exchange,
            line,
        }
    }

    /// Compares with a row: answer, log and changes with bars between them, blanks as one likes.
    #[track_caller]
    pub fn is(&self, expected: &str) -> &Self {
        let plain = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.join(" ")
        };
        let (seen, expected) = (plain(&self.line), plain(expected));
        assert_eq!(seen, expected, "\ntrace: {:#?}", self.exchange.trace);
        self
    }

    /// Compares answer and log with a row, and leaves the changes alone.
    #[track_caller]
    pub fn begins(&self, expected: &str) -> &Self {
        let first = |text: &str| {
            let parts = text.split('|').take(2).map(str::trim);
            parts
                .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            first(&self.line),
            first(expected),
            "\ntrace: {:#?}",
            self.exchange.trace
        );
        self
    }

    /// The step of the trace that holds a text.
    #[track_caller]
    pub fn notes(&self, text: &str) -> &Self {
        let mut trace = self.exchange.trace.iter();
        let found = trace.any(|step| step.what.contains(text));
        assert!(found, "{text:?} in {:#?}", self.exchange.trace);
        self
    }

    /// The resource that was answered.
    pub fn body(&self) -> &Value {
        &self.reply.body
    }
}

/// What an admin was told, as a row: `done`, or why not; then the log and the changes.
pub fn told(told: &Result<Done, AdminError>, exchange: &Exchange) -> String {
    let answer = match told {
        Ok(_) => "done".to_owned(),
        Err(error) => format!("{}: {}", kind(error), error.detail),
    };
    row(&answer, exchange)
}

/// A row of something that is answered by other than SCIM.
pub fn row(answer: &str, exchange: &Exchange) -> String {
    format!("{answer} | {} | {}", log(exchange), changes(exchange))
        .trim()
        .to_owned()
}

fn kind(error: &AdminError) -> String {
    let kind = serde_json::to_value(error.kind).unwrap();
    kind.as_str().unwrap().to_owned()
}

/// `409 uniqueness: member already exists`, `200 ada inactive`, `200 2 hits`, `204`.
fn answer(world: &World, reply: &Reply, exchange: &Exchange) -> String {
    let (status, body) = (reply.status, &reply.body);
    if status >= 400 {
        let scim_type = body["scimType"].as_str().map(|word| format!(" {word}"));
        return format!(
            "{status}{}: {}",
            scim_type.unwrap_or_default(),
            sentence(body, exchange)
        );
    }
    if let Some(total) = body["totalResults"].as_u64() {
        return format!("{status} {total} hits");
    }
    let Some(id) = body["id"].as_str() else {
        return status.to_string();
    };
    let inactive = if body["active"] == false {
        " inactive"
    } else {
        ""
    };
    format!("{status} {}{inactive}", world.name_of(id))
}

/// The sentence of an error without what ends it and must be there: the code, the policy key that decided, where one did, and
/// the number.
fn sentence<'a>(body: &'a Value, exchange: &Exchange) -> &'a str {
    let detail = body["detail"].as_str().unwrap();
    let code = exchange.row.code.as_deref().map(|code| format!("{code}, "));
    let code = code.unwrap_or_default();
    let key = exchange.policy_key.as_deref();
    let key = key.map(|key| format!("{key}, ")).unwrap_or_default();
    let id = exchange.row.id;
    let ends = [
        format!(" ({code}{key}request {id})"),
        format!(" ({code}request {id})"),
    ];
    ends.iter()
        .find_map(|end| detail.strip_suffix(end.as_str()))
        .unwrap_or_else(|| panic!("{detail:?} ends with none of {ends:?}"))
}

/// `refused DUP_USER users.post_existing_active`.
fn log(exchange: &Exchange) -> String {
    let words = [
        Some(exchange.row.outcome.as_str()),
        exchange.row.code.as_deref(),
        exchange.policy_key.as_deref(),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `ada@x.io: active=false; Pay -ada@x.io`.
fn changes(exchange: &Exchange) -> String {
    assert_eq!(exchange.row.changes as usize, exchange.changed.len());
    let changes: Vec<String> = exchange.changed.iter().map(change).collect();
    changes.join("; ")
}

fn change(change: &ChangeView) -> String {
    let label = &change.label;
    let field = change.fields.first();
    let member = |value: Option<&Value>| {
        let name = value.and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    };
    match change.op {
        ChangeOp::Create => format!("+{label}"),
        ChangeOp::Remove => format!("-{label}"),
        ChangeOp::AddMember => {
            format!("{label} +{}", member(field.and_then(|f| f.after.as_ref())))
        }
        ChangeOp::RemoveMember => {
            format!("{label} -{}", member(field.and_then(|f| f.before.as_ref())))
        }
        ChangeOp::Update => {
            let fields: Vec<String> = change
                .fields
                .iter()
                .map(|field| {
                    let path = field
                        .path
                        .rsplit_once(":User:")
                        .map_or(&*field.path, |(_, p)| p);
                    match &field.after {
                        // A time of its own tells no more than that it is one.
                        _ if path == "deleted" => match field.after {
                            Some(_) => "deleted".into(),
                            None => "restored".into(),
                        },
                        Some(value) => format!("{path}={}", short(value)),
                        None => format!("-{path}"),
                    }
                })
                .collect();
            format!("{label}: {}", fields.join(" "))
        }
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| short(value.get("value").unwrap_or(value)))
                .collect();
            format!("[{}]", values.join(","))
        }
        other => other.to_string(),
    }
}
