//! The stub's HTTP edge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::filter;
use super::flaw::Flaw;
use super::resources::{Refusal, Resources, refuse};
use crate::secret::Secret;
use crate::simulate::target::{Target, Targets};

/// The token of the days, and of Okta's share of seeding and traffic.
pub(crate) const OKTA_TOKEN: &str = "okta-token";
/// The token of Entra's share.
pub(crate) const ENTRA_TOKEN: &str = "entra-token";

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub method: Method,
    /// Below the base URL, as sent.
    pub path: String,
    /// As sent.
    pub query: String,
    pub headers: HashMap<String, String>,
    pub body: Value,
    pub status: u16,
}

/// A running stub; it ends when this is dropped.
pub(crate) struct Stub {
    pub targets: Targets,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

struct Shared {
    resources: Mutex<Resources>,
    seen: Mutex<Vec<Seen>>,
    count: watch::Sender<usize>,
    /// Every so many requests, one is answered with 429.
    busy_every: Option<usize>,
    /// This many requests are answered with 503 before the server is up.
    down_for: usize,
}

impl Stub {
    pub async fn start(flaw: Option<Flaw>) -> Self {
        Self::start_with(flaw, None, 0).await
    }

    pub async fn start_with(
        flaw: Option<Flaw>,
        busy_every: Option<usize>,
        down_for: usize,
    ) -> Self {
        let resources = Resources::with_flaw(flaw);
        let shared = Arc::new(Shared {
            resources: Mutex::new(resources),
            seen: Mutex::default(),
            count: watch::Sender::new(0),
            busy_every,
            down_for,
        });
        let app = Router::new()
            .route("/scim/v2/{kind}", any(collection))
            .route("/scim/v2/{kind}/{id}", any(single))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/scim/v2/", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            let served = axum::serve(listener, app).with_graceful_shutdown(stopped);
            served.await.unwrap();
        });
        let token = |token: &str| Secret::new(token.to_owned());
        Self {
            targets: Targets::new(&base_url, token(OKTA_TOKEN), token(ENTRA_TOKEN)).unwrap(),
            shared,
            _stop: stop.drop_guard(),
        }
    }

    pub fn target(&self) -> &Target {
        &self.targets.okta
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Waits until that many requests were answered.
    pub async fn wait_for(&self, requests: usize) {
        let mut count = self.shared.count.subscribe();
        tokio::time::timeout(
            Duration::from_mins(1),
            count.wait_for(|count| *count >= requests),
        )
        .await
        .expect("so many requests within a minute")
        .unwrap();
    }

    pub fn users(&self) -> Vec<Value> {
        self.shared.resources.lock().unwrap().users.clone()
    }

    pub fn groups(&self) -> Vec<Value> {
        self.shared.resources.lock().unwrap().groups.clone()
    }
}

type Parameters = Query<HashMap<String, String>>;

async fn collection(
    State(shared): State<Arc<Shared>>,
    Path(kind): Path<String>,
    method: Method,
    uri: Uri,
    Query(query): Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = |resources: &mut Resources, body: &Value| match method {
        Method::GET => list(resources, &kind, &query),
        Method::POST => {
            let created = resources.create(&kind, body)?;
            match resources.flaw {
                Some(Flaw::EmptyCreate) => Ok((201, None)),
                _ => Ok((201, Some(created))),
            }
        }
        _ => refuse(405, None, "method"),
    };
    shared.answer(&method, &uri, &headers, &body, answer)
}

async fn single(
    State(shared): State<Arc<Shared>>,
    Path((kind, id)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    Query(query): Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = |resources: &mut Resources, body: &Value| match method {
        Method::GET => {
            let found = resources.find(&kind, &id)?;
            Ok((200, Some(shown(resources, found, &query))))
        }
        Method::PUT => Ok((200, Some(resources.replace(&kind, &id, body)?))),
        Method::PATCH => {
            let patched = resources.patch(&kind, &id, body)?;
            // Both forms are good: 200 for users, 204 for groups.
            Ok(match kind.as_str() {
                "Users" => (200, Some(patched)),
                _ => (204, None),
            })
        }
        Method::DELETE => {
            resources.delete(&kind, &id)?;
            Ok((204, None))
        }
        _ => refuse(405, None, "method"),
    };
    shared.answer(&method, &uri, &headers, &body, answer)
}

type Outcome = Result<(u16, Option<Value>), Refusal>;

impl Shared {
    fn answer(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
        serve: impl FnOnce(&mut Resources, &Value) -> Outcome,
    ) -> Response {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut resources = self.resources.lock().unwrap();
        let flaw = resources.flaw;
        let mut seen = self.seen.lock().unwrap();
        let number = seen.len() + 1;
        let token = headers.get("authorization").and_then(|v| v.to_str().ok());
        let known = [OKTA_TOKEN, ENTRA_TOKEN].map(|token| format!("Bearer {token}"));
        let outcome = if number <= self.down_for || flaw == Some(Flaw::Broken) {
            refuse(500, None, "down")
        } else if self
            .busy_every
            .is_some_and(|every| number.is_multiple_of(every))
        {
            refuse(429, None, "slow down")
        } else if flaw != Some(Flaw::AnyToken)
            && !known.iter().any(|known| token == Some(known.as_str()))
        {
            refuse(401, None, "no such token")
        } else {
            serve(&mut resources, &json)
        };
        let response = respond(outcome, flaw);
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            (
                name.to_string(),
                value.to_str().unwrap_or_default().to_owned(),
            )
        };
        seen.push(Seen {
            method: method.clone(),
            path: uri.path().trim_start_matches("/scim/v2").to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers: headers.iter().map(header).collect(),
            body: json,
            status: response.status().as_u16(),
        });
        self.count.send_replace(number);
        response
    }
}

