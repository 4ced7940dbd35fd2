//! What an admin does with members beside adding, deactivating and restoring them, and what a member may do.

use super::admin::{AdminDone, Asker, deed};
use super::facts::PURGED;
use super::{Engine, EngineError};
use crate::directory::effective::{self, Access, TeamRoles};
use crate::directory::{Command, Extent, Member, MemberEdit, MemberId, ObjectKind};
use crate::nearest::nearest;
use crate::scim::{ResourceKind, ScimError, normalise};

impl Engine {
    /// All that a member may do, with where each role comes from; also of one who is hidden.
    pub async fn member_access(&self, id: MemberId) -> Result<Access, EngineError> {
        let (member, _) = self.member(id).await?;
        let mut teams: Vec<TeamRoles> = Vec::new();
        for (team, name) in self.store.teams_of(id).await? {
            if let Some(team) = self.store.team(team).await? {
                teams.push((team.id, name, team.own.roles));
            }
        }
        let in_force = self.in_force();
        Ok(Access {
            sign_in: self.sign_in_of(&member).await?,
            ..effective::access(&in_force.policy.roles, &member, &teams)
        })
    }

    /// Changes what an admin may change of a member.
    pub async fn edit_member(
        &self,
        asker: &Asker,
        id: MemberId,
        edit: MemberEdit,
    ) -> Result<AdminDone, EngineError> {
        if edit.is_empty() {
            return Err(EngineError::Invalid("nothing is asked for".into()));
        }
        let role = edit.role.as_deref().filter(|role| !role.is_empty());
        self.known_role(role)?;
        self.known_custom_roles(edit.custom_roles.as_deref().unwrap_or_default())?;
        let _turn = self.locks.lock(&id).await;
        let member = self.live_member(id).await?;
        let in_force = self.in_force();
        let wanted = edit.apply(&member.attributes, &in_force.policy.roles);
        let body = serde_json::Value::Object(wanted);
        let normalised = normalise(
            &self.registry,
            ResourceKind::User,
            &body,
            Some(&member.attributes),
        )
        .map_err(|ScimError { detail, .. }| EngineError::Invalid(detail))?;
        let command = Command::UpdateMember {
            id,
            attributes: normalised.attributes,
            extent: Extent::Part,
            if_version: Some(edit.if_version.unwrap_or(member.version)),
        };
        self.member_deed(asker, &member, "edit", &command).await
    }

    /// Removes a member as the policy says (`users.on_delete`, `users.manual_delete`).
    pub async fn delete_member(
        &self,
        asker: &Asker,
        id: MemberId,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let member = self.live_member(id).await?;
        let command = Command::DeleteMember { id, if_version };
        self.member_deed(asker, &member, "delete", &command).await
    }

    /// Hands a member to the identity provider.
    pub async fn link_member(
        &self,
        asker: &Asker,
        id: MemberId,
        external_id: Option<String>,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let member = self.live_member(id).await?;
        let command = Command::LinkMember {
            id,
            external_id: external_id.filter(|external_id| !external_id.is_empty()),
            if_version,
        };
        self.member_deed(asker, &member, "link", &command).await
    }

    /// Takes a member out of the identity provider's hands.
    pub async fn unlink_member(
        &self,
        asker: &Asker,
        id: MemberId,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let member = self.live_member(id).await?;
        let command = Command::UnlinkMember { id, if_version };
        self.member_deed(asker, &member, "unlink", &command).await
    }

    /// Invites a member, or invites them anew: the time of the invitation counts from now.
    pub async fn invite_member(
        &self,
        asker: &Asker,
        id: MemberId,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let member = self.live_member(id).await?;
        let command = Command::InviteMember { id, if_version };
        self.member_deed(asker, &member, "invite", &command).await
    }

    /// Makes two members one: `other` is removed, and what the survivor lacks comes from them.
    pub async fn merge_members(
        &self,
        asker: &Asker,
        survivor: MemberId,
        other: MemberId,
        if_versions: Option<(u64, u64)>,
    ) -> Result<AdminDone, EngineError> {
        // One lock and not two, which might be the same; the commit insists on the versions of both.
        let _turn = self.locks.lock(&survivor).await;
        let member = self.live_member(survivor).await?;
        self.live_member(other).await?;
        let command = Command::MergeMembers {
            survivor,
            other,
            if_versions,
        };
        self.member_deed(asker, &member, "merge", &command).await
    }

    /// Removes every member whom identity providers provisioned, and nobody else.
    pub async fn purge_members(&self, asker: &Asker) -> Result<AdminDone, EngineError> {
        let found = self.store.provisioned_members(PURGED + 1).await?;
        if found.len() as u64 > PURGED {
            return Err(EngineError::Invalid(format!(
                "more than {PURGED} members are provisioned; this removes {PURGED} at most at once"
            )));
        }
        let deed = deed(
            "POST",
            "/admin/v1/members/purge",
            "Users",
            ObjectKind::Member,
            uuid::Uuid::nil(),
            "provisioned members",
        );
        self.perform(asker, &Command::PurgeProvisioned, deed).await
    }

    async fn live_member(&self, id: MemberId) -> Result<Member, EngineError> {
        let found = self.store.member(id, false).await?;
        found.ok_or_else(|| EngineError::NotFound(format!("there is no member {id}")))
    }

    async fn member_deed(
        &self,
        asker: &Asker,
        member: &Member,
        verb: &str,
        command: &Command,
    ) -> Result<AdminDone, EngineError> {
        let id = member.id;
        let path = format!("/admin/v1/members/{id}/{verb}");
        let deed = deed(
            "POST",
            path,
            "Users",
            ObjectKind::Member,
            id,
            member.user_name(),
        );
        self.perform(asker, command, deed).await
    }

    /// Refuses a base role that the policy does not know. What a person types and nothing knows is a mistake; "owner" is
    /// the guard's.
    pub(super) fn known_role(&self, role: Option<&str>) -> Result<(), EngineError> {
        let in_force = self.in_force();
        let base = &in_force.policy.roles.base;
        match role {
            Some(role) if role != "owner" && !base.iter().any(|known| known == role) => {
                // Nobody becomes owner by being given a role.
                let given = base.iter().filter(|role| *role != "owner");
                let given: Vec<&str> = given.map(String::as_str).collect();
                Err(EngineError::Invalid(format!(
                    "role: there is no role {role:?}{}; the roles are {}",
                    did_you_mean(nearest(role, given.iter().copied())),
                    given.join(", ")
                )))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn known_custom_roles(&self, roles: &[String]) -> Result<(), EngineError> {
        let in_force = self.in_force();
        let known = &in_force.policy.roles.custom;
        match roles.iter().find(|role| !known.has(role)) {
            Some(role) => Err(EngineError::Invalid(format!(
                "customRole: there is no custom role {role:?}{}; roles.custom is {known}",
                did_you_mean(nearest(role, known.listed().iter().map(String::as_str)))
            ))),
            None => Ok(()),
        }
    }
}

fn did_you_mean(word: Option<&str>) -> String {
    word.map_or_else(String::new, |word| format!(", did you mean {word:?}?"))
}
