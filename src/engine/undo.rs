//! Taking back what a request changed, and telling who changed something meanwhile.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::admin::{AdminDone, Asker, deed};
use super::{Engine, EngineError};
use crate::directory::facts::Rival;
use crate::directory::undo::Standing;
use crate::directory::{
    Change, Command, Facts, InForce, Member, MemberId, ObjectKind, RequestId, Team, TeamId,
};
use crate::scim::ResourceKind;
use crate::store::rows::AuditRow;
use crate::store::{MemberKey, StoreError, TeamKey};

/// How many attribute paths are named of one change.
const PATHS: usize = 3;

impl Engine {
    /// Takes back what a request changed, if all of it is still as the request left it and no guard objects.
    pub async fn undo_request(
        &self,
        asker: &Asker,
        id: RequestId,
    ) -> Result<AdminDone, EngineError> {
        let (exchange, _) = self.request(id).await?;
        let changes = match self.store.changes_of(id).await? {
            changes if !changes.is_empty() => changes,
            _ if exchange.changed.is_empty() => {
                return Err(EngineError::NotFound(format!(
                    "request {id} changed nothing, so there is nothing to undo"
                )));
            }
            _ => {
                return Err(EngineError::NotFound(format!(
                    "what request {id} changed was not kept whole, so it cannot be undone"
                )));
            }
        };
        let first = changes.first().map(Change::view);
        let (kind, object, label) = first.map_or_else(
            || (ObjectKind::Settings, Uuid::nil().to_string(), String::new()),
            |view| (view.kind, view.id, view.label),
        );
        let resource = match kind {
            ObjectKind::Member => "Users",
            ObjectKind::Team => "Groups",
            _ => "Settings",
        };
        let path = format!("/admin/v1/requests/{}/undo", id.0);
        let deed = deed("POST", path, resource, kind, object, &label);
        let command = Command::Undo {
            request: id,
            changes,
        };
        self.perform(asker, &command, deed).await
    }

    /// What an undo is decided on.
    pub(super) async fn load_undo(
        &self,
        request: RequestId,
        changes: &[Change],
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let named = Named::of(changes);
        let mut standing = Standing::default();
        for id in &named.members {
            if let Some(member) = self.store.member(*id, true).await? {
                standing.members.insert(*id, member);
            }
        }
        for id in &named.teams {
            if let Some(team) = self.store.team(*id).await? {
                standing.teams.insert(*id, team);
            }
        }
        for id in &named.members {
            let teams = self.store.teams_of(*id).await?;
            standing
                .memberships
                .extend(teams.iter().map(|(team, _)| (*team, *id)));
            // What is told of one member or team is told as of any change of it.
            if named.members.len() == 1 {
                facts.member = standing.members.get(id).cloned();
                facts.teams_of_member = teams;
            }
        }
        if let (1, Some(id)) = (named.teams.len(), named.teams.first()) {
            facts.team = standing.teams.get(id).cloned();
        }
        for id in &named.made_teams {
            let members = self.store.members_in(*id, None).await?;
            standing
                .memberships
                .extend(members.into_keys().map(|member| (*id, member)));
        }
        self.load_holders(changes, facts, &mut standing).await?;
        self.load_restored(changes, facts).await?;
        facts.standing = standing;
        facts.meanwhile = self.meanwhile(request, changes).await?;
        Ok(())
    }

