//! Members.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id, Params};
use super::problem::Failed;
use crate::admin::http::wire::{Named, Window};
use crate::admin::sso::PasswordLink;
use crate::admin::types::{
    Access, AuditRow, IfVersion, LinkMember, Listing, MemberDetail, MemberEdit, MemberRow,
    MergeMember, NewMember, Page,
};
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

pub(super) async fn access(Admin(admin): Admin, Id(id): Id<MemberId>) -> Answer<Access> {
    Ok(Json(admin.member_access(id).await?))
}

pub(super) async fn edit(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(edit): Document<MemberEdit>,
) -> Result<Did, Failed> {
    Ok(Did(admin.edit_member(id, edit).await?))
}

pub(super) async fn delete(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(seen): Document<IfVersion>,
) -> Result<Did, Failed> {
    Ok(Did(admin.delete_member(id, seen).await?))
}

pub(super) async fn link(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(link): Document<LinkMember>,
) -> Result<Did, Failed> {
    Ok(Did(admin.link_member(id, link).await?))
}

pub(super) async fn invite(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(seen): Document<IfVersion>,
) -> Result<Did, Failed> {
    Ok(Did(admin.invite_member(id, seen).await?))
}

pub(super) async fn unlink(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(seen): Document<IfVersion>,
) -> Result<Did, Failed> {
    Ok(Did(admin.unlink_member(id, seen).await?))
}

pub(super) async fn merge(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(merge): Document<MergeMember>,
) -> Result<Did, Failed> {
    Ok(Did(admin.merge_members(id, merge).await?))
}

pub(super) async fn purge(Admin(admin): Admin) -> Result<Did, Failed> {
    Ok(Did(admin.purge_members().await?))
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

pub(super) async fn invite_link(Admin(admin): Admin, Id(id): Id<MemberId>) -> Answer<PasswordLink> {
    Ok(Json(admin.invite_link(id).await?))
}

pub(super) async fn reset_link(Admin(admin): Admin, Id(id): Id<MemberId>) -> Answer<PasswordLink> {
    Ok(Json(admin.reset_link(id).await?))
}
