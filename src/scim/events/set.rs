//! The claims of a security event token (RFC 8417 §2.2) as RFC 9967 profiles it, for one recipient.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::event::{Event, Occurrence};
use super::kind::{EventForm, EventKind};
use crate::scim::render::etag;

/// For whom a token is, and what belongs to it alone.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// `iss`: the URL of this provider.
    pub issuer: &'a str,
    /// `aud`: who it is for.
    pub audience: &'a str,
    /// `jti`: the token's own id. The same however often it is sent.
    pub jti: &'a str,
    /// How much it may hear.
    pub form: EventForm,
    /// What it wants to hear of; empty stands for everything.
    pub kinds: &'a [EventKind],
}

impl Recipient<'_> {
    /// Whether it wants to hear of this.
    fn wants(&self, kind: EventKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

/// The claims. `txn` is the transaction of which the event is part, `version` that of the resource afterwards.
///
/// RFC 9967 §2.1: the subject is `sub_id` at the top and never `sub`; RFC 8417 §4 leaves `exp` out, since an event that
/// happened does not expire.
pub fn claims(
    event: &Event,
    at: Timestamp,
    txn: &str,
    version: Option<u64>,
    recipient: &Recipient<'_>,
) -> Value {
    let mut sub_id = json!({ "format": "scim", "uri": event.subject.uri() });
    if let (Some(external_id), Some(object)) = (&event.subject.external_id, sub_id.as_object_mut())
    {
        object.insert("externalId".into(), external_id.as_str().into());
    }
    let events: Map<String, Value> = event
        .occurrences
        .iter()
        .filter(|occurrence| recipient.wants(occurrence.kind))
        .map(|occurrence| payload(occurrence, version, recipient.form))
        .collect();
    json!({
        "iss": recipient.issuer,
        "iat": at.as_second(),
        "jti": recipient.jti,
        "aud": [recipient.audience],
        "txn": txn,
        "sub_id": sub_id,
        "events": events,
    })
}

/// The URI and the payload. RFC 9967 §2.4: with `data` the URI ends with `full`, else with `notice`, and exactly one of
/// `data` and `attributes` is there.
fn payload(occurrence: &Occurrence, version: Option<u64>, form: EventForm) -> (String, Value) {
    let kind = occurrence.kind;
    if kind == EventKind::AsyncResp {
        let response = occurrence.data.clone().unwrap_or_else(|| json!({}));
        return (kind.uri(form), response);
    }
    let mut payload = Map::new();
    if !kind.has_forms() {
        return (kind.uri(form), payload.into());
    }
    if let Some(version) = version {
        payload.insert("version".into(), etag(version).into());
    }
    match &occurrence.data {
        Some(data) if form == EventForm::Full => {
            payload.insert("data".into(), data.clone());
            (kind.uri(EventForm::Full), payload.into())
        }
        _ => {
            payload.insert("attributes".into(), occurrence.attributes.clone().into());
            (kind.uri(EventForm::Notice), payload.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::ResourceKind;
    use crate::scim::events::EventSubject;

    fn event() -> Event {
        Event {
            subject: EventSubject::new(ResourceKind::User, "44f6", Some("jdoe")),
            occurrences: vec![
                Occurrence {
                    kind: EventKind::Patch,
                    data: Some(json!({ "Operations": [] })),
                    attributes: vec!["active".into()],
                },
                Occurrence::of(EventKind::Deactivate),
            ],
        }
    }

    fn made(form: EventForm, kinds: &[EventKind]) -> Value {
        let recipient = Recipient {
            issuer: "https://scim.example.com",
            audience: "https://receiver.example.com",
            jti: "j",
            form,
            kinds,
        };
        let at = Timestamp::from_second(1_458_505_044).unwrap();
        claims(&event(), at, "t", Some(3), &recipient)
    }

    #[test]
    fn a_full_event_has_data_and_no_attributes() {
        let claims = made(EventForm::Full, &[]);
        assert_eq!(
            claims,
            json!({
                "iss": "https://scim.example.com",
                "iat": 1_458_505_044,
                "jti": "j",
                "aud": ["https://receiver.example.com"],
                "txn": "t",
                "sub_id": { "format": "scim", "uri": "/Users/44f6", "externalId": "jdoe" },
                "events": {
                    "urn:ietf:params:scim:event:prov:patch:full": {
                        "version": "W/\"3\"", "data": { "Operations": [] }
                    },
                    "urn:ietf:params:scim:event:prov:deactivate": {},
                },
            })
        );
    }

    #[test]
    fn a_notice_has_attributes_and_no_data() {
        let claims = made(EventForm::Notice, &[EventKind::Patch]);
        assert_eq!(
            claims["events"],
            json!({ "urn:ietf:params:scim:event:prov:patch:notice": {
                "version": "W/\"3\"", "attributes": ["active"]
            } })
        );
    }

    #[test]
    fn what_is_too_large_to_tell_becomes_a_notice_for_everybody() {
        let mut event = event();
        event.occurrences[0].data = None;
        let recipient = Recipient {
            issuer: "i",
            audience: "a",
            jti: "j",
            form: EventForm::Full,
            kinds: &[EventKind::Patch],
        };
        let claims = claims(&event, Timestamp::UNIX_EPOCH, "t", None, &recipient);
        assert_eq!(
            claims["events"],
            json!({ "urn:ietf:params:scim:event:prov:patch:notice": { "attributes": ["active"] } })
        );
    }
}
