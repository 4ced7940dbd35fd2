//! What the browser is told on the authorization page, its cookies, and the line of the log about it.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::{is_browser, page, request};
use crate::directory::Outcome;
use crate::request_log::Exchange;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::oauth::AUTHORIZE;
use crate::server::told::X_REQUEST_ID;

/// The cookie by which a form is known to come back from the browser that it was given to.
const COOKIE: &str = "provost_authorize";

/// The cookie in which the browser keeps what is asked for while somebody signs in elsewhere.
const QUESTION: &str = "provost_authorize_question";
/// The longest question that is kept, in bytes: a cookie of 4 KiB holds it.
const LONGEST_QUESTION: usize = 2_800;

/// What is told to the browser.
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) body: Option<String>,
    pub(super) location: Option<String>,
    /// Where the form of the page may lead in the end.
    pub(super) form_leads_to: Option<String>,
    pub(super) browser: Option<String>,
    /// What is asked for, kept in the browser while the admin is at the identity provider.
    pub(super) keeps: Option<String>,
    pub(super) retry_after: Option<u64>,
}

impl Told {
    /// A status and nothing else.
    pub(super) fn bare(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            location: None,
            form_leads_to: None,
            browser: None,
            keeps: None,
            retry_after: None,
        }
    }
}

/// The browser goes back to the client. 303, so that it does not send the form there (RFC 9700 §4.12).
pub(super) fn sent(
    edge: &Edge,
    redirect_uri: &str,
    state: Option<&str>,
    parameters: &[(&str, &str)],
) -> Told {
    Told {
        location: request::answered(redirect_uri, state, &edge.public_url, parameters),
        ..Told::bare(StatusCode::SEE_OTHER)
    }
}

/// The answer, and the line of the log about it. A page is not logged: it holds tickets. Of where the browser is sent, the
/// parameters are not.
pub(super) fn written(edge: &Edge, intake: &Intake, told: Told) -> (Response<Body>, Exchange) {
    let mut response = Response::new(told.body.map_or_else(Body::empty, Body::from));
    *response.status_mut() = told.status;
    let headers = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, "text/html; charset=utf-8");
    put(header::CACHE_CONTROL, "no-store");
    put(header::PRAGMA, "no-cache");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    let policy = page::policy(told.form_leads_to.as_deref());
    put(header::CONTENT_SECURITY_POLICY, &policy);
    if let Some(seconds) = told.retry_after {
        put(header::RETRY_AFTER, &seconds.to_string());
    }
    put(X_REQUEST_ID, &intake.head.id.0.to_string());
    let secure = if edge.public_url.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let browser = told.browser.map(|browser| {
        format!(
            "{COOKIE}={browser}; Path={AUTHORIZE}; Max-Age=900; HttpOnly; SameSite=Strict{secure}"
        )
    });
    // `Lax`: the browser comes back from the identity provider, which is another site.
    let keeps = told.keeps.filter(|it| it.len() <= LONGEST_QUESTION);
    let keeps = keeps.map(|question| {
        let question = URL_SAFE_NO_PAD.encode(question);
        format!(
            "{QUESTION}={question}; Path={}; Max-Age=900; HttpOnly; SameSite=Lax{secure}",
            action(edge)
        )
    });
    for cookie in browser.into_iter().chain(keeps) {
        if let Ok(value) = HeaderValue::try_from(cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    let mut exchange = intake.exchange.clone();
    exchange.response.headers = edge.capture.headers(headers);
    if let Some(location) = told.location {
        let bare = location.split('?').next().unwrap_or_default();
        exchange
            .response
            .headers
            .push(("location".into(), format!("{bare}?…")));
        if let Ok(value) = HeaderValue::try_from(location) {
            headers.insert(header::LOCATION, value);
        }
    }
    exchange.row.status = told.status.as_u16();
    exchange.row.outcome = Outcome::NoOp;
    exchange.row.duration_us =
        u64::try_from(intake.head.arrived.elapsed().as_micros()).unwrap_or(u64::MAX);
    (response, exchange)
}

/// Where the page is, for a browser.
pub(super) fn action(edge: &Edge) -> String {
    // Behind a proxy the path of the public URL comes before ours.
    let path =
        url::Url::parse(&edge.public_url).map(|url| url.path().trim_end_matches('/').to_owned());
    format!("{}{AUTHORIZE}", path.unwrap_or_default())
}

/// What a browser that comes without a question was asked before it went to sign in.
pub(super) fn kept_question(intake: &Intake) -> Option<String> {
    let is_bare = intake.head.parts.uri.query().is_none_or(str::is_empty);
    let kept = value_of(&intake.head.parts.headers, QUESTION).filter(|_| is_bare)?;
    let kept = String::from_utf8(URL_SAFE_NO_PAD.decode(kept).ok()?).ok()?;
    let is_query = |c: u8| c.is_ascii_alphanumeric() || b"-._*+%=&".contains(&c);
    (kept.len() <= LONGEST_QUESTION && kept.bytes().all(is_query)).then_some(kept)
}

/// The name of the browser, if it has one of ours.
pub(super) fn cookie(headers: &HeaderMap) -> Option<String> {
    value_of(headers, COOKIE).filter(|value| is_browser(value))
}

fn value_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}
