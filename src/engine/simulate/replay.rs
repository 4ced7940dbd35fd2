//! Recorded SCIM writes, asked again of another engine.

use std::collections::HashMap;
use std::time::Instant;

use bytes::Bytes;
use serde_json::Value;

use crate::directory::{Actor, Outcome};
use crate::engine::call::{Asynchronous, Operation, Redactor, ScimCall};
use crate::engine::{Engine, EngineError};
use crate::request_log::{Exchange, Message, RequestRow};
use crate::scim::ResourceKind;

/// How long an id is as text.
const ID: usize = 36;

/// Whether a line of the log is a SCIM write of one resource that an identity provider asked for and that came as far
/// as a decision.
pub(super) fn is_write(row: &RequestRow) -> bool {
    row.token.is_some()
        && row.status != 401
        && row.status < 500
        && operation(row, &row.path).is_some()
}

/// Whether the log holds all of its body.
pub(super) fn is_whole(exchange: &Exchange) -> bool {
    let request = &exchange.request;
    !request.truncated && (request.body.is_some() || exchange.row.method == "DELETE")
}

/// What is asked for, from method and path.
fn operation(row: &RequestRow, path: &str) -> Option<Operation> {
    if path.starts_with("/admin/") {
        return None;
    }
    let kinds = [
        ("/Users", ResourceKind::User),
        ("/Groups", ResourceKind::Group),
    ];
    let (kind, rest) = kinds.iter().find_map(|(endpoint, kind)| {
        let (_, rest) = path.rsplit_once(endpoint)?;
        Some((*kind, rest))
    })?;
    let id = rest.trim_matches('/');
    match (row.method.as_str(), id) {
        ("POST", "") => Some(Operation::Create(kind)),
        (_, "") => None,
        ("PUT", id) => Some(Operation::Replace(kind, id.to_owned())),
        ("PATCH", id) => Some(Operation::Patch(kind, id.to_owned())),
        ("DELETE", id) => Some(Operation::Delete(kind, id.to_owned())),
        _ => None,
    }
}

/// Asks all of them, in order. An id that a request made then stands for the one that it makes now.
pub(super) async fn replay(
    engine: &Engine,
    stretch: &[Exchange],
) -> Result<Vec<Exchange>, EngineError> {
    let mut ids = HashMap::new();
    let mut asked = Vec::with_capacity(stretch.len());
    for recorded in stretch {
        let path = translated(&recorded.row.path, &ids);
        let Some(operation) = operation(&recorded.row, &path) else {
            continue;
        };
        let is_new = matches!(operation, Operation::Create(_));
        let call = call(engine, recorded, operation, &ids);
        asked.push(call.exchange.row.id);
        let answer = Box::pin(engine.scim(call)).await;
        if let (true, Some(body), Some(then)) = (is_new, &answer.body, made_id(recorded))
            && let Ok(document) = serde_json::from_str::<Value>(body)
            && let Some(now) = document.get("id").and_then(Value::as_str)
        {
            ids.insert(then, now.to_owned());
        }
    }
    engine.store().flush().await?;
    let mut answers = Vec::with_capacity(asked.len());
    for id in asked {
        let exchange = engine.store().request(id).await?;
        answers.push(exchange.ok_or(EngineError::TaskEnded)?);
    }
    Ok(answers)
}

/// The id of what a recorded request made or took up.
fn made_id(recorded: &Exchange) -> Option<String> {
    if recorded.row.outcome == Outcome::Refused {
        return None;
    }
    // The answer names it; where that is not kept whole, what was changed does.
    let answer = recorded.response.body.as_deref();
    let answered = answer
        .and_then(|body| serde_json::from_str::<Value>(body).ok())
        .and_then(|document| document.get("id")?.as_str().map(str::to_owned));
    answered.or_else(|| recorded.changed.last().map(|view| view.id.clone()))
}

fn call(
    engine: &Engine,
    recorded: &Exchange,
    operation: Operation,
    ids: &HashMap<String, String>,
) -> ScimCall {
    let row = &recorded.row;
    let token = row.token.clone().unwrap_or_default();
    let body = recorded.request.body.as_deref().unwrap_or_default();
    ScimCall {
        operation,
        query: Vec::new(),
        body: Bytes::from(translated(body, ids)),
        // Versions count otherwise on a copy.
        if_match: None,
        if_none_match: None,
        base_url: engine.scim_base_url(),
        actor: Actor::idp(token),
        member: None,
        redactor: Redactor::withholding(),
        exchange: Exchange {
            row: RequestRow {
                id: engine.next_request_id(),
                subject: None,
                code: None,
                changes: 0,
                retry_of: None,
                part_of: None,
                ..row.clone()
            },
            query: None,
            peer: None,
            request: Message::default(),
            response: Message::default(),
            trace: Vec::new(),
            changed: Vec::new(),
            policy_key: None,
            detail: None,
        },
        started: Instant::now(),
        asynchronous: Asynchronous::No,
    }
}

/// A text with the ids of then replaced by those of now.
fn translated(text: &str, ids: &HashMap<String, String>) -> String {
    if ids.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let id = rest.get(..ID).filter(|id| is_id(id));
        if let (Some(id), Some(after)) = (id, rest.get(ID..)) {
            out.push_str(ids.get(id).map_or(id, String::as_str));
            rest = after;
        } else {
            out.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

fn is_id(text: &str) -> bool {
    text.bytes().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_then_become_those_of_now() {
        let (then, now) = (
            "0190aaaa-0000-7000-8000-000000000001",
            "0190bbbb-0000-7000-8000-000000000002",
        );
        let ids = HashMap::from([(then.to_owned(), now.to_owned())]);
        let text = format!("[{{\"value\":\"{then}\"}}, \"ä{then}\", \"{now}\"]");
        let expected = format!("[{{\"value\":\"{now}\"}}, \"ä{now}\", \"{now}\"]");
        assert_eq!(translated(&text, &ids), expected);
        assert_eq!(translated("", &ids), "");
    }
}
