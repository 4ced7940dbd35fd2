//! A SCIM request: let in, handed to the engine, and its answer written.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::body::Body;
use futures::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use url::form_urlencoded;

use super::route;
use super::{media_type, nearest, prefer};
use crate::directory::{RequestId, Stage, TraceStep};
use crate::engine::call::{Redact, Redactor};
use crate::engine::{Asynchronous, Grant, Operation, ScimAnswer, ScimCall};
use crate::request_log::Message;
use crate::scim;
use crate::scim::dialect::EXTRA_SLASHES;
use crate::server::capture::short_text;
use crate::server::connection::Peer;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;
use crate::server::told::{Dialect, X_REQUEST_ID, told_unlogged};
use crate::store::rows::TokenScope;

/// The transaction by which a client recognises the completion of its request (RFC 9967 §3).
const SET_TXN: HeaderName = HeaderName::from_static("set-txn");
/// Which preference was followed (RFC 7240 §3).
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Answers a SCIM request, or one that is at no other place.
pub(in crate::server) async fn answer(
    edge: Arc<Edge>,
    peer: Peer,
    request: Request<Incoming>,
) -> Response<Body> {
    let mut intake = Intake::new(&edge, peer, request);
    let (operation, grant, base_url) = match admit(&edge, &mut intake).await {
        Ok(admitted) => admitted,
        Err(rejection) => return intake.refuse(&edge, &rejection, Dialect::Scim).await,
    };
    let most = largest_body(&operation, edge.limits.body_bytes);
    let body = match intake.read_body(&edge, most).await {
        Ok(body) => body,
        Err(rejection) => return intake.refuse(&edge, &rejection, Dialect::Scim).await,
    };
    let (actor, token, kept) = (grant.actor(), grant.name, body.clone());
    let Intake { head, exchange, .. } = intake;
    let call = ScimCall {
        operation,
        query: query(head.parts.uri.query()),
        body,
        if_match: text(&head.parts.headers, &header::IF_MATCH),
        if_none_match: text(&head.parts.headers, &header::IF_NONE_MATCH),
        base_url,
        actor,
        // Tokens of members are yet to come; those there are belong to identity providers.
        member: None,
        redactor: Redactor(Arc::clone(&edge) as Arc<dyn Redact>),
        exchange,
        started: Instant::now(),
        asynchronous: if prefer::wants_async(&head.parts.headers) {
            Asynchronous::Wanted
        } else {
            Asynchronous::No
        },
    };
    let engine = Arc::clone(&edge.engine);
    let mut answering =
        Box::pin(AssertUnwindSafe(async move { Box::pin(engine.scim(call)).await }).catch_unwind());
    let answer = match futures::poll!(&mut answering) {
        // Nearly every read: nothing had to be waited for, and nothing is handed over.
        Poll::Ready(answer) => Ok(answer.ok()),
        // What waits gets a task of its own: a client that goes away ends its connection and not what it began, which is
        // finished, logged and told to the live tail.
        Poll::Pending => {
            let task = edge.work.spawn(answering);
            tokio::time::timeout(edge.limits.request_timeout, task)
                .await
                .map(|joined| joined.ok().and_then(Result::ok))
        }
    };
    match answer {
        Ok(Some(answer)) => written(answer, head.id, head.parts.method == Method::HEAD),
        Ok(None) => {
            tracing::error!(request = %head.id, "a request ended in a panic");
            Intake::again(&edge, head, token, &kept)
                .refuse(&edge, &Rejection::Panicked, Dialect::Scim)
                .await
        }
        Err(_) => {
            tracing::warn!(request = %head.id, "a request took too long; it is logged when it ends");
            let seconds = edge.limits.request_timeout.as_secs();
            told_unlogged(&Rejection::TimedOut { seconds }, head.id, Dialect::Scim)
        }
    }
}

/// Whether the request may come in, what it asks for, and the base URL that it came by.
async fn admit(edge: &Edge, intake: &mut Intake) -> Result<(Operation, Grant, String), Rejection> {
    let uri = &intake.head.parts.uri;
    // The policy may change from one request to the next, and with it where the provider is.
    let in_force = edge.engine.in_force();
    let bases = [route::BASE, in_force.policy.scim.base_path.as_str()];
    let found = bases.into_iter().find_map(|base| {
        let route = route::find(base, uri.path());
        let route = route.or_else(|| route::root(base, uri.path(), uri.query()));
        Some((base, route?))
    });
    let Some((base, route)) = found else {
        return Err(Rejection::NoRoute {
            path: intake.exchange.row.path.chars().take(200).collect(),
            nearest: format!(
                "{}{}",
                edge.public_url,
                nearest::nearest(&intake.exchange.row.path)
            ),
        });
    };
    let base_url = format!("{}{base}", edge.public_url);
    route
        .target
        .resource()
        .clone_into(&mut intake.exchange.row.resource);
    let grant = intake.authenticate(edge, TokenScope::Scim).await?;
    if route.has_extra_slashes {
        intake.note(TraceStep::noted(
            Stage::Parse,
            EXTRA_SLASHES.noted("slashes too many in the path; the base URL has none at its end"),
        ));
    }
    let method = &intake.head.parts.method;
    let operation = route
        .target
        .operation(method)
        .map_err(|allow| Rejection::WrongMethod {
            method: intake.exchange.row.method.clone(),
            allow,
        })?;
    let reads_body = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    if reads_body
        && intake.has_body()
        && let Some(step) = media_type::check(&intake.head.parts.headers)?
    {
        intake.note(step);
    }
    Ok((operation, grant, base_url))
}

fn query(query: Option<&str>) -> Vec<(String, String)> {
    query
        .map(|query| {
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect()
        })
        .unwrap_or_default()
}

/// The value of a header that is a list. Several of a name are one (RFC 9110 §5.3).
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = values.next()?.into_owned();
    Some(values.fold(first, |list, value| format!("{list}, {value}")))
}

/// How many bytes of a body are read: a bulk request may have as many as `/ServiceProviderConfig` says.
fn largest_body(operation: &Operation, most: usize) -> usize {
    match operation {
        Operation::Bulk => {
            usize::try_from(scim::Limits::default().bulk_max_payload_size).unwrap_or(usize::MAX)
        }
        _ => most,
    }
}

impl Redact for Edge {
    fn body(&self, body: &[u8]) -> Message {
        let mut message = Message::default();
        self.capture.add_body(&mut message, body);
        message
    }

    fn text(&self, text: &str) -> String {
        short_text(text)
    }

    fn query(&self, query: &str) -> String {
        self.capture.query(query)
    }
}

/// The engine's answer as HTTP.
fn written(answer: ScimAnswer, id: RequestId, is_head: bool) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, HeaderValue::from(id.0));
    let texts = [
        (header::ETAG, answer.etag),
        (header::LOCATION, answer.location),
    ];
    for (name, text) in texts {
        // A value that is no header is left out rather than failing an answer that is durable already.
        if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(name, value);
        }
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(txn) = answer
        .set_txn
        .and_then(|txn| HeaderValue::try_from(txn).ok())
    {
        headers.insert(SET_TXN, txn);
        headers.insert(
            PREFERENCE_APPLIED,
            HeaderValue::from_static("respond-async"),
        );
    }
    if let Some(body) = answer.body {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/scim+json"),
        );
        if is_head {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        } else {
            *response.body_mut() = Body::from(body);
        }
    }
    response
}
