//! The request log, and the state of everything.

use axum::Json;

use super::extract::{Admin, Answer, Did, Id, Params};
use super::problem::Failed;
use crate::admin::types::{Finding, Overview, RequestDetail, RequestListing, RequestPage};
use crate::directory::RequestId;

pub(super) async fn overview(Admin(admin): Admin) -> Answer<Overview> {
    Ok(Json(admin.overview().await?))
}

pub(super) async fn doctor(Admin(admin): Admin) -> Answer<Vec<Finding>> {
    Ok(Json(admin.doctor().await?))
}

pub(super) async fn list(
    Admin(admin): Admin,
    Params(listing): Params<RequestListing>,
) -> Answer<RequestPage> {
    Ok(Json(admin.requests(listing).await?))
}

pub(super) async fn show(Admin(admin): Admin, Id(id): Id<RequestId>) -> Answer<RequestDetail> {
    Ok(Json(admin.request(id).await?))
}

pub(super) async fn undo(Admin(admin): Admin, Id(id): Id<RequestId>) -> Result<Did, Failed> {
    Ok(Did(admin.undo_request(id).await?))
}
