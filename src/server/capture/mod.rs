//! Turns what came over the wire into an [`Exchange`] of the request log with nothing secret in it.
//!
//! Redaction happens here and nowhere later: header values by an allow-list, bodies and query parameters by the names of
//! their attributes, token-shaped text wherever it stands. A secret becomes `***:1a2b3c4d`, a keyed pseudonym, so that
//! two requests with the same wrong password can be seen to have it without its being known. What cannot be taken apart
//! reliably is not kept.

mod body;
mod form;
mod headers;
mod pseudonym;
mod query;
mod sensitive;
mod token_shape;

use std::collections::HashSet;

use http::{HeaderMap, Method, Uri, header};
use jiff::Timestamp;

use crate::directory::{Outcome, RequestId};
use crate::explain::idp_guess;
use crate::request_log::{Exchange, Message, RequestRow};
use pseudonym::Pseudonyms;
use sensitive::Sensitive;

pub(super) use token_shape::fault as token_fault;

/// How many bytes of a redacted body are kept.
pub(super) const BODY_KEPT: usize = 64 * 1_024;

/// How many bytes of a path, a query or a header value are kept.
const TEXT_KEPT: usize = 4 * 1_024;

/// How many bytes of a method are kept. Those that mean something are shorter.
const METHOD_KEPT: usize = 32;

/// How many bytes of a `User-Agent` the row keeps.
const USER_AGENT_KEPT: usize = 200;

/// The redactor of one account.
pub(super) struct Capture {
    pseudonyms: Pseudonyms,
    sensitive: Sensitive,
}

/// The head of a request as it arrived.
pub(super) struct Arrival<'a> {
    /// Its id.
    pub id: RequestId,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub peer: String,
    /// Its method.
    pub method: &'a Method,
    /// Its target.
    pub uri: &'a Uri,
    /// Its headers.
    pub headers: &'a HeaderMap,
}

impl Capture {
    /// A redactor with the account's key. `never_returned` are the names of the attributes whose schema says
    /// `returned: never`, besides those whose name alone tells it.
    pub(super) fn new(
        pseudonym_key: &str,
        never_returned: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            pseudonyms: Pseudonyms::new(pseudonym_key),
            sensitive: Sensitive::new(never_returned.into_iter().collect::<HashSet<_>>()),
        }
    }

    /// What the log knows of a request before anything is done about it.
    pub(super) fn begin(&self, arrival: &Arrival<'_>) -> Exchange {
        let user_agent = arrival
            .headers
            .get(header::USER_AGENT)
            .map(|value| plain(&String::from_utf8_lossy(value.as_bytes()), USER_AGENT_KEPT))
            .filter(|text| !text.is_empty());
        Exchange {
            row: RequestRow {
                id: arrival.id,
                at: arrival.at,
                duration_us: 0,
                method: plain(arrival.method.as_str(), METHOD_KEPT),
                path: plain(arrival.uri.path(), TEXT_KEPT),
                resource: String::new(),
                subject: None,
                status: 0,
                outcome: Outcome::Error,
                code: None,
                token: None,
                idp: idp_guess(user_agent.as_deref(), arrival.uri.query(), None).map(str::to_owned),
                user_agent,
                changes: 0,
                retry_of: None,
                part_of: None,
            },
            query: arrival
                .uri
                .query()
                .filter(|query| !query.is_empty())
                .map(|query| self.query(query)),
            peer: Some(arrival.peer.clone()),
            request: Message {
                headers: self.headers(arrival.headers),
                ..Message::default()
            },
            response: Message::default(),
            trace: Vec::with_capacity(8),
            changed: Vec::new(),
            policy_key: None,
            detail: None,
        }
    }

    /// Adds a body that was read whole. The headers, which are there already, say what sort of body it is.
    pub(super) fn add_body(&self, message: &mut Message, body: &[u8]) {
        message.body_bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
        if body.is_empty() {
            return;
        }
        let is_form = message
            .headers
            .iter()
            .any(|(name, value)| name == "content-type" && form::is_form(value));
        let redacted = if is_form {
            form::redact(body, &self.pseudonyms)
        } else {
            body::redact(body, &self.sensitive, &self.pseudonyms)
        };
        let mut text = token_shape::mask(redacted);
        message.truncated = truncate(&mut text, BODY_KEPT);
        message.body = Some(text);
    }

    /// A query string as the log keeps it.
    pub(super) fn query(&self, query: &str) -> String {
        let mut text = token_shape::mask(query::redact(query, &self.sensitive, &self.pseudonyms));
        truncate(&mut text, TEXT_KEPT);
        text
    }

    /// Headers as the log keeps them.
    pub(super) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        headers
            .iter()
            .map(|(name, value)| {
                let mut value = headers::redact(name, value, &self.pseudonyms);
                truncate(&mut value, TEXT_KEPT);
                (name.as_str().to_owned(), value)
            })
            .collect()
    }
}

/// A path or another short text of the client, as the log keeps it.
pub(super) fn short_text(text: &str) -> String {
    plain(text, TEXT_KEPT)
}

/// Text of the client that is kept as it is, but for what looks like a token.
fn plain(text: &str, limit: usize) -> String {
    let mut text = token_shape::mask(text.to_owned());
    truncate(&mut text, limit);
    text
}

/// Cuts at the last character that fits. Says whether anything was cut.
fn truncate(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    text.truncate(text.floor_char_boundary(limit));
    true
}

#[cfg(test)]
mod tests;
