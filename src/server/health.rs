//! `/healthz` and `/readyz`, for whoever keeps the process running. Neither needs a token, and neither is logged.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};

use super::edge::Edge;

const HEALTHZ: &str = "/healthz";
const READYZ: &str = "/readyz";

/// Whether a path is one of the two.
pub(super) fn is_health(path: &str) -> bool {
    path == HEALTHZ || path == READYZ
}

/// `/healthz` answers 200 while the process lives; `/readyz` while the store answers and the server is not stopping.
pub(super) async fn answer(edge: &Edge, path: &str) -> Response<Body> {
    let (status, word) = if path == HEALTHZ {
        (StatusCode::OK, "ok\n")
    } else if edge.stop.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if edge.engine.is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        )
    };
    let mut response = Response::new(Body::from(word));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
