//! What is told to a browser, and how it is logged.

use askama::Template;
use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};

use super::cookies::base;
use super::page::{self, Frame, Notice};
use crate::directory::{Outcome, RequestId};
use crate::engine::EngineError;
use crate::request_log::Exchange;
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;
use crate::server::told::X_REQUEST_ID;
use crate::store::StoreError;

/// What a refusal says for itself.
pub(super) struct Told<'a> {
    pub heading: &'a str,
    pub text: &'a str,
    /// Where to go on, and what that is called.
    pub link: Option<(&'a str, &'a str)>,
}

/// Nobody is sent to an identity provider yet.
const SSO_IS_OFF: Told<'_> = Told {
    heading: "Single sign-on is not enabled",
    text: "Nobody signs in with an identity provider here yet.",
    link: Some(("/login", "Sign in by password")),
};

/// A link of a test-drive is of no use any more.
const DRIVE_ENDED: Told<'_> = Told {
    heading: "This test-drive has ended",
    text: "Its link works for a short time. An admin starts another one.",
    link: None,
};

/// What is told.
pub(super) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    body: Option<String>,
    location: Option<String>,
    cookies: Vec<String>,
    retry_after: Option<u64>,
    /// Where the form of the page goes, if not here.
    sends_to: Option<String>,
    /// What is allowed at this path, where the method was another one.
    allow: Option<&'static str>,
    /// Explain code and detail.
    refusal: Option<(String, String)>,
    /// Whether the engine has written the line of the request log.
    is_logged: bool,
    /// Whether somebody known asks; strangers may not fill the log.
    is_known: bool,
}

impl Reply {
    fn new(status: StatusCode) -> Self {
        Self {
            status,
            content_type: "text/html; charset=utf-8",
            body: None,
            location: None,
            cookies: Vec::new(),
            retry_after: None,
            sends_to: None,
            allow: None,
            refusal: None,
            is_logged: false,
            is_known: false,
        }
    }

    /// A page.
    pub(super) fn page(status: StatusCode, page: &impl Template) -> Result<Self, Rejection> {
        let mut reply = Self::new(status);
        reply.body = Some(page.render().map_err(|_| Rejection::Panicked)?);
        Ok(reply)
    }

    /// Another document.
    pub(super) fn document(content_type: &'static str, text: String) -> Self {
        let mut reply = Self::new(StatusCode::OK);
        reply.content_type = content_type;
        reply.body = Some(text);
        reply
    }

    /// On to a path of ours.
    pub(super) fn to(edge: &Edge, path: &str) -> Self {
        Self::away(format!("{}{path}", base(edge)))
    }

    /// On to a URL, by GET whatever the request was (303).
    pub(super) fn away(url: String) -> Self {
        let mut reply = Self::new(StatusCode::SEE_OTHER);
        reply.location = Some(url);
        reply
    }

    /// The one page of all refusals: a reference and nothing else.
    pub(super) fn failed(edge: &Edge, status: StatusCode, reference: RequestId) -> Self {
        let page = Notice {
            frame: frame(edge),
            heading: "Sign-in failed",
            text: None,
            reference: Some(reference),
            link: None,
        };
        let mut reply = Self::new(status);
        // A page that cannot be made is an empty one.
        reply.body = Some(page.render().unwrap_or_default());
        reply
    }

    /// A refusal that says what happened and where to go on. For what tells nobody who exists.
    pub(super) fn told(
        edge: &Edge,
        status: StatusCode,
        reference: RequestId,
        told: &Told<'_>,
    ) -> Self {
        let page = Notice {
            frame: frame(edge),
            heading: told.heading,
            text: Some(told.text),
            reference: Some(reference),
            link: told.link,
        };
        let mut reply = Self::new(status);
        reply.body = Some(page.render().unwrap_or_default());
        reply
    }

    /// The page of all refusals, of what the edge refuses.
    pub(super) fn refused(
        edge: &Edge,
        intake: &Intake,
        status: StatusCode,
        code: &str,
        detail: impl Into<String>,
    ) -> Self {
        Self::failed(edge, status, intake.head.id).because(code, detail)
    }

