//! How a client says who it is: `client_secret_basic`, `client_secret_post` (RFC 6749 §2.3.1) or `private_key_jwt`
//! (RFC 7523 §2.2), one of them at a time. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;

use super::failure::OAuthFailure;
use super::form::Form;
use crate::engine::oauth::ClientProof;
use crate::secret::Secret;

/// The one type of assertion there is (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Reads the client's proof from a request.
pub(super) fn proof(headers: &HeaderMap, form: &Form) -> Result<ClientProof, OAuthFailure> {
    let basic = basic(headers)?;
    let client_id = form.text("client_id");
    let in_body = form.secret("client_secret");
    let assertion = form.secret("client_assertion");
    let ways = [basic.is_some(), in_body.is_some(), assertion.is_some()];
    // RFC 6749 §2.3: one method in each request.
    if ways.into_iter().filter(|came| *came).count() > 1 {
        return Err(OAuthFailure::request(
            "the client authenticates in more than one way; use one of them",
        ));
    }
    if let Some((user, secret)) = basic {
        // Many clients name themselves in the body, too, which harms nobody while the names are the same.
        if client_id.is_some_and(|client_id| client_id != user) {
            return Err(OAuthFailure::request(
                "the client_id in the body is not the one in the Authorization header",
            ));
        }
        return Ok(ClientProof::Secret {
            client_id: user,
            secret,
        });
    }
    let kind = form.text("client_assertion_type");
    if let Some(assertion) = assertion {
        if kind != Some(JWT_BEARER) {
            return Err(OAuthFailure::request(format!(
                "client_assertion needs client_assertion_type {JWT_BEARER}"
            )));
        }
        return Ok(ClientProof::Assertion {
            client_id: client_id.map(str::to_owned),
            assertion: assertion.clone(),
        });
    }
    if kind.is_some() {
        return Err(OAuthFailure::request(
            "client_assertion_type came without client_assertion",
        ));
    }
    match (client_id, in_body) {
        (Some(client_id), Some(secret)) => Ok(ClientProof::Secret {
            client_id: client_id.to_owned(),
            secret: secret.clone(),
        }),
        (None, Some(_)) => Err(OAuthFailure::request(
            "client_secret came without client_id",
        )),
        (_, None) => Err(OAuthFailure::NoClient),
    }
}

/// User and password of the `Authorization` header; `None` where there is no header.
fn basic(headers: &HeaderMap) -> Result<Option<(String, Secret)>, OAuthFailure> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(OAuthFailure::request(
            "the Authorization header came more than once",
        ));
    }
    let value = value.to_str().unwrap_or_default().trim();
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(OAuthFailure::NoClient);
    }
    let damaged = || {
        OAuthFailure::request(
            "the Authorization header holds no Basic credentials: base64 of client_id:client_secret",
        )
    };
    let bytes = STANDARD.decode(rest.trim()).map_err(|_| damaged())?;
    let text = Secret::new(String::from_utf8(bytes).map_err(|_| damaged())?);
    let (user, password) = text.expose().split_once(':').ok_or_else(damaged)?;
    // RFC 6749 §2.3.1: both are form-encoded before they are joined.
    match (decoded(user), decoded(password)) {
        (Some(user), Some(password)) if !user.is_empty() && !password.is_empty() => {
            Ok(Some((user, Secret::new(password))))
        }
        _ => Err(damaged()),
    }
}

fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn read(authorization: Option<&str>, body: &str) -> Result<ClientProof, OAuthFailure> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        let form = Form::read(&headers, body.as_bytes()).unwrap();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        proof(&headers, &form)
    }

    fn basic_of(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[rstest]
    #[case::basic(Some(basic_of("me:s")), "grant_type=x")]
    #[case::basic_encoded(Some(basic_of("%6de:%73")), "")]
    #[case::basic_named_twice(Some(basic_of("me:s")), "client_id=me")]
    #[case::lower_case(Some(basic_of("me:s").replace("Basic", "basic")), "")]
    #[case::post(None, "client_id=me&client_secret=s")]
    fn a_secret_is_read(#[case] authorization: Option<String>, #[case] body: &str) {
        match read(authorization.as_deref(), body).unwrap() {
            ClientProof::Secret { client_id, secret } => {
                assert_eq!((client_id.as_str(), secret.expose()), ("me", "s"));
            }
            other @ ClientProof::Assertion { .. } => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case::two_ways(
        Some(basic_of("me:s")),
        "client_id=me&client_secret=s",
        "invalid_request"
    )]
    #[case::two_names(Some(basic_of("me:s")), "client_id=you", "invalid_request")]
    #[case::not_base64(Some("Basic %%%".into()), "", "invalid_request")]
    #[case::no_colon(Some(basic_of("me")), "", "invalid_request")]
    #[case::bearer(Some("Bearer x".into()), "", "invalid_client")]
    #[case::no_type(None, "client_assertion=a.b.c", "invalid_request")]
    #[case::wrong_type(
        None,
        "client_assertion=a.b.c&client_assertion_type=x",
        "invalid_request"
    )]
    #[case::type_alone(None, "client_assertion_type=x", "invalid_request")]
    #[case::no_name(None, "client_secret=s", "invalid_request")]
    #[case::no_secret(None, "client_id=me", "invalid_client")]
    #[case::nothing(None, "", "invalid_client")]
    fn what_is_no_proof_is_refused(
        #[case] authorization: Option<String>,
        #[case] body: &str,
        #[case] error: &str,
    ) {
        let failure = read(authorization.as_deref(), body).err().unwrap();
        assert_eq!(failure.error(), error);
    }
}
