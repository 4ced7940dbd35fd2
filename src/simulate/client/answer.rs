//! One answer after it was read whole.

use std::time::Duration;

use serde_json::Value;

/// The longest excerpt of a body that a report shows, in characters.
const EXCERPT: usize = 160;

/// Status, the headers that matter to an identity provider, and the body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`, where there is one.
    pub content_type: Option<String>,
    /// Whether `WWW-Authenticate` is there.
    pub challenges: bool,
    /// `Retry-After` in its form of seconds.
    pub retry_after: Option<Duration>,
    /// The body, empty when there was none.
    pub text: String,
    /// The body as JSON, where it is JSON.
    pub json: Option<Value>,
}

impl Answer {
    /// `2xx`.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `id` of the resource in the body, where it is a non-empty string.
    pub fn id(&self) -> Option<&str> {
        let id = self.json.as_ref()?.get("id")?.as_str()?;
        (!id.is_empty()).then_some(id)
    }

    /// `detail` of a SCIM error, else the start of the body.
    pub fn detail(&self) -> String {
        let detail = self.json.as_ref().and_then(|body| body.get("detail"));
        match detail.and_then(Value::as_str) {
            Some(detail) => excerpt(detail),
            None if self.text.is_empty() => "no body".into(),
            None => excerpt(&self.text),
        }
    }

    /// What came, in one line for a report.
    pub fn summary(&self) -> String {
        if self.is_success() {
            return format!("status {}", self.status);
        }
        let kind = self
            .json
            .as_ref()
            .and_then(|body| body.get("scimType"))
            .and_then(Value::as_str);
        match kind {
            Some(kind) => format!("status {} {kind}: {}", self.status, self.detail()),
            None => format!("status {}: {}", self.status, self.detail()),
        }
    }
}

/// The start of `text`, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let mut excerpt: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(EXCERPT)
        .collect();
    if text.chars().nth(EXCERPT).is_some() {
        excerpt.push('…');
    }
    excerpt
}
