//! The page to sign in on: which ways there are follows from how single sign-on stands.

use http::StatusCode;
use jiff::Timestamp;
use url::form_urlencoded;

use super::form::Fields;
use super::page::{Login, PasswordForm};
use super::reply::{Reply, Told, frame};
use super::{FORM_BYTES, cookies, saml};
use crate::counted::counted;
use crate::directory::policy::OnEnable;
use crate::directory::{RequestId, SsoState, Stage, TraceStep};
use crate::engine::sso::{SIGN_IN_PATH, SignInOutcome};
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::oauth::is_same_origin;
use crate::server::rejection::Rejection;

/// Which form a ticket is for.
const FORM: &str = "login";
/// Where somebody goes who did not say.
const HOME: &str = "/account";

/// The ways there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Ways {
    /// By password.
    Password,
    /// By single sign-on or by password.
    Both,
    /// By single sign-on, and by password for recovery admins.
    Sso,
}

pub(in crate::server) fn ways(edge: &Edge) -> Ways {
    let in_force = edge.engine.in_force();
    let is_enabled = in_force
        .settings
        .sso
        .as_ref()
        .is_some_and(|it| it.state == SsoState::Enabled);
    let ends = &in_force.policy.sso.on_enable;
    match (is_enabled, ends.contains(&OnEnable::NoPassword)) {
        (false, _) => Ways::Password,
        (true, false) => Ways::Both,
        (true, true) => Ways::Sso,
    }
}

/// What the page shows besides the ways.
#[derive(Default)]
struct Shown<'a> {
    to: Option<&'a str>,
    /// Whether the form for recovery admins was asked for.
    is_recovery: bool,
    email: &'a str,
    message: Option<&'a str>,
    reference: Option<RequestId>,
}

/// Shows the page, or lets somebody on who is signed in.
pub(super) async fn show(edge: &Edge, intake: &Intake) -> Result<Reply, Rejection> {
    let query = Fields::of_query(intake.head.parts.uri.query());
    let to = query.path("to").or_else(|| query.path("RelayState"));
    if cookies::holder(edge, intake).await?.is_some() {
        return Ok(Reply::to(edge, to.as_deref().unwrap_or(HOME)).known());
    }
    let shown = Shown {
        to: to.as_deref(),
        is_recovery: query.text("with") == Some("password"),
        ..Shown::default()
    };
    page(edge, intake, StatusCode::OK, &shown)
}

fn page(
    edge: &Edge,
    intake: &Intake,
    status: StatusCode,
    shown: &Shown<'_>,
) -> Result<Reply, Rejection> {
    let ways = ways(edge);
    let is_recovery = ways == Ways::Sso && shown.is_recovery;
    let with_to = |path: &str, name: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(shown.to.map(|to| (name, to)));
        let query = query.finish();
        let joint = match (query.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        format!("{path}{joint}{query}")
    };
    let browser = cookies::browser(intake)?;
    let form = (ways != Ways::Sso || is_recovery).then(|| PasswordForm {
        ticket: edge.tickets.to_send(FORM, &browser, Timestamp::now()),
        to: shown.to,
        email: shown.email,
        message: shown.message,
        reference: shown.reference,
    });
    let page = Login {
        frame: frame(edge),
        is_recovery,
        sso: (ways != Ways::Password && !is_recovery).then(|| with_to(SIGN_IN_PATH, "RelayState")),
        form,
        offers_reset: !is_recovery && edge.engine.sends_mail(),
        recovery: (ways == Ways::Sso && !is_recovery)
            .then(|| with_to("/login?with=password", "to")),
    };
    Ok(Reply::page(status, &page)?.cookie(cookies::set_browser(edge, &browser)))
}

/// Signs in by password.
pub(super) async fn submit(edge: &Edge, intake: &mut Intake) -> Result<Reply, Rejection> {
    let body = intake.read_body(edge, FORM_BYTES).await?;
    let headers = &intake.head.parts.headers;
    let Some(fields) = Fields::of_body(headers, &body) else {
        let why = "what came is no form";
        let status = StatusCode::BAD_REQUEST;
        return Ok(Reply::refused(edge, intake, status, "SIGN_IN", why));
    };
    if !is_ours(edge, intake, FORM, fields.text("ticket")) {
        return Ok(not_ours(edge, intake, Some(("/login", "Sign in"))));
    }
    let email = fields.text("email").unwrap_or_default().trim();
    let password = fields.secret("password").cloned();
    let password = password.unwrap_or_else(|| Secret::new(String::new()));
    let to = fields.path("to");
    let browser = saml::browser(intake);
    let outcome = edge
        .engine
        .sign_in_with_password(email, password, browser)
        .await;
    let again = |message, reference| Shown {
        to: to.as_deref(),
        is_recovery: true,
        email,
        message: Some(message),
        reference,
    };
    match outcome {
        Ok(SignInOutcome::SignedIn {
            session, expires, ..
        }) => {
            let cookie = cookies::set_session(edge, &session, expires);
            let to = to.as_deref().unwrap_or(HOME);
            Ok(Reply::to(edge, to).cookie(cookie).logged())
        }
        Ok(SignInOutcome::Failed {
            retry_after: Some(seconds),
            ..
        }) => {
            let message = format!(
                "Too many attempts. Try again in {}.",
                counted(seconds, "second")
            );
            let status = StatusCode::TOO_MANY_REQUESTS;
            let reply = page(edge, intake, status, &again(&message, None))?;
            let why = "too many attempts to sign in";
            Ok(reply.retry_after(Some(seconds)).because("RATE_429", why))
        }
        Ok(
            SignInOutcome::Failed { reference, .. } | SignInOutcome::TestDriven { reference, .. },
        ) => {
            let message = "Sign-in failed: the e-mail address or the password is wrong, or this account does not sign in by password.";
            let shown = again(message, Some(reference));
            Ok(page(edge, intake, StatusCode::FORBIDDEN, &shown)?.logged())
        }
        Err(error) => Ok(Reply::of_error(edge, intake, &error)),
    }
}

/// Whether a form that was given to a browser before anybody was signed in comes back from there.
pub(super) fn is_ours(edge: &Edge, intake: &Intake, form: &str, ticket: Option<&str>) -> bool {
    let bound = cookies::known_browser(intake);
    let is_sent = bound.is_some_and(|browser| {
        let ticket = ticket.unwrap_or_default();
        edge.tickets
            .may_send(form, ticket, &browser, Timestamp::now())
    });
    is_sent && is_same_origin(&intake.head.parts.headers)
}

/// What is said of a form that is too old or comes from elsewhere; `link` leads to where it begins.
pub(super) fn not_ours(edge: &Edge, intake: &mut Intake, link: Option<(&str, &str)>) -> Reply {
    let why = "the form is too old, or did not come from the page that it belongs to";
    intake.note(TraceStep::failed(Stage::Authenticate, why));
    let told = Told {
        heading: "This form is too old",
        text: match link {
            Some(_) => {
                "It was open for too long, or it did not come from the page that it belongs to; this browser has to keep cookies. Nothing was done. Begin anew."
            }
            None => {
                "It was open for too long, or it did not come from the page that it belongs to; this browser has to keep cookies. Nothing was done. Open your link again."
            }
        },
        link,
    };
    Reply::told(edge, StatusCode::FORBIDDEN, intake.head.id, &told).because("SIGN_IN", why)
}
