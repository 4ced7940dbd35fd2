//! OneLogin itself: the ids it keeps, and the list of what it can be asked to do.

use std::collections::HashMap;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::bodies;
use crate::simulate::cast::{Person, PersonKey, Roster, TeamKey};
use crate::simulate::client::Session;
use crate::simulate::dice::Dice;
use crate::simulate::error::SimulateError;
use crate::simulate::provider::{IdentityProvider, Membership, Mistake};

/// A simulated OneLogin account with one application.
pub(crate) struct OneLogin {
    pub(super) session: Session,
    pub(super) dice: Dice,
    pub(super) ids: HashMap<PersonKey, String>,
    pub(super) team_ids: HashMap<TeamKey, String>,
    /// Whether users and groups are read again after each change, to compare them.
    pub(super) reads_back: bool,
}

impl OneLogin {
    /// An account that knows no id of the server yet.
    pub fn new(session: Session, seed: u64) -> Self {
        Self {
            session,
            dice: Dice::new(seed),
            ids: HashMap::new(),
            team_ids: HashMap::new(),
            reads_back: false,
        }
    }

    /// Whether users and groups are read again after each change.
    pub fn read_back(&mut self, reads_back: bool) {
        self.reads_back = reads_back;
    }

    /// The server's id of a person, without which OneLogin can do nothing.
    pub(super) fn id_of(&mut self, who: PersonKey) -> Result<String, SimulateError> {
        match self.ids.get(&who) {
            Some(id) => Ok(id.clone()),
            None => Err(self
                .session
                .unacceptable("an id from an earlier create or look-up", "none")),
        }
    }

    /// The server's id of a team.
    pub(super) fn team_id_of(&mut self, team: TeamKey) -> Result<String, SimulateError> {
        match self.team_ids.get(&team) {
            Some(id) => Ok(id.clone()),
            None => Err(self
                .session
                .unacceptable("an id from an earlier create or list", "none")),
        }
    }

    /// The server's ids of those whom it knows.
    pub(super) fn ids_of(&self, people: &[PersonKey]) -> Vec<String> {
        let known = people.iter().filter_map(|who| self.ids.get(who));
        known.cloned().collect()
    }
}

#[async_trait]
impl IdentityProvider for OneLogin {
    fn name(&self) -> &'static str {
        "onelogin"
    }

    fn mode(&self) -> &'static str {
        "template"
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
        bodies::expected_user(roster.person(who), self.ids.get(&who).map(String::as_str))
    }

    fn expected_group(&self, roster: &Roster, team: TeamKey) -> Value {
        match self.team_ids.get(&team) {
            Some(id) => json!({"id": id, "displayName": roster.team(team).display_name}),
            None => json!({"displayName": roster.team(team).display_name}),
        }
    }

    async fn test_connection(&mut self) -> Result<(), SimulateError> {
        self.read_groups().await.map(drop)
    }

    async fn look_up(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.find_user(roster.person(who)).await.map(drop)
    }

    async fn assign(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.assign_user(roster, who).await
    }

    async fn update(&mut self, roster: &Roster, before: &Person) -> Result<(), SimulateError> {
        self.put_user(roster, before.key, "update").await
    }

    async fn deactivate(&mut self, _roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.suspend_user(who).await
    }

    async fn reactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.put_user(roster, who, "reactivate").await
    }

    async fn erase(&mut self, _roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.delete_user(who).await
    }

    async fn push_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.push_group(roster, team).await
    }

    async fn change_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        added: &[PersonKey],
        removed: &[PersonKey],
    ) -> Result<(), SimulateError> {
        self.move_members(roster, team, added, removed).await
    }

    async fn rename_team(&mut self, _roster: &Roster, _team: TeamKey) -> Result<(), SimulateError> {
        Err(self.unsupported("rename a group"))
    }

    async fn unlink_team(&mut self, _roster: &Roster, _team: TeamKey) -> Result<(), SimulateError> {
        Err(self.unsupported("delete a group"))
    }

    async fn make_mistake(
        &mut self,
        roster: &Roster,
        mistake: Mistake,
    ) -> Result<(), SimulateError> {
        self.err(roster, mistake).await
    }
}
