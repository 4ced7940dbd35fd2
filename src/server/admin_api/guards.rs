//! Guards, incidents, holds and recovery. New one-time codes are in the answer of [`make_codes`] and nowhere else.

use axum::Json;

use super::extract::{Admin, Answer, Did, Document, Id, Params};
use super::problem::Failed;
use crate::admin::guards::{
    GuardStatus, Held, HoldRuled, Incident, IncidentDetail, IncidentId, IncidentListing,
    IssuedCodes, MarkRecovery, MemberId, ProveRecovery, RuleHold, TendIncident,
};
use crate::admin::http::wire::Window;
use crate::admin::types::Page;

pub(super) async fn status(Admin(admin): Admin) -> Answer<GuardStatus> {
    Ok(Json(admin.guard_status().await?))
}

pub(super) async fn incidents(
    Admin(admin): Admin,
    Params(listing): Params<IncidentListing>,
) -> Answer<Page<Incident>> {
    Ok(Json(admin.incidents(listing).await?))
}

pub(super) async fn incident(
    Admin(admin): Admin,
    Id(id): Id<IncidentId>,
) -> Answer<IncidentDetail> {
    Ok(Json(admin.incident(id).await?))
}

pub(super) async fn held(
    Admin(admin): Admin,
    Id(id): Id<IncidentId>,
    Params(Window { offset, limit }): Params<Window>,
) -> Answer<Page<Held>> {
    Ok(Json(admin.held(id, offset, limit).await?))
}

pub(super) async fn tend(
    Admin(admin): Admin,
    Id(id): Id<IncidentId>,
    Document(tend): Document<TendIncident>,
) -> Result<Did, Failed> {
    Ok(Did(admin.tend_incident(id, tend).await?))
}

pub(super) async fn rule(
    Admin(admin): Admin,
    Id(id): Id<IncidentId>,
    Document(rule): Document<RuleHold>,
) -> Answer<HoldRuled> {
    Ok(Json(admin.rule_hold(id, rule).await?))
}

pub(super) async fn mark(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(mark): Document<MarkRecovery>,
) -> Result<Did, Failed> {
    Ok(Did(admin.mark_recovery(id, mark).await?))
}

pub(super) async fn prove(
    Admin(admin): Admin,
    Id(id): Id<MemberId>,
    Document(proof): Document<ProveRecovery>,
) -> Result<Did, Failed> {
    Ok(Did(admin.prove_recovery(id, proof).await?))
}

pub(super) async fn make_codes(Admin(admin): Admin, Id(id): Id<MemberId>) -> Answer<IssuedCodes> {
    Ok(Json(admin.make_recovery_codes(id).await?))
}
