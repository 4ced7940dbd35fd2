//! Tokens and OAuth clients. A new secret is in the answer of [`issue`], [`rotate`] or [`register`] and nowhere else.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id};
use super::problem::Failed;
use crate::admin::types::{
    ClientRow, IssuedToken, NewClient, NewToken, RegisteredClient, RotateToken, TokenRow,
};
use crate::directory::{ClientId, TokenId};

pub(super) async fn list(Admin(admin): Admin) -> Answer<Vec<TokenRow>> {
    Ok(Json(admin.tokens().await?))
}

pub(super) async fn issue(
    Admin(admin): Admin,
    Document(token): Document<NewToken>,
) -> Answer<IssuedToken> {
    Ok(Json(admin.issue_token(token).await?))
}

pub(super) async fn revoke(Admin(admin): Admin, Id(id): Id<TokenId>) -> Result<Did, Failed> {
    Ok(Did(admin.revoke_token(id).await?))
}

pub(super) async fn rotate(
    Admin(admin): Admin,
    Id(id): Id<TokenId>,
    Document(rotation): Document<RotateToken>,
) -> Answer<IssuedToken> {
    Ok(Json(admin.rotate_token(id, rotation).await?))
}

pub(super) async fn clients(Admin(admin): Admin) -> Answer<Vec<ClientRow>> {
    Ok(Json(admin.clients().await?))
}

pub(super) async fn register(
    Admin(admin): Admin,
    Document(client): Document<NewClient>,
) -> Answer<RegisteredClient> {
    Ok(Json(admin.create_client(client).await?))
}

pub(super) async fn revoke_client(
    Admin(admin): Admin,
    Id(id): Id<ClientId>,
) -> Result<Did, Failed> {
    Ok(Did(admin.revoke_client(id).await?))
}

pub(super) async fn rotate_client(
    Admin(admin): Admin,
    Id(id): Id<ClientId>,
) -> Answer<RegisteredClient> {
    Ok(Json(admin.rotate_client(id).await?))
}
