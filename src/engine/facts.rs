//! Loading what a command may touch or collide with.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::Engine;
use crate::directory::access;
use crate::directory::decide::{fitted_team_name, recognised_member, recognised_team};
use crate::directory::facts::{KnownClient, KnownToken, Rival};
use crate::directory::member::email_addresses;
use crate::directory::policy::MatchKey;
use crate::directory::{
    Attributes, Command, Facts, MemberId, MembersEdit, Provisioning, TeamId, TokenId,
};
use crate::scim::ResourceKind;
use crate::store::rows::{ClientRow, TokenRow};
use crate::store::{MemberKey, StoreError, TeamKey};

impl Engine {
    /// Loads the facts of a command, besides its target where that is known already. What another request changes
    /// meanwhile, the commit notices.
    pub(super) async fn facts(&self, command: &Command, known: Facts) -> Result<Facts, StoreError> {
        let in_force = self.in_force();
        let policy = &in_force.policy;
        let mut facts = Facts {
            is_provisioning: in_force.settings.provisioning != Provisioning::Off,
            team_sync: in_force.has_team_sync(),
            settings: Arc::new(in_force.settings.clone()),
            ..known
        };
        match command {
            Command::CreateMember { attributes, .. } => {
                facts.rivals = self.rivals(attributes, None).await?;
                facts.rivals.extend(self.owners_of_email(attributes).await?);
                if let Some(rival) = recognised_member(policy, &facts) {
                    facts.teams_of_member = self.store.teams_of(rival.member.id).await?;
                }
            }
            Command::UpdateMember { id, attributes, .. } => {
                self.load_member(*id, &mut facts).await?;
                facts.rivals = self
                    .rivals(attributes, facts.member.as_ref().map(|m| &m.attributes))
                    .await?;
                self.load_standing(*id, &mut facts).await?;
            }
            Command::DeleteMember { id, .. } => {
                self.load_member(*id, &mut facts).await?;
                self.load_standing(*id, &mut facts).await?;
            }
            Command::SetPassword { id, .. } => {
                facts.member = self.store.member(*id, false).await?;
            }
            Command::RestoreMember { id } => {
                facts.member = self.store.member(*id, true).await?;
                if let Some(member) = &facts.member {
                    facts.rivals = self.rivals(&member.attributes, None).await?;
                    facts.taken_value = self
                        .taken_value(ResourceKind::User, id.0, &member.attributes)
                        .await?;
                }
            }
            Command::CreateTeam {
                attributes,
                members,
                ..
            } => {
                facts.rival_teams = self.rival_teams(attributes).await?;
                facts.known_members = self.store.known_members(members).await?;
                if let Some(team) = recognised_team(policy, &facts, attributes) {
                    facts.current_members = self.store.members_in(team.id, None).await?;
                }
            }
            Command::UpdateTeam {
                id,
                attributes,
                members,
                ..
            } => {
                self.load_team(*id, &mut facts).await?;
                if let Some(attributes) = attributes {
                    facts.rival_teams = self.rival_teams(attributes).await?;
                }
                self.load_membership(*id, members, &mut facts).await?;
            }
            Command::DeleteTeam { id, .. } => {
                self.load_team(*id, &mut facts).await?;
                facts.current_members = self.store.members_in(*id, None).await?;
            }
            Command::IssueToken { name, .. } | Command::CreateClient { name, .. } => {
                self.load_holder(name, &mut facts).await?;
            }
            Command::RevokeToken { id } | Command::RotateToken { id, .. } => {
                self.load_token(*id, &mut facts).await?;
            }
            Command::RevokeClient { id } | Command::IssueAccessToken { client: id, .. } => {
                let record = self.store.client(*id).await?;
                facts.client = record.map(|record| known_client(record.row));
                facts.client_tokens = self.store.client_tokens(*id, Timestamp::now()).await?;
            }
            Command::CreateStream { stream } => {
                let rows = self.store.streams().await?;
                facts.streams = rows.into_iter().map(|row| row.stream).collect();
                if let Some(team) = stream.team {
                    facts.team = self.store.team(team).await?;
                }
            }
            Command::SetStreamState { id, .. } | Command::DeleteStream { id } => {
                let rows = self.store.streams().await?;
                if let Some(row) = rows.into_iter().find(|row| row.stream.id == *id) {
                    facts.stream_has_gap = row.gap_since.is_some();
                    facts.stream = Some(row.stream);
                }
            }
            Command::SetPolicy { .. }
            | Command::AdoptPreset { .. }
            | Command::SwitchTeamSync { .. }
            | Command::SwitchProvisioning { .. }
            | Command::AddSigningKey { .. } => {}
        }
        Ok(facts)
    }

    /// The live token and the live client with a name.
    async fn load_holder(&self, name: &str, facts: &mut Facts) -> Result<(), StoreError> {
        let tokens = self.store.tokens().await?;
        let holds = |token: &TokenRow| {
            token.name == name
                && token.revoked.is_none()
                && token.rotated.is_none()
                && token.client.is_none()
        };
        facts.token = tokens.into_iter().find(holds).map(known_token);
        let clients = self.store.clients().await?;
        let holds = |client: &ClientRow| client.name == name && client.revoked.is_none();
        facts.client = clients.into_iter().find(holds).map(known_client);
        Ok(())
    }

