//! Loading what a command may touch or collide with.

use std::collections::BTreeSet;

use super::Engine;
use crate::directory::decide::{recognised_member, recognised_team};
use crate::directory::facts::{KnownToken, Rival};
use crate::directory::member::email_addresses;
use crate::directory::policy::MatchKey;
use crate::directory::{Attributes, Command, Facts, MemberId, MembersEdit, TeamId};
use crate::store::{MemberKey, StoreError, TeamKey};

impl Engine {
    /// Loads the facts of a command. What another request changes meanwhile, the commit notices.
    pub(super) async fn facts(&self, command: &Command) -> Result<Facts, StoreError> {
        let mut facts = Facts {
            is_provisioning: true,
            team_sync: true,
            ..Facts::default()
        };
        match command {
            Command::CreateMember { attributes, .. } => {
                facts.rivals = self.rivals(attributes, None).await?;
                facts.rivals.extend(self.owners_of_email(attributes).await?);
                if let Some(rival) = recognised_member(&self.policy, &facts) {
                    facts.teams_of_member = self.store.teams_of(rival.member.id).await?;
                }
            }
            Command::UpdateMember { id, attributes, .. } => {
                facts.member = self.store.member(*id, false).await?;
                facts.rivals = self
                    .rivals(attributes, facts.member.as_ref().map(|m| &m.attributes))
                    .await?;
                self.load_standing(*id, &mut facts).await?;
            }
            Command::DeleteMember { id, .. } => {
                facts.member = self.store.member(*id, false).await?;
                self.load_standing(*id, &mut facts).await?;
            }
            Command::RestoreMember { id } => {
                facts.member = self.store.member(*id, true).await?;
                if let Some(member) = &facts.member {
                    facts.rivals = self.rivals(&member.attributes, None).await?;
                }
            }
            Command::CreateTeam {
                attributes,
                members,
                ..
            } => {
                facts.rival_teams = self.rival_teams(attributes).await?;
                facts.known_members = self.store.known_members(members).await?;
                if let Some(team) = recognised_team(&self.policy, &facts, attributes) {
                    facts.current_members = self.store.members_in(team.id, None).await?;
                }
            }
            Command::UpdateTeam {
                id,
                attributes,
                members,
                ..
            } => {
                facts.team = self.store.team(*id).await?;
                if let Some(attributes) = attributes {
                    facts.rival_teams = self.rival_teams(attributes).await?;
                }
                self.load_membership(*id, members, &mut facts).await?;
            }
            Command::DeleteTeam { id, .. } => {
                facts.team = self.store.team(*id).await?;
                facts.current_members = self.store.members_in(*id, None).await?;
            }
            Command::IssueToken { name, .. } => {
                let tokens = self.store.tokens().await?;
                let live = tokens
                    .into_iter()
                    .find(|token| token.name == *name && token.revoked.is_none());
                facts.token = live.map(|token| KnownToken {
                    name: token.name,
                    revoked: false,
                });
            }
            Command::RevokeToken { id } => {
                let tokens = self.store.tokens().await?;
                let token = tokens.into_iter().find(|token| token.id == *id);
                facts.token = token.map(|token| KnownToken {
                    name: token.name,
                    revoked: token.revoked.is_some(),
                });
            }
        }
        Ok(facts)
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
        if !self.policy.users.r#match.contains(&MatchKey::Email) {
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
            teams.extend(self.store.teams_by(&TeamKey::DisplayName(name)).await?);
        }
        Ok(teams)
    }

    /// The member's teams, and how many other admins there are: what taking somebody's access depends on.
    async fn load_standing(&self, id: MemberId, facts: &mut Facts) -> Result<(), StoreError> {
        if facts.member.is_some() {
            facts.teams_of_member = self.store.teams_of(id).await?;
            facts.other_admins = self
                .store
                .count_admins(&self.policy.roles.admin, Some(id))
                .await?;
        }
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
