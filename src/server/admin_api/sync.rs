//! Team sync and provisioning: how they stand, and their switches.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document};
use super::problem::Failed;
use crate::admin::types::{SwitchProvisioning, SwitchTeamSync, SyncStatus};

pub(super) async fn show(Admin(admin): Admin) -> Answer<SyncStatus> {
    Ok(Json(admin.sync().await?))
}

pub(super) async fn switch(
    Admin(admin): Admin,
    Document(switch): Document<SwitchTeamSync>,
) -> Result<Did, Failed> {
    Ok(Did(admin.switch_team_sync(switch).await?))
}

pub(super) async fn switch_provisioning(
    Admin(admin): Admin,
    Document(switch): Document<SwitchProvisioning>,
) -> Result<Did, Failed> {
    Ok(Did(admin.switch_provisioning(switch).await?))
}
