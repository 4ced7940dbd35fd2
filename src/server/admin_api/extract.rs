//! What handlers take: the admin who asks, query parameters, a path's id, and a document; each fails as a problem.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, FromRequest, FromRequestParts, Path, Query, Request};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Failed;
use crate::admin::types::Done;
use crate::admin::{AdminError, AdminErrorKind, AdminWrite};
use crate::server::told::X_REQUEST_ID;

/// What a handler returns.
pub(super) type Answer<T> = Result<Json<T>, Failed>;

/// The admin who asks.
pub(super) struct Admin(pub Arc<dyn AdminWrite>);

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        parts
            .extensions
            .get::<Extension<Arc<dyn AdminWrite>>>()
            .map(|Extension(admin)| Self(Arc::clone(admin)))
            .ok_or_else(|| {
                AdminError::new(AdminErrorKind::Internal, "nobody is known to ask").into()
            })
    }
}

/// Query parameters.
pub(super) struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let Query(params) = Query::from_request_parts(parts, state).await?;
        Ok(Self(params))
    }
}

/// The id in a path.
pub(super) struct Id<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let Path(id) = Path::from_request_parts(parts, state).await?;
        Ok(Self(id))
    }
}

/// A document.
pub(super) struct Document<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Document<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let Json(document) = Json::from_request(request, state).await?;
        Ok(Self(document))
    }
}

/// What became of a write, with the id of the logged request as a header, too.
pub(super) struct Did(pub Done);

impl IntoResponse for Did {
    fn into_response(self) -> Response {
        let id = self.0.request_id;
        let mut response = json(&self.0);
        if let Some(id) = id {
            response
                .headers_mut()
                .insert(X_REQUEST_ID, HeaderValue::from(id.0));
        }
        response
    }
}

fn json(value: &impl Serialize) -> Response {
    Json(value).into_response()
}
