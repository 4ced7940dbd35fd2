//! What an admin can see, in this process.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::LocalAdmin;
use crate::admin::guards::{
    GuardStatus, Held, Incident, IncidentDetail, IncidentId, IncidentListing,
};
use crate::admin::link::{SSO_COMMAND, ScimLink, credential_command};
use crate::admin::policy::{PolicyDetail, PolicyDiff, Simulate, Simulation};
use crate::admin::sso::SsoState;
use crate::admin::streams::StreamDetail;
use crate::admin::types::{
    Access, AuditRow, ClientRow, Finding, Listing, MemberDetail, MemberRef, MemberRow, Overview,
    Page, RequestDetail, RequestListing, RequestPage, Severity, SyncStatus, TailEvent, TeamDetail,
    TeamRef, TeamRow, TokenRow, TokenScope,
};
use crate::admin::{AdminError, AdminErrorKind, AdminRead, TailStream};
use crate::counted::counted;
use crate::directory::policy::SyncToggle;
use crate::directory::{Invitation, MemberId, ObjectKind, RequestId, TeamId};
use crate::engine::overview::BUCKET_SECONDS;
use crate::explain;
use crate::scim::ResourceKind;
use crate::store::{MemberKey, TeamKey};

/// How many changes a detail shows.
const TIMELINE: u32 = 20;
/// How many of those a team waits for a detail shows.
const WAITED_FOR: u32 = 100;
/// How many rows a page of the admin API holds at most.
const MAX_PAGE: u32 = 1_000;
/// A token this close to its end is worth a warning, in days.
const EXPIRY_WARNING_DAYS: i64 = 14;

#[async_trait]
impl AdminRead for LocalAdmin {
    fn place(&self) -> String {
        "this process".into()
    }

    async fn overview(&self) -> Result<Overview, AdminError> {
        let now = Timestamp::now();
        let pulse = self.engine.pulse(now).await?;
        let account = self.engine.account();
        let in_force = self.engine.in_force();
        Ok(Overview {
            organisation: account.organisation.clone(),
            preset: self.preset_in_force(),
            policy_overrides: self.policy_overrides(),
            version: env!("CARGO_PKG_VERSION").into(),
            started: self.engine.started(),
            now,
            scim_base_url: self.engine.offered_base_url(),
            members: pulse.members.0,
            active_members: pulse.members.1,
            teams: pulse.teams.0,
            synced_teams: pulse.teams.1,
            team_sync: in_force.has_team_sync(),
            team_sync_switch: in_force.policy.teams.sync_toggle == SyncToggle::Toggle,
            provisioning: in_force.settings.provisioning,
            sso: in_force
                .settings
                .sso
                .as_ref()
                .map_or(SsoState::Off, |sso| sso.state),
            lacks_sso: in_force.policy.scim.requires_sso && in_force.settings.sso.is_none(),
            admins: pulse.admins.0,
            admins_who_can_sign_in: pulse.admins.1,
            connections: pulse.connections,
            rates: pulse.rates,
            rate_bucket_seconds: BUCKET_SECONDS,
            failures: pulse.failures,
            last_changes: pulse.last_changes,
            log_rows: pulse.log_rows,
            database_bytes: pulse.database_bytes,
            p50_us: pulse.latencies.0,
            p95_us: pulse.latencies.1,
            guard: self.guard_brief().await?,
        })
    }

    async fn doctor(&self) -> Result<Vec<Finding>, AdminError> {
        let mut findings = vec![self.check_database().await?];
        findings.extend(self.check_tokens().await?);
        findings.extend(self.check_link().await?);
        findings.extend(self.check_guards().await?);
        findings.extend(self.check_sso().await?);
        Ok(findings)
    }

    async fn members(&self, mut listing: Listing) -> Result<Page<MemberRow>, AdminError> {
        listing.limit = listing.limit.clamp(1, MAX_PAGE);
        Ok(self.engine.members(&listing).await?)
    }

