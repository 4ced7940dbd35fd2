//! Loading what a command may touch or collide with.

use std::sync::Arc;

use jiff::Timestamp;

use super::Engine;
use super::carry_out::MOST_TOLD;
use crate::directory::decide::recognised_member;
use crate::directory::effective::{self, TeamRoles};
use crate::directory::facts::{
    Former, HeldValue, KnownClient, KnownConsent, KnownToken, OwnedKey, Rival,
};
use crate::directory::fold::fold;
use crate::directory::member::email_addresses;
use crate::directory::policy::{MatchKey, PostExistingInactive};
use crate::directory::{
    Attributes, ClientId, Command, ConsentId, Facts, Leaving, MemberId, NewCredential, Policy,
    Prospect, Provisioning, TeamId, TokenId,
};
use crate::scim::ResourceKind;
use crate::store::rows::{ClientRow, TokenRow};
use crate::store::{MemberKey, StoreError};

/// So many members are removed at once at most.
pub(super) const PURGED: u64 = 10_000;

impl Engine {
    /// Loads the facts of a command, besides its target where that is known already. What another request changes
    /// meanwhile, the commit notices.
    pub(super) async fn facts(&self, command: &Command, known: Facts) -> Result<Facts, StoreError> {
        let in_force = self.in_force();
        let policy = &in_force.policy;
        let mut facts = Facts {
            is_provisioning: in_force.settings.provisioning != Provisioning::Off,
            team_sync: in_force.has_team_sync(),
            fixed: Arc::clone(&in_force.fixed),
            settings: Arc::new(in_force.settings.clone()),
            ..known
        };
        match command {
            Command::CreateMember { id, attributes, .. } => {
                facts.rivals = self.rivals(attributes, None).await?;
                facts.rivals.extend(self.owners_of_email(attributes).await?);
                let name = attributes.get("userName").and_then(|name| name.as_str());
                facts.recent_departures = self
                    .recent_departures(&fold(name.unwrap_or_default()))
                    .await?;
                facts.held_values = self.values_held(ResourceKind::User, attributes).await?;
                let known = recognised_member(policy, &facts).map(|rival| rival.member.id);
                if let Some(known) = known {
                    facts.teams_of_member = self.store.teams_of(known).await?;
                    facts.released_teams = self.store.released_teams_of(known).await?;
                } else if policy.users.post_existing_inactive != PostExistingInactive::Conflict {
                    facts.former = self.former(policy, attributes).await?;
                }
                let ids = known.into_iter().chain([*id]);
                self.load_awaited(ids, attributes, &mut facts).await?;
            }
            Command::UpdateMember { id, attributes, .. } => {
                self.load_member(*id, &mut facts).await?;
                facts.rivals = self
                    .rivals(attributes, facts.member.as_ref().map(|m| &m.attributes))
                    .await?;
                facts.held_values = self.values_held(ResourceKind::User, attributes).await?;
                self.load_standing(*id, &mut facts).await?;
                self.load_radius(*id, &mut facts).await?;
                // Whom teams wait for is nobody who has the same names as before.
                let before = facts.member.as_ref().map(|member| &member.attributes);
                let is_called_as_before =
                    |name| before.is_some_and(|before| before.get(name) == attributes.get(name));
                if !["externalId", "userName"]
                    .into_iter()
                    .all(is_called_as_before)
                {
                    let ids = std::iter::once(*id);
                    self.load_awaited(ids, attributes, &mut facts).await?;
                }
            }
            Command::DeleteMember { id, .. } => {
                self.load_member(*id, &mut facts).await?;
                self.load_standing(*id, &mut facts).await?;
                self.load_radius(*id, &mut facts).await?;
            }
            Command::TendIncident { id, .. } | Command::RuleHold { id, .. } => {
                facts.incident = self.store.incident(*id).await?;
            }
            Command::MarkRecovery { id, on } => {
                self.load_member(*id, &mut facts).await?;
                if *on {
                    facts.team_roles = Some(self.roles_by_teams(*id).await?);
                    facts.ways = self.ways_in(*id).await?;
                }
            }
            Command::ProveRecovery { id, .. }
            | Command::MakeRecoveryCodes { id, .. }
            | Command::MakePasswordLink { id, .. }
            | Command::ChoosePassword { id }
            | Command::UnlinkMember { id, .. }
            | Command::InviteMember { id, .. } => {
                self.load_member(*id, &mut facts).await?;
            }
            Command::UseRecoveryCode { id } => {
                facts.member = self.store.member(*id, true).await?;
            }
            Command::LinkMember {
                id, external_id, ..
            } => {
                self.load_member(*id, &mut facts).await?;
                let mut wanted = Attributes::new();
                if let Some(external_id) = external_id {
                    wanted.insert("externalId".into(), external_id.clone().into());
                }
                facts.rivals = self.rivals(&wanted, None).await?;
            }
            Command::MergeMembers {
                survivor, other, ..
            } => {
                self.load_member(*survivor, &mut facts).await?;
                facts.teams_of_member = self.store.teams_of(*survivor).await?;
                if let Some(other) = self.store.member(*other, false).await? {
                    self.load_owned_keys(other.id, &mut facts).await?;
                    let teams = self.store.teams_of(other.id).await?;
                    facts.other = Some((other, teams));
                }
            }
            Command::PurgeProvisioned => {
                facts.purged = self.store.provisioned_members(PURGED + 1).await?;
                let purged: Vec<MemberId> = facts.purged.iter().map(|it| it.id).collect();
                for owner in purged {
                    self.load_owned_keys(owner, &mut facts).await?;
                }
            }
            Command::PurgeSynced => {
                for team in self.store.synced_teams(PURGED + 1).await? {
                    let members = self.store.members_in(team.id, None).await?;
                    facts.purged_teams.push((team, members));
                }
            }
            Command::SetPassword { id, .. } => {
                facts.member = self.store.member(*id, false).await?;
            }
            Command::RestoreMember { id } => {
                facts.member = self.store.member(*id, true).await?;
                if let Some(member) = facts.member.clone() {
                    if member.user_name().is_empty() {
                        let former = self.store.former_member(*id).await?;
                        facts.former = former.map(|member| Former {
                            member,
                            hidden: None,
                        });
                    }
                    let former = facts.former.as_ref().map(|former| &former.member);
                    let wanted = former.unwrap_or(&member).attributes.clone();
                    facts.rivals = self.rivals(&wanted, None).await?;
                    facts.held_values = self.values_held(ResourceKind::User, &wanted).await?;
                    let ids = std::iter::once(*id);
                    self.load_awaited(ids, &wanted, &mut facts).await?;
                }
            }
            Command::CreateTeam {
                attributes,
                members,
                references,
                ..
            } => {
                facts.held_values = self.values_held(ResourceKind::Group, attributes).await?;
                self.load_new_team(attributes, members, references, &mut facts)
                    .await?;
            }
            Command::UpdateTeam {
                id,
                attributes,
                members,
                ..
            } => {
                self.load_team(*id, &mut facts).await?;
                if let Some(attributes) = attributes {
                    facts.held_values = self.values_held(ResourceKind::Group, attributes).await?;
                    self.load_rival_teams(attributes, &mut facts).await?;
                }
                self.load_membership(*id, members, &mut facts).await?;
            }
            Command::DescribeTeam { id, edit, .. } => {
                self.load_team(*id, &mut facts).await?;
                let maintainers = edit.maintainers.as_deref().unwrap_or_default();
                facts.known_members = self.store.known_members(maintainers).await?;
            }
            Command::LinkTeam {
                id, external_id, ..
            } => {
                self.load_team(*id, &mut facts).await?;
                if let (Some(team), Some(external_id)) = (&facts.team, external_id) {
                    let mut wanted = team.attributes.clone();
                    wanted.insert("externalId".into(), external_id.as_str().into());
                    self.load_rival_teams(&wanted, &mut facts).await?;
                }
            }
            Command::UnlinkTeam { id, members, .. } => {
                self.load_team(*id, &mut facts).await?;
                self.load_whole_team(*id, *members, &mut facts).await?;
            }
            Command::PauseTeam { id, paused, .. } => {
                self.load_team(*id, &mut facts).await?;
                if !paused {
                    self.load_arrived(*id, &mut facts).await?;
                }
            }
            Command::DeleteTeam { id, .. } => {
                self.load_team(*id, &mut facts).await?;
                self.load_whole_team(*id, Leaving::Empty, &mut facts)
                    .await?;
            }
            Command::IssueToken { name, owner, .. } => {
                facts.ended_grants = self.ended_grants().await?;
                self.load_holder(name, &mut facts).await?;
                self.load_owner(*owner, &mut facts).await?;
            }
            Command::CreateClient { name, .. } => {
                facts.ended_grants = self.ended_grants().await?;
                self.load_holder(name, &mut facts).await?;
            }
            Command::Connect {
                connection,
                credential,
            } => {
                facts.ended_grants = self.ended_grants().await?;
                self.load_holder(&connection.name, &mut facts).await?;
                if let NewCredential::Token { owner, .. } = credential {
                    self.load_owner(*owner, &mut facts).await?;
                }
            }
            Command::Disconnect { name } => self.load_connection(name, &mut facts).await?,
            Command::RevokeToken { id } | Command::RotateToken { id, .. } => {
                self.load_token(*id, &mut facts).await?;
            }
            Command::RevokeClient { id } => self.load_client(*id, &mut facts).await?,
            Command::IssueAccessToken { client: id, .. } => {
                facts.ended_grants = self.ended_grants().await?;
                self.load_client(*id, &mut facts).await?;
            }
            Command::RotateClient { id } => {
                let record = self.store.client(*id).await?;
                facts.client = record.map(|record| known_client(record.row));
            }
            Command::GiveConsent { client, admin, .. } => {
                facts.ended_grants = self.ended_grants().await?;
                self.load_client(*client, &mut facts).await?;
                facts.member = self.store.member(*admin, false).await?;
                facts.team_roles = Some(self.roles_by_teams(*admin).await?);
            }
            Command::UseConsent { id, client, .. } => {
                facts.ended_grants = self.ended_grants().await?;
                self.load_client(*client, &mut facts).await?;
                self.load_consent(*id, &mut facts).await?;
                if let Some(consent) = facts.consent.as_ref().filter(|it| !it.used) {
                    let key = MemberKey::UserName(consent.admin.clone());
                    let granter = self.store.members_by(&key).await?.into_iter().next();
                    if let Some(granter) = granter {
                        facts.team_roles = Some(self.roles_by_teams(granter.id).await?);
                        facts.member = Some(granter);
                    }
                }
                let all = self.store.client_consents(*client).await?;
                let others = all.into_iter().filter(|other| other.id != *id);
                facts.other_consents = others.map(|other| other.id).collect();
            }
            Command::RevokeConsent { id, .. } => self.load_consent(*id, &mut facts).await?,
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
            Command::SetPolicy { if_version, .. }
            | Command::AdoptPreset { if_version, .. }
            | Command::SwitchTeamSync { if_version, .. }
            | Command::SwitchProvisioning { if_version, .. }
            | Command::ConfigureSso { if_version, .. }
            | Command::RefreshSso { if_version, .. }
            | Command::MapClaims { if_version, .. }
            | Command::SwitchSso { if_version, .. }
            | Command::RemoveSso { if_version } => {
                self.load_settings_facts(command, *if_version, &mut facts)
                    .await?;
            }
            Command::ReportSso { finding } => {
                let (code, about) = (finding.code(), finding.key());
                facts.incident = self.store.incident_about(code, &about).await?;
            }
            Command::SignIn { .. } => Box::pin(self.load_sign_in(command, &mut facts)).await?,
            Command::Undo { request, changes } => {
                self.load_undo(*request, changes, &mut facts).await?;
            }
            Command::AddSigningKey { .. } => {}
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

    /// A client, and the access tokens it holds.
    async fn load_client(&self, id: ClientId, facts: &mut Facts) -> Result<(), StoreError> {
        let record = self.store.client(id).await?;
        facts.client = record.map(|record| known_client(record.row));
        facts.client_tokens = self.store.client_tokens(id, Timestamp::now()).await?;
        Ok(())
    }

    /// What an admin has granted, and to which client.
    async fn load_consent(&self, id: ConsentId, facts: &mut Facts) -> Result<(), StoreError> {
        let Some(row) = self.store.consent(id).await? else {
            return Ok(());
        };
        if facts.client.is_none() {
            let record = self.store.client(row.client).await?;
            facts.client = record.map(|record| known_client(record.row));
        }
        facts.consent = Some(KnownConsent {
            client: row.client,
            admin: row.admin,
            used: row.used.is_some(),
            revoked: row.revoked.is_some(),
        });
        Ok(())
    }

    /// The member to whom a key shall belong.
    async fn load_owner(
        &self,
        owner: Option<MemberId>,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        if let Some(owner) = owner {
            facts.member = self.store.member(owner, false).await?;
        }
        Ok(())
    }

    /// The credentials of a connection, and what stays when they end.
    async fn load_connection(&self, name: &str, facts: &mut Facts) -> Result<(), StoreError> {
        let now = Timestamp::now();
        let is_live = |token: &TokenRow| {
            token.name == name
                && token.client.is_none()
                && token.revoked.is_none()
                && token.expires.is_none_or(|end| end > now)
        };
        let tokens = self.store.tokens().await?.into_iter();
        let live = tokens.filter(is_live).map(|token| token.id);
        facts.connection_tokens = live.collect();
        let mut clients = self.store.clients().await?.into_iter();
        let client = clients.find(|it| it.name == name && it.revoked.is_none());
        if let Some(client) = client {
            facts.connection_client = Some(client.id);
            facts.client_tokens = self.store.client_tokens(client.id, now).await?;
        }
        let (members, _) = self.store.count_members().await?;
        let (teams, _) = self.store.count_teams().await?;
        facts.kept = (members, teams);
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

    /// Who had these keys and has lost their access since, by the keys that recognise somebody.
    pub(super) async fn former(
        &self,
        policy: &Policy,
        wanted: &Attributes,
    ) -> Result<Option<Former>, StoreError> {
        let text = |name: &str| wanted.get(name)?.as_str().map(str::to_owned);
        for key in &policy.users.r#match {
            let keys: Vec<MemberKey> = match key {
                MatchKey::ExternalId => text("externalId")
                    .map(MemberKey::ExternalId)
                    .into_iter()
                    .collect(),
                MatchKey::UserName => text("userName")
                    .map(MemberKey::UserName)
                    .into_iter()
                    .collect(),
                MatchKey::Email => {
                    let addresses = email_addresses(wanted).into_iter();
                    addresses.map(MemberKey::Email).collect()
                }
            };
            for key in keys {
                let Some(member) = self.store.former_members_by(&key).await?.into_iter().next()
                else {
                    continue;
                };
                let hidden = self.store.member(member.id, true).await?;
                return Ok(Some(Former { member, hidden }));
            }
        }
        Ok(None)
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

    pub(super) async fn values_held(
        &self,
        kind: ResourceKind,
        wanted: &Attributes,
    ) -> Result<Vec<HeldValue>, StoreError> {
        self.store.held_values(kind, wanted).await
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
    pub(super) async fn load_standing(
        &self,
        id: MemberId,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let Some(member) = &facts.member else {
            return Ok(());
        };
        let policy = &self.in_force().policy;
        facts.teams_of_member = self.store.teams_of(id).await?;
        let given = if facts.teams_of_member.is_empty() {
            Vec::new()
        } else {
            self.roles_by_teams(id).await?
        };
        // Most members are none, and counting goes through those who are.
        if effective::access(&policy.roles, member, &given).is_admin {
            let roles = &policy.roles;
            let closed = self.passwords_are_closed();
            let without = Prospect::without(id).while_closed(closed);
            let outlook = self.store.outlook(roles, roles, without);
            facts.others = outlook.await?.then;
            facts.ways = self.ways_in(id).await?.open_to(member, closed);
            if !facts.others.signs_in {
                facts.admin_paths = self.admin_paths(policy, MOST_TOLD).await?;
            }
        }
        facts.team_roles = Some(given);
        facts.released_teams = self.store.released_teams_of(id).await?;
        self.load_owned_keys(id, facts).await
    }

    /// The roles that a member has through teams.
    pub(super) async fn roles_by_teams(&self, id: MemberId) -> Result<Vec<TeamRoles>, StoreError> {
        let teams = self.store.role_teams_of(id).await?.into_iter();
        Ok(teams.map(|team| team.roles).collect())
    }

    /// The keys that end with a member's access.
    async fn load_owned_keys(&self, owner: MemberId, facts: &mut Facts) -> Result<(), StoreError> {
        let owned = self.store.owned_tokens(owner).await?.into_iter();
        let owned = owned.map(|(id, name)| OwnedKey { id, name, owner });
        facts.owned_keys.extend(owned);
        Ok(())
    }

    /// What the guards count: how many go, or how often the one went who comes back.
    async fn load_radius(&self, id: MemberId, facts: &mut Facts) -> Result<(), StoreError> {
        match &facts.member {
            Some(member) if member.is_active() => {
                facts.radius = self.radius(&self.in_force().policy, Some(id)).await?;
            }
            Some(member) => {
                facts.recent_departures = self.recent_departures(&member.user_name_key()).await?;
            }
            None => {}
        }
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
        owner: token.owner,
    }
}

fn known_client(client: ClientRow) -> KnownClient {
    KnownClient {
        name: client.name,
        revoked: client.revoked.is_some(),
        redirect_uris: client.redirect_uris,
    }
}
