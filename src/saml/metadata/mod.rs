//! Metadata: what an identity provider says of itself, and what we say of ourselves (SAML metadata 2.0).
//!
//! [`read()`] makes an [`IdpMetadata`] of a document that an admin gives, with a warning for everything that works but is worth
//! a look, and a refusal for what cannot work. [`ServiceProviderMetadata`] writes the document that an admin gives to the
//! identity provider.
//!
//! Invariants: whom a document comes from is for the admin to know; a signature on it is not verified, and the keys in it
//! are trusted because the admin brought it. Names and locations are kept as they are written, since SAML compares them
//! byte by byte. Everything is bounded; elements that are not known are passed over, as the standard wants (§1.2).

mod duration;
mod entity;
mod error;
mod idp_metadata;
mod key;
mod location;
mod read;
mod service_provider;
#[cfg(test)]
mod tests;
mod warning;

pub use error::MetadataError;
pub use idp_metadata::{Binding, IdpMetadata, SingleSignOnService};
pub use location::{LocationFault, is_plain};
pub use read::read;
pub use service_provider::ServiceProviderMetadata;
pub use warning::MetadataWarning;

/// Signing certificates of one identity provider, repetitions counted.
pub const CERTIFICATES: usize = 20;
/// SingleSignOnServices of one identity provider.
pub const ENDPOINTS: usize = 50;
/// NameIDFormats of one identity provider.
pub const NAME_ID_FORMATS: usize = 20;
/// Bytes of a URL or another URI.
pub const URI_LENGTH: usize = 2_048;
/// Characters of the name of an identity provider that are kept.
pub const DISPLAY_NAME_LENGTH: usize = 256;
/// Entity ids that an error lists.
pub const LISTED_ENTITIES: usize = 100;
/// How long before its end a certificate is warned of, in days.
pub const EXPIRES_SOON_DAYS: i64 = 30;
