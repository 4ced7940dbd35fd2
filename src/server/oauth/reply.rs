//! Answers of the authorization server: JSON that nobody may keep (RFC 6749 §5.1), and the line of the log beside it.

use axum::body::Body;
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::Value;

use super::metadata;
use crate::directory::Outcome;
use crate::request_log::Exchange;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;
use crate::server::told::X_REQUEST_ID;

/// A successful answer and the exchange that is to be logged before it is sent. `None` is an empty body.
pub(super) fn success(
    edge: &Edge,
    intake: &Intake,
    document: Option<&Value>,
) -> (Response<Body>, Exchange) {
    let text = document.map(Value::to_string);
    let mut response = Response::new(text.clone().map_or_else(Body::empty, Body::from));
    let headers = response.headers_mut();
    if text.is_some() {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(X_REQUEST_ID, HeaderValue::from(intake.head.id.0));
    let mut exchange = intake.exchange.clone();
    exchange.row.status = StatusCode::OK.as_u16();
    exchange.row.outcome = Outcome::NoOp;
    exchange.row.duration_us =
        u64::try_from(intake.head.arrived.elapsed().as_micros()).unwrap_or(u64::MAX);
    exchange.response.headers = edge.capture.headers(response.headers());
    if let Some(text) = &text {
        edge.capture
            .add_body(&mut exchange.response, text.as_bytes());
    }
    (response, exchange)
}

/// The metadata document (RFC 8414 §3.2).
pub(super) async fn metadata(
    edge: &Edge,
    intake: &mut Intake,
) -> Result<Response<Body>, Rejection> {
    let is_head = intake.head.parts.method == Method::HEAD;
    if intake.head.parts.method != Method::GET && !is_head {
        return Err(Rejection::WrongMethod {
            method: intake.exchange.row.method.clone(),
            allow: "GET, HEAD",
        });
    }
    let document = metadata::document(&edge.public_url);
    let (mut response, exchange) = success(edge, intake, Some(&document));
    // It is the same for everybody, and changes with the program.
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    headers.remove(header::PRAGMA);
    if is_head {
        let length = document.to_string().len();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        *response.body_mut() = Body::empty();
    }
    edge.record_stranger(&intake.head.peer, exchange).await;
    Ok(response)
}
