//! An OAuth client for one test: registered at a real server, and asking it over HTTP.

use provost::admin::types::{ClientId, NewClient, RequestDetail};
use provost::admin::{AdminRead, AdminWrite};
use provost::directory::RequestId;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::harness::{PATIENCE, request_id};
use crate::real::Real;

pub const TOKEN: &str = "/trust/oauth/token";
pub const REVOKE: &str = "/trust/oauth/revoke";
pub const INTROSPECT: &str = "/trust/oauth/introspect";

/// A client with a secret.
pub struct TestClient {
    pub id: ClientId,
    pub secret: String,
    http: reqwest::Client,
    url: String,
}

/// An answer of the authorization server, read.
pub struct Told {
    pub status: u16,
    pub challenge: String,
    pub retry_after: String,
    pub request: RequestId,
    pub body: Value,
}

impl TestClient {
    pub async fn new(real: &Real, name: &str) -> Self {
        let registered = real
            .local
            .create_client(NewClient {
                name: name.into(),
                keys: None,
                redirect_uris: Vec::new(),
            })
            .await
            .unwrap();
        Self {
            id: registered.client.id,
            secret: registered.secret.unwrap(),
            http: http(),
            url: real.server.public_url().to_owned(),
        }
    }

    /// A request to an endpoint with these parameters, and the client's own by `client_secret_basic`.
    pub fn post(&self, path: &str, parameters: &[(&str, &str)]) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.url))
            .basic_auth(self.id, Some(&self.secret))
            .form(parameters)
    }

    /// Fetches an access token.
    pub async fn fetch(&self) -> String {
        let told = Told::of(self.post(TOKEN, &[("grant_type", "client_credentials")])).await;
        assert_eq!(told.status, 200, "{}", told.body);
        told.body["access_token"].as_str().unwrap().to_owned()
    }

    /// What the SCIM provider says to a token.
    pub async fn try_token(&self, token: &str) -> u16 {
        let request = self.http.get(format!("{}/scim/v2/Users", self.url));
        let response = request.bearer_auth(token).send().await.unwrap();
        response.status().as_u16()
    }
}

impl Told {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let header = |response: &Response, name: &str| {
            let value = response.headers().get(name);
            value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(header(&response, "cache-control"), "no-store");
        let (status, request) = (response.status().as_u16(), request_id(&response));
        let challenge = header(&response, "www-authenticate");
        let retry_after = header(&response, "retry-after");
        let bytes = response.bytes().await.unwrap();
        Self {
            status,
            challenge,
            retry_after,
            request: RequestId(request),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    /// What was logged of it, with its explanation.
    pub async fn logged(&self, real: &Real) -> RequestDetail {
        // Lines of strangers are written behind the answer.
        real.local.engine().store().flush().await.unwrap();
        real.local.request(self.request).await.unwrap()
    }
}

pub fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .unwrap()
}
