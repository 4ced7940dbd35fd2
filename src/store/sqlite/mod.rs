//! The store in one SQLite file (WAL, `synchronous=FULL`), for everything that fits on one machine.
//!
//! - One thread writes, in groups ([`mod@write`]); what it is handed was made ready on the caller's task ([`ready`]).
//! - Connections from a [`pool`] read: point reads and small pages on the caller's thread, scans on blocking threads.
//! - Another thread writes the write-ahead log back into the database.
//! - The request log lives in the same file as the state, since SQLite in WAL mode does not commit atomically over
//!   attached files, and state, audit and log of one request must commit together.
//!
//! Invariants: `card`, `attr`, `unique_value`, `tally` and `page_anchor` hold live objects alone and are changed in the transaction that
//! changes `resource`; `member` holds memberships of live members alone; audit rows have no gaps.

mod audit_text;
mod copy;
mod event_store;
mod failure;
mod foreign;
mod handle;
mod incident_store;
mod indexed;
mod lock;
mod log_line;
mod migrate;
mod open;
mod options;
mod pool;
mod pulse;
mod read;
mod ready;
mod ready_events;
mod ready_resource;
mod rekey;
mod search;
mod sso_store;
mod statement;
mod store;
mod unique;
mod values;
mod write;
mod zones;

#[cfg(test)]
mod tests;

pub use copy::{Source, copy};
pub use open::open;
pub use options::OpenOptions;
