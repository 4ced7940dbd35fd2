//! The kinds of event and their URIs (RFC 9967 §2.3 to §2.5).

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const PREFIX: &str = "urn:ietf:params:scim:event:";

/// What an event says happened. Written without the URN's prefix and without `full` or `notice`, which is the form of
/// the recipient and not of what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// An existing resource came into the feed (§2.3.1).
    #[serde(rename = "feed:add")]
    FeedAdd,
    /// A resource left the feed and still exists (§2.3.2).
    #[serde(rename = "feed:remove")]
    FeedRemove,
    /// A resource came to be (§2.4.1).
    #[serde(rename = "prov:create")]
    Create,
    /// A resource changed in part (§2.4.2).
    #[serde(rename = "prov:patch")]
    Patch,
    /// A resource was replaced (§2.4.3).
    #[serde(rename = "prov:put")]
    Put,
    /// A resource is gone (§2.4.4).
    #[serde(rename = "prov:delete")]
    Delete,
    /// A user may sign in again (§2.4.5).
    #[serde(rename = "prov:activate")]
    Activate,
    /// A user may no longer sign in (§2.4.6).
    #[serde(rename = "prov:deactivate")]
    Deactivate,
    /// An asynchronous request was completed (§2.5.1.3).
    #[serde(rename = "misc:asyncresp")]
    AsyncResp,
}

/// How much an event about a changed resource tells (§2.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventForm {
    /// The values, too.
    Full,
    /// The names of the attributes alone; the recipient reads the rest.
    #[default]
    Notice,
}

impl EventKind {
    /// All of them, in the order of the registry (§7.4).
    pub const ALL: [Self; 9] = [
        Self::FeedAdd,
        Self::FeedRemove,
        Self::Create,
        Self::Patch,
        Self::Put,
        Self::Delete,
        Self::Activate,
        Self::Deactivate,
        Self::AsyncResp,
    ];

    /// The class and name of the URI, such as `prov:create`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FeedAdd => "feed:add",
            Self::FeedRemove => "feed:remove",
            Self::Create => "prov:create",
            Self::Patch => "prov:patch",
            Self::Put => "prov:put",
            Self::Delete => "prov:delete",
            Self::Activate => "prov:activate",
            Self::Deactivate => "prov:deactivate",
            Self::AsyncResp => "misc:asyncresp",
        }
    }

    /// Reads a kind by its class and name, by its name alone, or by a whole URI; without case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let short = text.strip_prefix(PREFIX).unwrap_or(&text);
        let short = short
            .strip_suffix(":full")
            .or_else(|| short.strip_suffix(":notice"))
            .unwrap_or(short);
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == short)
            .or_else(|| {
                // `add` and `remove` alone would be guesses.
                Self::ALL.into_iter().find(|kind| {
                    kind.as_str().strip_prefix("prov:") == Some(short)
                        || kind.as_str().strip_prefix("misc:") == Some(short)
                })
            })
    }

    /// Whether its URI ends with `full` or `notice`: where a payload of attributes belongs to it. The others have none
    /// and SHALL NOT use the qualifiers (§2.4.4).
    pub fn has_forms(self) -> bool {
        matches!(self, Self::Create | Self::Patch | Self::Put)
    }

    /// The URI.
    pub fn uri(self, form: EventForm) -> String {
        let qualifier = match (self.has_forms(), form) {
            (false, _) => "",
            (true, EventForm::Full) => ":full",
            (true, EventForm::Notice) => ":notice",
        };
        format!("{PREFIX}{}{qualifier}", self.as_str())
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every URI that can be delivered.
fn event_uris() -> Vec<String> {
    let mut uris = Vec::new();
    for kind in EventKind::ALL {
        uris.push(kind.uri(EventForm::Notice));
        if kind.has_forms() {
            uris.push(kind.uri(EventForm::Full));
        }
    }
    uris
}

/// `securityEvents` of `/ServiceProviderConfig` (§4), for a provider that has event streams: it completes requests
/// asynchronously where the client asks for it.
pub fn announcement() -> Value {
    json!({ "asyncRequest": "request", "eventUris": event_uris() })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("prov:create", Some(EventKind::Create))]
    #[case("create", Some(EventKind::Create))]
    #[case(
        "urn:ietf:params:scim:event:prov:create:notice",
        Some(EventKind::Create)
    )]
    #[case("URN:IETF:params:scim:event:feed:add", Some(EventKind::FeedAdd))]
    #[case("asyncresp", Some(EventKind::AsyncResp))]
    #[case("add", None)]
    #[case("prov:create:half", None)]
    #[case("", None)]
    fn kinds_are_read(#[case] text: &str, #[case] expected: Option<EventKind>) {
        assert_eq!(EventKind::parse(text), expected);
    }

    #[test]
    fn every_kind_is_read_back_from_its_uris_and_its_name() {
        for kind in EventKind::ALL {
            for form in [EventForm::Full, EventForm::Notice] {
                assert_eq!(EventKind::parse(&kind.uri(form)), Some(kind));
            }
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
        }
    }

    #[test]
    fn the_registry_of_rfc_9967_section_7_4_is_complete() {
        assert_eq!(event_uris().len(), 12);
        assert!(event_uris().contains(&"urn:ietf:params:scim:event:prov:put:full".to_owned()));
        assert!(event_uris().contains(&"urn:ietf:params:scim:event:prov:delete".to_owned()));
    }
}
