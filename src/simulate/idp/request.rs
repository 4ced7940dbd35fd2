//! A request of ours, as the test identity provider reads it.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use thiserror::Error;

use crate::saml::authn_request::AuthnRequestId;
use crate::saml::authn_request::redirect::{RedirectQuery, RedirectQueryError, RedirectSignature};
use crate::saml::certificate::{KeyKind, SigningCertificate};
use crate::saml::signature::SignatureAlgorithm;
use crate::saml::xml::{Limits, Node, Source, XmlError, value};
use crate::saml::{EntityId, uris};

/// The one service provider that the test identity provider answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProvider {
    /// Its name.
    pub entity_id: EntityId,
    /// Where answers go, whatever a request says.
    pub acs_url: String,
    /// The certificate of the key it signs requests with; a signature of another key is refused, none is not.
    pub certificate: Option<SigningCertificate>,
}

/// What of a request the answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The id to answer to; None for an answer that nobody asked for.
    pub id: Option<AuthnRequestId>,
    /// What to send back beside the answer, as it came.
    pub relay_state: Option<String>,
    /// Whether the request was signed, and the signature held.
    pub is_signed: bool,
    /// Whether signing in anew was asked for.
    pub force_authn: bool,
}

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestFault {
    /// The query brings no request.
    #[error(transparent)]
    Query(#[from] RedirectQueryError),
    /// The request is not XML that is read.
    #[error("the request cannot be read: {0}")]
    Xml(#[from] XmlError),
    /// It is another message.
    #[error("this is no AuthnRequest of SAML 2.0")]
    NotAnAuthnRequest,
    /// An id is missing, or is none.
    #[error("the request has no ID that can be answered to")]
    Id,
    /// It is meant for somebody else.
    #[error("the request is for {destination:?}, not for this identity provider")]
    Destination {
        /// Whom.
        destination: String,
    },
    /// It comes from somebody else.
    #[error("the request comes from {issuer:?}, who is not known here")]
    Issuer {
        /// From whom.
        issuer: String,
    },
    /// It wants the answer somewhere else. Sending it there would give a signed answer to anybody.
    #[error("the request wants its answer at {acs_url:?}, which is not known here")]
    AcsUrl {
        /// Where.
        acs_url: String,
    },
    /// The signature is not of the key that is known, or was made in a way that is not.
    #[error("the signature of the request does not hold")]
    Signature,
}

impl ReceivedRequest {
    /// The beginning of a sign-in that nobody asked for: started at the identity provider (SAML profiles §4.1.5).
    pub fn unsolicited(relay_state: Option<String>) -> Self {
        Self {
            id: None,
            relay_state,
            is_signed: false,
            force_authn: false,
        }
    }

    /// Reads the query of a URL, percent-encoded as it came: SAML bindings §3.4.5, SAML profiles §4.1.4.1. `sso_url` is
    /// the URL that it came to.
    pub fn read(
        query: &str,
        sso_url: &str,
        service_provider: &ServiceProvider,
    ) -> Result<Self, RequestFault> {
        let query = RedirectQuery::parse(query)?;
        let is_signed = match (&query.signature, &service_provider.certificate) {
            (Some(signature), Some(certificate)) => {
                verify(signature, certificate)?;
                true
            }
            (Some(_) | None, None) | (None, Some(_)) => false,
        };
        let source = Source::from_text(&query.saml_request, Limits::RESPONSE)?;
        let document = source.parse()?;
        let root = document.root_element();
        if !root.has_tag_name((uris::PROTOCOL, "AuthnRequest"))
            || root.attribute("Version") != Some("2.0")
        {
            return Err(RequestFault::NotAnAuthnRequest);
        }
        if let Some(destination) = root.attribute("Destination")
            && destination != sso_url
        {
            return Err(RequestFault::Destination {
                destination: destination.to_owned(),
            });
        }
        let issuer = issuer(root)?;
        if issuer != service_provider.entity_id.as_str() {
            return Err(RequestFault::Issuer { issuer });
        }
        if let Some(acs_url) = root.attribute("AssertionConsumerServiceURL")
            && acs_url != service_provider.acs_url
        {
            return Err(RequestFault::AcsUrl {
                acs_url: acs_url.to_owned(),
            });
        }
        let id = AuthnRequestId::parse(root.attribute("ID").unwrap_or_default())
            .map_err(|_| RequestFault::Id)?;
        Ok(Self {
            id: Some(id),
            relay_state: query.relay_state,
            is_signed,
            force_authn: matches!(root.attribute("ForceAuthn"), Some("true" | "1")),
        })
    }
}

fn issuer(root: Node<'_, '_>) -> Result<String, RequestFault> {
    let element = root
        .children()
        .find(|child| child.has_tag_name((uris::ASSERTION, "Issuer")));
    match element {
        Some(element) => Ok(value(element)?.trim().to_owned()),
        None => Ok(String::new()),
    }
}

fn verify(
    signature: &RedirectSignature,
    certificate: &SigningCertificate,
) -> Result<(), RequestFault> {
    let algorithm: &'static dyn VerificationAlgorithm = match (
        SignatureAlgorithm::from_uri(&signature.algorithm),
        certificate.key_kind(),
    ) {
        (Some(SignatureAlgorithm::RsaSha256), KeyKind::Rsa { .. }) => &RSA_PKCS1_2048_8192_SHA256,
        (Some(SignatureAlgorithm::EcdsaSha256), KeyKind::P256) => &ECDSA_P256_SHA256_FIXED,
        _ => return Err(RequestFault::Signature),
    };
    UnparsedPublicKey::new(algorithm, certificate.as_public_key())
        .verify(signature.signed.as_bytes(), &signature.value)
        .map_err(|_| RequestFault::Signature)
}
