//! A server at work for one test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use provost::admin::local::LocalAdmin;
use provost::engine::{Engine, EngineSettings};
use provost::request_log::Exchange;
use provost::server::{Limits, RunningServer, ServerSettings, start};
use provost::store::rows::TokenScope;
use reqwest::{Method, RequestBuilder, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fake_store::{FakeStore, Mood};

/// How long anything may take before the test gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A token of scope `scim` that the store knows.
pub const SCIM_TOKEN: &str = "prv_scim_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
/// A token of scope `admin` that the store knows.
pub const ADMIN_TOKEN: &str = "prv_admin_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
/// A token that has the right shape and that nobody knows.
pub const UNKNOWN_TOKEN: &str = "prv_scim_zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQ";

pub struct Edge {
    pub server: RunningServer,
    pub store: Arc<FakeStore>,
    pub client: reqwest::Client,
    pub url: String,
}

pub fn settings() -> ServerSettings {
    ServerSettings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        tls: None,
        behind_proxy: false,
        public_url: String::new(),
        unix_socket: None,
        limits: Limits::default(),
        smtp: None,
        sso: None,
    }
}

pub async fn admin(store: &Arc<FakeStore>) -> LocalAdmin {
    let engine = Engine::open(
        Arc::clone(store) as Arc<dyn provost::store::Store>,
        EngineSettings {
            public_url: String::new(),
            log_days: 30,
            log_rows: 1_000,
            fixed: Arc::default(),
        },
    )
    .await
    .unwrap();
    LocalAdmin::new(engine, "test")
}

impl Edge {
    pub async fn new() -> Self {
        Self::with(settings()).await
    }

    pub async fn with_limits(change: impl FnOnce(&mut Limits)) -> Self {
        let mut settings = settings();
        change(&mut settings.limits);
        Self::with(settings).await
    }

    pub async fn with(settings: ServerSettings) -> Self {
        let store = Arc::new(FakeStore::new());
        store.add_token(SCIM_TOKEN, "okta", TokenScope::Scim);
        store.add_token(ADMIN_TOKEN, "ada", TokenScope::Admin);
        let server = start(admin(&store).await, settings).await.unwrap();
        // Installed by whichever test comes first.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .unwrap();
        Self {
            url: server.public_url().to_owned(),
            server,
            store,
            client,
        }
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.store.mood.lock().unwrap() = mood;
    }

    /// A request without a token.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().unwrap();
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A request of the identity provider.
    pub fn scim(&self, method: &str, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(SCIM_TOKEN)
    }

    /// A raw connection.
    pub async fn connect(&self) -> Raw {
        Raw {
            stream: TcpStream::connect(self.server.local_addr()).await.unwrap(),
        }
    }

    /// What was logged of a request that was answered.
    pub fn logged(&self, response: &Response) -> Exchange {
        let id = request_id(response);
        let mut found = self.store.log().into_iter().filter(|it| it.row.id.0 == id);
        let exchange = found.next().expect("the request was logged");
        assert!(found.next().is_none(), "the request was logged once");
        exchange
    }
}

pub fn request_id(response: &Response) -> u64 {
    header(response, "x-request-id").parse().unwrap()
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

/// Checks that an answer is a SCIM error, and returns its detail.
pub async fn scim_error(response: Response) -> String {
    let status = response.status().as_u16();
    assert_eq!(header(&response, "content-type"), "application/scim+json");
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(
        body["schemas"][0],
        "urn:ietf:params:scim:api:messages:2.0:Error"
    );
    assert_eq!(body["status"], status.to_string());
    body["detail"].as_str().unwrap().to_owned()
}

/// A connection that carries whatever a test writes.
pub struct Raw {
    pub stream: TcpStream,
}

impl Raw {
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have closed already, which is what the test is about to find out.
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// All that comes until the server closes.
    pub async fn rest(mut self) -> String {
        let mut bytes = Vec::new();
        let read = self.stream.read_to_end(&mut bytes);
        // A reset after the answer ends it, too.
        let _ = tokio::time::timeout(PATIENCE, read)
            .await
            .expect("the server closed the connection");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The head of one answer.
    pub async fn head(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = async {
            while !bytes.ends_with(b"\r\n\r\n") {
                match self.stream.read_u8().await {
                    Ok(byte) => bytes.push(byte),
                    Err(_) => break,
                }
            }
        };
        tokio::time::timeout(PATIENCE, read)
            .await
            .expect("the server answered");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
