//! The pages on which people sign in and see their account, and the edge of the SAML service provider. Works without a
//! script; nothing is loaded but one style sheet of ours.
//!
//! Decides nothing: who is let in is the engine's to say, which also writes the line of the request log for every
//! sign-in. Whoever is refused is told one and the same, with the number of that line.

mod account;
mod brakes;
mod cookies;
mod form;
mod login;
mod page;
mod reply;
mod reset;
mod saml;

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, Response};
use hyper::body::Incoming;

use super::connection::Peer;
use super::edge::Edge;
use super::intake::Intake;
use super::rejection::Rejection;
use super::told::{Dialect, told_unlogged};
use crate::engine::sso::{ACS_PATH, METADATA_PATH, SIGN_IN_PATH, TEST_DRIVE_PATH};

pub(super) use brakes::Brakes;
pub(super) use cookies::holder as signed_in_holder;
pub(super) use login::{Ways, ways};
pub(super) use page::rejected;

/// Bytes of a form of ours.
const FORM_BYTES: usize = 16 * 1_024;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Metadata,
    SamlLogin,
    TestDrive,
    Acs,
    Login,
    Logout,
    Account,
    Reset,
    Style,
    Script,
}

/// Which endpoint a path is, if it is one. One slash at its end is as good as none.
pub(super) fn endpoint(path: &str) -> Option<Endpoint> {
    Some(match path.strip_suffix('/').unwrap_or(path) {
        METADATA_PATH => Endpoint::Metadata,
        SIGN_IN_PATH => Endpoint::SamlLogin,
        TEST_DRIVE_PATH => Endpoint::TestDrive,
        ACS_PATH => Endpoint::Acs,
        "/login" => Endpoint::Login,
        "/logout" => Endpoint::Logout,
        "/account" => Endpoint::Account,
        "/reset" => Endpoint::Reset,
        "/sign-in/style.css" => Endpoint::Style,
        "/sign-in/send.js" => Endpoint::Script,
        _ => return None,
    })
}

/// Answers a request to an endpoint.
pub(super) async fn answer(
    edge: Arc<Edge>,
    peer: Peer,
    endpoint: Endpoint,
    request: Request<Incoming>,
) -> Response<Body> {
    match endpoint {
        Endpoint::Style => return reply::file("text/css; charset=utf-8", page::STYLE),
        Endpoint::Script => return reply::file("text/javascript; charset=utf-8", page::SCRIPT),
        _ => {}
    }
    let mut intake = Intake::new(&edge, peer, request);
    "sign-in".clone_into(&mut intake.exchange.row.resource);
    let id = intake.head.id;
    let limit = edge.limits.body_timeout + edge.limits.request_timeout;
    // A task of its own: a browser that goes away does not keep what it began from being finished and logged.
    let task = edge
        .work
        .spawn(respond(Arc::clone(&edge), intake, endpoint));
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!(request = %id, "a request to the sign-in pages panicked; it is not in the request log");
            told_unlogged(&Rejection::Panicked, id, Dialect::Page)
        }
        Err(_) => {
            let seconds = limit.as_secs();
            told_unlogged(&Rejection::TimedOut { seconds }, id, Dialect::Page)
        }
    }
}

async fn respond(edge: Arc<Edge>, mut intake: Intake, endpoint: Endpoint) -> Response<Body> {
    let method = intake.head.parts.method.clone();
    let (edge_, intake_) = (&*edge, &mut intake);
    let answered = match endpoint {
        Endpoint::Metadata if method == Method::GET => saml::metadata(edge_, intake_).await,
        Endpoint::SamlLogin if method == Method::GET => saml::login(edge_, intake_).await,
        Endpoint::TestDrive if method == Method::GET => saml::test_drive(edge_, intake_).await,
        Endpoint::Acs if method == Method::POST => saml::acs(edge_, intake_).await,
        Endpoint::Acs => Ok(saml::acs_is_for_post(edge_, intake_)),
        Endpoint::Login if method == Method::GET => login::show(edge_, intake_).await,
        Endpoint::Login if method == Method::POST => login::submit(edge_, intake_).await,
        Endpoint::Logout if method == Method::GET => account::ask_to_sign_out(edge_, intake_).await,
        Endpoint::Logout if method == Method::POST => account::sign_out(edge_, intake_).await,
        Endpoint::Account if method == Method::GET => account::show(edge_, intake_).await,
        Endpoint::Account if method == Method::POST => account::submit(edge_, intake_).await,
        Endpoint::Reset if method == Method::GET => reset::show(edge_, intake_).await,
        Endpoint::Reset if method == Method::POST => reset::submit(edge_, intake_).await,
        _ => Err(Rejection::WrongMethod {
            method: intake.exchange.row.method.clone(),
            allow: match endpoint {
                Endpoint::Login | Endpoint::Logout | Endpoint::Account | Endpoint::Reset => {
                    "GET, POST"
                }
                Endpoint::Acs => "POST",
                _ => "GET",
            },
        }),
    };
    match answered {
        Ok(reply) => reply::end(&edge, &intake, reply).await,
        Err(rejection) => intake.refuse(&edge, &rejection, Dialect::Page).await,
    }
}
