//! The examination of a SAML Response: every check of a login, each with what was expected and what came.
//!
//! [`examine()`] runs the whole list and does not stop at the first failure, so that a test-drive shows an admin all that
//! is wrong at once. The identity is only to be had from [`Examination::accepted`], that is when every check passed;
//! what [`Examination::decoded`] shows is for eyes, whatever the verdict, and must never decide anything.
//!
//! Two checks stay [`CheckState::Pending`], because they need the database: the replay of an assertion and what its
//! attributes mean for the member. The engine does them.
//!
//! Values are read from the very nodes whose signature was verified; nothing is looked up by name or identifier.

mod assertion;
mod attributes;
mod authn_statement;
mod check;
mod checklist;
mod clean;
mod conditions;
mod confirmation;
mod decoded;
mod decryption;
mod envelope;
mod examination;
mod examine;
mod expectations;
mod finding;
mod pretty;
mod signatures;
mod status;
mod subject;
mod time;
mod transport;

pub use check::{Check, CheckId, CheckState};
pub use clean::clean;
pub use decoded::Decoded;
pub use examination::Examination;
pub use examine::examine;
pub use expectations::{Expectations, SKEW, Unsolicited};
pub use subject::Subject;
pub use time::parse_instant;
pub use transport::RawResponse;

#[cfg(test)]
mod tests;
