//! XML signatures, as narrow as SAML needs them: one signature inside the element that it signs.
//!
//! [`verify()`] holds an element's own signature against the keys of the metadata and says by a typed [`SignatureError`]
//! why it does not hold. What else XML-DSig can do is refused, not ignored: no other reference, transform,
//! canonicalization, algorithm or child. The key never comes from the message; what its `KeyInfo` shows only serves to
//! tell an admin which certificate is missing.
//!
//! A signature that holds covers exactly the element it was asked for, so that callers read on from that node and never
//! look anything up by its identifier.

mod algorithm;
mod error;
mod key_info;
mod profile;
mod verify;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use error::SignatureError;
pub use key_info::presented;
pub use verify::{VerifiedSignature, verify};
