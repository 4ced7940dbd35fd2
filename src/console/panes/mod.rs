//! The panes: what stands between the header and the hints. Each has its state (what it shows and what is selected),
//! its `view`, and its column set; [`PaneId`] tells which one is on the screen.
//!
//! Panes are plain structs dispatched by enum. They never reach the engine: what they need they say as an
//! [`Effect`](super::effect::Effect).

pub mod detail;
pub mod home;
pub mod incidents;
pub mod members;
pub mod policy;
pub mod requests;
pub mod rows;
pub mod scim;
pub mod sso;
pub mod teams;
pub mod test_drive;
pub mod timeline;

use serde::{Deserialize, Serialize};

use super::command::CommandId;

/// The panes, by the number that goes there. Numbers of panes that do not exist yet are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaneId {
    /// How everything stands.
    #[default]
    Home,
    /// Members: SCIM's Users.
    Members,
    /// Teams: SCIM's Groups.
    Teams,
    /// The live request log.
    Requests,
    /// Single sign-on.
    Sso,
    /// Tokens and how to connect an IdP.
    Scim,
    /// What an admin should look at.
    Incidents,
    /// What an IdP's request means here.
    Policy,
}

impl PaneId {
    /// All of them, in the order of the rail.
    pub const ALL: [Self; 8] = [
        Self::Home,
        Self::Members,
        Self::Teams,
        Self::Requests,
        Self::Sso,
        Self::Scim,
        Self::Incidents,
        Self::Policy,
    ];

    /// The number on the rail.
    pub fn number(self) -> u8 {
        match self {
            Self::Home => 1,
            Self::Members => 2,
            Self::Teams => 3,
            Self::Requests => 4,
            Self::Sso => 5,
            Self::Scim => 6,
            Self::Incidents => 7,
            Self::Policy => 9,
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Members => "Members",
            Self::Teams => "Teams",
            Self::Requests => "Requests",
            Self::Sso => "SSO",
            Self::Scim => "SCIM",
            Self::Incidents => "Incidents",
            Self::Policy => "Policy",
        }
    }

    /// The command that goes there.
    pub fn command(self) -> CommandId {
        match self {
            Self::Home => "pane.home",
            Self::Members => "pane.members",
            Self::Teams => "pane.teams",
            Self::Requests => "pane.requests",
            Self::Sso => "pane.sso",
            Self::Scim => "pane.scim",
            Self::Incidents => "pane.incidents",
            Self::Policy => "pane.policy",
        }
    }

    /// Whether it has a detail beside its list.
    pub fn has_detail(self) -> bool {
        self != Self::Home
    }
}
