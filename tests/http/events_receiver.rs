//! Those who hear of events: one that polls, one that is pushed to. Both verify what they get with the published keys.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use provost::admin::AdminWrite as _;
use provost::admin::streams::{Delivery, EventForm, MadeStream, NewStream};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::harness::PATIENCE;
use crate::real::Real;

pub fn stream(name: &str, delivery: Delivery) -> NewStream {
    NewStream {
        name: name.into(),
        delivery,
        events: Vec::new(),
        form: EventForm::Full,
        audience: None,
        team: None,
        authorization: None,
    }
}

/// The claims of a token, once its header, key and signature are right.
pub async fn verified(real: &Real, token: &str) -> Value {
    let url = format!("{}/events/v1/jwks.json", real.server.public_url());
    let keys: Value = real
        .client
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("no compact JWS: {token}");
    };
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&decoded(header)).unwrap();
    assert_eq!(header["typ"], "secevent+jwt");
    assert_eq!(header["alg"], "ES256");
    let key = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == header["kid"])
        .expect("the key is published");
    let mut point = vec![4];
    for coordinate in ["x", "y"] {
        point.extend(decoded(key[coordinate].as_str().unwrap()));
    }
    let signed = token.rsplit_once('.').unwrap().0;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed.as_bytes(), &decoded(signature))
        .expect("the signature is right");
    let claims: Value = serde_json::from_slice(&decoded(claims)).unwrap();
    assert_eq!(claims["iss"], real.server.public_url());
    assert!(
        claims["sub"].is_null() && claims["exp"].is_null(),
        "{claims}"
    );
    assert_eq!(claims["sub_id"]["format"], "scim");
    claims
}

/// The short names of the events in a token, in order.
pub fn kinds(claims: &Value) -> Vec<String> {
    let events = claims["events"].as_object().unwrap();
    let prefix = "urn:ietf:params:scim:event:";
    events
        .keys()
        .map(|uri| uri.strip_prefix(prefix).unwrap().to_owned())
        .collect()
}

/// The payload of the one event of a kind.
pub fn payload<'a>(claims: &'a Value, kind: &str) -> &'a Value {
    let payload = &claims["events"][format!("urn:ietf:params:scim:event:{kind}")];
    assert!(payload.is_object(), "no {kind} in {claims}");
    payload
}

/// Somebody who polls one stream.
pub struct Poller<'a> {
    pub real: &'a Real,
    pub url: String,
    pub secret: String,
}

impl<'a> Poller<'a> {
    pub async fn new(real: &'a Real, stream: NewStream) -> (Self, MadeStream) {
        let made = real.local.create_stream(stream).await.unwrap();
        let poller = Self {
            real,
            url: made.stream.poll_url.clone().unwrap(),
            secret: made.secret.clone().unwrap(),
        };
        (poller, made)
    }

    pub async fn ask(&self, request: &Value) -> (u16, Value) {
        let response = self
            .real
            .client
            .post(&self.url)
            .bearer_auth(&self.secret)
            .json(request)
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Polls; the tokens by their ids, in order, and whether there are more.
    pub async fn poll(&self, request: Value) -> (Vec<(String, Value)>, bool) {
        let (status, body) = self.ask(&request).await;
        assert_eq!(status, 200, "{body}");
        let mut sets = Vec::new();
        for (jti, token) in body["sets"].as_object().unwrap() {
            let claims = verified(self.real, token.as_str().unwrap()).await;
            assert_eq!(claims["jti"], *jti);
            sets.push((jti.clone(), claims));
        }
        (sets, body["moreAvailable"].as_bool().unwrap())
    }

    /// All that waits, acknowledged.
    pub async fn take(&self) -> Vec<Value> {
        let mut all = Vec::new();
        let mut ack: Vec<String> = Vec::new();
        loop {
            let (sets, _) = self
                .poll(json!({ "ack": ack, "returnImmediately": true }))
                .await;
            if sets.is_empty() {
                return all;
            }
            ack = sets.iter().map(|(jti, _)| jti.clone()).collect();
            all.extend(sets.into_iter().map(|(_, claims)| claims));
        }
    }
}

/// What a receiver got.
#[derive(Clone, Debug)]
pub struct Got {
    pub content_type: String,
    pub accept: String,
    pub authorization: Option<String>,
    pub token: String,
}

/// How it answers.
#[derive(Clone, Debug)]
pub enum Says {
    Status(u16),
    Error(&'static str),
    Redirect(String),
}

/// Somebody who is pushed to.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    inner: Arc<Inner>,
}

struct Inner {
    got: Mutex<Vec<Got>>,
    count: watch::Sender<usize>,
    says: Mutex<VecDeque<Says>>,
    otherwise: Mutex<Says>,
}

impl Receiver {
    /// One that answers `says`, one after the other, and then 202.
    pub async fn new(says: impl IntoIterator<Item = Says>) -> Self {
        let inner = Arc::new(Inner {
            got: Mutex::default(),
            count: watch::Sender::new(0),
            says: Mutex::new(says.into_iter().collect()),
            otherwise: Mutex::new(Says::Status(202)),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/events", post(take))
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    pub fn says_from_now_on(&self, says: Says) {
        *self.inner.otherwise.lock().unwrap() = says;
    }

    /// What it got, once it is so many.
    pub async fn got(&self, count: usize) -> Vec<Got> {
        let mut counted = self.inner.count.subscribe();
        tokio::time::timeout(PATIENCE, counted.wait_for(|have| *have >= count))
            .await
            .expect("events were pushed")
            .unwrap();
        self.inner.got.lock().unwrap().clone()
    }
}

async fn take(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: String) -> Response {
    let text = |name: &str| Some(headers.get(name)?.to_str().unwrap().to_owned());
    inner.got.lock().unwrap().push(Got {
        content_type: text("content-type").unwrap(),
        accept: text("accept").unwrap(),
        authorization: text("authorization"),
        token: body,
    });
    let next = inner.says.lock().unwrap().pop_front();
    let says = next.unwrap_or_else(|| inner.otherwise.lock().unwrap().clone());
    inner.count.send_modify(|count| *count += 1);
    match says {
        Says::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Says::Error(err) => {
            let body = json!({ "err": err, "description": "the recipient says so" });
            (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
        }
        Says::Redirect(to) => (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response(),
    }
}
