//! The SAML 2.0 service provider, pure: no I/O, no clock; time arrives as a parameter, and what comes from outside is met by
//! a limit first.
//!
//! [`metadata`] reads what an identity provider says of itself and writes what we say of ourselves, [`authn_request`] asks
//! it to sign somebody in, and [`relay_state`] remembers where that somebody wanted to go. [`response`] examines what comes
//! back as a list of named checks; below it lie [`xml`] (one parse, with limits), [`c14n`], [`signature`] and [`decrypt`].
//! [`claims`] makes Provost's words of the attributes of an assertion. Keys live in [`certificate`], [`service_provider`] and
//! [`signing_key`].
//!
//! Invariant: what is read as an identity is read from the nodes whose signature was verified, never looked up anew.

pub mod authn_request;
pub mod c14n;
pub mod certificate;
pub mod claims;
pub mod decrypt;
pub mod entity_id;
pub mod instant;
pub mod metadata;
pub mod namespaces;
pub mod relay_state;
pub mod response;
pub mod service_provider;
pub mod signature;
pub mod signing_key;
pub mod testing;
pub mod uris;
pub mod xml;
pub mod xml_writer;

pub use authn_request::AuthnRequest;
pub use claims::{Claim, ClaimMapping, Claims};
pub use entity_id::{EntityId, EntityIdError};
pub use metadata::IdpMetadata;
pub use relay_state::RelayState;
pub use service_provider::ServiceProviderKey;
pub use signing_key::SigningKey;
pub use xml_writer::XmlWriter;
