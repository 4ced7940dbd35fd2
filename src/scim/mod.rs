//! The SCIM 2.0 protocol (RFC 7643, RFC 7644, RFC 9865), pure: no I/O, no clock, no policy. Same input, same output.
//!
//! Everything follows from the typed attribute definitions of [`schema`]: discovery documents, validation
//! ([`normalise`](mod@normalise)), filters ([`filter`]), PATCH ([`patch`]) and projection ([`projection`]). The server parses requests
//! and writes answers with it, the engine turns its results into commands, the store compiles its filters to SQL.
//!
//! Invariants:
//! - Stored [`Attributes`] carry canonical names, extensions nested under their schema URN, and never `id`, `schemas`,
//!   `meta`, a User's `groups` or a Group's `members`.
//! - What deviates from the RFC and is understood anyway passes through a named rule of [`dialect`] and leaves a
//!   [`Coercion`] behind.
//! - Every input is bounded by [`limits`]; no parser recurses deeper than they allow; a failure changes nothing.

pub mod bulk;
pub mod cursor;
pub mod date_time;
pub mod dialect;
pub mod discovery;
pub mod error;
pub mod events;
pub mod filter;
pub mod fold;
pub mod json;
pub mod limits;
pub mod list;
pub mod normalise;
pub mod patch;
pub mod path;
pub mod precondition;
pub mod projection;
pub mod render;
pub mod schema;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use dialect::Coercion;
pub use error::{ScimError, ScimType};
pub use filter::Filter;
pub use limits::Limits;
pub use list::{ListQuery, ListResponse};
pub use normalise::{MemberReference, Normalised, normalise};
pub use patch::{MembersOp, MembersPatch, PasswordEdit, PatchRequest, PatchTarget, Patched};
pub use path::AttributePath;
pub use precondition::{Preconditions, Unmet};
pub use projection::Projection;
pub use schema::{Registry, ResourceKind, Urn};

/// SCIM attributes under their canonical names, extensions under their schema URN. Never holds `id`, `schemas`, `meta`,
/// a User's `groups` or a Group's `members`.
pub type Attributes = Map<String, Value>;
