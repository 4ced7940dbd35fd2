//! Who asked for a change.

use serde::{Deserialize, Serialize};

/// Who a command comes from, as the audit names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What sort of somebody this is.
    pub kind: ActorKind,
    /// The name an admin recognises: a token's name, an e-mail address, `console`.
    pub name: String,
}

/// The sorts of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// An identity provider with a SCIM token.
    Idp,
    /// An admin, through the console, the command line or the admin API.
    Admin,
    /// Provost itself: retention, seeding, start-up.
    System,
    /// Somebody at the machine with a recovery code.
    Recovery,
    /// A member who signs in by single sign-on: the identity provider speaks of them at that moment.
    SignIn,
}

impl Actor {
    /// An identity provider, named by its token.
    pub fn idp(name: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::Idp,
            name: name.into(),
        }
    }

    /// An admin, by name.
    pub fn admin(name: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::Admin,
            name: name.into(),
        }
    }

    /// Somebody at the machine, with a recovery code of this member.
    pub fn recovery(name: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::Recovery,
            name: name.into(),
        }
    }

    /// A member who signs in.
    pub fn sign_in(name: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::SignIn,
            name: name.into(),
        }
    }

    /// Provost itself.
    pub fn system() -> Self {
        Self {
            kind: ActorKind::System,
            name: "provost".into(),
        }
    }
}
