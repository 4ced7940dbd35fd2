//! The parameters of a request to the authorization server: `application/x-www-form-urlencoded`, each at most once
//! (RFC 6749 §3.2, appendix B). Pure.

use std::collections::BTreeMap;

use http::{HeaderMap, header};
use url::form_urlencoded;

use super::failure::OAuthFailure;
use crate::secret::Secret;

/// How many parameters a request may have.
const MOST: usize = 64;

/// Parameters that may come more than once (RFC 8707 §2).
const REPEATABLE: [&str; 1] = ["resource"];

/// Parameters that must not be in a URL: it is logged everywhere on its way (RFC 6749 §2.3.1, RFC 6750 §2.3).
const NEVER_IN_URL: [&str; 5] = [
    "client_secret",
    "client_assertion",
    "access_token",
    "refresh_token",
    "token",
];

/// The parameters.
pub(super) struct Form(BTreeMap<String, Secret>);

impl Form {
    /// Reads them from a body.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthFailure> {
        check_content_type(headers)?;
        Self::parse(body)
    }

    /// Reads them from the query of a URL (RFC 6749 §3.1).
    pub(super) fn of_query(query: Option<&str>) -> Result<Self, OAuthFailure> {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    fn parse(body: &[u8]) -> Result<Self, OAuthFailure> {
        let mut parameters = BTreeMap::new();
        for (count, (name, value)) in form_urlencoded::parse(body).enumerate() {
            if count >= MOST {
                return Err(OAuthFailure::request(format!(
                    "there are more than {MOST} parameters"
                )));
            }
            let is_repeated = parameters.contains_key(name.as_ref());
            if is_repeated && !REPEATABLE.contains(&name.as_ref()) {
                return Err(OAuthFailure::request(format!(
                    "the parameter {} came more than once",
                    shown(&name)
                )));
            }
            parameters.insert(name.into_owned(), Secret::new(value.into_owned()));
        }
        Ok(Self(parameters))
    }

    /// A parameter. One without a value counts as absent (RFC 6749 §3.2).
    pub(super) fn secret(&self, name: &str) -> Option<&Secret> {
        self.0.get(name).filter(|value| !value.expose().is_empty())
    }

    /// A parameter that is no secret.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.secret(name).map(Secret::expose)
    }
}

/// Refuses a URL that holds what must stay out of URLs.
pub(super) fn check_query(query: Option<&str>) -> Result<(), OAuthFailure> {
    let query = query.unwrap_or_default();
    let found = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, _)| NEVER_IN_URL.into_iter().find(|never| *never == name));
    match found {
        Some(name) => Err(OAuthFailure::request(format!(
            "{name} came in the URL; send it in the body, and replace it, since URLs are logged on their way"
        ))),
        None => Ok(()),
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), OAuthFailure> {
    const EXPECTED: &str = "application/x-www-form-urlencoded";
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        return Err(OAuthFailure::request(
            "a Content-Encoding is not read here; send the body as it is",
        ));
    }
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Err(OAuthFailure::request(format!(
            "there is no Content-Type; send {EXPECTED}"
        )));
    };
    let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence == EXPECTED {
        return Ok(());
    }
    let came = if essence.contains("json") {
        "JSON"
    } else {
        "this Content-Type"
    };
    Err(OAuthFailure::request(format!(
        "{came} is not read here; send the parameters as {EXPECTED}"
    )))
}

/// The name of a parameter, as far as it looks like one: what stands here may be anything.
pub(super) fn shown(name: &str) -> &str {
    let is_name = name.len() <= 40
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { name } else { "(not shown)" }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn read(content_type: &str, body: &[u8]) -> Result<Form, OAuthFailure> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_str(content_type).unwrap(),
        );
        Form::read(&headers, body)
    }

    const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

    #[test]
    fn parameters_are_decoded_and_empty_ones_absent() {
        let form = read(FORM, b"scope=a+b%20c&client_id=&x=1&resource=1&resource=2").unwrap();
        assert_eq!(form.text("scope"), Some("a b c"));
        assert_eq!(form.text("client_id"), None);
        assert_eq!(form.text("nothing"), None);
    }

    #[rstest]
    #[case::twice(FORM, "scope=a&scope=b", "scope came more than once")]
    #[case::twice_unknown(FORM, "x=1&x=1", "x came more than once")]
    #[case::twice_and_empty(FORM, "scope=&scope=", "scope came more than once")]
    #[case::json("application/json", "{}", "JSON is not read here")]
    #[case::scim_json("application/scim+json", "{}", "JSON is not read here")]
    #[case::text("text/plain", "scope=a", "this Content-Type is not read here")]
    fn what_is_not_well_formed_is_refused(
        #[case] content_type: &str,
        #[case] body: &str,
        #[case] expected: &str,
    ) {
        let failure = read(content_type, body.as_bytes()).err().unwrap();
        assert!(failure.to_string().contains(expected), "{failure}");
    }

    #[rstest]
    #[case("client_secret=x")]
    #[case("a=1&%74oken=x")]
    fn secrets_in_a_url_are_refused(#[case] query: &str) {
        assert!(check_query(Some(query)).is_err());
        assert!(check_query(Some("a=1&tokens=x")).is_ok());
    }

    proptest! {
        #[test]
        fn no_body_is_too_much(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(FORM, &body);
        }

        #[test]
        fn what_is_written_is_read(pairs in prop::collection::btree_map("[a-z_]{1,9}", "\\PC{1,20}", 0..9)) {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let form = read(FORM, body.as_bytes()).unwrap();
            for (name, value) in &pairs {
                prop_assert_eq!(form.text(name), Some(value.as_str()));
            }
        }
    }
}