    /// The page of a refusal, for whoever is too fast.
    pub(super) fn slow(edge: &Edge, intake: &Intake, retry_after: u64) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self::refused(edge, intake, status, "RATE_429", "too many sign-ins")
            .retry_after(Some(retry_after))
    }

    /// The page of a refusal, for an error of the engine.
    pub(super) fn of_error(edge: &Edge, intake: &Intake, error: &EngineError) -> Self {
        let (status, retry_after, code) = match error {
            EngineError::Refused { refusal, .. } => {
                (StatusCode::FORBIDDEN, None, refusal.code.as_str())
            }
            EngineError::Store(StoreError::Stale { .. }) => {
                (StatusCode::FORBIDDEN, None, "SAML_REPLAY")
            }
            EngineError::Store(StoreError::Busy {
                retry_after_seconds,
            }) => (
                StatusCode::SERVICE_UNAVAILABLE,
                Some(*retry_after_seconds),
                "",
            ),
            other => {
                tracing::error!(error = %other, request = %intake.head.id, "a sign-in failed");
                (StatusCode::SERVICE_UNAVAILABLE, Some(1), "")
            }
        };
        let reply = match code {
            "SSO_OFF" | "SSO_NOT_CONFIGURED" => {
                Self::told(edge, status, intake.head.id, &SSO_IS_OFF)
            }
            "TEST_DRIVE_ENDED" => Self::told(edge, status, intake.head.id, &DRIVE_ENDED),
            _ => Self::failed(edge, status, intake.head.id),
        };
        let mut reply = reply.retry_after(retry_after);
        reply.refusal = Some((code.to_owned(), error.to_string()));
        reply
    }

    pub(super) fn because(mut self, code: &str, detail: impl Into<String>) -> Self {
        self.refusal = Some((code.to_owned(), detail.into()));
        self
    }

    pub(super) fn retry_after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after = seconds;
        self
    }

    pub(super) fn allow(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
        self
    }

    pub(super) fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    pub(super) fn sends_to(mut self, url: &str) -> Self {
        self.sends_to = Some(url.to_owned());
        self
    }

    /// The engine has logged it.
    pub(super) fn logged(mut self) -> Self {
        self.is_logged = true;
        self
    }

    /// Somebody who is signed in asks.
    pub(super) fn known(mut self) -> Self {
        self.is_known = true;
        self
    }
}

/// Logs what is told, unless the engine has, and tells it.
pub(super) async fn end(edge: &Edge, intake: &Intake, reply: Reply) -> Response<Body> {
    let (is_logged, is_known) = (reply.is_logged, reply.is_known);
    let (response, exchange) = written(edge, intake, reply);
    if !is_logged {
        if is_known {
            edge.engine.record(exchange).await;
        } else {
            edge.record_stranger(&intake.head.peer, exchange).await;
        }
    }
    response
}

/// The answer, and the line of the log about it. A page is not logged: it holds tickets. Of where the browser is sent, the
/// parameters are not.
pub(super) fn written(edge: &Edge, intake: &Intake, reply: Reply) -> (Response<Body>, Exchange) {
    let mut response = Response::new(reply.body.map_or_else(Body::empty, Body::from));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.append(name, value);
        }
    };
    put(header::CONTENT_TYPE, reply.content_type);
    put(header::CACHE_CONTROL, "no-store");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    let policy = page::policy(reply.sends_to.as_deref());
    put(header::CONTENT_SECURITY_POLICY, &policy);
    for cookie in &reply.cookies {
        put(header::SET_COOKIE, cookie);
    }
    if let Some(seconds) = reply.retry_after {
        put(header::RETRY_AFTER, &seconds.to_string());
    }
    if let Some(methods) = reply.allow {
        put(header::ALLOW, methods);
    }
    put(X_REQUEST_ID, &intake.head.id.0.to_string());
    let mut exchange = intake.exchange.clone();
    exchange.response.headers = edge.capture.headers(headers);
    if let Some(location) = reply.location {
        let bare = location.split('?').next().unwrap_or_default();
        exchange
            .response
            .headers
            .push(("location".into(), bare.to_owned()));
        if let Ok(value) = HeaderValue::try_from(location) {
            headers.insert(header::LOCATION, value);
        }
    }
    exchange.row.status = reply.status.as_u16();
    exchange.row.outcome = Outcome::NoOp;
    if let Some((code, detail)) = reply.refusal {
        exchange.row.outcome = if reply.status.is_server_error() {
            Outcome::Error
        } else {
            Outcome::Refused
        };
        exchange.row.code = (!code.is_empty()).then_some(code);
        exchange.detail = Some(detail);
    }
    exchange.row.duration_us =
        u64::try_from(intake.head.arrived.elapsed().as_micros()).unwrap_or(u64::MAX);
    (response, exchange)
}

/// A file of ours.
pub(super) fn file(content_type: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

pub(super) fn frame(edge: &Edge) -> Frame {
    Frame {
        base: base(edge),
        organisation: edge.engine.account().organisation.clone(),
    }
}

/// The edge cannot go on.
pub(super) fn unavailable(error: &EngineError) -> Rejection {
    tracing::error!(%error, "the sign-in pages cannot be answered");
    Rejection::Overloaded
}
