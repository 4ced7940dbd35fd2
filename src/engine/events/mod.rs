//! Telling others what changed: event streams (RFC 9967) from the outbox of a commit to the recipient's acknowledgement,
//! and asynchronous requests.
//!
//! [`outbox`] makes events of a decision, and the store writes them in the transaction of what they tell about. They are
//! signed ([`keys`]) when they are handed out, either to a recipient that asks ([`poll`]) or by [`deliver`] to one that
//! wants to be told, through a transport that the edge brings along. What is acknowledged leaves the queue; what is not
//! is handed out again, under the same `jti`.
//!
//! Without a stream a write costs one look at an empty list.

mod async_bulk;
pub mod async_requests;
mod completion;
pub mod deliver;
mod hub;
pub mod keys;
mod limits;
mod outbox;
pub mod poll;
pub mod streams;
mod turns;

pub(super) use hub::EventHub;
pub use limits::EventLimits;
pub(super) use outbox::Verb;
pub(super) use turns::RETRY_AFTER;

pub use poll::{PollAnswer, PollRequest};
