//! What is kept of an event until everybody has heard of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kind::EventKind;
use crate::scim::ResourceKind;

/// What happened to one resource in one transaction. A token may say several things that arise from one change of state
/// of one resource (RFC 9967 §2.1), such as a patch that deactivates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// To whom.
    pub subject: EventSubject,
    /// What happened.
    pub occurrences: Vec<Occurrence>,
}

/// The subject of an event (RFC 9967 §2.1), a subject identifier of format `scim` (RFC 9493).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSubject {
    /// The resource type.
    pub resource: ResourceKind,
    /// Its id; `None` where a resource was to be created and was not.
    pub id: Option<String>,
    /// What its client calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// What.
    pub kind: EventKind,
    /// The values, for those who may hear them; `None` where nobody may or where they would be too large. For an
    /// asynchronous response, the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// The paths of the attributes it is about (RFC 7644 §3.5.2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
}

impl EventSubject {
    /// A resource that exists.
    pub fn new(kind: ResourceKind, id: impl std::fmt::Display, external_id: Option<&str>) -> Self {
        Self {
            resource: kind,
            id: Some(id.to_string()),
            external_id: external_id
                .filter(|external_id| !external_id.is_empty())
                .map(str::to_owned),
        }
    }

    /// The path below the base URL: `/Users/2819…`, or the endpoint of what was to be created.
    pub fn uri(&self) -> String {
        let endpoint = self.resource.endpoint();
        match &self.id {
            Some(id) => format!("{endpoint}/{id}"),
            None => endpoint.to_owned(),
        }
    }
}

impl Occurrence {
    /// Something that needs no more words.
    pub fn of(kind: EventKind) -> Self {
        Self {
            kind,
            data: None,
            attributes: Vec::new(),
        }
    }
}
