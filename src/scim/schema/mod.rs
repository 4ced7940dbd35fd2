//! What resources look like: typed definitions of attributes (RFC 7643 §2, §7) and the schemas made of them.
//!
//! Discovery, validation, filters, PATCH and projection all read these definitions; nothing else in the program knows
//! the name of an attribute it does not use itself. [`Registry`] is the one place that resolves attribute names, without
//! regard to case (RFC 7643 §2.1).

mod attribute;
mod characteristics;
mod check;
mod common;
pub mod custom;
mod enterprise;
mod group;
mod kind;
mod launchdarkly;
mod registry;
mod resolved;
mod urn;
mod user;

pub use attribute::Attribute;
pub use characteristics::{AttributeType, Mutability, Returned, Uniqueness};
pub use check::RegistryError;
pub use enterprise::ENTERPRISE_USER;
pub use group::GROUP;
pub use kind::ResourceKind;
pub use launchdarkly::LAUNCHDARKLY_USER;
pub use registry::Registry;
pub use resolved::{Resolution, Resolved};
pub use urn::Urn;
pub use user::USER;

/// A set of attributes under one URN (RFC 7643 §7): a core schema or an extension.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The URN.
    pub id: Urn,
    /// The name for people, such as `User`.
    pub name: String,
    /// What the schema is for.
    pub description: String,
    /// The attributes, in the order in which documents list them.
    pub attributes: Vec<Attribute>,
}

impl Schema {
    /// The attribute of this name, whatever its case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        attribute::find(&self.attributes, name)
    }
}
