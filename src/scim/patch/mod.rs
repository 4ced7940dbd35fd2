//! PATCH (RFC 7644 §3.5.2): operations in order, all or none, on the attributes as they are stored.
//!
//! [`PatchRequest::apply`] works on a copy and hands it out only when every operation succeeded. A Group's members are
//! not in the document: what a request does to them becomes an ordered [`MembersPatch`], so that no team is ever loaded
//! to change one of its members. The cost is about linear in the size of request and resource.

mod application;
mod attribute;
mod members;
mod operation;
mod request;
mod schemas;
mod selection;
#[cfg(test)]
mod tests;
mod values;

pub use members::{MembersOp, MembersPatch};
pub use operation::{Operation, PatchOp};
pub use request::{PATCH_OP, PatchRequest};

use super::Attributes;
use super::dialect::Coercion;
use super::error::ScimError;
use super::schema::{Registry, ResourceKind};
use crate::secret::Secret;

/// What a PATCH is applied to.
#[derive(Clone, Copy, Debug)]
pub struct PatchTarget<'a> {
    /// The type of the resource.
    pub kind: ResourceKind,
    /// Its id: a client may send it back, but not another one.
    pub id: &'a str,
    /// Its attributes as stored.
    pub attributes: &'a Attributes,
}

/// What a PATCH makes of its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// All attributes as they shall be.
    pub attributes: Attributes,
    /// What happens to a Group's members.
    pub members: MembersPatch,
    /// What happens to a User's password.
    pub password: Option<PasswordEdit>,
    /// The rules that fired.
    pub notes: Vec<Coercion>,
    /// How many values of multi-valued attributes were looked at: what the PATCH cost.
    pub steps: u64,
}

/// What happens to a password. Never part of the attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordEdit {
    /// It becomes this one.
    Set(Secret),
    /// There is none any more.
    Clear,
}

impl PatchRequest {
    /// Carries out the operations in order; after an error nothing has changed.
    pub fn apply(
        &self,
        registry: &Registry,
        target: &PatchTarget<'_>,
    ) -> Result<Patched, ScimError> {
        application::apply(registry, target, self)
    }
}
