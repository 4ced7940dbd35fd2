//! The client over HTTP: an engine in another process, through the Unix socket in its data directory, or on another
//! machine, through its URL with an admin token. One route a method; [`routes`] and [`wire`] are the contract, which the
//! server's side uses, too.

mod call;
mod read;
pub mod routes;
mod sse;
mod sso;
mod tail;
pub mod wire;
mod write;

use std::path::Path;
use std::time::Duration;

use reqwest::Url;

use super::error::{AdminError, AdminErrorKind};
use super::traits::AdminRead as _;
use super::types::Overview;
use crate::secret::Secret;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An admin of an engine in another process.
#[derive(Clone)]
pub struct HttpAdmin {
    client: reqwest::Client,
    base: Url,
    token: Option<Secret>,
    actor: Option<&'static str>,
    previewing: bool,
    place: String,
}

impl HttpAdmin {
    /// Speaks through the Unix socket of an engine.
    pub fn unix(path: &Path) -> Result<Self, AdminError> {
        // No name is looked up and no certificate is asked for on a socket, so that no trust store is loaded either.
        let client = builder()
            .unix_socket(path)
            .tls_certs_only([])
            .build()
            .map_err(|error| unusable(&error))?;
        Ok(Self {
            client,
            base: Url::parse("http://engine")
                .map_err(|error| AdminError::new(AdminErrorKind::Internal, error.to_string()))?,
            token: None,
            actor: None,
            previewing: false,
            place: path.display().to_string(),
        })
    }

    /// Speaks to the engine at a URL with an admin token. Refuses to send the token in the clear over a network.
    pub fn url(url: &str, token: Secret) -> Result<Self, AdminError> {
        Self::with(builder(), url, token)
    }

    /// The same client under the name that the audit gives to what it does, `console` or `cli`. Heard on the socket
    /// only: a token has a name of its own.
    #[must_use]
    pub fn acting_as(mut self, actor: &'static str) -> Self {
        self.actor = Some(actor);
        self
    }

    /// The same client, whose changes are decided and told, and not made.
    #[must_use]
    pub fn previewing(mut self) -> Self {
        self.previewing = true;
        self
    }

    fn with(
        mut builder: reqwest::ClientBuilder,
        url: &str,
        token: Secret,
    ) -> Result<Self, AdminError> {
        let base = parse(url)?;
        let is_loopback = is_loopback(&base);
        if base.scheme() == "http" && !is_loopback {
            return Err(invalid(format!(
                "{base} would carry the admin token in the clear; use https://, or a tunnel to 127.0.0.1"
            )));
        }
        if is_loopback {
            builder = builder.no_proxy();
        }
        Ok(Self {
            client: builder.build().map_err(|error| unusable(&error))?,
            place: base.as_str().trim_end_matches('/').to_owned(),
            base,
            token: Some(token),
            actor: None,
            previewing: false,
        })
    }

    /// Asks the engine who it is, and checks that both sides speak the same admin API.
    pub async fn connect(&self) -> Result<Overview, AdminError> {
        let overview = self.overview().await?;
        let (theirs, ours) = (overview.version.as_str(), env!("CARGO_PKG_VERSION"));
        if line(theirs) == line(ours) {
            return Ok(overview);
        }
        Err(AdminError::new(
            AdminErrorKind::Conflict,
            format!(
                "the engine at {} is Provost {theirs} and this is {ours}; use the same version on both sides",
                self.place
            ),
        ))
    }
}

fn builder() -> reqwest::ClientBuilder {
    // Fails only if somebody installed one before, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("provost/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        // A redirect would take the token to another place.
        .redirect(reqwest::redirect::Policy::none())
}

fn parse(url: &str) -> Result<Url, AdminError> {
    let shown = || url.chars().take(200).collect::<String>();
    let mut parsed = Url::parse(url).map_err(|error| {
        invalid(format!(
            "`{}` is not a URL ({error}); it looks like https://provost.example.com",
            shown()
        ))
    })?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(invalid(format!(
            "`{}` does not begin with https:// or http://",
            shown()
        )));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(invalid(
            "the URL holds a user or a password; give the admin token instead".into(),
        ));
    }
    parsed.set_query(None);
    parsed.set_fragment(None);
    Ok(parsed)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The part of a version that must be the same on both sides: `1`, or `0.4` before the first stable one.
fn line(version: &str) -> &str {
    let parts = if version.starts_with("0.") { 2 } else { 1 };
    let end = version
        .match_indices('.')
        .nth(parts - 1)
        .map_or(version.len(), |(at, _)| at);
    version.get(..end).unwrap_or(version)
}

fn invalid(detail: String) -> AdminError {
    AdminError::new(AdminErrorKind::Invalid, detail)
}

fn unusable(error: &reqwest::Error) -> AdminError {
    AdminError::new(
        AdminErrorKind::Internal,
        format!("the HTTP client could not be made: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn url(text: &str) -> Result<HttpAdmin, AdminError> {
        HttpAdmin::url(text, Secret::new("prv_admin_x".into()))
    }

    #[rstest]
    #[case("http://127.0.0.1:8470", "http://127.0.0.1:8470")]
    #[case("http://localhost:8470/", "http://localhost:8470")]
    #[case("http://[::1]:8470", "http://[::1]:8470")]
    #[case("https://provost.example.com/?x=1#y", "https://provost.example.com")]
    #[case("https://example.com/provost/", "https://example.com/provost")]
    fn urls_are_taken(#[case] text: &str, #[case] place: &str) {
        assert_eq!(url(text).unwrap().place(), place);
    }

    #[rstest]
    #[case("http://provost.example.com", "in the clear")]
    #[case("provost.example.com:8470", "does not begin with https://")]
    #[case("ftp://example.com", "does not begin with https://")]
    #[case("/run/provost.sock", "is not a URL")]
    #[case("https://ada:hunter2@example.com", "holds a user or a password")]
    fn urls_are_refused_with_a_reason(#[case] text: &str, #[case] expected: &str) {
        let Err(error) = url(text) else {
            panic!("taken");
        };
        assert_eq!(error.kind, AdminErrorKind::Invalid);
        assert!(error.detail.contains(expected), "{error}");
        assert!(!error.detail.contains("hunter2"), "{error}");
    }

    #[rstest]
    #[case("0.1.0", "0.1")]
    #[case("0.12.3", "0.12")]
    #[case("1.4.2", "1")]
    #[case("2", "2")]
    fn versions_of_one_line_fit(#[case] version: &str, #[case] expected: &str) {
        assert_eq!(line(version), expected);
    }
}
