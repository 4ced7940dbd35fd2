//! The names of things. Never a bare string or number in a signature.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// A member (SCIM User). A version 7 UUID, so that ids sort by creation.
    MemberId
}
uuid_id! {
    /// A team (SCIM Group). A version 7 UUID.
    TeamId
}
uuid_id! {
    /// A bearer token. Says nothing about its secret.
    TokenId
}
uuid_id! {
    /// An OAuth client. Its text is the `client_id` (RFC 6749 §2.2); says nothing about its credentials.
    ClientId
}
uuid_id! {
    /// What an admin has granted to an OAuth client, with the tokens that follow from it.
    ConsentId
}
uuid_id! {
    /// An event stream.
    StreamId
}
uuid_id! {
    /// A key that signs events; its `kid` is this without hyphens.
    SigningKeyId
}

/// A logged exchange. Shown as `#4812`; ascending in the order in which requests arrived at this account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl FromStr for RequestId {
    type Err = std::num::ParseIntError;

    /// Accepts `4812` and `#4812`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim_start_matches('#').parse().map(Self)
    }
}
