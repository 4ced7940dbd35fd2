//! The link: who is connected. A new secret is in the answer of [`connect`] and nowhere else.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id};
use super::problem::Failed;
use crate::admin::link::{Connected, NewConnection, ScimLink};

pub(super) async fn show(Admin(admin): Admin) -> Answer<ScimLink> {
    Ok(Json(admin.link().await?))
}

pub(super) async fn connect(
    Admin(admin): Admin,
    Document(connection): Document<NewConnection>,
) -> Answer<Connected> {
    Ok(Json(admin.connect(connection).await?))
}

pub(super) async fn disconnect(Admin(admin): Admin, Id(name): Id<String>) -> Result<Did, Failed> {
    Ok(Did(admin.disconnect(name).await?))
}
