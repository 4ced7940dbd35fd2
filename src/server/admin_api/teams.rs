//! Teams.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id, Params};
use super::problem::Failed;
use crate::admin::http::wire::{Named, Window};
use crate::admin::types::{ChangeTeam, Listing, MemberRef, NewTeam, Page, TeamDetail, TeamRow};
use crate::directory::TeamId;

pub(super) async fn list(
    Admin(admin): Admin,
    Params(listing): Params<Listing>,
) -> Answer<Page<TeamRow>> {
    Ok(Json(admin.teams(listing).await?))
}

pub(super) async fn find(
    Admin(admin): Admin,
    Params(Named { name }): Params<Named>,
) -> Answer<TeamDetail> {
    Ok(Json(admin.find_team(name).await?))
}

pub(super) async fn show(Admin(admin): Admin, Id(id): Id<TeamId>) -> Answer<TeamDetail> {
    Ok(Json(admin.team(id).await?))
}

pub(super) async fn members(
    Admin(admin): Admin,
    Id(id): Id<TeamId>,
    Params(Window { offset, limit }): Params<Window>,
) -> Answer<Page<MemberRef>> {
    Ok(Json(admin.team_members(id, offset, limit).await?))
}

pub(super) async fn purge(Admin(admin): Admin) -> Result<Did, Failed> {
    Ok(Did(admin.purge_teams().await?))
}

pub(super) async fn add(
    Admin(admin): Admin,
    Document(team): Document<NewTeam>,
) -> Result<Did, Failed> {
    Ok(Did(admin.add_team(team).await?))
}

pub(super) async fn change(
    Admin(admin): Admin,
    Id(id): Id<TeamId>,
    Document(change): Document<ChangeTeam>,
) -> Result<Did, Failed> {
    Ok(Did(admin.change_team(id, change).await?))
}
