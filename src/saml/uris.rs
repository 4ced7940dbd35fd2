//! The URIs by which SAML and XML Signature name things that Provost writes: bindings, formats, methods. The namespaces are
//! those of [`namespaces`](super::namespaces); algorithms that are supported name themselves.

pub use super::namespaces::{ASSERTION, EXCLUSIVE_C14N, PROTOCOL, XML_SIGNATURE};

/// Namespace of metadata (SAML metadata §1.1).
pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// Namespace of the user interface extension of metadata (MDUI §2.1).
pub const METADATA_UI: &str = "urn:oasis:names:tc:SAML:metadata:ui";

/// Binding by redirect: the message travels in the query (SAML bindings §3.4).
pub const BINDING_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// Binding by form: the message travels in a POST (SAML bindings §3.5).
pub const BINDING_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// The name of a subject is an e-mail address (SAML core §8.3.2).
pub const NAME_ID_EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// The name of a subject is whatever the identity provider likes (SAML core §8.3.1).
pub const NAME_ID_UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/// The subject is who bears the assertion (SAML profiles §3.3).
pub const CONFIRMATION_BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// It went well (SAML core §3.2.2.2).
pub const STATUS_SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// It did not, and the side that answers is at fault (SAML core §3.2.2.2).
pub const STATUS_RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
/// Nobody could be signed in (SAML core §3.2.2.2).
pub const STATUS_AUTHN_FAILED: &str = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";
/// Somebody signed in with a password over TLS (SAML authentication context §3.4.8).
pub const CONTEXT_PASSWORD: &str =
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
/// Names of attributes without a scheme (SAML profiles §8.1).
pub const ATTRIBUTE_NAME_BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";

/// The transform that leaves the signature itself out (XML Signature §6.6.4).
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// RSA (PKCS#1 v1.5) with SHA-1 (XML Signature §6.4.2). Refused by us; the test identity provider can claim it.
pub const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
/// The digest SHA-1 (XML Signature §6.2.1). Refused by us; the test identity provider can claim it.
pub const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
/// RSA-OAEP for keys, with MGF1 of SHA-1 (XML Encryption §5.5.2).
pub const RSA_OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
