//! Fetches the metadata of an identity provider: an admin has named the URL, and what it says decides who can sign in.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Response, Url, redirect};

use super::super::error::{AdminError, AdminErrorKind};
use crate::engine::sso::MetadataSource;

/// How long an identity provider may take to hand it out.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How often it may send elsewhere.
const REDIRECTS: usize = 5;
/// The largest document that is fetched, in bytes. The reader has a narrower limit.
const LARGEST: usize = 4 * 1_024 * 1_024;

/// Fetches metadata over HTTP for the schedule, within the same limits as for an admin.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpMetadata;

#[async_trait]
impl MetadataSource for HttpMetadata {
    async fn fetch(&self, url: &str) -> Result<String, String> {
        fetch(url).await.map_err(|error| error.detail)
    }
}

/// Fetches a document. Nothing of an answer that is none is told but its status.
pub(super) async fn fetch(url: &str) -> Result<String, AdminError> {
    let parsed = Url::parse(url).map_err(|error| failed(&format!("no URL: {error}")))?;
    if !is_trusted(&parsed) {
        return Err(failed(
            "it must begin with https://, or anybody on the way could say who signs in; or give the document as a file",
        ));
    }
    let client = client(is_loopback(&parsed)).map_err(|error| failed(&error.to_string()))?;
    let sent = client.get(parsed).send().await;
    let response = sent.map_err(|error| failed(&whole(&error.without_url())))?;
    if !response.status().is_success() {
        return Err(failed(&format!(
            "the server answered {}",
            response.status()
        )));
    }
    read(response).await
}

fn client(is_loopback: bool) -> Result<Client, reqwest::Error> {
    // Fails only if somebody installed one before, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let follow = redirect::Policy::custom(|attempt| {
        if attempt.previous().len() > REDIRECTS {
            attempt.error("too many redirects")
        } else if is_trusted(attempt.url()) {
            attempt.follow()
        } else {
            attempt.error("a redirect leaves https://")
        }
    });
    let builder = Client::builder()
        .user_agent(concat!("provost/", env!("CARGO_PKG_VERSION")))
        .timeout(TIMEOUT)
        .redirect(follow);
    if is_loopback {
        builder.no_proxy().build()
    } else {
        builder.build()
    }
}

async fn read(mut response: Response) -> Result<String, AdminError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failed(&whole(&error.without_url())))?
    {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(failed("the document is larger than 4 MiB"));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| failed("the document is not UTF-8"))
}

fn is_trusted(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|it| it.is_loopback())
}

fn whole(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

fn failed(why: &str) -> AdminError {
    AdminError::new(
        AdminErrorKind::Invalid,
        format!("the metadata cannot be fetched: {why}"),
    )
}
