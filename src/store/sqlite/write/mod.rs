//! The write path: one thread owns the writing connection and commits in groups.
//!
//! Callers hand over ready rows ([`ReadyUnit`](super::ready::ReadyUnit)) through a bounded queue and wait. The thread
//! opens a transaction, runs each unit in a savepoint of its own, takes along what waits in the low-priority lane,
//! commits, and only then answers. While one commit waits for the disk the next group gathers, so that nobody ever waits
//! for a group to fill.

mod batch;
mod checkpoint;
mod consents;
mod credentials;
mod deltas;
mod events;
mod guards;
mod membership;
mod prune;
mod queue;
mod resource;
mod sso;
mod teams;
mod thread;
mod unit;

pub use checkpoint::Checkpoints;
pub use credentials::Spent;
pub use events::EventWork;
pub use guards::{GuardStep, ReadyGuards, object as incident_object};
pub use queue::{Job, Low, Queue, Reply};
pub use thread::{Writer, WriterParts};
