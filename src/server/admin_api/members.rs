//! Members.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id, Params};
use super::problem::Failed;
use crate::admin::http::wire::{Named, Window};
use crate::admin::types::{AuditRow, Listing, MemberDetail, MemberRow, NewMember, Page};
use crate::directory::MemberId;

pub(super) async fn list(
    Admin(admin): Admin,
    Params(listing): Params<Listing>,
) -> Answer<Page<MemberRow>> {
    Ok(Json(admin.members(listing).await?))
}

pub(super) async fn find(
    Admin(admin): Admin,
    Params(Named { name }): Params<Named>,
) -> Answer<MemberDetail> {
    Ok(Json(admin.find_member(name).await?))
}

pub(super) async fn show(Admin(admin): Admin, Id(id): Id<MemberId>) -> Answer<MemberDetail> {
    Ok(Json(admin.member(id).await?))
}

pub(super) async fn timeline(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Params(Window { offset, limit }): Params<Window>,
) -> Answer<Page<AuditRow>> {
    Ok(Json(admin.member_timeline(id, offset, limit).await?))
}

pub(super) async fn add(
    Admin(admin): Admin,
    Document(member): Document<NewMember>,
) -> Result<Did, Failed> {
    Ok(Did(admin.add_member(member).await?))
}

pub(super) async fn deactivate(Admin(admin): Admin, Id(id): Id<MemberId>) -> Result<Did, Failed> {
    Ok(Did(admin.deactivate_member(id).await?))
}

pub(super) async fn restore(Admin(admin): Admin, Id(id): Id<MemberId>) -> Result<Did, Failed> {
    Ok(Did(admin.restore_member(id).await?))
}
