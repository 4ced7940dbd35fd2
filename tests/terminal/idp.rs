//! An identity provider of few words: SCIM over real HTTP.

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::home::Home;
use crate::support::client;

/// A SCIM client with a bearer token.
pub struct Idp {
    runtime: Runtime,
    client: reqwest::Client,
    base: String,
    /// Its bearer token.
    pub token: String,
}

impl Idp {
    /// Gets a token and finds the engine that runs on the data directory.
    pub fn of(home: &Home) -> Self {
        let token = home.run(&["token", "new", "--name", "idp"]).ok();
        Self::with_token(home, token.stdout.trim())
    }

    /// The same with a token that is there.
    pub fn with_token(home: &Home, token: &str) -> Self {
        let status = home.json(&["status"]);
        let base = status["scim_base_url"].as_str().unwrap();
        Self {
            runtime: Runtime::new().unwrap(),
            client: client(),
            base: base.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        }
    }

    /// Asks for something and gives the status.
    pub fn get(&self, path: &str) -> u16 {
        self.send(self.client.get(format!("{}{path}", self.base))).0
    }

    /// What a path answers.
    pub fn read(&self, path: &str) -> Value {
        self.send(self.client.get(format!("{}{path}", self.base))).1
    }

    /// Pushes a user and gives the status.
    pub fn push(&self, user_name: &str) -> u16 {
        self.push_with(user_name, json!({}))
    }

    /// The same with more attributes.
    pub fn push_with(&self, user_name: &str, more: Value) -> u16 {
        let mut user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": user_name,
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": user_name, "primary": true}],
            "active": true,
        });
        for (name, value) in more.as_object().unwrap() {
            user[name] = value.clone();
        }
        let request = self.client.post(format!("{}/Users", self.base));
        let request = request
            .header("content-type", "application/scim+json")
            .body(user.to_string());
        self.send(request).0
    }

    /// Asks that a user may sign in no longer, and gives the status.
    pub fn deactivate(&self, user_name: &str) -> u16 {
        let found = self.find(user_name);
        let id = found["id"].as_str().unwrap();
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "active", "value": false}],
        });
        let request = self.client.patch(format!("{}/Users/{id}", self.base));
        let request = request
            .header("content-type", "application/scim+json")
            .body(patch.to_string());
        self.send(request).0
    }

    /// Pushes a group and gives the status and its id.
    pub fn push_group(&self, name: &str, external_id: &str) -> (u16, String) {
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name,
            "externalId": external_id,
        });
        let request = self.client.post(format!("{}/Groups", self.base));
        let request = request
            .header("content-type", "application/scim+json")
            .body(group.to_string());
        let (status, body) = self.send(request);
        (status, body["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Whether a user is active.
    pub fn is_active(&self, user_name: &str) -> bool {
        self.find(user_name)["active"].as_bool().unwrap()
    }

    fn find(&self, user_name: &str) -> Value {
        let found = self.read(&format!("/Users?filter=userName%20eq%20%22{user_name}%22"));
        found["Resources"][0].clone()
    }

    fn send(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        self.runtime.block_on(async {
            let answer = request.bearer_auth(&self.token).send().await.unwrap();
            let status = answer.status().as_u16();
            let body = answer.text().await.unwrap();
            (status, serde_json::from_str(&body).unwrap_or(Value::Null))
        })
    }
}
