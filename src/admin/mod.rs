//! What an admin can see and do, as two traits: [`AdminRead`] and [`AdminWrite`]. The console and the command line
//! know nothing else of the engine. Two clients stand behind them: in this process ([`local`]) and over HTTP or the
//! engine's Unix socket ([`http`]); one conformance suite runs against both.
//!
//! The wire words are SCIM's (User, Group); the words here are the product's: Member is SCIM's User, Team is SCIM's
//! Group, Request is one logged exchange. A read-only context is given only `Arc<dyn AdminRead>`, so that it cannot
//! express a write.

pub mod error;
pub mod guards;
pub mod http;
pub mod link;
pub mod local;
pub mod policy;
pub mod policy_file;
pub mod sso;
pub mod streams;
pub mod traits;
pub mod types;

pub use error::{AdminError, AdminErrorKind};
pub use http::HttpAdmin;
pub use traits::{AdminRead, AdminWrite, TailStream};
