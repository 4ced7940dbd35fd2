//! What the authorization server tells of itself (RFC 8414). Each line follows from what is offered. Pure.

use serde_json::{Value, json};

use crate::engine::oauth::ALGORITHMS;

/// How a client may authenticate.
const METHODS: [&str; 3] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
];

/// The grants that are offered, as `grant_type` names them.
pub(super) const CLIENT_CREDENTIALS: &str = "client_credentials";
pub(super) const AUTHORIZATION_CODE: &str = "authorization_code";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

/// The document for the authorization server at a URL.
pub(super) fn document(issuer: &str) -> Value {
    let algorithms: Vec<&str> = ALGORITHMS.iter().map(|(name, _)| *name).collect();
    // RFC 8414 §2: a token type may stand for the bearer token that lets an admin ask.
    let introspection: Vec<&str> = METHODS.into_iter().chain(["Bearer"]).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}{}", super::AUTHORIZE),
        "token_endpoint": format!("{issuer}{}", super::TOKEN),
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "grant_types_supported": [AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        // RFC 9207 §3.
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["scim"],
        "revocation_endpoint": format!("{issuer}{}", super::REVOKE),
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint": format!("{issuer}{}", super::INTROSPECT),
        "introspection_endpoint_auth_methods_supported": introspection,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
    })
}