    async fn member(&self, id: MemberId) -> Result<MemberDetail, AdminError> {
        let (member, row) = self.engine.member(id).await?;
        let store = self.engine.store();
        let memberships = store.teams_of(id).await?;
        let timeline = self
            .engine
            .timeline(ObjectKind::Member, id.0, 0, TIMELINE)
            .await?;
        let resource = self.resource(ResourceKind::User, id.0).await?;
        Ok(MemberDetail {
            row,
            management: member.management,
            invitation: Invitation::of(
                &member,
                self.engine.in_force().policy.users.invite_ttl,
                Timestamp::now(),
            ),
            access: self.engine.member_access(id).await?,
            external_id: member.external_id().map(str::to_owned),
            created: member.created,
            version: member.version,
            resource: resource.unwrap_or(Value::Object(member.attributes)),
            memberships: memberships
                .into_iter()
                .map(|(id, name)| TeamRef { id, name })
                .collect(),
            timeline: timeline.items,
        })
    }

    async fn member_access(&self, id: MemberId) -> Result<Access, AdminError> {
        Ok(self.engine.member_access(id).await?)
    }

    async fn find_member(&self, name: String) -> Result<MemberDetail, AdminError> {
        if let Ok(id) = name.parse() {
            return self.member(id).await;
        }
        let store = self.engine.store();
        for key in [
            MemberKey::UserName as fn(String) -> MemberKey,
            MemberKey::ExternalId,
            MemberKey::Email,
        ] {
            let found = store.members_by(&key(name.clone())).await?;
            match found.as_slice() {
                [] => {}
                [one] => return self.member(one.id).await,
                several => {
                    return Err(ambiguous(
                        "members",
                        &name,
                        several.iter().map(|m| m.id.to_string()),
                    ));
                }
            }
        }
        Err(AdminError::new(
            AdminErrorKind::NotFound,
            format!("no member has the id, userName, externalId or e-mail address {name:?}"),
        ))
    }