    /// Who holds the keys that would come back.
    async fn load_holders(
        &self,
        changes: &[Change],
        facts: &mut Facts,
        standing: &mut Standing,
    ) -> Result<(), StoreError> {
        for change in changes {
            match change {
                Change::MemberRemoved { before } | Change::MemberUpdated { before, .. }
                    if before.deleted.is_none() =>
                {
                    let rivals = self.holders_of(before).await?;
                    standing.rivals.extend(rivals);
                    let held = self
                        .values_held(ResourceKind::User, &before.attributes)
                        .await?;
                    facts.held_values.extend(held);
                }
                Change::TeamRemoved { before } | Change::TeamUpdated { before, .. }
                    if before.deleted.is_none() =>
                {
                    let rivals = self.teams_like(before, facts).await?;
                    standing.rival_teams.extend(rivals);
                    let held = self
                        .values_held(ResourceKind::Group, &before.attributes)
                        .await?;
                    facts.held_values.extend(held);
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn holders_of(&self, member: &Member) -> Result<Vec<Rival>, StoreError> {
        let user_name = MemberKey::UserName(member.user_name().to_owned());
        let mut keys = vec![("userName", user_name)];
        let external_id = member.external_id().map(str::to_owned);
        keys.extend(external_id.map(|id| ("externalId", MemberKey::ExternalId(id))));
        let mut rivals = Vec::new();
        for (attribute, key) in keys {
            let holders = self.store.members_by(&key).await?;
            let others = holders.into_iter().filter(|holder| holder.id != member.id);
            rivals.extend(others.map(|member| Rival { attribute, member }));
        }
        Ok(rivals)
    }

    async fn teams_like(&self, team: &Team, facts: &mut Facts) -> Result<Vec<Team>, StoreError> {
        let name = team.display_name().to_owned();
        let mut found = self.store.teams_by(&TeamKey::DisplayName(name)).await?;
        self.note_namesakes(team.display_name(), &found, facts);
        if let Some(external_id) = team.external_id() {
            let key = TeamKey::ExternalId(external_id.to_owned());
            found.extend(self.store.teams_by(&key).await?);
        }
        found.retain(|holder| holder.id != team.id);
        Ok(found)
    }

    /// Who would lead to admin by a policy that would be in force again.
    async fn load_restored(&self, changes: &[Change], facts: &mut Facts) -> Result<(), StoreError> {
        let in_force = self.in_force();
        let restored = changes.iter().find_map(|change| match change {
            Change::SettingsChanged { before, .. } => {
                InForce::new((**before).clone(), in_force.fixed.clone()).ok()
            }
            _ => None,
        });
        if let Some(then) = restored {
            self.load_under_policy(&then.policy, facts).await?;
        }
        Ok(())
    }

    /// Who changed what of these objects since a request, the newest one.
    async fn meanwhile(
        &self,
        request: RequestId,
        changes: &[Change],
    ) -> Result<Option<String>, StoreError> {
        let mut newest: Option<AuditRow> = None;
        let objects: BTreeSet<String> = changes.iter().map(|change| change.view().id).collect();
        // A push of a thousand members names as many; what one of them says is enough.
        for object in objects.iter().take(64) {
            let Ok(id) = Uuid::parse_str(object) else {
                continue;
            };
            let page = self.store.timeline(ObjectKind::Member, id, 0, 1).await?;
            let rows = page.items.into_iter();
            let mut later = rows.filter(|row| row.request.is_some_and(|by| by > request));
            if let Some(row) = later.next()
                && newest.as_ref().is_none_or(|newest| newest.seq < row.seq)
            {
                newest = Some(row);
            }
        }
        Ok(newest.as_ref().map(told))
    }

    /// The newest changes of an object as one sentence; `None` where there are none.
    pub(super) async fn told(
        &self,
        object: Uuid,
        limit: u32,
    ) -> Result<Option<String>, StoreError> {
        let page = self
            .store
            .timeline(ObjectKind::Settings, object, 0, limit)
            .await?;
        let told: Vec<String> = page.items.iter().map(told).collect();
        Ok((!told.is_empty()).then(|| told.join("; ")))
    }
}

/// One change as a clause: who, what, by which request.
fn told(row: &AuditRow) -> String {
    let fields = row.change.fields.iter();
    let mut paths: Vec<String> = fields
        .take(PATHS)
        .map(|field| match (&field.before, &field.after) {
            (Some(before), Some(after)) if before.is_string() && after.is_string() => {
                let text =
                    |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
                format!("{} {} → {}", field.path, text(before), text(after))
            }
            _ => field.path.clone(),
        })
        .collect();
    if row.change.fields.len() > PATHS {
        paths.push(format!("{} more", row.change.fields.len() - PATHS));
    }
    let what = if paths.is_empty() {
        String::new()
    } else {
        format!(" ({})", paths.join(", "))
    };
    let by = row
        .request
        .map_or_else(String::new, |id| format!(", request {id}"));
    let (actor, label) = (&row.actor.name, &row.change.label);
    format!("{actor} changed {label}{what}{by}")
}

/// The objects that changes name.
#[derive(Default)]
struct Named {
    members: BTreeSet<MemberId>,
    teams: BTreeSet<TeamId>,
    /// Teams that the request made, which would go.
    made_teams: BTreeSet<TeamId>,
}

impl Named {
    fn of(changes: &[Change]) -> Self {
        let mut named = Self::default();
        for change in changes {
            match change {
                Change::MemberCreated { after: member }
                | Change::MemberUpdated { after: member, .. }
                | Change::MemberRemoved { before: member } => {
                    named.members.insert(member.id);
                }
                Change::TeamCreated { after } => {
                    named.teams.insert(after.id);
                    named.made_teams.insert(after.id);
                }
                Change::TeamUpdated { after: team, .. } | Change::TeamRemoved { before: team } => {
                    named.teams.insert(team.id);
                }
                Change::MembershipAdded { team, member, .. }
                | Change::MembershipRemoved { team, member, .. } => {
                    named.teams.insert(*team);
                    named.members.insert(*member);
                }
                _ => {}
            }
        }
        named
    }
}
