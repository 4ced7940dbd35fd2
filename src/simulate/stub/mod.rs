//! A small SCIM server for the tests of this room: it behaves as the `rfc` preset does, keeps everything in memory,
//! remembers each request as it came, and can be given one flaw that broke a real integration.

mod filter;
mod flaw;
mod patch;
mod resources;
mod server;

mod tests;

pub(super) use flaw::Flaw;
pub(super) use server::{ENTRA_TOKEN, OKTA_TOKEN, Seen, Stub};
