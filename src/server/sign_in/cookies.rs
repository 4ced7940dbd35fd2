//! The cookies of the sign-in pages: the session, what binds a request of SAML to a browser, and what binds a form to it.

use http::{HeaderMap, header};
use jiff::Timestamp;

use crate::engine::sso::SessionHolder;
use crate::secret::Secret;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::oauth::{is_browser, new_browser};
use crate::server::rejection::Rejection;

/// The session. `Lax`: it comes along when somebody follows a link here, and not with a form from elsewhere.
const SESSION: &str = "provost_session";
/// What binds a request to the browser that asked for it. It has to come with the identity provider's form, from another
/// site, and so it is `None`; a loopback identity provider would overwrite a plainer name.
const BINDING: &str = "__provost_saml";
/// What binds a form to the browser it was given to, before anybody is signed in.
const FORM: &str = "provost_form";
/// How long the answer of an identity provider is waited for, in seconds.
const BINDING_LIVES: u32 = 3_600;

/// The path of the public URL, which comes before ours behind some proxies; without a slash at its end.
pub(super) fn base(edge: &Edge) -> String {
    let path = url::Url::parse(&edge.public_url);
    let path = path.map(|url| url.path().trim_end_matches('/').to_owned());
    path.unwrap_or_default()
}

/// The value of a cookie, if it has the form of ours.
fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && is_browser(value))
        .map(|(_, value)| value.to_owned())
}

/// The secret of the session that the browser says it has.
pub(super) fn session_secret(intake: &Intake) -> Option<Secret> {
    read(&intake.head.parts.headers, SESSION).map(Secret::new)
}

/// Who is signed in.
pub(in crate::server) async fn holder(
    edge: &Edge,
    intake: &Intake,
) -> Result<Option<SessionHolder>, Rejection> {
    let Some(secret) = session_secret(intake) else {
        return Ok(None);
    };
    let found = edge.engine.session(&secret).await;
    found.map_err(|error| super::reply::unavailable(&error))
}

/// Sets the session.
pub(super) fn set_session(edge: &Edge, secret: &Secret, expires: Timestamp) -> String {
    let seconds = expires.duration_since(Timestamp::now()).as_secs().max(0);
    format!(
        "{SESSION}={}; Path={}/; Max-Age={seconds}; HttpOnly; SameSite=Lax{}",
        secret.expose(),
        base(edge),
        secure(edge)
    )
}

/// Takes the session away.
pub(super) fn end_session(edge: &Edge) -> String {
    format!(
        "{SESSION}=; Path={}/; Max-Age=0; HttpOnly; SameSite=Lax{}",
        base(edge),
        secure(edge)
    )
}

/// What binds a request to this browser: what it has, or something new.
pub(super) fn binding(intake: &Intake) -> Result<Secret, Rejection> {
    match bound(intake) {
        Some(known) => Ok(known),
        None => Ok(Secret::new(new_browser().map_err(|_| Rejection::Panicked)?)),
    }
}

/// What the browser brings back.
pub(super) fn bound(intake: &Intake) -> Option<Secret> {
    read(&intake.head.parts.headers, BINDING).map(Secret::new)
}

/// Sets what binds a request.
pub(super) fn set_binding(edge: &Edge, binding: &Secret) -> String {
    // `None` is nothing without `Secure`, which browsers take for granted on this machine.
    format!(
        "{BINDING}={}; Path={}/trust/saml2; Max-Age={BINDING_LIVES}; HttpOnly; SameSite=None; Secure",
        binding.expose(),
        base(edge)
    )
}

/// The name of this browser: what it has, or something new.
pub(super) fn browser(intake: &Intake) -> Result<String, Rejection> {
    match read(&intake.head.parts.headers, FORM) {
        Some(known) => Ok(known),
        None => new_browser().map_err(|_| Rejection::Panicked),
    }
}

/// The name that the browser brings back with a form.
pub(super) fn known_browser(intake: &Intake) -> Option<String> {
    read(&intake.head.parts.headers, FORM)
}

/// Sets the name of a browser.
pub(super) fn set_browser(edge: &Edge, browser: &str) -> String {
    format!(
        "{FORM}={browser}; Path={}/; Max-Age=3600; HttpOnly; SameSite=Lax{}",
        base(edge),
        secure(edge)
    )
}

fn secure(edge: &Edge) -> &'static str {
    if edge.public_url.starts_with("https:") {
        "; Secure"
    } else {
        ""
    }
}
