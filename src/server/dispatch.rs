//! From a request to its answer: which part of the edge it is for, and what happens if that part panics.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use futures::FutureExt as _;
use http::uri::Authority;
use http::{Request, Response, Version, header};
use hyper::body::Incoming;

use super::connection::{Door, Peer};
use super::edge::Edge;
use super::intake::Intake;
use super::rejection::Rejection;
use super::told::{Dialect, told_unlogged};
use super::{admin_api, events, health, oauth, scim, sign_in};

/// Answers one request, whatever happens.
pub(super) async fn answer(
    edge: Arc<Edge>,
    peer: Peer,
    door: Door,
    request: Request<Incoming>,
) -> Response<Body> {
    let routed = Box::pin(route(Arc::clone(&edge), peer, door, request));
    AssertUnwindSafe(routed)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
        let id = edge.engine.next_request_id();
        tracing::error!(request = %id, "the edge panicked on a request; it is not in the request log");
        told_unlogged(&Rejection::Panicked, id, Dialect::Scim)
    })
}

async fn route(
    edge: Arc<Edge>,
    peer: Peer,
    door: Door,
    request: Request<Incoming>,
) -> Response<Body> {
    let path = request.uri().path();
    match door {
        Door::Overloaded => {
            Intake::new(&edge, peer, request)
                .refuse(&edge, &Rejection::Overloaded, Dialect::Scim)
                .await
        }
        Door::Tcp if !names_one_host(&request) => {
            Intake::new(&edge, peer, request)
                .refuse(&edge, &Rejection::BadHost, Dialect::Scim)
                .await
        }
        Door::Unix => admin_api::answer_local(&edge, request).await,
        Door::Tcp if admin_api::is_admin(path) => {
            Box::pin(admin_api::answer_remote(&edge, peer, request)).await
        }
        Door::Tcp if health::is_health(path) => health::answer(&edge, request.uri().path()).await,
        Door::Tcp if events::is_events(path) => Box::pin(events::answer(edge, peer, request)).await,
        Door::Tcp => match oauth::endpoint(&edge, path) {
            Some(endpoint) => oauth::answer(edge, peer, endpoint, request).await,
            None => match sign_in::endpoint(path) {
                Some(endpoint) => sign_in::answer(edge, peer, endpoint, request).await,
                None => Box::pin(scim::answer(edge, peer, request)).await,
            },
        },
    }
}

/// Whether the request names one host, as RFC 9112 §3.2 demands: a proxy in front that reads another one would check
/// another request than the one that is answered. HTTP/1.0 may name none.
fn names_one_host<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => {
            let host = host.as_bytes();
            host.is_empty() || !host.contains(&b'@') && Authority::try_from(host).is_ok()
        }
        (Some(_), Some(_)) => false,
    }
}
