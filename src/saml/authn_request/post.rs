//! The POST binding: the request in the fields of a form (SAML bindings §3.5).
//!
//! A request is sent this way only to identity providers that do not take redirects. It is not signed: that would need a
//! signature inside the document, which is not offered; an identity provider that wants requests signed and takes them by
//! POST alone is refused with [`PostError::SignatureNotOffered`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::AuthnRequest;
use crate::saml::RelayState;

/// The fields of a form that a browser sends to the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostForm {
    /// The form's `action`. To be escaped as HTML like everything else here.
    pub action: String,
    /// The field `SAMLRequest`: the document in base64.
    pub saml_request: String,
    /// The field `RelayState`, where there is one.
    pub relay_state: Option<String>,
}

/// Whether the identity provider wants requests to be signed (`WantAuthnRequestsSigned` of its metadata).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureWish {
    /// It does not say so.
    Unsigned,
    /// It refuses others.
    Signed,
}

/// Why a request cannot be sent by POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PostError {
    /// The identity provider wants a signature, which is offered with the redirect binding alone.
    #[error(
        "signed requests are offered with the redirect binding alone, and the identity provider takes them by POST"
    )]
    SignatureNotOffered,
}

/// The form that brings the request to its destination.
pub fn form(
    request: &AuthnRequest,
    relay_state: Option<&RelayState>,
    wish: SignatureWish,
) -> Result<PostForm, PostError> {
    match wish {
        SignatureWish::Signed => Err(PostError::SignatureNotOffered),
        SignatureWish::Unsigned => Ok(PostForm {
            action: request.destination.clone(),
            saml_request: STANDARD.encode(request.to_xml()),
            relay_state: relay_state.map(|state| state.as_str().to_owned()),
        }),
    }
}
