//! Sends one request and reads one answer. No retries, no record, no judgement.

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT,
    WWW_AUTHENTICATE,
};
use reqwest::{Client, Url};

use super::answer::Answer;
use super::call::Call;
use super::profile::Profile;
use crate::secret::Secret;
use crate::simulate::error::SimulateError;
use crate::simulate::target::Target;

/// How long a provider waits for an answer before it gives the request up.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long it waits for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer a provider reads, in bytes. A page of 100 users is about 100 kB.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// An HTTP client that speaks as one kind of identity provider to one target.
#[derive(Clone)]
pub struct IdpClient {
    http: Client,
    base_url: Url,
    profile: Profile,
    authorization: HeaderValue,
}

impl IdpClient {
    /// Connects lazily: nothing is sent here.
    pub fn new(target: &Target, profile: Profile) -> Result<Self, SimulateError> {
        let base_url = target.base_url().clone();
        let mut builder = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none());
        // reqwest is built without a provider of its own. An error only says that one is installed already.
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        if base_url.scheme() == "http" {
            // Plain HTTP must work on a machine that has no TLS roots at all.
            builder = builder.tls_certs_only([]);
        }
        if is_loopback(&base_url) {
            builder = builder.no_proxy();
        }
        Ok(Self {
            http: builder.build().map_err(SimulateError::Client)?,
            base_url,
            profile,
            authorization: bearer(target.token())?,
        })
    }

    /// The same client with another token.
    pub fn with_token(&self, token: &Secret) -> Result<Self, SimulateError> {
        Ok(Self {
            authorization: bearer(token)?,
            ..self.clone()
        })
    }

    /// How this client speaks.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Sends `call` and reads the whole answer.
    pub async fn send(&self, call: &Call) -> Result<Answer, SimulateError> {
        let path = call.escaped(&self.profile);
        let unreachable = |source: reqwest::Error| SimulateError::Unreachable {
            method: call.method.to_string(),
            path: call.readable(&self.profile),
            source: source.without_url(),
        };
        let base = self.base_url.as_str().trim_end_matches('/');
        let mut request = self
            .http
            .request(call.method.clone(), format!("{base}{path}"))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, self.profile.accept)
            .header(USER_AGENT, self.profile.user_agent);
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, self.profile.content_type)
                .body(body.to_string());
        }
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if bytes.len() + chunk.len() > LARGEST_ANSWER {
                return Err(SimulateError::TooLarge {
                    method: call.method.to_string(),
                    path: call.readable(&self.profile),
                    limit: LARGEST_ANSWER,
                });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(read(status, &headers, &bytes))
    }
}

impl fmt::Debug for IdpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdpClient")
            .field("base_url", &self.base_url.as_str())
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

fn read(status: u16, headers: &HeaderMap, bytes: &[u8]) -> Answer {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    Answer {
        status,
        content_type: text(CONTENT_TYPE).map(str::to_owned),
        challenges: headers.contains_key(WWW_AUTHENTICATE),
        retry_after: text(RETRY_AFTER)
            .and_then(|seconds| seconds.trim().parse().ok())
            .map(Duration::from_secs),
        text: String::from_utf8_lossy(bytes).into_owned(),
        json: serde_json::from_slice(bytes).ok(),
    }
}

fn bearer(token: &Secret) -> Result<HeaderValue, SimulateError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
        .map_err(|_| SimulateError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://127.0.0.1:8470/scim/v2", true)]
    #[case("http://[::1]:8470/scim/v2", true)]
    #[case("http://localhost/scim", true)]
    #[case("https://idp.example.org/scim", false)]
    fn only_loopback_goes_around_the_proxy(#[case] url: &str, #[case] expected: bool) {
        let url = Url::parse(url).expect("a good URL");
        assert_eq!(is_loopback(&url), expected);
    }

    #[test]
    fn a_token_with_a_line_break_is_refused_and_not_shown() {
        let refused = bearer(&Secret::new("abc\r\nX-Evil: 1".into()));
        let Err(error) = refused else {
            panic!("a line break passed");
        };
        assert!(!error.to_string().contains("abc"));
    }
}
