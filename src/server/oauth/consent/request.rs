//! An authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3), read and checked. Pure.
//!
//! What is wrong with the client or with where the answer shall go is told to the person alone: to send them on would
//! make this server the tool of whoever wrote the link (RFC 6749 §4.1.2.1, RFC 9700 §4.11).

use url::Url;

use super::super::form::Form;
use crate::store::rows::ClientRow;

/// The longest `state`, in bytes.
const LONGEST_STATE: usize = 2_048;
/// The length of a challenge by `S256`: 256 bits in base64url.
const CHALLENGE: usize = 43;

/// A request that may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub client_id: String,
    pub redirect_uri: String,
    pub state: Option<String>,
    pub challenge: String,
}

/// Why a request may not be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Told to the person, who is sent nowhere.
    Shown(&'static str),
    /// Told to the client.
    Told(Denial),
}

/// An answer to the client that is no code (RFC 6749 §4.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denial {
    pub redirect_uri: String,
    pub state: Option<String>,
    pub error: &'static str,
    pub description: &'static str,
}

/// Checks a request of a client; `None` where there is no such client.
pub(super) fn check(form: &Form, client: Option<&ClientRow>) -> Result<Asked, Fault> {
    let Some(client) = client else {
        return Err(Fault::Shown(
            "no OAuth client has this client_id; the link that led here is wrong, or the client was revoked",
        ));
    };
    let Some(redirect_uri) = form.text("redirect_uri") else {
        return Err(Fault::Shown(
            "redirect_uri is missing, so there is nowhere to send the answer",
        ));
    };
    // Exactly, character by character (RFC 9700 §2.1).
    if !client
        .redirect_uris
        .iter()
        .any(|known| known == redirect_uri)
    {
        return Err(Fault::Shown(
            "this redirect_uri is not registered for the client; nothing is sent there",
        ));
    }
    let state = form.text("state").map(str::to_owned);
    let told = |error, description| {
        Fault::Told(Denial {
            redirect_uri: redirect_uri.to_owned(),
            state: state.clone().filter(|state| state.len() <= LONGEST_STATE),
            error,
            description,
        })
    };
    match form.text("response_type") {
        Some("code") => {}
        Some(_) => {
            return Err(told(
                "unsupported_response_type",
                "the response_type is code",
            ));
        }
        None => return Err(told("invalid_request", "response_type is missing")),
    }
    if form
        .text("response_mode")
        .is_some_and(|mode| mode != "query")
    {
        return Err(told("invalid_request", "the response_mode is query"));
    }
    if form.text("request").is_some() || form.text("request_uri").is_some() {
        return Err(told("invalid_request", "request objects are not read"));
    }
    if form.text("scope").is_some_and(|scope| scope != "scim") {
        return Err(told("invalid_scope", "the scope is scim"));
    }
    if state
        .as_ref()
        .is_some_and(|state| state.len() > LONGEST_STATE)
    {
        return Err(told("invalid_request", "state is too long"));
    }
    let Some(challenge) = form.text("code_challenge") else {
        return Err(told(
            "invalid_request",
            "code_challenge is missing; PKCE is required",
        ));
    };
    if form.text("code_challenge_method") != Some("S256") {
        return Err(told("invalid_request", "the code_challenge_method is S256"));
    }
    let is_hash = challenge.len() == CHALLENGE
        && challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !is_hash {
        return Err(told(
            "invalid_request",
            "code_challenge is no S256 challenge",
        ));
    }
    Ok(Asked {
        client_id: client.id.to_string(),
        redirect_uri: redirect_uri.to_owned(),
        challenge: challenge.to_owned(),
        state,
    })
}

impl Asked {
    /// The parameters once more, for the next form.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.client_id.clone()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("scope", "scim".to_owned()),
            ("code_challenge", self.challenge.clone()),
            ("code_challenge_method", "S256".to_owned()),
        ];
        fields.extend(self.state.clone().map(|state| ("state", state)));
        fields
    }

    /// The denial of the person.
    pub(super) fn denied(self) -> Denial {
        Denial {
            redirect_uri: self.redirect_uri,
            state: self.state,
            error: "access_denied",
            description: "the admin did not allow it",
        }
    }
}

