//! Security event tokens about SCIM resources (RFC 9967, RFC 8417), pure: the event URIs, what an event says, and the
//! claims of the token that carries it.
//!
//! What is stored is an [`Event`], once, whoever is to hear of it; the [`claims`] are made for one recipient when they
//! are sent. Signing and sending are done elsewhere.

mod difference;
mod event;
mod kind;
mod set;

pub use difference::{Difference, differences, operations};
pub use event::{Event, EventSubject, Occurrence};
pub use kind::{EventForm, EventKind, announcement};
pub use set::{Recipient, claims};
