//! Tokens. The secret of a new one is in the answer of [`issue`] and nowhere else.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id};
use super::problem::Failed;
use crate::admin::types::{IssuedToken, NewToken, TokenRow};
use crate::directory::TokenId;

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
