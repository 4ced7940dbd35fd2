//! An identity provider in a few calls: logins to write, signatures and encryption to put on them.
//!
//! For test suites and for the built-in test identity provider. Unlike the rest of `saml` it draws random numbers, for
//! keys, vectors and ECDSA. It writes what the verifier reads and nothing else; forgeries are made by editing its texts.

mod encrypt;
mod key;
mod login;
mod signer;

pub use encrypt::{RecipientKey, encrypt_assertion};
pub use key::{KeySpec, SigningKey};
pub use login::Login;
pub use signer::{Placement, Signer};

use thiserror::Error;

/// Why something was not written.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TestingError {
    /// A key was not generated or is not readable.
    #[error("key is not usable")]
    Key,
    /// The algorithm is not for this kind of key.
    #[error("algorithm is not for this key")]
    Algorithm,
    /// The text is no document within the limits of a Response.
    #[error("text to sign is no readable document")]
    Document,
    /// No element has the identifier.
    #[error("no element has the identifier to sign")]
    NoElement,
    /// The cryptography refused to work.
    #[error("signing or encrypting failed")]
    Cryptography,
}
