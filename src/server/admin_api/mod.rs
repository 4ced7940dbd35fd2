//! The admin API's edge: one route a method of `AdminRead` and `AdminWrite`, over TCP with a token of scope admin, over
//! the Unix socket without one. Thin: it reads parameters, calls the method, and writes what it returns.

mod extract;
mod guards;
mod link;
mod members;
mod policy;
mod problem;
mod requests;
mod routes;
mod sso;
mod stream;
mod streams;
mod sync;
mod teams;
mod tokens;

use axum::body::Body;
use axum::extract::Extension;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header};
use hyper::body::Incoming;
use tower::ServiceExt as _;

use super::connection::Peer;
use super::edge::Edge;
use super::intake::Intake;
use super::rejection::Rejection;
use super::told::{Dialect, told_unlogged};
use crate::admin::http::routes::{ACTOR, ACTORS};
use crate::admin::local::LocalAdmin;
use crate::store::rows::TokenScope;

pub(super) use routes::router;
pub(super) use stream::Streams;

/// Whether a path belongs to the admin API.
pub(super) fn is_admin(path: &str) -> bool {
    path == "/admin" || path.starts_with("/admin/")
}

/// Answers an admin who came over TCP.
pub(super) async fn answer_remote(
    edge: &Edge,
    peer: Peer,
    request: Request<Incoming>,
) -> Response<Body> {
    let mut intake = Intake::new(edge, peer, request);
    "admin".clone_into(&mut intake.exchange.row.resource);
    match intake.authenticate(edge, TokenScope::Admin).await {
        Ok(grant) => {
            let admin = edge.admin.acting_as(grant.name);
            answer(edge, admin, intake.into_request()).await
        }
        Err(rejection) => intake.refuse(edge, &rejection, Dialect::Problem).await,
    }
}

/// Answers an admin who came through the Unix socket, whose file mode has let them in.
pub(super) async fn answer_local(edge: &Edge, request: Request<Incoming>) -> Response<Body> {
    let admin = match actor(request.headers()) {
        Some(actor) => edge.admin.acting_as(actor),
        None => edge.admin.clone(),
    };
    answer(edge, admin, request.map(Body::new)).await
}

/// What a client on the Unix socket calls itself.
fn actor(headers: &HeaderMap) -> Option<&'static str> {
    let named = headers.get(ACTOR)?.to_str().ok()?;
    ACTORS.into_iter().find(|known| *known == named)
}

/// What a preview asks about, without the mark that it is one.
fn previewed(uri: &Uri) -> Option<Uri> {
    let path = crate::admin::http::routes::previewed(uri.path())?;
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    target.parse().ok()
}

async fn answer(edge: &Edge, mut admin: LocalAdmin, mut request: Request<Body>) -> Response<Body> {
    if let Some(uri) = previewed(request.uri()) {
        *request.uri_mut() = uri;
        admin = admin.previewing();
    }
    request.extensions_mut().insert(Extension(admin.shared()));
    // A task of its own, so that what an admin began is finished whether they wait for it or not.
    let task = edge.work.spawn(edge.admin_api.clone().oneshot(request));
    let limit = edge.limits.body_timeout + edge.limits.request_timeout;
    let rejection = match tokio::time::timeout(limit, task).await {
        Ok(Ok(Ok(mut response))) => {
            // Some answers hold secrets, and none is worth keeping.
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            return response;
        }
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(_)) => Rejection::Panicked,
        Err(_) => Rejection::TimedOut {
            seconds: limit.as_secs(),
        },
    };
    let id = edge.engine.next_request_id();
    tracing::error!(request = %id, %rejection, "a request to the admin API failed");
    told_unlogged(&rejection, id, Dialect::Problem)
}
