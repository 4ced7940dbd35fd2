//! Invitations: who is a member and has not come in yet, and how long the link in their invitation works. Pure.
//!
//! What is kept is when somebody was invited. Whether the invitation still works follows from that, from
//! `users.invite_ttl` and from the time, so that nothing need be done when it ends. Accepting one is a change of the
//! member like any other ([`accepted`]); the pages for it are not here.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::member::Member;
use super::policy::InviteTtl;

/// An invitation that nobody has accepted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// When the member was invited last.
    pub invited: Timestamp,
    /// Until when its link works.
    pub invited_until: Timestamp,
    /// Whether that is over.
    #[serde(rename = "invitation_expired")]
    pub expired: bool,
}

impl Invitation {
    /// The open invitation of a member at a time; `None` where nobody is invited, they have come in, or have lost their
    /// access.
    pub fn of(member: &Member, ttl: InviteTtl, now: Timestamp) -> Option<Self> {
        let (invited, hours) = (member.invited?, ttl.0?);
        if member.deleted.is_some() || !member.is_active() {
            return None;
        }
        let invited_until = invited
            .checked_add(SignedDuration::from_hours(i64::from(hours)))
            .unwrap_or(Timestamp::MAX);
        Some(Self {
            invited,
            invited_until,
            expired: invited_until <= now,
        })
    }
}

/// The member after they have accepted their invitation; `None` where there is none that still works.
pub fn accepted(member: &Member, ttl: InviteTtl, now: Timestamp) -> Option<Member> {
    Invitation::of(member, ttl, now).filter(|it| !it.expired)?;
    let mut accepted = member.clone();
    accepted.invited = None;
    Some(accepted)
}
