//! A SAML identity provider to test sign-ins against, built in: it asks for no password and lies on demand.
//!
//! Somebody who sets up single sign-on can try the whole way before a real identity provider is connected, and see what
//! becomes of an answer that is broken in one way: each [`Outcome`] says what it does and at which check it has to be
//! refused. [`ReceivedRequest::read`] understands our request, [`page::sign_in`] asks who to sign in and how,
//! [`TestIdp::respond`] makes the answer and [`page::response`] carries it back; [`TestIdpServer`] wires them to URLs.
//!
//! Pure but for [`TestIdp::generate`] and the server: ids and time are given. Answers go to the one service provider that it was made for,
//! at the one place it was told, whatever a request says. Its key must be trusted nowhere but where somebody tests.

mod idp_key;
mod metadata;
mod outcome;
pub mod page;
mod person;
mod request;
mod response;
mod serve;
mod sign;
mod test_idp;
#[cfg(test)]
mod tests;

pub use idp_key::{IdpKey, IdpKeyError};
pub use outcome::{Outcome, Verdict};
pub use person::Person;
pub use request::{ReceivedRequest, RequestFault, ServiceProvider};
pub use response::{IssuedResponse, ResponseIds};
pub use serve::{METADATA_PATH, SSO_PATH, TestIdpServer};
pub use test_idp::{TestIdp, TestIdpError};
