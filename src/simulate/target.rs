//! Where a simulated identity provider sends its requests, and with which token.

use reqwest::Url;

use super::error::SimulateError;
use crate::secret::Secret;

/// A SCIM base URL and the bearer token for it.
#[derive(Clone, Debug)]
pub struct Target {
    base_url: Url,
    token: Secret,
}

impl Target {
    /// Takes `http` and `https` URLs such as `http://127.0.0.1:8470/scim/v2`, with or without a trailing slash. A
    /// query is left out: the mode of a provider decides what stands there.
    pub fn new(base_url: &str, token: Secret) -> Result<Self, SimulateError> {
        let refuse = |reason: String| SimulateError::BaseUrl {
            url: base_url.to_owned(),
            reason,
        };
        let mut url = Url::parse(base_url).map_err(|error| refuse(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse(format!("scheme `{}` is not http(s)", url.scheme())));
        }
        if url.host().is_none() {
            return Err(refuse("it names no host".into()));
        }
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self {
            base_url: url,
            token,
        })
    }

    /// The same server with another token.
    #[must_use]
    pub fn with_token(&self, token: Secret) -> Self {
        Self {
            base_url: self.base_url.clone(),
            token,
        }
    }

    /// The base URL as parsed.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The bearer token.
    pub fn token(&self) -> &Secret {
        &self.token
    }
}

/// The targets of the two providers that share a demo. Each has its own token, so that the server can tell them apart.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Where Okta provisions.
    pub okta: Target,
    /// Where Entra provisions.
    pub entra: Target,
}

impl Targets {
    /// One server, one token for each provider.
    pub fn new(
        base_url: &str,
        okta_token: Secret,
        entra_token: Secret,
    ) -> Result<Self, SimulateError> {
        let okta = Target::new(base_url, okta_token)?;
        let entra = okta.with_token(entra_token);
        Ok(Self { okta, entra })
    }

    /// Both providers with the same token.
    pub fn single(target: Target) -> Self {
        Self {
            entra: target.clone(),
            okta: target,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::no_scheme("127.0.0.1:8470/scim/v2")]
    #[case::not_http("ftp://example.org/scim")]
    #[case::empty("")]
    fn an_unusable_base_url_is_refused(#[case] url: &str) {
        let refused = Target::new(url, Secret::new("t".into()));
        assert!(matches!(refused, Err(SimulateError::BaseUrl { .. })));
    }

    #[test]
    fn a_target_never_shows_its_token() {
        let target = Target::new("http://127.0.0.1:1/scim/v2", Secret::new("prv_abc".into()))
            .expect("a good URL");
        assert!(!format!("{target:?}").contains("prv_abc"));
    }
}
