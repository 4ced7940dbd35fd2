//! The completion event of an asynchronous request (RFC 9967 §2.5.1.3): made of an answer, and read back as one.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::call::{Asynchronous, Operation, ScimAnswer, ScimCall};
use crate::directory::Actor;
use crate::scim::events::{Event, EventKind, EventSubject, Occurrence};
use crate::scim::{ResourceKind, render};
use crate::store::{CommitUnit, Outbox};

/// A unit that changes nothing and tells something.
pub(super) fn telling(outbox: Outbox) -> CommitUnit {
    CommitUnit {
        at: Timestamp::now(),
        actor: Actor::system(),
        policy_key: None,
        changes: Vec::new(),
        preconditions: Vec::new(),
        exchange: None,
        token_secret: None,
        client_credentials: None,
        consent: None,
        guards: crate::directory::GuardNotes::default(),
        recovery: crate::store::RecoveryCodes::default(),
        sign_in: crate::store::sso::SignInWrites::default(),
        password_hash: None,
        account: None,
        outbox,
    }
}

/// The completion event: what a bulk response says of one operation (RFC 7644 §3.7.3). Of a bulk request as a whole, whose
/// client asks for it, it holds the bulk response.
pub(super) fn response_event(call: &ScimCall, answer: &ScimAnswer) -> Event {
    let part = match &call.asynchronous {
        Asynchronous::Part(part) => Some(part),
        _ => None,
    };
    // What completes a creation is a part of it.
    let completes = part.and_then(|part| part.completes.as_ref());
    let method = match completes {
        Some(_) => "POST",
        None => call.exchange.row.method.as_str(),
    };
    let status = match completes {
        Some((created, _)) if answer.status < 300 => *created,
        _ => answer.status,
    };
    let location = answer
        .location
        .clone()
        .or_else(|| completes.and_then(|(_, location)| location.clone()))
        .or_else(|| match &call.operation {
            // As in a bulk response, whatever came of it.
            Operation::Replace(kind, id)
            | Operation::Patch(kind, id)
            | Operation::Delete(kind, id)
                if part.is_some() =>
            {
                Some(render::location(&call.base_url, *kind, id))
            }
            _ => None,
        });
    let mut payload = Map::new();
    payload.insert("method".into(), method.into());
    if let Some(bulk_id) = part.and_then(|part| part.bulk_id.as_deref()) {
        payload.insert("bulkId".into(), bulk_id.into());
    }
    if let Some(location) = location {
        payload.insert("location".into(), location.into());
    }
    if let Some(etag) = &answer.etag {
        payload.insert("version".into(), etag.as_str().into());
    }
    payload.insert("status".into(), status.to_string().into());
    if answer.status >= 400 || call.operation == Operation::Bulk {
        let response = answer
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok());
        payload.insert("response".into(), response.unwrap_or(Value::Null));
    }
    let (resource, id) = match &call.operation {
        Operation::Replace(kind, id) | Operation::Patch(kind, id) | Operation::Delete(kind, id) => {
            (*kind, Some(id.clone()))
        }
        Operation::Create(kind) => {
            let made = answer.location.as_deref();
            (
                *kind,
                made.and_then(|it| it.rsplit('/').next()).map(str::to_owned),
            )
        }
        _ => (ResourceKind::User, None),
    };
    Event {
        subject: EventSubject {
            resource,
            id,
            external_id: None,
        },
        occurrences: vec![Occurrence {
            kind: EventKind::AsyncResp,
            data: Some(payload.into()),
            attributes: Vec::new(),
        }],
    }
}

/// The answer that a completion event tells.
pub(super) fn answer(event: &Event) -> ScimAnswer {
    let told = event.occurrences.first().and_then(|it| it.data.as_ref());
    let text = |name: &str| {
        let text = told.and_then(|told| told.get(name)?.as_str());
        text.map(str::to_owned)
    };
    ScimAnswer {
        status: text("status")
            .and_then(|status| status.parse().ok())
            .unwrap_or(500),
        body: told
            .and_then(|told| told.get("response"))
            .map(Value::to_string),
        etag: text("version"),
        location: text("location"),
        ..ScimAnswer::default()
    }
}