    /// A token, and the secrets that it has replaced and that still work.
    async fn load_token(&self, id: TokenId, facts: &mut Facts) -> Result<(), StoreError> {
        let now = Timestamp::now();
        let tokens = self.store.tokens().await?;
        let Some(token) = tokens.iter().find(|token| token.id == id).cloned() else {
            return Ok(());
        };
        if token.rotated.is_none() && token.client.is_none() {
            let is_replaced = |other: &&TokenRow| {
                other.name == token.name
                    && other.client.is_none()
                    && other.rotated.is_some()
                    && other.revoked.is_none()
                    && other.expires.is_none_or(|end| end > now)
            };
            facts.predecessors = tokens.iter().filter(is_replaced).map(|it| it.id).collect();
        }
        facts.token = Some(known_token(token));
        Ok(())
    }

    /// Who holds the keys these attributes want. Keys that `current` has already are not looked up: nobody else can
    /// hold them.
    async fn rivals(
        &self,
        wanted: &Attributes,
        current: Option<&Attributes>,
    ) -> Result<Vec<Rival>, StoreError> {
        let mut rivals = Vec::new();
        for (attribute, key) in [
            ("userName", MemberKey::UserName as fn(String) -> MemberKey),
            ("externalId", MemberKey::ExternalId),
        ] {
            let value = wanted.get(attribute);
            let unchanged = current.is_some_and(|current| current.get(attribute) == value);
            let Some(text) = value
                .and_then(|value| value.as_str())
                .filter(|_| !unchanged)
            else {
                continue;
            };
            let holders = self.store.members_by(&key(text.to_owned())).await?;
            rivals.extend(
                holders
                    .into_iter()
                    .map(|member| Rival { attribute, member }),
            );
        }
        Ok(rivals)
    }

    /// Who has one of these e-mail addresses, where the policy recognises members by them.
    async fn owners_of_email(&self, wanted: &Attributes) -> Result<Vec<Rival>, StoreError> {
        if !self
            .in_force()
            .policy
            .users
            .r#match
            .contains(&MatchKey::Email)
        {
            return Ok(Vec::new());
        }
        let mut rivals = Vec::new();
        for address in email_addresses(wanted) {
            let owners = self.store.members_by(&MemberKey::Email(address)).await?;
            rivals.extend(owners.into_iter().map(|member| Rival {
                attribute: "emails",
                member,
            }));
        }
        Ok(rivals)
    }

    async fn rival_teams(
        &self,
        wanted: &Attributes,
    ) -> Result<Vec<crate::directory::Team>, StoreError> {
        let text = |attribute: &str| {
            wanted
                .get(attribute)
                .and_then(|value| value.as_str())
                .map(str::to_owned)
        };
        let mut teams = Vec::new();
        if let Some(external_id) = text("externalId") {
            teams.extend(
                self.store
                    .teams_by(&TeamKey::ExternalId(external_id))
                    .await?,
            );
        }
        if let Some(name) = text("displayName") {
            // Not as it was sent: what the name becomes is what another team may have.
            let name = fitted_team_name(self.in_force().policy.teams.name_rule, &name);
            teams.extend(self.store.teams_by(&TeamKey::DisplayName(name)).await?);
        }
        Ok(teams)
    }

    async fn load_member(&self, id: MemberId, facts: &mut Facts) -> Result<(), StoreError> {
        if facts.member.is_none() {
            facts.member = self.store.member(id, false).await?;
        }
        Ok(())
    }

    async fn load_team(&self, id: TeamId, facts: &mut Facts) -> Result<(), StoreError> {
        if facts.team.is_none() {
            facts.team = self.store.team(id).await?;
        }
        Ok(())
    }

    /// The member's teams, and, for an admin, how many others there are: what taking somebody's access depends on.
    async fn load_standing(&self, id: MemberId, facts: &mut Facts) -> Result<(), StoreError> {
        let Some(member) = &facts.member else {
            return Ok(());
        };
        let roles = &self.in_force().policy.roles;
        // Most members are none, and counting goes through all who are.
        if access::is_admin(roles, member) {
            facts.other_admins = self.store.count_admins(&roles.admin, Some(id)).await?;
        }
        facts.teams_of_member = self.store.teams_of(id).await?;
        Ok(())
    }

    /// For an edit that replaces, all who are in the team; else only those it names, so that a large team costs no
    /// more than a small one.
    async fn load_membership(
        &self,
        id: TeamId,
        edit: &MembersEdit,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        if edit.is_empty() {
            return Ok(());
        }
        let asked: BTreeSet<MemberId> = edit
            .replace
            .iter()
            .flatten()
            .chain(&edit.add)
            .copied()
            .collect();
        let asked: Vec<MemberId> = asked.into_iter().collect();
        facts.known_members = self.store.known_members(&asked).await?;
        facts.current_members = if edit.replace.is_some() {
            self.store.members_in(id, None).await?
        } else {
            let named: Vec<MemberId> = asked.iter().chain(&edit.remove).copied().collect();
            self.store.members_in(id, Some(&named)).await?
        };
        Ok(())
    }
}

fn known_token(token: TokenRow) -> KnownToken {
    KnownToken {
        name: token.name,
        scope: super::oauth::scope_word(token.scope).to_owned(),
        expires: token.expires,
        revoked: token.revoked.is_some(),
        rotated: token.rotated.is_some(),
        client: token.client,
    }
}

fn known_client(client: ClientRow) -> KnownClient {
    KnownClient {
        name: client.name,
        revoked: client.revoked.is_some(),
    }
}
