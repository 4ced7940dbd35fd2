//! Answering on the paths of events.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;

use super::target::{self, Target};
use super::{door, poll};
use crate::admin::http::wire::Problem;
use crate::admin::{AdminError, AdminErrorKind};
use crate::engine::EngineError;
use crate::engine::events::async_requests::AsyncResult;
use crate::server::connection::Peer;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;
use crate::server::told::Dialect;
use crate::store::rows::TokenScope;

/// For how long recipients may keep the key set, in seconds. A new key is used at once, and a recipient that meets a key
/// id it does not know reads the set again.
const KEY_SET_AGE: &str = "public, max-age=300";

/// Answers. What is turned away is logged; a poll that went well is not, since it may come every second for years.
pub(in crate::server) async fn answer(
    edge: Arc<Edge>,
    peer: Peer,
    request: Request<Incoming>,
) -> Response<Body> {
    let Some(target) = target::find(request.uri().path()) else {
        return failed(StatusCode::NOT_FOUND, "there is nothing here");
    };
    let mut intake = Intake::new(&edge, peer, request);
    "events".clone_into(&mut intake.exchange.row.resource);
    let method = &intake.head.parts.method;
    let is_right = match target {
        Target::Poll(_) => *method == Method::POST,
        Target::KeySet | Target::AsyncResult(_) => [Method::GET, Method::HEAD].contains(method),
    };
    if !is_right {
        let rejection = Rejection::WrongMethod {
            method: intake.exchange.row.method.clone(),
            allow: target.allow(),
        };
        return intake.refuse(&edge, &rejection, Dialect::Problem).await;
    }
    match target {
        Target::KeySet => key_set(&edge).await,
        Target::Poll(id) => match polled(&edge, &mut intake, &id).await {
            Ok(response) => response,
            Err(rejection) => intake.refuse(&edge, &rejection, Dialect::Problem).await,
        },
        Target::AsyncResult(txn) => match intake.authenticate(&edge, TokenScope::Scim).await {
            Ok(grant) => async_result(&edge, &txn, &grant.actor().name).await,
            Err(rejection) => intake.refuse(&edge, &rejection, Dialect::Problem).await,
        },
    }
}

async fn polled(edge: &Edge, intake: &mut Intake, id: &str) -> Result<Response<Body>, Rejection> {
    let stream = door::open(intake, edge, id).await?;
    let body = intake.read_body(edge, edge.limits.body_bytes).await?;
    let request = poll::read(&body).map_err(|reason| Rejection::BadPoll { reason })?;
    match edge.engine.poll_events(&stream, &request, &edge.stop).await {
        Ok(answer) => Ok(json(&poll::write(answer).to_string(), "no-store")),
        Err(error) => Ok(unable(&error)),
    }
}

async fn key_set(edge: &Edge) -> Response<Body> {
    match edge.engine.key_set().await {
        Ok(keys) => json(&keys.to_string(), KEY_SET_AGE),
        Err(error) => unable(&error),
    }
}

/// RFC 9967 §5: the result is for the client that asked, and nobody else learns whether there is one.
async fn async_result(edge: &Edge, txn: &str, client: &str) -> Response<Body> {
    match edge.engine.async_result(txn, client).await {
        Ok(AsyncResult::Done(token)) => {
            let mut response = Response::new(Body::from(token));
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/secevent+jwt"),
            );
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Ok(AsyncResult::Waiting) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::ACCEPTED;
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
        Ok(AsyncResult::Unknown) => failed(
            StatusCode::NOT_FOUND,
            "there is no such request of this client, or its result is older than seven days",
        ),
        Err(error) => unable(&error),
    }
}

fn json(text: &str, cache: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text.to_owned()));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// What the store says may name paths; it is for the operator.
fn unable(error: &EngineError) -> Response<Body> {
    tracing::error!(%error, "a request about events could not be answered");
    let mut response = failed(
        StatusCode::SERVICE_UNAVAILABLE,
        "events cannot be read now; try again",
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn failed(status: StatusCode, detail: &str) -> Response<Body> {
    let kind = if status == StatusCode::NOT_FOUND {
        AdminErrorKind::NotFound
    } else {
        AdminErrorKind::Unavailable
    };
    let problem = Problem::new(status.as_u16(), AdminError::new(kind, detail));
    let mut response = Response::new(Body::from(problem.to_json()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(Problem::MEDIA_TYPE),
    );
    response
}
