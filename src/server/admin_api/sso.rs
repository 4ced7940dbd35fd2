//! Single sign-on and sessions.

use axum::Json;
use uuid::Uuid;

use super::extract::{Admin, Answer, Did, Document, Id, Params};
use super::problem::Failed;
use crate::admin::sso::{
    ConfigureSso, Last, MapClaims, PastedResponse, SessionRow, SessionsOf, SignInRow, SsoStatus,
    SwitchSso, TestDriveLink,
};
use crate::admin::types::IfVersion;

pub(super) async fn show(Admin(admin): Admin) -> Answer<SsoStatus> {
    Ok(Json(admin.sso().await?))
}

pub(super) async fn sessions(
    Admin(admin): Admin,
    Params(of): Params<SessionsOf>,
) -> Answer<Vec<SessionRow>> {
    Ok(Json(admin.sessions(of).await?))
}

pub(super) async fn sign_ins(
    Admin(admin): Admin,
    Params(last): Params<Last>,
) -> Answer<Vec<SignInRow>> {
    Ok(Json(admin.sign_ins(last.limit).await?))
}

pub(super) async fn examine(
    Admin(admin): Admin,
    Document(pasted): Document<PastedResponse>,
) -> Answer<SignInRow> {
    Ok(Json(admin.examine_response(pasted).await?))
}

pub(super) async fn configure(
    Admin(admin): Admin,
    Document(configure): Document<ConfigureSso>,
) -> Result<Did, Failed> {
    Ok(Did(admin.configure_sso(configure).await?))
}

pub(super) async fn map_claims(
    Admin(admin): Admin,
    Document(map): Document<MapClaims>,
) -> Result<Did, Failed> {
    Ok(Did(admin.map_claims(map).await?))
}

pub(super) async fn switch(
    Admin(admin): Admin,
    Document(switch): Document<SwitchSso>,
) -> Result<Did, Failed> {
    Ok(Did(admin.switch_sso(switch).await?))
}

pub(super) async fn remove(
    Admin(admin): Admin,
    Document(seen): Document<IfVersion>,
) -> Result<Did, Failed> {
    Ok(Did(admin.remove_sso(seen).await?))
}

pub(super) async fn start_test_drive(Admin(admin): Admin) -> Answer<TestDriveLink> {
    Ok(Json(admin.start_test_drive().await?))
}

pub(super) async fn test_drive(Admin(admin): Admin, Id(id): Id<Uuid>) -> Answer<Option<SignInRow>> {
    Ok(Json(admin.test_drive(id).await?))
}

pub(super) async fn end_session(Admin(admin): Admin, Id(id): Id<Uuid>) -> Result<Did, Failed> {
    Ok(Did(admin.end_session(id).await?))
}