    async fn member_timeline(
        &self,
        id: MemberId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, AdminError> {
        Ok(self
            .engine
            .timeline(ObjectKind::Member, id.0, offset, limit)
            .await?)
    }

    async fn teams(&self, mut listing: Listing) -> Result<Page<TeamRow>, AdminError> {
        listing.limit = listing.limit.clamp(1, MAX_PAGE);
        Ok(self.engine.store().list_teams(&listing).await?)
    }

    async fn team(&self, id: TeamId) -> Result<TeamDetail, AdminError> {
        let (team, row) = self.engine.team(id).await?;
        let timeline = self
            .engine
            .timeline(ObjectKind::Team, id.0, 0, TIMELINE)
            .await?;
        let resource = self.resource(ResourceKind::Group, id.0).await?;
        let store = self.engine.store();
        let mut maintained_by = Vec::with_capacity(team.own.maintainers.len());
        for id in &team.own.maintainers {
            // Who is gone for good looks after nothing.
            let row = self.engine.member_row(*id).await?;
            maintained_by.extend(row.map(|row| MemberRef {
                id: row.id,
                name: row.name,
                user_name: row.user_name,
                active: row.active,
            }));
        }
        Ok(TeamDetail {
            row,
            description: team.own.description,
            maintained_by,
            waits_for: store.parked(id, None, WAITED_FOR).await?,
            created: team.created,
            version: team.version,
            resource: resource.unwrap_or(Value::Object(team.attributes)),
            timeline: timeline.items,
        })
    }

    async fn find_team(&self, name: String) -> Result<TeamDetail, AdminError> {
        if let Ok(id) = name.parse() {
            return self.team(id).await;
        }
        let store = self.engine.store();
        for key in [
            TeamKey::DisplayName as fn(String) -> TeamKey,
            TeamKey::ExternalId,
        ] {
            let found = store.teams_by(&key(name.clone())).await?;
            match found.as_slice() {
                [] => {}
                [one] => return self.team(one.id).await,
                several => {
                    let mut exact = several.iter().filter(|team| team.display_name() == name);
                    if let (Some(one), None) = (exact.next(), exact.next()) {
                        return self.team(one.id).await;
                    }
                    return Err(ambiguous(
                        "teams",
                        &name,
                        several.iter().map(|t| t.id.to_string()),
                    ));
                }
            }
        }
        Err(AdminError::new(
            AdminErrorKind::NotFound,
            format!("no team has the id, displayName or externalId {name:?}"),
        ))
    }

    async fn team_members(
        &self,
        id: TeamId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<MemberRef>, AdminError> {
        Ok(self
            .engine
            .store()
            .team_members(id, offset, limit.clamp(1, MAX_PAGE))
            .await?)
    }

    async fn sync(&self) -> Result<SyncStatus, AdminError> {
        Ok(self.engine.sync_status().await?)
    }

    async fn requests(&self, listing: RequestListing) -> Result<RequestPage, AdminError> {
        Ok(self.engine.requests(listing).await?)
    }

    async fn request(&self, id: RequestId) -> Result<RequestDetail, AdminError> {
        let (exchange, related) = self.engine.request(id).await?;
        let explanation = explain::explain(&exchange);
        Ok(RequestDetail {
            exchange,
            explanation,
            related,
        })
    }

    async fn tail(&self, query: String) -> Result<TailStream, AdminError> {
        let query = self.engine.query(&query)?;
        let receiver = self.engine.live().subscribe();
        let stream =
            futures::stream::unfold((receiver, query), |(mut receiver, query)| async move {
                loop {
                    let event = match receiver.recv().await {
                        Ok(row) if query.matches(&row, Timestamp::now()) => TailEvent::Request {
                            row: Box::new(Arc::unwrap_or_clone(row)),
                        },
                        Ok(_) => continue,
                        Err(RecvError::Lagged(count)) => TailEvent::Dropped { count },
                        Err(RecvError::Closed) => return None,
                    };
                    return Some((Ok(event), (receiver, query)));
                }
            });
        Ok(stream.boxed())
    }

    async fn tokens(&self) -> Result<Vec<TokenRow>, AdminError> {
        let now = Timestamp::now();
        let mut tokens = self.engine.store().tokens().await?;
        // A client fetches a new one each hour; those that have ended are nobody's concern.
        tokens.retain(|token| {
            token.client.is_none()
                || (token.revoked.is_none() && token.expires.is_none_or(|end| end > now))
        });
        Ok(tokens)
    }

    async fn clients(&self) -> Result<Vec<ClientRow>, AdminError> {
        Ok(self.engine.store().clients().await?)
    }

    async fn policy(&self) -> Result<PolicyDetail, AdminError> {
        self.policy_detail().await
    }

    async fn policy_diff(&self, preset: String) -> Result<PolicyDiff, AdminError> {
        self.diff_of(preset)
    }

    async fn simulate_policy(&self, simulate: Simulate) -> Result<Simulation, AdminError> {
        Box::pin(self.simulation(simulate)).await
    }

    async fn link(&self) -> Result<ScimLink, AdminError> {
        self.scim_link().await
    }

    async fn streams(&self) -> Result<Vec<StreamDetail>, AdminError> {
        let rows = self.engine.stream_rows().await?;
        Ok(rows
            .into_iter()
            .map(|row| self.stream_detail(row))
            .collect())
    }

    async fn guard_status(&self) -> Result<GuardStatus, AdminError> {
        LocalAdmin::guard_status(self).await
    }

    async fn incidents(&self, mut listing: IncidentListing) -> Result<Page<Incident>, AdminError> {
        listing.limit = listing.limit.clamp(1, MAX_PAGE);
        Ok(self.engine.store().incidents(&listing).await?)
    }

    async fn incident(&self, id: IncidentId) -> Result<IncidentDetail, AdminError> {
        self.incident_detail(id).await
    }

    async fn held(
        &self,
        id: IncidentId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Held>, AdminError> {
        let incident = self.engine.incident(id).await?;
        self.held_of(&incident, offset, limit.clamp(1, MAX_PAGE))
            .await
    }
}

impl LocalAdmin {
    /// The resource as an IdP reads it; without a group's members, which are paged.
    async fn resource(&self, kind: ResourceKind, id: Uuid) -> Result<Option<Value>, AdminError> {
        let with_links = kind == ResourceKind::User;
        let Some(document) = self.engine.store().document(kind, id, with_links).await? else {
            return Ok(None);
        };
        let text = self
            .engine
            .render(kind, &document, &self.engine.scim_base_url())
            .await?;
        serde_json::from_str(&text).map(Some).map_err(|error| {
            AdminError::new(
                AdminErrorKind::Internal,
                format!("a stored resource is damaged: {error}"),
            )
        })
    }

    async fn check_database(&self) -> Result<Finding, AdminError> {
        let damage = self.engine.store().check().await?;
        let place = self.engine.store().location();
        Ok(match damage.first() {
            None => Finding {
                severity: Severity::Ok,
                check: "database".into(),
                found: format!("{} is sound", place.display()),
                fix: String::new(),
            },
            Some(first) => Finding {
                severity: Severity::Error,
                check: "database".into(),
                found: format!(
                    "{}: {}, the first: {first}",
                    place.display(),
                    counted(damage.len() as u64, "finding")
                ),
                fix: "stop the engine, keep a copy of the directory, and put a backup in its place"
                    .into(),
            },
        })
    }

    async fn check_tokens(&self) -> Result<Vec<Finding>, AdminError> {
        let now = Timestamp::now();
        let tokens = self.engine.store().tokens().await?;
        let live: Vec<_> = tokens
            .iter()
            .filter(|token| token.revoked.is_none() && token.expires.is_none_or(|end| end > now))
            .collect();
        let mut findings = Vec::new();
        let clients = self.engine.store().clients().await?;
        let has_client = clients.iter().any(|client| client.revoked.is_none());
        let in_force = self.engine.in_force();
        let scim = &in_force.policy.scim;
        if !has_client && !live.iter().any(|token| token.scope == TokenScope::Scim) {
            findings.push(Finding {
                severity: Severity::Warning,
                check: "tokens".into(),
                found: "no live token opens the SCIM provider, so no identity provider can connect"
                    .into(),
                fix: if scim.requires_sso && in_force.settings.sso.is_none() {
                    format!(
                        "{SSO_COMMAND}, which scim.requires_sso asks for first; then {}",
                        credential_command(scim.auth, "okta")
                    )
                } else {
                    credential_command(scim.auth, "okta")
                },
            });
        }
        // An old secret ends because its rotation says so, an access token because each does.
        for token in live
            .iter()
            .filter(|token| token.rotated.is_none() && token.client.is_none())
        {
            let Some(end) = token.expires else { continue };
            let days = end.duration_since(now).as_hours() / 24;
            if days < EXPIRY_WARNING_DAYS {
                findings.push(Finding {
                    severity: Severity::Warning,
                    check: "tokens".into(),
                    found: format!(
                        "token {} ends in {}",
                        token.name,
                        counted(u64::try_from(days).unwrap_or_default(), "day")
                    ),
                    fix: format!(
                        "provost token rotate {} --overlap 7d, and give the new secret to the identity provider",
                        token.name
                    ),
                });
            }
        }
        if findings.is_empty() {
            findings.push(Finding {
                severity: Severity::Ok,
                check: "tokens".into(),
                found:
                    "at least one token or OAuth client opens the SCIM provider, and none ends soon"
                        .into(),
                fix: String::new(),
            });
        }
        Ok(findings)
    }
}

fn ambiguous(what: &str, name: &str, ids: impl Iterator<Item = String>) -> AdminError {
    let ids: Vec<_> = ids.take(10).collect();
    AdminError::new(
        AdminErrorKind::Conflict,
        format!(
            "several {what} are called {name:?}; name one by its id: {}",
            ids.join(", ")
        ),
    )
}
