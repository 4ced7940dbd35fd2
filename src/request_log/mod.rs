//! What one logged exchange holds, and the language it is searched by. Pure: the engine fills records, the store keeps
//! them, the console and the command line read them.
//!
//! Invariant: nothing in a record is secret. Headers and bodies are redacted before they come here.

pub mod query;
pub mod record;

pub use query::{QueryError, RequestQuery};
pub use record::{Exchange, Message, RequestRow, Subject};
