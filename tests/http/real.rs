//! A server on a real database in a directory of its own, with an admin in the same process, one on the socket and one
//! on the network.

use std::collections::BTreeMap;
use std::sync::Arc;

use provost::admin::local::{LocalAdmin, NewAccount, OpenOptions, SchemaFiles, init, open};
use provost::admin::types::{NewToken, TokenScope};
use provost::admin::{AdminRead as _, AdminWrite, HttpAdmin};
use provost::config::PolicyTable;
use provost::directory::Actor;
use provost::engine::admin::{Asker, Mode};
use provost::secret::Secret;
use provost::server::{Limits, RunningServer, ServerSettings, Smtp, SsoWatch, start};
use reqwest::RequestBuilder;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{PATIENCE, settings};

pub struct Real {
    pub server: RunningServer,
    pub local: LocalAdmin,
    pub admins: [(&'static str, Arc<dyn AdminWrite>); 3],
    pub scim_token: String,
    pub client: reqwest::Client,
    /// The data directory.
    pub directory: TempDir,
}

/// An answer, read.
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: Value,
}

impl Real {
    pub async fn new() -> Self {
        Self::build(account(), |_| {}, |_| {}).await
    }

    /// One whose account has another preset.
    #[allow(dead_code, reason = "the tests of the protocol use it")]
    pub async fn under(preset: &str) -> Self {
        Self::owned(preset, "owner@example.com").await
    }

    /// One whose account follows a preset and belongs to an owner.
    #[allow(dead_code, reason = "the acceptance scenarios use it")]
    pub async fn owned(preset: &str, owner_email: &str) -> Self {
        let account = NewAccount {
            owner_email: owner_email.into(),
            ..account()
        };
        let real = Self::build(account, |_| {}, |_| {}).await;
        // Afterwards: not every preset lets a token be issued that no connection has.
        let asker = Asker {
            actor: Actor::admin("test"),
            mode: Mode::Commit,
        };
        let engine = real.local.engine();
        let adopted = engine.adopt_preset(&asker, preset.into(), BTreeMap::new(), None);
        adopted.await.unwrap();
        real
    }

    /// One whose edge has other limits.
    pub async fn with_limits(change: impl FnOnce(&mut Limits)) -> Self {
        Self::build(account(), |_| {}, change).await
    }

    /// One that sends mail.
    #[allow(dead_code, reason = "the tests of the protocol use it")]
    pub async fn with_mail(smtp: Smtp) -> Self {
        Self::set_up(account(), |_| {}, |settings| settings.smtp = Some(smtp)).await
    }

    /// One that looks after single sign-on.
    #[allow(dead_code, reason = "the tests of the protocol use it")]
    pub async fn watching(watch: SsoWatch) -> Self {
        Self::set_up(account(), |_| {}, |settings| settings.sso = Some(watch)).await
    }

    /// One whose engine is opened with other options.
    #[allow(dead_code, reason = "the tests of the protocol use it")]
    pub async fn with(change: impl FnOnce(&mut OpenOptions)) -> Self {
        Self::build(account(), change, |_| {}).await
    }

    async fn build(
        account: NewAccount,
        change: impl FnOnce(&mut OpenOptions),
        limit: impl FnOnce(&mut Limits),
    ) -> Self {
        Self::set_up(account, change, |settings| limit(&mut settings.limits)).await
    }

    async fn set_up(
        account: NewAccount,
        change: impl FnOnce(&mut OpenOptions),
        set: impl FnOnce(&mut ServerSettings),
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut options = OpenOptions {
            database: directory.path().join("provost.db"),
            public_url: String::new(),
            log_days: 30,
            log_rows: 10_000,
            schemas: SchemaFiles::default(),
            policy: PolicyTable::default(),
        };
        change(&mut options);
        if !options.database.exists() {
            init(options.clone(), account).await.unwrap();
        }
        let local = open(options, "cli").await.unwrap();
        let mut settings = settings();
        set(&mut settings);
        settings.unix_socket = Some(directory.path().join("provost.sock"));
        let server = start(local.clone(), settings).await.unwrap();
        let scim_token = issue(&local, "okta", TokenScope::Scim).await;
        let admin_token = issue(&local, "ada", TokenScope::Admin).await;
        let unix = HttpAdmin::unix(server.unix_socket().unwrap()).unwrap();
        let url = HttpAdmin::url(server.public_url(), Secret::new(admin_token)).unwrap();
        Self {
            admins: [
                ("cli", local.shared()),
                ("console", Arc::new(unix.acting_as("console"))),
                ("ada", Arc::new(url)),
            ],
            server,
            local,
            scim_token,
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .build()
                .unwrap(),
            directory,
        }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}/scim/v2{path}", self.server.public_url());
        self.client
            .request(method.parse().unwrap(), url)
            .bearer_auth(&self.scim_token)
    }

    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/scim+json")
                .body(body.to_string());
        }
        Answer::of(request).await
    }
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let text = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let (status, etag, location) = (response.status().as_u16(), text("etag"), text("location"));
        let bytes = response.bytes().await.unwrap();
        Self {
            status,
            etag,
            location,
            body: if bytes.is_empty() {
                Value::Null
            } else {
                serde_json::from_slice(&bytes).unwrap()
            },
        }
    }

    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }
}

/// A plain SCIM server's account.
fn account() -> NewAccount {
    NewAccount {
        organisation: "Example".into(),
        preset: "rfc".into(),
        owner_email: "owner@example.com".into(),
        password: Secret::new("correct horse battery staple".into()),
    }
}

async fn issue(admin: &LocalAdmin, name: &str, scope: TokenScope) -> String {
    // One of an earlier start on the same database.
    for token in admin.tokens().await.unwrap() {
        if token.name == name && token.revoked.is_none() {
            admin.revoke_token(token.id).await.unwrap();
        }
    }
    let token = NewToken {
        name: name.into(),
        scope,
        ttl_seconds: None,
        owner: None,
    };
    admin.issue_token(token).await.unwrap().secret
}
