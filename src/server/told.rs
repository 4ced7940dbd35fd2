//! A rejection as HTTP: a SCIM error to identity providers, a problem document to admins.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use super::oauth::described;
use super::rejection::Rejection;
use super::sign_in;
use crate::admin::http::wire::Problem;
use crate::admin::{AdminError, AdminErrorKind};
use crate::directory::RequestId;
use crate::request_log::Exchange;
use crate::scim::ScimError;

/// The header with the request's id.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// In which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A SCIM error (RFC 7644 §3.12).
    Scim,
    /// A problem document (RFC 9457).
    Problem,
    /// An error of the authorization server (RFC 6749 §5.2).
    OAuth,
    /// A page for people.
    Page,
}

/// The answer to an exchange that it was told to already, and its body once more for the log.
pub(super) fn told(
    rejection: &Rejection,
    exchange: &Exchange,
    dialect: Dialect,
) -> (Response<Body>, String) {
    said(
        rejection,
        exchange.row.id,
        rejection.told_code().or(exchange.row.code.as_deref()),
        dialect,
    )
}

/// The answer to a request of which no exchange is left to log.
pub(super) fn told_unlogged(
    rejection: &Rejection,
    id: RequestId,
    dialect: Dialect,
) -> Response<Body> {
    said(rejection, id, None, dialect).0
}

fn said(
    rejection: &Rejection,
    id: RequestId,
    code: Option<&str>,
    dialect: Dialect,
) -> (Response<Body>, String) {
    let status = rejection.status();
    let (content_type, body) = match dialect {
        Dialect::Scim => {
            let detail = on_the_wire(rejection, id, code);
            let error = ScimError::new(status.as_u16(), detail);
            ("application/scim+json", error.body().to_string())
        }
        Dialect::Problem => {
            let error = as_admin_error(rejection, id, code);
            let problem = Problem::new(status.as_u16(), error);
            (Problem::MEDIA_TYPE, problem.to_json())
        }
        Dialect::OAuth => {
            let document = serde_json::json!({
                "error": rejection.oauth_error(),
                "error_description": described(&on_the_wire(rejection, id, code)),
            });
            ("application/json", document.to_string())
        }
        Dialect::Page => ("text/html; charset=utf-8", sign_in::rejected(id)),
    };
    let no_store = matches!(dialect, Dialect::OAuth | Dialect::Page);
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if no_store {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    }
    if dialect == Dialect::Page {
        let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.extend(rejection.headers());
    headers.insert(X_REQUEST_ID, HeaderValue::from(id.0));
    (response, body)
}

/// One sentence with the number of the request, so that who reads it in the identity provider can find it here.
fn on_the_wire(rejection: &Rejection, id: RequestId, code: Option<&str>) -> String {
    match code {
        Some(code) => format!("{rejection} ({code}, request {id})"),
        None => format!("{rejection} (request {id})"),
    }
}

fn as_admin_error(rejection: &Rejection, id: RequestId, code: Option<&str>) -> AdminError {
    let kind = match rejection.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => AdminErrorKind::Unauthorized,
        StatusCode::NOT_FOUND => AdminErrorKind::NotFound,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            AdminErrorKind::Unavailable
        }
        StatusCode::INTERNAL_SERVER_ERROR => AdminErrorKind::Internal,
        _ => AdminErrorKind::Invalid,
    };
    AdminError {
        kind,
        detail: rejection.to_string(),
        code: code.map(str::to_owned),
        policy_key: None,
        request_id: Some(id),
        retry_after: rejection.retry_after(),
        notes: Vec::new(),
    }
}
