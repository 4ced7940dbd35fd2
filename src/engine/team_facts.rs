//! Loading what a command about a team may touch: its members, whom it waits for, and who somebody unknown may be.

use std::collections::BTreeSet;

use super::Engine;
use crate::directory::decide::{MOST_PARKED, fitted_team_name, recognised_team, wanted_team_key};
use crate::directory::fold::fold;
use crate::directory::member::Attributes;
use crate::directory::policy::{TeamPostExisting, UnknownMember};
use crate::directory::{Facts, Leaving, MemberId, MembersEdit, Team, TeamId};
use crate::store::{MemberKey, Precondition, StoreError, TeamKey};

/// More references of one edit are not looked up by other names than an id. A group of more strangers is refused.
const MOST_LOOKED_UP: usize = 10_000;

impl Engine {
    /// For a team that is to be created: those that it might be, and who is named.
    pub(super) async fn load_new_team(
        &self,
        attributes: &Attributes,
        members: &[MemberId],
        references: &[String],
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        self.load_rivals_of(attributes, facts).await?;
        self.load_team_keys(attributes, facts).await?;
        facts.known_members = self.store.known_members(members).await?;
        let recognised = recognised_team(&self.in_force().policy, facts, attributes).cloned();
        if let Some(team) = recognised {
            facts.current_members = self.store.members_in(team.id, None).await?;
            self.load_waiting(team.id, facts).await?;
            facts.team = Some(team);
        }
        self.load_aliases(members, references.iter(), facts).await
    }

    /// The keys that stand in the way of the one a team of this name would have.
    pub(super) async fn load_team_keys(
        &self,
        attributes: &Attributes,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let name = attributes.get("displayName").and_then(|it| it.as_str());
        let own = facts.team.as_ref().map(Team::key);
        let wanted = wanted_team_key(&self.in_force().policy, name.unwrap_or_default());
        facts.team_keys = self.store.team_keys(&wanted).await?;
        if let Some(own) = own {
            facts.team_keys.remove(&own);
        }
        Ok(())
    }

    /// For an edit that replaces, all who are in the team; else only those it names, so that a large team costs no
    /// more than a small one.
    pub(super) async fn load_membership(
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
        let references = edit.references.iter().chain(&edit.dropped);
        self.load_aliases(&asked, references, facts).await?;
        if edit.replace.is_some() {
            facts.current_members = self.store.members_in(id, None).await?;
            return self.load_waiting(id, facts).await;
        }
        let aliases = facts.aliases.values().map(|(id, _)| id);
        let named: Vec<MemberId> = asked
            .iter()
            .chain(&edit.remove)
            .chain(aliases)
            .copied()
            .collect();
        facts.current_members = self.store.members_in(id, Some(&named)).await?;
        facts.parked_count = self.store.count_parked(id).await?;
        if facts.parked_count > 0 || !facts.aliases.is_empty() {
            let ids = asked.iter().chain(&edit.remove).map(ToString::to_string);
            let others = edit.references.iter().chain(&edit.dropped).cloned();
            let names: Vec<String> = ids.chain(others).collect();
            let parked = self.store.parked(id, Some(&names), u32::MAX).await?;
            facts.parked = parked.into_iter().map(|it| it.reference).collect();
        }
        Ok(())
    }

    /// For a team that is deleted, unlinked or resumed: who is in it and whom it waits for.
    pub(super) async fn load_whole_team(
        &self,
        id: TeamId,
        members: Leaving,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        self.load_waiting(id, facts).await?;
        if members == Leaving::Empty {
            facts.current_members = self.store.members_in(id, None).await?;
        }
        Ok(())
    }

    /// For a team whose sync goes on: who of those it waits for is here by now.
    pub(super) async fn load_arrived(
        &self,
        id: TeamId,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        self.load_waiting(id, facts).await?;
        let parked: Vec<String> = facts.parked.iter().cloned().collect();
        let ids: Vec<MemberId> = parked.iter().filter_map(|it| it.parse().ok()).collect();
        facts.known_members = self.store.known_members(&ids).await?;
        for reference in parked {
            self.load_alias(reference, facts).await?;
        }
        let known = facts.known_members.keys();
        let found: Vec<MemberId> = known
            .chain(facts.aliases.values().map(|(id, _)| id))
            .copied()
            .collect();
        facts.current_members = self.store.members_in(id, Some(&found)).await?;
        Ok(())
    }

