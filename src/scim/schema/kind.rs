//! The two types of resource this provider serves.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A resource type (RFC 7643 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResourceKind {
    /// A person.
    User,
    /// A set of users.
    Group,
}

impl ResourceKind {
    /// Both, in the order of `/ResourceTypes`.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// The name: `meta.resourceType` and the id of the resource type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The endpoint below the base URL.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
