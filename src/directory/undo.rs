//! The way back: the inverse of each change, and the state an undo is decided on. What is decided is in
//! [`decide`](super::decide::decide), since an undo is a command like any other.
//!
//! Of tokens, clients, streams, keys and passwords nothing comes back: what opens a door is not kept, and whoever has
//! been told that a token is revoked relies on it.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::facts::Rival;
use super::ids::{MemberId, TeamId};
use super::member::Member;
use super::team::Team;

/// What the changes of an undo are about, as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// The members, soft-deleted ones too.
    pub members: BTreeMap<MemberId, Member>,
    /// The teams.
    pub teams: BTreeMap<TeamId, Team>,
    /// Who is in which team: for a member or a team that would go all of it, for others what the changes name.
    pub memberships: BTreeSet<(TeamId, MemberId)>,
    /// Members who hold a `userName` or an `externalId` that would come back.
    pub rivals: Vec<Rival>,
    /// Teams that hold a `displayName` or an `externalId` that would come back.
    pub rival_teams: Vec<Team>,
}

impl Change {
    /// What takes this change back; or, as a sentence, why nothing does.
    pub fn inverse(&self) -> Result<Self, &'static str> {
        Ok(match self.clone() {
            Self::MemberCreated { after } => Self::MemberRemoved { before: after },
            Self::MemberUpdated { before, after } => Self::MemberUpdated {
                before: after,
                after: before,
            },
            Self::MemberRemoved { before } => Self::MemberCreated { after: before },
            Self::TeamCreated { after } => Self::TeamRemoved { before: after },
            Self::TeamUpdated { before, after } => Self::TeamUpdated {
                before: after,
                after: before,
            },
            Self::TeamRemoved { before } => Self::TeamCreated { after: before },
            Self::MembershipAdded {
                team,
                team_name,
                member,
                member_name,
            } => Self::MembershipRemoved {
                team,
                team_name,
                member,
                member_name,
            },
            Self::MembershipRemoved {
                team,
                team_name,
                member,
                member_name,
            } => Self::MembershipAdded {
                team,
                team_name,
                member,
                member_name,
            },
            Self::SettingsChanged { before, after } => Self::SettingsChanged {
                before: after,
                after: before,
            },
            Self::RoleUnmatched { .. }
            | Self::ScimUsersDeleted { .. }
            | Self::ScimGroupsDeleted { .. } => {
                return Err("it only tells what happened");
            }
            Self::MemberParked { .. } | Self::MemberUnparked { .. } => {
                return Err("whom a team waits for is settled by the next push");
            }
            Self::MemberSucceeded { .. } => {
                return Err("that somebody was here before stays known");
            }
            Self::PasswordSet { .. } => {
                return Err("the password before it is not kept; set another one");
            }
            Self::TokenIssued { .. } | Self::AccessTokenIssued { .. } => {
                return Err("a token is taken back by revoking it");
            }
            Self::TokenRevoked { .. } | Self::TokenRotated { .. } => {
                return Err("the secret of a token is not kept, so that it never works again");
            }
            Self::ClientCreated { .. } => {
                return Err("an OAuth client is taken back by revoking it");
            }
            Self::ConsentGiven { .. } | Self::ConsentUsed { .. } => {
                return Err("what was granted is taken back by revoking the client");
            }
            Self::ConsentRevoked { .. } => {
                return Err("what was granted ends for good; it is granted anew by signing in");
            }
            Self::ClientRevoked { .. } | Self::ClientRotated { .. } => {
                return Err("the credentials of an OAuth client never work again");
            }
            Self::StreamCreated { .. }
            | Self::StreamUpdated { .. }
            | Self::StreamRemoved { .. } => {
                return Err("what an event stream has told cannot be untold");
            }
            Self::IncidentOpened { .. } | Self::IncidentTended { .. } => {
                return Err("an incident is closed, not undone");
            }
            Self::RecoveryProven { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::RecoveryCodeUsed { .. } => {
                return Err("what was proven or used for recovery stays so; make new codes");
            }
            Self::PasswordLinkMade { .. } => {
                return Err("a link that was told ends by itself, or when another one is made");
            }
            Self::SigningKeyAdded { .. } => {
                return Err("receivers rely on a signing key once it was published");
            }
        })
    }
}

/// Whether a member is as they were, whatever has been counted up since.
pub(super) fn is_same_member(one: &Member, other: &Member) -> bool {
    let counted = Member {
        version: one.version,
        modified: one.modified,
        ..other.clone()
    };
    *one == counted
}

/// Whether a team is as it was, whatever has been counted up since.
pub(super) fn is_same_team(one: &Team, other: &Team) -> bool {
    let counted = Team {
        version: one.version,
        modified: one.modified,
        ..other.clone()
    };
    *one == counted
}