    /// Whom a team waits for.
    async fn load_waiting(&self, id: TeamId, facts: &mut Facts) -> Result<(), StoreError> {
        let most = u32::try_from(MOST_PARKED).unwrap_or(u32::MAX);
        let parked = self.store.parked(id, None, most).await?;
        facts.parked = parked.into_iter().map(|it| it.reference).collect();
        facts.parked_count = facts.parked.len() as u64;
        Ok(())
    }

    /// Who is meant by references that are no ids of ours, where the policy waits for strangers: they may be here already
    /// under another name.
    async fn load_aliases(
        &self,
        ids: &[MemberId],
        references: impl Iterator<Item = &String>,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        if self.in_force().policy.teams.unknown_member != UnknownMember::Park {
            return Ok(());
        }
        let strangers = ids
            .iter()
            .filter(|id| !facts.known_members.contains_key(id))
            .map(ToString::to_string);
        let strangers: Vec<String> = strangers
            .chain(references.cloned())
            .take(MOST_LOOKED_UP)
            .collect();
        for reference in strangers {
            self.load_alias(reference, facts).await?;
        }
        Ok(())
    }

    async fn load_alias(&self, reference: String, facts: &mut Facts) -> Result<(), StoreError> {
        for key in [
            MemberKey::ExternalId as fn(String) -> MemberKey,
            MemberKey::UserName,
        ] {
            let found = self.store.members_by(&key(reference.clone())).await?;
            if let Some(member) = found.first() {
                let alias = (member.id, member.display_name());
                facts.aliases.insert(reference, alias);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The teams that wait for somebody who will go by these names.
    pub(super) async fn load_awaited(
        &self,
        ids: impl Iterator<Item = MemberId>,
        attributes: &Attributes,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let text = |name: &str| attributes.get(name).and_then(|it| it.as_str());
        let names = ["externalId", "userName"].into_iter().filter_map(text);
        let names = names.map(str::to_owned);
        facts.awaited_names = ids.map(|id| id.to_string()).chain(names).collect();
        let found = self.store.awaited(&facts.awaited_names).await?;
        facts.awaited_count = found.len() as u64;
        for (team, reference) in found {
            if let Some(team) = self.store.team(team).await? {
                facts.awaited.push((team, reference));
            }
        }
        Ok(())
    }

    /// Other teams that hold the keys of a team. Where no two teams may have the name that it would get, or a group
    /// becomes the team that has it, the commit looks for that name once more.
    async fn load_rivals_of(
        &self,
        wanted: &Attributes,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let text = |attribute: &str| {
            wanted
                .get(attribute)
                .and_then(|value| value.as_str())
                .map(str::to_owned)
        };
        if let Some(external_id) = text("externalId") {
            facts.rival_teams.extend(
                self.store
                    .teams_by(&TeamKey::ExternalId(external_id))
                    .await?,
            );
        }
        if let Some(name) = text("displayName") {
            // Not as it was sent: what the name becomes is what another team may have.
            let name = fitted_team_name(self.in_force().policy.teams.name_rule, &name);
            let named = self
                .store
                .teams_by(&TeamKey::DisplayName(name.clone()))
                .await?;
            let stays = facts.team.as_ref().map(Team::display_name) == Some(&name);
            if !stays {
                self.note_namesakes(&name, &named, facts);
            }
            facts.rival_teams.extend(named);
        }
        Ok(())
    }

    /// Notes who has a name that a team is to get, where it matters to the policy.
    pub(super) fn note_namesakes(&self, name: &str, teams: &[Team], facts: &mut Facts) {
        let policy = &self.in_force().policy.teams;
        if policy.post_existing_name != TeamPostExisting::Duplicate {
            let ids = teams.iter().map(|team| team.id).collect();
            facts.namesakes.insert(fold(name), ids);
        }
    }

    /// For a team that gets other keys: who holds them.
    pub(super) async fn load_rival_teams(
        &self,
        wanted: &Attributes,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        self.load_rivals_of(wanted, facts).await?;
        self.load_team_keys(wanted, facts).await
    }
}

/// What a decision relied on besides versions: that so many references mean a member, and that nobody else has the name
/// of a team.
pub(super) fn names_stay(facts: &Facts) -> impl Iterator<Item = Precondition> {
    let awaited = (!facts.awaited_names.is_empty()).then(|| Precondition::Awaited {
        names: facts.awaited_names.clone(),
        count: facts.awaited_count,
    });
    let namesakes = facts.namesakes.iter();
    let namesakes = namesakes.map(|(name, teams)| Precondition::TeamsNamed {
        name: name.clone(),
        teams: teams.clone(),
    });
    awaited.into_iter().chain(namesakes)
}
