//! AuthnRequest: asking an identity provider to sign somebody in (SAML core §3.4.1), and how the question travels.
//!
//! [`AuthnRequest::to_xml`] writes the document. [`redirect`] sends it in a URL, signed where the identity provider asks for
//! it, and reads such a URL again; [`post`] sends it in a form, unsigned. The id is the caller's to draw and to remember:
//! the response names it in `InResponseTo`.

mod document;
mod id;
pub mod post;
pub mod redirect;
#[cfg(test)]
mod tests;

pub use document::{AuthnRequest, ForceAuthn, NameIdPolicy};
pub use id::{AuthnRequestId, AuthnRequestIdError, ID_LENGTH};
