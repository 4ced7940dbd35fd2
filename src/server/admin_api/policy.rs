//! The policy.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Params};
use super::problem::Failed;
use crate::admin::http::wire::Named;
use crate::admin::policy::{
    AdoptPreset, PolicyDetail, PolicyDiff, SetPolicy, Simulate, Simulation,
};

pub(super) async fn show(Admin(admin): Admin) -> Answer<PolicyDetail> {
    Ok(Json(admin.policy().await?))
}

pub(super) async fn diff(
    Admin(admin): Admin,
    Params(Named { name }): Params<Named>,
) -> Answer<PolicyDiff> {
    Ok(Json(admin.policy_diff(name).await?))
}

pub(super) async fn simulate(
    Admin(admin): Admin,
    Document(simulate): Document<Simulate>,
) -> Answer<Simulation> {
    Ok(Json(admin.simulate_policy(simulate).await?))
}

pub(super) async fn set(
    Admin(admin): Admin,
    Document(set): Document<SetPolicy>,
) -> Result<Did, Failed> {
    Ok(Did(admin.set_policy(set).await?))
}

pub(super) async fn adopt(
    Admin(admin): Admin,
    Document(adopt): Document<AdoptPreset>,
) -> Result<Did, Failed> {
    Ok(Did(admin.adopt_preset(adopt).await?))
}
