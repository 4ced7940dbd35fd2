//! A link to set a password with: shown as a form, so that what only looks at links does not use it up.

use http::StatusCode;
use jiff::Timestamp;

use super::form::Fields;
use super::login::{is_ours, not_ours};
use super::page::{Notice, Reset};
use super::reply::{Reply, frame};
use super::{FORM_BYTES, cookies, saml};
use crate::directory::PasswordLinkKind;
use crate::engine::EngineError;
use crate::engine::sso::{PasswordProof, SignInOutcome};
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

/// Which form a ticket is for.
const FORM: &str = "reset";

/// Shows the form of a link, or says where links come from.
pub(super) async fn show(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let query = Fields::of_query(intake.head.parts.uri.query());
    match query.secret("token") {
        Some(token) => form(edge, intake, token, StatusCode::OK, None).await,
        None => without_link(edge),
    }
}

fn without_link(edge: &Edge) -> Result<Reply, Rejection> {
    let page = Notice {
        frame: frame(edge),
        heading: "Forgotten password",
        text: Some("Ask an admin for a link by which you can set another one."),
        reference: None,
        link: Some(("/login", "Back to sign-in")),
    };
    Reply::page(StatusCode::OK, &page)
}

async fn form(
    edge: &Edge,
    intake: &Intake,
    token: &Secret,
    status: StatusCode,
    message: Option<&str>,
) -> Result<Reply, Rejection> {
    let (user_name, kind) = match edge.engine.link_holder(token).await {
        Ok(Some(found)) => found,
        Ok(None) => {
            let why = "the link was used, has ended, or another one took its place";
            let status = StatusCode::FORBIDDEN;
            return Ok(Reply::refused(edge, intake, status, "PASSWORD_LINK", why));
        }
        Err(error) => return Ok(Reply::of_error(edge, intake, &error)),
    };
    let browser = cookies::browser(intake)?;
    let page = Reset {
        frame: frame(edge),
        heading: match kind {
            PasswordLinkKind::Invitation => "Welcome: set your password",
            PasswordLinkKind::Reset => "Set another password",
        },
        user_name: &user_name,
        ticket: edge.tickets.to_send(FORM, &browser, Timestamp::now()),
        token: token.expose(),
        message,
    };
    Ok(Reply::page(status, &page)?.cookie(cookies::set_browser(edge, &browser)))
}

/// Sets the password.
pub(super) async fn submit(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let body = intake.read_body(edge, FORM_BYTES).await?;
    let headers = &intake.head.parts.headers;
    let Some(fields) = Fields::of_body(headers, &body) else {
        let (status, why) = (StatusCode::BAD_REQUEST, "what came is no form");
        return Ok(Reply::refused(edge, intake, status, "SIGN_IN", why));
    };
    if !is_ours(edge, intake, FORM, fields.text("ticket")) {
        return Ok(not_ours(edge, intake));
    }
    let empty = || Secret::new(String::new());
    let token = fields.secret("token").cloned().unwrap_or_else(empty);
    let password = fields.secret("new_password").cloned();
    let password = password.unwrap_or_else(empty);
    let proof = PasswordProof::Link(token.clone());
    let browser = saml::browser(intake);
    let chosen = edge.engine.choose_password(proof, password, browser);
    match Box::pin(chosen).await {
        Ok(SignInOutcome::SignedIn {
            session, expires, ..
        }) => {
            let cookie = cookies::set_session(edge, &session, expires);
            Ok(Reply::to(edge, "/account?done=password")
                .cookie(cookie)
                .logged())
        }
        Ok(
            SignInOutcome::Failed { reference, .. } | SignInOutcome::TestDriven { reference, .. },
        ) => Ok(Reply::failed(edge, StatusCode::FORBIDDEN, reference).logged()),
        Err(EngineError::Invalid(why)) => {
            let status = StatusCode::BAD_REQUEST;
            let reply = form(edge, intake, &token, status, Some(&why)).await?;
            Ok(reply.because("SIGN_IN", why))
        }
        Err(error) => Ok(Reply::of_error(edge, intake, &error)),
    }
}
