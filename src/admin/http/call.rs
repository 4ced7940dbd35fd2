//! One request to the engine: sent within a time, its answer read as what was asked for or as what went wrong.

use std::error::Error as _;
use std::time::Duration;

use http::{HeaderValue, Method, header};
use reqwest::{RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire::Problem;
use super::{HttpAdmin, routes};
use crate::admin::error::{AdminError, AdminErrorKind};

/// How long an answer may take. The engine gives up on itself sooner.
const TIMEOUT: Duration = Duration::from_secs(90);

/// The largest answer that is read.
const LARGEST: usize = 64 * 1_024 * 1_024;

impl HttpAdmin {
    /// GET.
    pub(super) async fn fetch<T: DeserializeOwned>(
        &self,
        route: &str,
        query: &(impl Serialize + Sync),
    ) -> Result<T, AdminError> {
        let request = self.request(Method::GET, route, query)?.timeout(TIMEOUT);
        self.answer(request).await
    }

    /// POST of a document.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        route: &str,
        document: &(impl Serialize + Sync),
    ) -> Result<T, AdminError> {
        let request = self.request(Method::POST, route, &())?.json(document);
        self.answer(request.timeout(TIMEOUT)).await
    }

    /// POST of nothing: the route says it all.
    pub(super) async fn act<T: DeserializeOwned>(&self, route: &str) -> Result<T, AdminError> {
        let request = self.request(Method::POST, route, &())?;
        self.answer(request.timeout(TIMEOUT)).await
    }

    /// A request with all that every request has.
    pub(super) fn request(
        &self,
        method: Method,
        route: &str,
        query: &impl Serialize,
    ) -> Result<RequestBuilder, AdminError> {
        let mut url = self.base.clone();
        let base = self.base.path().trim_end_matches('/');
        url.set_path(&if self.previewing {
            format!("{base}{}", routes::preview(route))
        } else {
            format!("{base}{route}")
        });
        let mut request = self.client.request(method, url).query(query);
        if let Some(token) = &self.token {
            let mut value =
                HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| {
                    AdminError::new(
                        AdminErrorKind::Unauthorized,
                        "the admin token holds characters that no token has; paste it again",
                    )
                })?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        if let Some(actor) = self.actor {
            request = request.header(routes::ACTOR, actor);
        }
        Ok(request)
    }

    /// Sends a request; an answer that is a failure becomes its error.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, AdminError> {
        let response = request
            .send()
            .await
            .map_err(|error| self.unreachable(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let body = self.body(response).await?;
        Err(match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => problem.error,
            Err(_) => AdminError::new(
                AdminErrorKind::Unreachable,
                format!(
                    "what answers at {} is no Provost engine, or something stands before it (HTTP {status}); check \
                     the URL",
                    self.place
                ),
            ),
        })
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, AdminError> {
        let response = self.send(request).await?;
        let body = self.body(response).await?;
        serde_json::from_slice(&body).map_err(|error| {
            AdminError::new(
                AdminErrorKind::Internal,
                format!(
                    "the engine at {} answers in a form that this version does not know ({error}); use the same \
                     version on both sides",
                    self.place
                ),
            )
        })
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, AdminError> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.unreachable(&error))?
        {
            if body.len() + chunk.len() > LARGEST {
                return Err(self.internal(&"its answer is too large"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The engine could not be reached, and what to do.
    pub(super) fn unreachable(&self, error: &reqwest::Error) -> AdminError {
        let detail = if error.is_timeout() {
            format!(
                "the engine at {} does not answer in time; try again",
                self.place
            )
        } else if error.is_connect() && innermost(error).contains("certificate") {
            format!(
                "the certificate of {} is not trusted here ({}); check the URL, or name the certificates to trust in a PEM file with SSL_CERT_FILE",
                self.place,
                innermost(error)
            )
        } else if self.place.starts_with("http://") && innermost(error).contains("HTTP version") {
            format!(
                "what answers at {} does not speak HTTP in the clear ({}); if it is TLS, the URL begins with https://",
                self.place,
                innermost(error)
            )
        } else if error.is_connect() {
            let hint = if self.token.is_some() {
                "check the URL, and that the engine runs"
            } else {
                "start it with `provost serve`"
            };
            format!(
                "no engine can be reached at {} ({}); {hint}",
                self.place,
                innermost(error)
            )
        } else {
            format!(
                "the connection to the engine at {} broke ({}); try again",
                self.place,
                innermost(error)
            )
        };
        AdminError::new(AdminErrorKind::Unreachable, detail)
    }

    fn internal(&self, what: &dyn std::fmt::Display) -> AdminError {
        AdminError::new(
            AdminErrorKind::Internal,
            format!("the request to the engine at {} failed: {what}", self.place),
        )
    }
}

/// The cause that says most: reqwest's own words are about itself.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut text = error.to_string();
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    text
}