fn respond(outcome: Outcome, flaw: Option<Flaw>) -> Response {
    let content_type = match flaw {
        Some(Flaw::PlainJson) => "application/json",
        _ => "application/scim+json; charset=utf-8",
    };
    let with_body = |status: u16, body: &Value| {
        let status = StatusCode::from_u16(status).unwrap();
        (status, [("content-type", content_type)], body.to_string()).into_response()
    };
    match outcome {
        Ok((status, Some(body))) => with_body(status, &body),
        Ok((status, None)) => StatusCode::from_u16(status).unwrap().into_response(),
        Err(Refusal(status, scim_type, detail)) => {
            let mut body = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": status.to_string(),
                "detail": detail,
            });
            if flaw == Some(Flaw::StatusAsNumber) {
                body["status"] = json!(status);
            }
            if let Some(kind) = scim_type.filter(|_| flaw != Some(Flaw::ConflictWithoutType)) {
                body["scimType"] = json!(kind);
            }
            let mut response = with_body(status, &body);
            let headers = response.headers_mut();
            if status == 401 && flaw != Some(Flaw::NoChallenge) {
                headers.insert("www-authenticate", "Bearer".parse().unwrap());
            }
            if status == 429 {
                headers.insert("retry-after", "0".parse().unwrap());
            }
            response
        }
    }
}

fn list(resources: &mut Resources, kind: &str, query: &HashMap<String, String>) -> Outcome {
    let flaw = resources.flaw;
    let number = |name: &str, default: usize| {
        query
            .get(name)
            .map_or(Some(default), |value| value.parse().ok())
    };
    let (Some(start), Some(count)) = (number("startIndex", 1), number("count", 100)) else {
        return refuse(400, Some("invalidValue"), "counts are integers");
    };
    let mut found = Vec::new();
    for resource in resources.list(kind).clone() {
        match query.get("filter") {
            None => found.push(resource),
            Some(filter) => match filter::matches(filter, &resource, flaw) {
                Some(true) => found.push(resource),
                Some(false) => {}
                None => return refuse(400, Some("invalidFilter"), filter),
            },
        }
    }
    if found.is_empty() && query.contains_key("filter") && flaw == Some(Flaw::NothingIs404) {
        return refuse(404, None, "nobody");
    }
    let total = found.len();
    let mut page: Vec<Value> = found
        .into_iter()
        .skip(start.saturating_sub(1))
        .take(count)
        .map(|resource| shown(resources, resource, query))
        .collect();
    if flaw == Some(Flaw::UnstableOrder) && !query.contains_key("filter") {
        page = page.iter().map(|_| page[0].clone()).collect();
    }
    let counted = |number: usize| match flaw {
        Some(Flaw::CountsAsStrings) => json!(number.to_string()),
        _ => json!(number),
    };
    let items = match flaw {
        Some(Flaw::CountEchoed) => count,
        _ => page.len(),
    };
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": counted(total),
        "startIndex": counted(start),
        "itemsPerPage": counted(items),
        "Resources": page,
    });
    Ok((200, Some(body)))
}

fn shown(resources: &Resources, mut resource: Value, query: &HashMap<String, String>) -> Value {
    let excluded = query.get("excludedAttributes").map(String::as_str);
    if excluded == Some("members")
        && resources.flaw != Some(Flaw::MembersAlwaysShown)
        && let Some(resource) = resource.as_object_mut()
    {
        resource.remove("members");
    }
    if query.get("attributes").map(String::as_str) == Some("id") {
        return json!({"schemas": resource["schemas"], "id": resource["id"]});
    }
    resource
}