/// A redirect URI with the parameters of an answer added to its query (RFC 6749 §3.1.2, RFC 9207 §2).
pub(super) fn answered(
    redirect_uri: &str,
    state: Option<&str>,
    issuer: &str,
    parameters: &[(&str, &str)],
) -> Option<String> {
    let mut url = Url::parse(redirect_uri).ok()?;
    {
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(parameters);
        if let Some(state) = state {
            pairs.append_pair("state", state);
        }
        pairs.append_pair("iss", issuer);
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};
    use jiff::Timestamp;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::directory::{ClientAuthentication, ClientId};

    const GOOD: &str = "response_type=code&client_id=x&redirect_uri=https%3A%2F%2Fidp.example%2Fcb&scope=scim&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    fn client() -> ClientRow {
        ClientRow {
            id: ClientId(Uuid::nil()),
            name: "okta".into(),
            authentication: ClientAuthentication::ClientSecret,
            prefix: None,
            created: Timestamp::UNIX_EPOCH,
            last_used: None,
            revoked: None,
            redirect_uris: vec!["https://idp.example/cb".into()],
        }
    }

    fn form(text: &str) -> Form {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        Form::read(&headers, text.as_bytes()).unwrap()
    }

    #[test]
    fn a_good_request_is_taken() {
        let asked = check(&form(GOOD), Some(&client())).unwrap();
        assert_eq!(asked.state.as_deref(), Some("s"));
        assert_eq!(asked.redirect_uri, "https://idp.example/cb");
    }

    #[rstest]
    #[case::no_uri("redirect_uri=https%3A%2F%2Fidp.example%2Fcb", "")]
    #[case::another_host("idp.example", "evil.example")]
    #[case::longer("%2Fcb", "%2Fcb%2F")]
    #[case::with_a_query("%2Fcb", "%2Fcb%3Fa%3D1")]
    #[case::other_case("idp.example", "IDP.example")]
    #[case::no_tls("https", "http")]
    fn nobody_is_sent_to_another_uri(#[case] from: &str, #[case] to: &str) {
        let fault = check(&form(&GOOD.replacen(from, to, 1)), Some(&client())).unwrap_err();
        assert!(matches!(fault, Fault::Shown(_)), "{fault:?}");
        assert!(matches!(check(&form(GOOD), None), Err(Fault::Shown(_))));
    }

    #[rstest]
    #[case(
        "response_type=code",
        "response_type=token",
        "unsupported_response_type"
    )]
    #[case("response_type=code", "", "invalid_request")]
    #[case("scope=scim", "scope=admin", "invalid_scope")]
    #[case("S256", "plain", "invalid_request")]
    #[case("code_challenge_method=S256", "", "invalid_request")]
    #[case("code_challenge=E9Mel", "x=E9Mel", "invalid_request")]
    #[case("E9Mel", "E9", "invalid_request")]
    #[case("scope=scim", "request=x", "invalid_request")]
    fn the_client_is_told_what_else_is_wrong(
        #[case] from: &str,
        #[case] to: &str,
        #[case] error: &str,
    ) {
        match check(&form(&GOOD.replacen(from, to, 1)), Some(&client())) {
            Err(Fault::Told(denial)) => {
                assert_eq!(denial.error, error);
                assert_eq!(denial.state.as_deref(), Some("s"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_is_added_to_the_query_that_is_there() {
        let url = answered(
            "https://idp.example/cb?a=1",
            Some("x&y"),
            "https://p",
            &[("code", "c")],
        );
        assert_eq!(
            url.as_deref(),
            Some("https://idp.example/cb?a=1&code=c&state=x%26y&iss=https%3A%2F%2Fp")
        );
    }
}
