//! Pushing one event over HTTP (RFC 8935 §2).
//!
//! An admin says where to, so that a request to an inner address is what they wanted (an event bus beside Provost is the
//! common case). Kept out is what nobody wants: redirects, which would carry the event and the `Authorization` header
//! somewhere else; link-local addresses, behind whatever name, where clouds hand out credentials; and anything of the
//! answer but its status and, of an error, two short texts.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderValue, StatusCode, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Response, redirect};
use serde_json::Value;
use url::Url;

use crate::directory::is_unfit;
use crate::engine::events::deliver::{Push, Pushed, Transport};
use crate::secret::Secret;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a push may take from its beginning to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How much of an answer is read, in bytes.
const LARGEST: usize = 16 * 1_024;
/// How much of a text of the recipient is kept, in characters.
const SHOWN: usize = 200;

/// Pushes over HTTP. The clients are made when they are first needed: to make one reads the trust store of the system,
/// and a server that pushes nothing needs none.
#[derive(Default)]
pub(in crate::server) struct HttpTransport {
    /// For other machines; through the proxy of the environment, if there is one.
    outside: OnceLock<reqwest::Client>,
    /// For this machine.
    loopback: OnceLock<reqwest::Client>,
}

/// Makes a client.
fn client(is_loopback: bool) -> Result<reqwest::Client, String> {
    // Fails only if somebody installed one before, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("provost/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .dns_resolver(Arc::new(Careful));
    let builder = if is_loopback {
        builder.no_proxy()
    } else {
        builder
    };
    builder
        .build()
        .map_err(|error| format!("the HTTP client could not be made: {error}"))
}

impl HttpTransport {
    fn client(&self, url: &Url) -> Result<&reqwest::Client, String> {
        let is_loopback = is_loopback(url);
        let place = if is_loopback {
            &self.loopback
        } else {
            &self.outside
        };
        match place.get() {
            Some(client) => Ok(client),
            None => {
                let made = client(is_loopback)?;
                Ok(place.get_or_init(|| made))
            }
        }
    }

    async fn send(&self, push: Push<'_>) -> Result<Pushed, String> {
        let url = Url::parse(push.endpoint).map_err(|_| "the endpoint is not a URL".to_owned())?;
        let mut request = self
            .client(&url)?
            .post(url)
            .header(header::CONTENT_TYPE, "application/secevent+jwt")
            .header(header::ACCEPT, "application/json")
            .body(push.set);
        if let Some(secret) = push.authorization {
            let mut value = HeaderValue::from_str(secret.expose())
                .map_err(|_| "the Authorization header cannot be sent".to_owned())?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        // Without its URL: the path and query of an endpoint may hold what only the recipient should know.
        let response = request
            .send()
            .await
            .map_err(|error| told(&error.without_url()))?;
        Ok(judge(response, push.authorization).await)
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn push(&self, push: Push<'_>) -> Pushed {
        self.send(push)
            .await
            .unwrap_or_else(|reason| Pushed::Failed {
                reason,
                retry_after: None,
            })
    }
}

/// RFC 8935 §2.2: 202 says it arrived; other successes are taken for it, since the recipient did not say no. §2.3: 400
/// with `err` refuses it.
async fn judge(response: Response, secret: Option<&Secret>) -> Pushed {
    let status = response.status();
    if status.is_success() {
        return Pushed::Accepted;
    }
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    if status.is_redirection() {
        return Pushed::Failed {
            reason: format!(
                "it answers {}, and redirects are not followed",
                status.as_u16()
            ),
            retry_after,
        };
    }
    if status != StatusCode::BAD_REQUEST {
        return Pushed::Failed {
            reason: format!("it answers {status}"),
            retry_after,
        };
    }
    let document: Option<Value> = match body(response).await {
        Some(body) => serde_json::from_slice(&body).ok(),
        None => None,
    };
    let text = |name: &str| {
        let text = document.as_ref()?.get(name)?.as_str()?;
        Some(shown(text, secret))
    };
    match text("err") {
        Some(err) => Pushed::Refused {
            err,
            description: text("description").unwrap_or_else(|| "no description".into()),
        },
        None => Pushed::Failed {
            reason: "it answers 400 without an error of RFC 8935".into(),
            retry_after,
        },
    }
}

async fn body(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > LARGEST {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

/// A text of the recipient, short and without our own secret should it be repeated.
fn shown(text: &str, secret: Option<&Secret>) -> String {
    let text = match secret {
        Some(secret) => {
            let value = secret.expose();
            let credentials = value.split_once(' ').map_or(value, |(_, rest)| rest.trim());
            let masked = text.replace(value, "***");
            if credentials.is_empty() {
                masked
            } else {
                masked.replace(credentials, "***")
            }
        }
        None => text.to_owned(),
    };
    text.chars()
        .filter(|it| !it.is_control())
        .take(SHOWN)
        .collect()
}

/// What went wrong, from its cause.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it does not answer in time".into();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let what = if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke"
    };
    let cause: String = cause.to_string().chars().take(SHOWN).collect();
    format!("{what}: {cause}")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Looks names up and leaves out the addresses where no recipient is. Addresses in a URL were looked at when it was given.
struct Careful;

impl Resolve for Careful {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let is_local = name.eq_ignore_ascii_case("localhost");
            let addresses: Vec<SocketAddr> = found
                .filter(|address| is_fit(address.ip(), is_local))
                .collect();
            if addresses.is_empty() {
                return Err(format!("{name} has no address that events are sent to").into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

/// Plain HTTP is sent to `localhost`: whatever that name means here, it leads nowhere else.
fn is_fit(address: IpAddr, is_local: bool) -> bool {
    if is_local {
        return address.to_canonical().is_loopback();
    }
    !is_unfit(address)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("192.0.2.1", false, true)]
    #[case("10.0.0.1", false, true)]
    #[case("127.0.0.1", false, true)]
    #[case("169.254.169.254", false, false)]
    #[case("::ffff:169.254.169.254", false, false)]
    #[case("64:ff9b::169.254.169.254", false, false)]
    #[case("fd00:ec2::254", false, false)]
    #[case("fe80::1", false, false)]
    #[case("0.0.0.0", false, false)]
    #[case("127.0.0.1", true, true)]
    #[case("192.0.2.1", true, false)]
    fn addresses_are_left_out(#[case] address: &str, #[case] local: bool, #[case] fit: bool) {
        assert_eq!(is_fit(address.parse().unwrap(), local), fit);
    }

    #[test]
    fn a_recipient_that_repeats_our_secret_is_not_repeated() {
        let secret = Secret::new("Bearer hunter2hunter2".into());
        let text = shown(
            "bad token hunter2hunter2\n in Bearer hunter2hunter2",
            Some(&secret),
        );
        assert_eq!(text, "bad token *** in ***");
    }
}
