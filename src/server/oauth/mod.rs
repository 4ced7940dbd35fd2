//! The authorization server's edge: the authorization page and the token endpoint (RFC 6749 §3), revocation (RFC 7009), introspection (RFC 7662)
//! and the document that names them (RFC 8414). Decides nothing: what a client may do is the engine's to say.
//!
//! A grant is one arm in [`token`]; the client's authentication, the answer and the logging are the same for all.

mod consent;
mod credentials;
mod failure;
mod form;
mod introspect;
mod metadata;
mod reply;
mod revoke;
mod token;

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, Response};
use hyper::body::Incoming;

use super::connection::Peer;
use super::edge::Edge;
use super::intake::Intake;
use super::rejection::Rejection;
use super::told::{Dialect, told_unlogged};
use crate::directory::{ObjectKind, Stage, TraceStep};
use crate::engine::oauth::{ClientFailure, OAuthClient};
use crate::request_log::Subject;
use form::Form;

pub(super) use consent::{Tickets, is_browser, is_same_origin, new_browser};
pub(super) use failure::{OAuthFailure, described};

/// The authorization endpoint.
const AUTHORIZE: &str = "/trust/oauth/authorize";
/// The token endpoint.
const TOKEN: &str = "/trust/oauth/token";
/// The revocation endpoint.
const REVOKE: &str = "/trust/oauth/revoke";
/// The introspection endpoint.
const INTROSPECT: &str = "/trust/oauth/introspect";
/// Where the metadata is.
const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

/// Bytes of a form: an assertion or a token, and a few words.
const FORM_BYTES: usize = 64 * 1_024;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Authorize,
    Token,
    Revoke,
    Introspect,
    Metadata,
}

/// Which endpoint a path is, if it is one. One slash at its end is as good as none.
pub(super) fn endpoint(edge: &Edge, path: &str) -> Option<Endpoint> {
    let path = path.strip_suffix('/').unwrap_or(path);
    match path {
        AUTHORIZE => Some(Endpoint::Authorize),
        TOKEN => Some(Endpoint::Token),
        REVOKE => Some(Endpoint::Revoke),
        INTROSPECT => Some(Endpoint::Introspect),
        WELL_KNOWN => Some(Endpoint::Metadata),
        // RFC 8414 §3.1: the path of the issuer comes behind.
        _ => path
            .strip_prefix(WELL_KNOWN)
            .filter(|rest| edge.public_url.ends_with(rest) && rest.starts_with('/'))
            .filter(|rest| !rest.starts_with("//"))
            .map(|_| Endpoint::Metadata),
    }
}

/// Answers a request to an endpoint.
pub(super) async fn answer(
    edge: Arc<Edge>,
    peer: Peer,
    endpoint: Endpoint,
    request: Request<Incoming>,
) -> Response<Body> {
    let mut intake = Intake::new(&edge, peer, request);
    "oauth".clone_into(&mut intake.exchange.row.resource);
    let id = intake.head.id;
    let limit = edge.limits.body_timeout + edge.limits.request_timeout;
    // A task of its own: a client that goes away does not keep what it began from being finished and logged.
    let task = edge
        .work
        .spawn(respond(Arc::clone(&edge), intake, endpoint));
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!(request = %id, "a request to the authorization server panicked; it is not in the request log");
            told_unlogged(&Rejection::Panicked, id, Dialect::OAuth)
        }
        Err(_) => {
            let seconds = limit.as_secs();
            told_unlogged(&Rejection::TimedOut { seconds }, id, Dialect::OAuth)
        }
    }
}

async fn respond(edge: Arc<Edge>, mut intake: Intake, endpoint: Endpoint) -> Response<Body> {
    let answered = match endpoint {
        Endpoint::Authorize => consent::answer(&edge, &mut intake).await,
        Endpoint::Token => token::answer(&edge, &mut intake).await,
        Endpoint::Revoke => revoke::answer(&edge, &mut intake).await,
        Endpoint::Introspect => introspect::answer(&edge, &mut intake).await,
        Endpoint::Metadata => reply::metadata(&edge, &mut intake).await,
    };
    match answered {
        Ok(response) => response,
        Err(rejection) => intake.refuse(&edge, &rejection, Dialect::OAuth).await,
    }
}

/// Reads the parameters of a POST.
async fn read_form(edge: &Edge, intake: &mut Intake) -> Result<Form, Rejection> {
    // RFC 6749 §3.2, RFC 7009 §2.1, RFC 7662 §2.1: POST alone.
    if intake.head.parts.method != Method::POST {
        return Err(Rejection::WrongMethod {
            method: intake.exchange.row.method.clone(),
            allow: "POST",
        });
    }
    form::check_query(intake.head.parts.uri.query()).map_err(Rejection::OAuth)?;
    let body = intake.read_body(edge, FORM_BYTES).await?;
    Form::read(&intake.head.parts.headers, &body).map_err(Rejection::OAuth)
}

/// Lets in a client that proves who it is.
async fn authenticate(
    edge: &Edge,
    intake: &mut Intake,
    form: &Form,
) -> Result<OAuthClient, Rejection> {
    let proof =
        credentials::proof(&intake.head.parts.headers, form).map_err(|failure| match failure {
            OAuthFailure::NoClient => intake.failed(edge, Rejection::OAuth(failure)),
            other => Rejection::OAuth(other),
        })?;
    // RFC 7523 §3: the token endpoint or the issuer names this server; what is meant for a neighbouring endpoint is too.
    let issuer = &edge.public_url;
    let audiences: Vec<String> = [TOKEN, "", REVOKE, INTROSPECT]
        .iter()
        .map(|path| format!("{issuer}{path}"))
        .collect();
    match edge.engine.authenticate_client(&proof, &audiences).await {
        Ok(client) => {
            intake.exchange.row.subject = Some(Subject {
                kind: ObjectKind::Client,
                id: Some(client.id.to_string()),
                label: client.name.clone(),
            });
            intake.let_in(&client.name);
            intake.note(TraceStep::passed(
                Stage::Authenticate,
                format!("OAuth client {}", client.name),
            ));
            edge.callers.admit(client.id.0)?;
            Ok(client)
        }
        Err(ClientFailure::Unavailable) => Err(Rejection::OAuth(OAuthFailure::Unavailable {
            retry_after: 1,
            reason: ClientFailure::Unavailable.to_string(),
        })),
        Err(failure) => {
            intake.exchange.row.token = failure.name().map(str::to_owned);
            Err(intake.failed(edge, Rejection::OAuth(OAuthFailure::Client(failure))))
        }
    }
}
