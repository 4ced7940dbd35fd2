//! Entra itself: its mode, the ids it keeps, and the list of what it can be asked to do.

use std::collections::HashMap;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{EntraMode, bodies};
use crate::simulate::cast::{Person, PersonKey, Roster, TeamKey};
use crate::simulate::client::Session;
use crate::simulate::dice::Dice;
use crate::simulate::error::SimulateError;
use crate::simulate::provider::{IdentityProvider, Membership, Mistake};

/// A simulated Entra tenant with one enterprise application.
pub(crate) struct Entra {
    pub(super) session: Session,
    pub(super) mode: EntraMode,
    pub(super) dice: Dice,
    pub(super) ids: HashMap<PersonKey, String>,
    pub(super) team_ids: HashMap<TeamKey, String>,
    /// Whether users and references are read again after each change.
    pub(super) reads_back: bool,
}

impl Entra {
    /// A tenant that knows no id of the server yet.
    pub fn new(session: Session, mode: EntraMode, seed: u64) -> Self {
        Self {
            session,
            mode,
            dice: Dice::new(seed),
            ids: HashMap::new(),
            team_ids: HashMap::new(),
            reads_back: false,
        }
    }

    /// Whether users and references are read again after each change.
    pub fn read_back(&mut self, reads_back: bool) {
        self.reads_back = reads_back;
    }

    /// Takes over the ids of people and teams that were created outside of this session.
    pub fn link(&mut self, ids: HashMap<PersonKey, String>, team_ids: HashMap<TeamKey, String>) {
        self.ids.extend(ids);
        self.team_ids.extend(team_ids);
    }

    /// The server's id of a person, without which Entra can do nothing.
    pub(super) fn id_of(&mut self, who: PersonKey) -> Result<String, SimulateError> {
        match self.ids.get(&who) {
            Some(id) => Ok(id.clone()),
            None => Err(self
                .session
                .unacceptable("an id from an earlier create or match", "none")),
        }
    }

    /// The server's id of a team.
    pub(super) fn team_id_of(&mut self, team: TeamKey) -> Result<String, SimulateError> {
        match self.team_ids.get(&team) {
            Some(id) => Ok(id.clone()),
            None => Err(self
                .session
                .unacceptable("an id from an earlier create or match", "none")),
        }
    }

    /// The server's ids of those whom it knows.
    pub(super) fn ids_of(&self, people: &[PersonKey]) -> Vec<String> {
        let known = people.iter().filter_map(|who| self.ids.get(who));
        known.cloned().collect()
    }
}

#[async_trait]
impl IdentityProvider for Entra {
    fn name(&self) -> &'static str {
        "entra"
    }

    fn mode(&self) -> &'static str {
        self.mode.as_str()
    }

    fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    fn is_linked(&self, who: PersonKey) -> bool {
        self.ids.contains_key(&who)
    }

    fn forget_person(&mut self, who: PersonKey) {
        self.ids.remove(&who);
    }

    fn is_team_linked(&self, team: TeamKey) -> bool {
        self.team_ids.contains_key(&team)
    }

    fn forget_team(&mut self, team: TeamKey) {
        self.team_ids.remove(&team);
    }

    fn membership(&self) -> Membership {
        Membership::OneByOne
    }

    fn expected_user(&self, roster: &Roster, who: PersonKey) -> Value {
        let person = roster.person(who);
        let id = |key: PersonKey| self.ids.get(&key).map(String::as_str);
        bodies::expected_user(person, id(who), person.manager.and_then(id))
    }

    fn expected_group(&self, roster: &Roster, team: TeamKey) -> Value {
        let pushed = roster.team(team);
        let mut expected = json!({
            "displayName": pushed.display_name,
            "externalId": pushed.external_id,
        });
        if let (Some(id), Some(expected)) = (self.team_ids.get(&team), expected.as_object_mut()) {
            expected.insert("id".into(), json!(id));
        }
        expected
    }

    async fn test_connection(&mut self) -> Result<(), SimulateError> {
        self.look_for_nobody().await
    }

    async fn look_up(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.find_user(roster.person(who)).await.map(drop)
    }

    async fn match_by_each(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        self.match_user_by_each(roster, who).await
    }

    async fn assign(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.assign_user(roster, who).await
    }

    async fn update(&mut self, roster: &Roster, before: &Person) -> Result<(), SimulateError> {
        self.send_changes(roster, before).await
    }

    async fn deactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.send_active(roster, who, "disable").await
    }

    async fn reactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.send_active(roster, who, "enable").await
    }

    async fn erase(&mut self, _roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.delete_user(who).await
    }

    async fn provision_on_demand(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        self.send_on_demand(roster, who).await
    }

    async fn push_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.provision_group(roster, team).await
    }

    async fn change_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        added: &[PersonKey],
        removed: &[PersonKey],
    ) -> Result<(), SimulateError> {
        self.send_members(roster, team, added, removed).await
    }

    async fn rename_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.send_name(roster, team).await
    }

    async fn unlink_team(&mut self, _roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.delete_group(team).await
    }

    async fn make_mistake(
        &mut self,
        roster: &Roster,
        mistake: Mistake,
    ) -> Result<(), SimulateError> {
        self.err(roster, mistake).await
    }
}
