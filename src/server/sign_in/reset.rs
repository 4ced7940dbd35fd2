//! A link to set a password with: shown as a form, so that what only looks at links does not use it up.

use std::sync::Arc;

use http::StatusCode;
use jiff::Timestamp;

use super::form::Fields;
use super::login::{Ways, is_ours, not_ours, ways};
use super::page::{Ask, Notice, Reset};
use super::reply::{Reply, Told, frame};
use super::{FORM_BYTES, cookies, saml};
use crate::directory::{PasswordLinkKind, RequestId};
use crate::engine::EngineError;
use crate::engine::sso::{LinkHolder, PasswordProof, SignInOutcome};
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

/// Which form a ticket is for.
const FORM: &str = "reset";
/// The same, to ask for a link.
const ASK: &str = "ask-for-link";

/// Shows the form of a link, or says where links come from.
pub(super) async fn show(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let query = Fields::of_query(intake.head.parts.uri.query());
    match query.secret("token") {
        Some(token) => form(edge, intake, token, StatusCode::OK, None).await,
        None if edge.engine.sends_mail() => {
            let browser = cookies::browser(intake)?;
            let page = Ask {
                frame: frame(edge),
                ticket: edge.tickets.to_send(ASK, &browser, Timestamp::now()),
            };
            let reply = Reply::page(StatusCode::OK, &page)?;
            Ok(reply.cookie(cookies::set_browser(edge, &browser)))
        }
        None => without_mail(edge),
    }
}

/// Asks for a link by mail. The answer is the same whoever the address belongs to, and comes before it is looked up.
fn ask(edge: &Edge, intake: &Intake, email: &str) -> Result<Reply, Rejection> {
    if !edge.engine.sends_mail() {
        return without_mail(edge);
    }
    let from = intake.head.peer.address;
    if let Err(seconds) = edge.engine.may_ask_for_link(email, from) {
        return Ok(Reply::slow(edge, intake, seconds));
    }
    let (engine, email) = (Arc::clone(&edge.engine), email.to_owned());
    edge.work.spawn(async move {
        if let Err(error) = Box::pin(engine.ask_for_link(&email)).await {
            tracing::error!(%error, "a link to set a password with could not be made");
        }
    });
    let page = Notice {
        frame: frame(edge),
        heading: "Look into your mail",
        text: Some(
            "If this address belongs to somebody who signs in by password, a link is on its way to it.",
        ),
        reference: None,
        link: Some(("/login", "Back to sign-in")),
    };
    Reply::page(StatusCode::OK, &page)
}

fn without_mail(edge: &Edge) -> Result<Reply, Rejection> {
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
    let holder = match edge.engine.link_holder(token).await {
        Ok(holder) => holder,
        Err(error) => return Ok(Reply::of_error(edge, intake, &error)),
    };
    let holder = match holder {
        Some(holder) if holder.may_set_password => holder,
        holder => return Ok(no_use(edge, intake.head.id, holder.as_ref())),
    };
    let browser = cookies::browser(intake)?;
    let page = Reset {
        frame: frame(edge),
        heading: match holder.kind {
            PasswordLinkKind::Invitation => "Welcome: set your password",
            PasswordLinkKind::Reset => "Set another password",
        },
        user_name: &holder.user_name,
        ticket: edge.tickets.to_send(FORM, &browser, Timestamp::now()),
        token: token.expose(),
        message,
    };
    Ok(Reply::page(status, &page)?.cookie(cookies::set_browser(edge, &browser)))
}

/// What is said of a link by which no password is set. Only whoever has a live one is told more than that it is none.
fn no_use(edge: &Edge, reference: RequestId, holder: Option<&LinkHolder>) -> Reply {
    let (told, code, why) = match holder {
        Some(holder) if holder.ended_by_sso => (
            Told {
                heading: "Passwords have ended here",
                text: "Members sign in with the identity provider, so no password is set by this link.",
                link: Some(("/login", "Sign in with your identity provider")),
            },
            "SIGN_IN_USE_SSO",
            "single sign-on is enabled, and passwords are for recovery admins alone (sso.on_enable)",
        ),
        Some(_) => (
            Told {
                heading: "This link is of no use now",
                text: "No password can be set for this account. Ask an admin.",
                link: Some(("/login", "Back to sign-in")),
            },
            "SIGN_IN_INACTIVE",
            "the member is not active, and may not sign in",
        ),
        // Enabling single sign-on ends links; which ways there are is no secret, whose the link was is.
        None if ways(edge) == Ways::Sso => (
            Told {
                heading: "This link works no more",
                text: "Members sign in with the identity provider, and links by which passwords are set have ended.",
                link: Some(("/login", "Sign in with your identity provider")),
            },
            "PASSWORD_LINK",
            "the link was used, has ended (as all do when single sign-on is enabled), or another one took its place",
        ),
        None => (
            Told {
                heading: "This link works no more",
                text: "A link works once and for a time, and ends when another one is made. Ask for another one.",
                link: Some(if edge.engine.sends_mail() {
                    ("/reset", "Ask for another link")
                } else {
                    ("/login", "Back to sign-in")
                }),
            },
            "PASSWORD_LINK",
            "the link was used, has ended, or another one took its place",
        ),
    };
    Reply::told(edge, StatusCode::FORBIDDEN, reference, &told).because(code, why)
}

/// Sets the password.
pub(super) async fn submit(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let body = intake.read_body(edge, FORM_BYTES).await?;
    let headers = &intake.head.parts.headers;
    let Some(fields) = Fields::of_body(headers, &body) else {
        let (status, why) = (StatusCode::BAD_REQUEST, "what came is no form");
        return Ok(Reply::refused(edge, intake, status, "SIGN_IN", why));
    };
    let form = if fields.text("token").is_some() {
        FORM
    } else {
        ASK
    };
    if !is_ours(edge, intake, form, fields.text("ticket")) {
        // A link stays out of pages that others may see; whoever has it can open it again.
        let link = (form == ASK).then_some(("/reset", "Ask for a link"));
        return Ok(not_ours(edge, intake, link));
    }
    if form == ASK {
        return ask(
            edge,
            intake,
            fields.text("email").unwrap_or_default().trim(),
        );
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
        ) => {
            let holder = edge.engine.link_holder(&token).await.ok().flatten();
            Ok(no_use(edge, reference, holder.as_ref()).logged())
        }
        Err(EngineError::Invalid(why)) => {
            let status = StatusCode::BAD_REQUEST;
            let reply = self::form(edge, intake, &token, status, Some(&why)).await?;
            Ok(reply.because("SIGN_IN", why))
        }
        Err(error) => Ok(Reply::of_error(edge, intake, &error)),
    }
}
