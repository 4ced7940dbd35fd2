//! HTTP as an identity provider speaks it, with a record of every exchange.
//!
//! [`IdpClient`] sends one request and reads one answer. [`Session`] adds what a provider does around that: it waits
//! when told to slow down, records each [`Exchange`], and notes each answer the provider would not accept as
//! [`Unexpected`]. What makes an answer acceptable is in `faults`, as pure functions.
//! Invariant: no token reaches a record or an error.

mod answer;
mod call;
mod faults;
mod idp_client;
mod likeness;
mod paging;
mod profile;
mod record;
mod session;

pub use answer::Answer;
pub use call::Call;
pub use faults::Kind;
pub use idp_client::IdpClient;
pub use likeness::lacks;
pub use paging::{page, read_all};
pub use profile::{Profile, QueryStyle};
pub use record::{Exchange, Unexpected};
pub(crate) use session::wait_before_retry;
pub use session::{Resource, Session};
