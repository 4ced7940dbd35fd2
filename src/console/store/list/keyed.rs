//! What tells the rows of a list apart, so that a selection stays on its object when rows come and go around it.

use crate::admin::guards::{Incident, IncidentId};
use crate::admin::policy::PolicyRow;
use crate::admin::sso::SignInRow;
use crate::admin::types::{
    AuditRow, MemberId, MemberRef, MemberRow, RequestId, TeamId, TeamRow, TokenId, TokenRow,
};

/// Something with an identity.
pub trait Keyed {
    /// What never changes about it.
    type Key: Clone + Eq;

    /// Its identity.
    fn key(&self) -> Self::Key;
}

impl Keyed for MemberRow {
    type Key = MemberId;

    fn key(&self) -> MemberId {
        self.id
    }
}

impl Keyed for MemberRef {
    type Key = MemberId;

    fn key(&self) -> MemberId {
        self.id
    }
}

impl Keyed for TeamRow {
    type Key = TeamId;

    fn key(&self) -> TeamId {
        self.id
    }
}

impl Keyed for TokenRow {
    type Key = TokenId;

    fn key(&self) -> TokenId {
        self.id
    }
}

impl Keyed for PolicyRow {
    type Key = String;

    fn key(&self) -> String {
        self.key.clone()
    }
}

impl Keyed for AuditRow {
    type Key = u64;

    fn key(&self) -> u64 {
        self.seq
    }
}

impl Keyed for SignInRow {
    type Key = RequestId;

    fn key(&self) -> RequestId {
        self.request
    }
}

impl Keyed for Incident {
    type Key = IncidentId;

    fn key(&self) -> IncidentId {
        self.id
    }
}
