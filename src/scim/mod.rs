//! The scim room.

pub mod filter;

/// The resource types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// A User (RFC 7643 §4.1).
    User,
    /// A Group (RFC 7643 §4.2).
    Group,
}
