//! A SCIM provider under test: the real server, asked the way a given client asks, each answer held against what every
//! answer must be, each line of the request log at hand.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use provost::admin::AdminRead as _;
use provost::admin::types::{Exchange, RequestId, Verdict};
use reqwest::RequestBuilder;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};

use crate::harness::PATIENCE;
use crate::real::Real;

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub const LAUNCHDARKLY: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The media type of RFC 7644 §8.1.
pub const SCIM_JSON: &str = "application/scim+json";

/// The provider, and how the client at hand presents itself.
pub struct Provider {
    pub real: Real,
    agent: &'static str,
    content_type: &'static str,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
    /// What was asked, for the message of a test that fails.
    asked: String,
}

impl Provider {
    /// A provider asked by nobody in particular.
    pub async fn new() -> Self {
        Self::of("", SCIM_JSON).await
    }

    /// A provider asked by a client with this `User-Agent` and `Content-Type`.
    pub async fn of(agent: &'static str, content_type: &'static str) -> Self {
        Self::on(Real::new().await, agent, content_type)
    }

    /// The same on a server that was started already.
    pub fn on(real: Real, agent: &'static str, content_type: &'static str) -> Self {
        Self {
            real,
            agent,
            content_type,
        }
    }

    /// Asks, and checks what every answer must be.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        self.send_with(method, path, &[], body.map(Value::to_string))
            .await
    }

    /// Asks with more headers, and with any text as the body.
    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Reply {
        let mut request = self.real.request(method, path);
        // OneLogin sends the header, with nothing in it.
        request = request.header("user-agent", self.agent);
        if let Some(body) = &body {
            request = request.body(body.clone());
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header("content-type", self.content_type);
            }
        }
        for (name, value) in headers {
            // An empty Content-Type stands for none.
            if !value.is_empty() {
                request = replaced(request, name, value);
            }
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let reply = Reply {
            status,
            headers,
            body: if text.is_empty() {
                Value::Null
            } else {
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
            },
            text,
            asked: format!("{method} {path} {}", body.unwrap_or_default()),
        };
        reply.check();
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send("PUT", path, Some(&body)).await
    }

    /// A PATCH with these operations.
    pub async fn patch(&self, path: &str, operations: Value) -> Reply {
        let body = json!({ "schemas": [PATCH_OP], "Operations": operations });
        self.send("PATCH", path, Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None).await
    }

    /// A list of those that a filter selects.
    pub async fn filter(&self, endpoint: &str, filter: &str) -> Reply {
        self.get(&filtered(endpoint, filter)).await
    }

    /// A user with next to nothing; their path.
    pub async fn user(&self, name: &str) -> String {
        self.user_with(name, json!({})).await
    }

    /// A user with these attributes; their path.
    pub async fn user_with(&self, name: &str, more: Value) -> String {
        let mut body = json!({ "schemas": [USER], "userName": name });
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        if body.get(ENTERPRISE).is_some() {
            body["schemas"] = json!([USER, ENTERPRISE]);
        }
        let created = self.post("/Users", body).await.is(201);
        format!("/Users/{}", created.id())
    }

    /// A group of these users, who are named by path or id; its path.
    pub async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members
            .iter()
            .map(|path| json!({ "value": id_of(path) }))
            .collect();
        let body = json!({ "schemas": [GROUP], "displayName": name, "members": members });
        let created = self.post("/Groups", body).await.is(201);
        format!("/Groups/{}", created.id())
    }

    /// The resource at a path.
    pub async fn read(&self, path: &str) -> Value {
        self.get(path).await.is(200).body
    }

    /// Checks who is in a group: what the group says, and what each user says.
    pub async fn has_members(&self, group: &str, expected: &[&str]) {
        let body = self.read(group).await;
        let found: BTreeSet<&str> = body["members"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|member| member["value"].as_str().unwrap())
            .collect();
        let expected: BTreeSet<&str> = expected.iter().map(|path| id_of(path)).collect();
        assert_eq!(found, expected, "the members of {group}: {body}");
        for member in expected {
            let user = self.read(&format!("/Users/{member}")).await;
            let is_in = |group_of: &Value| group_of["value"] == id_of(group);
            let groups = user["groups"].as_array().cloned().unwrap_or_default();
            assert!(groups.iter().any(is_in), "the groups of {member}: {user}");
        }
    }

    /// What the log says of an exchange. Reads are logged behind their answer, so it is waited for.
    pub async fn logged(&self, reply: &Reply) -> Exchange {
        let id = RequestId(reply.header("x-request-id").parse().unwrap());
        let found = async {
            loop {
                match self.real.local.request(id).await {
                    Ok(detail) => break detail.exchange,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        found.expect("the exchange was logged")
    }

    /// The rules of the dialect that the log names for an exchange.
    pub async fn rules(&self, reply: &Reply) -> Vec<String> {
        let exchange = self.logged(reply).await;
        let names = exchange.trace.iter().filter_map(|step| {
            let (name, _) = step.what.split_once(": ")?;
            let is_rule = provost::scim::dialect::RULES
                .iter()
                .any(|rule| rule.name == name);
            (step.verdict == Verdict::Noted && is_rule).then(|| name.to_owned())
        });
        let names: BTreeSet<String> = names.collect();
        names.into_iter().collect()
    }

    /// Checks that the log names exactly these rules, in the order of the alphabet.
    pub async fn tolerated(&self, reply: &Reply, rules: &[&str]) {
        assert_eq!(self.rules(reply).await, rules, "{}", reply.asked);
    }
}

impl Reply {
    /// What holds for every answer (RFC 7644 §3.1, §3.3, §3.12).
    fn check(&self) {
        let asked = &self.asked;
        assert!(self.status < 500 || self.status == 501, "{self:?}");
        assert!(
            !self.text.contains("password\":"),
            "{asked}: a password came back"
        );
        assert_ne!(self.body["schemas"][0], PATCH_OP, "{asked}");
        self.header("x-request-id").parse::<u64>().unwrap();
        if !self.text.is_empty() {
            assert_eq!(self.header("content-type"), SCIM_JSON, "{asked}");
        }
        if self.status >= 400 {
            assert_eq!(self.body["schemas"], json!([ERROR]), "{asked}");
            assert_eq!(self.body["status"], self.status.to_string(), "{asked}");
            assert!(self.body["detail"].is_string(), "{asked}: {}", self.text);
        }
        if self.status == 401 {
            assert!(self.header("www-authenticate").starts_with("Bearer"));
        }
        if self.status == 409 {
            assert_eq!(self.body["scimType"], "uniqueness", "{asked}");
        }
        if self.status == 201 {
            assert_eq!(self.header("location"), self.body["meta"]["location"]);
            assert!(self.body["id"].is_string(), "{asked}");
        }
        if self.body["schemas"][0] == LIST {
            let held = self.body["Resources"].as_array().map_or(0, Vec::len);
            // Integers: Okta takes strings for a failure.
            assert_eq!(self.body["itemsPerPage"].as_u64(), Some(held as u64));
            assert!(self.body["totalResults"].is_u64(), "{asked}");
            assert!(self.body["startIndex"].is_u64(), "{asked}");
        }
        if let Some(version) = self.body["meta"]["version"].as_str() {
            assert_eq!(self.header("etag"), version, "{asked}");
        }
    }

    /// Checks the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self
    }

    /// Checks that a change was carried out, whether the answer shows it or not.
    #[track_caller]
    pub fn done(self) -> Self {
        let is_done = self.status == 200 || (self.status == 204 && self.text.is_empty());
        assert!(is_done, "{}: {} {}", self.asked, self.status, self.text);
        self
    }

    /// Checks status and keyword of an error.
    #[track_caller]
    pub fn fails(self, status: u16, scim_type: &str) -> Self {
        assert_eq!(
            (self.status, self.body["scimType"].as_str()),
            (status, Some(scim_type)),
            "{}: {}",
            self.asked,
            self.text
        );
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub fn id(&self) -> &str {
        self.body["id"].as_str().unwrap()
    }

    /// The ids of a page.
    pub fn ids(&self) -> Vec<String> {
        let resources = self.body["Resources"].as_array().unwrap();
        resources
            .iter()
            .map(|resource| resource["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// How many match in all.
    pub fn total(&self) -> u64 {
        self.body["totalResults"].as_u64().unwrap()
    }
}

/// Sets a header that may be there already.
fn replaced(request: RequestBuilder, name: &str, value: &str) -> RequestBuilder {
    let name: HeaderName = name.parse().unwrap();
    request.headers(HeaderMap::from_iter([(name, value.parse().unwrap())]))
}

/// The last segment of a path, or the id that it is already.
pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// The path of a list with a filter, percent-encoded.
pub fn filtered(endpoint: &str, filter: &str) -> String {
    with_query(endpoint, &[("filter", filter)])
}

/// A path with a query, percent-encoded.
pub fn with_query(endpoint: &str, pairs: &[(&str, &str)]) -> String {
    let mut path = endpoint.to_owned();
    let mut before = '?';
    for (name, value) in pairs {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        write!(path, "{before}{name}={value}").unwrap();
        before = '&';
    }
    path
}
