//! Failures of the admin API as problem documents (RFC 9457).

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};

use crate::admin::http::routes;
use crate::admin::http::wire::Problem;
use crate::admin::{AdminError, AdminErrorKind};
use crate::server::told::X_REQUEST_ID;

/// A failure on its way out.
#[derive(Debug)]
pub(super) struct Failed(pub Problem);

impl From<AdminError> for Failed {
    fn from(error: AdminError) -> Self {
        Self(Problem::from(error))
    }
}

impl From<JsonRejection> for Failed {
    fn from(rejection: JsonRejection) -> Self {
        Self::invalid(rejection.status(), &rejection.body_text())
    }
}

impl From<QueryRejection> for Failed {
    fn from(rejection: QueryRejection) -> Self {
        Self::invalid(rejection.status(), &rejection.body_text())
    }
}

impl From<PathRejection> for Failed {
    fn from(rejection: PathRejection) -> Self {
        Self::invalid(rejection.status(), &rejection.body_text())
    }
}

impl Failed {
    fn invalid(status: StatusCode, detail: &str) -> Self {
        let kind = if status.is_server_error() {
            AdminErrorKind::Internal
        } else {
            AdminErrorKind::Invalid
        };
        let detail = detail.chars().take(500).collect::<String>();
        Self(Problem::new(status.as_u16(), AdminError::new(kind, detail)))
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(self.0.to_json().into());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(Problem::MEDIA_TYPE),
        );
        if let Some(id) = self.0.error.request_id {
            headers.insert(X_REQUEST_ID, HeaderValue::from(id.0));
        }
        if let Some(seconds) = self.0.error.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Nothing is at this path.
pub(super) async fn no_route(uri: Uri) -> Failed {
    let path = uri.path().chars().take(200).collect::<String>();
    Failed::invalid(
        StatusCode::NOT_FOUND,
        &format!(
            "there is nothing at {path}; this engine (Provost {}) offers its admin API at {}",
            env!("CARGO_PKG_VERSION"),
            routes::BASE
        ),
    )
}

/// The path is right and the method is not. The `Allow` header says which are.
pub(super) async fn wrong_method(method: Method) -> Failed {
    Failed::invalid(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("{method} is not allowed here"),
    )
}
