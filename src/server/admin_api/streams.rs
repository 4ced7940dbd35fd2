//! Event streams. The secret of a new one is in the answer of [`create`] and nowhere else.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id};
use super::problem::Failed;
use crate::admin::streams::{MadeStream, NewStream, Resume, StreamDetail, StreamId};

pub(super) async fn list(Admin(admin): Admin) -> Answer<Vec<StreamDetail>> {
    Ok(Json(admin.streams().await?))
}

pub(super) async fn create(
    Admin(admin): Admin,
    Document(stream): Document<NewStream>,
) -> Answer<MadeStream> {
    Ok(Json(admin.create_stream(stream).await?))
}

pub(super) async fn pause(Admin(admin): Admin, Id(id): Id<StreamId>) -> Result<Did, Failed> {
    Ok(Did(admin.pause_stream(id).await?))
}

pub(super) async fn resume(
    Admin(admin): Admin,
    Id(id): Id<StreamId>,
    Document(resume): Document<Resume>,
) -> Result<Did, Failed> {
    Ok(Did(admin.resume_stream(id, resume).await?))
}

pub(super) async fn delete(Admin(admin): Admin, Id(id): Id<StreamId>) -> Result<Did, Failed> {
    Ok(Did(admin.delete_stream(id).await?))
}

pub(super) async fn rotate_key(Admin(admin): Admin) -> Result<Did, Failed> {
    Ok(Did(admin.rotate_signing_key().await?))
}
