//! Okta itself: its mode, the ids it keeps, and the list of what it can be asked to do.

use std::collections::HashMap;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{OktaMode, bodies};
use crate::simulate::cast::{Person, PersonKey, Roster, TeamKey};
use crate::simulate::client::{Kind, Session, page, read_all};
use crate::simulate::dice::Dice;
use crate::simulate::error::SimulateError;
use crate::simulate::provider::{IdentityProvider, Membership, Mistake};

/// A simulated Okta organisation with one application.
pub(crate) struct Okta {
    pub(super) session: Session,
    pub(super) mode: OktaMode,
    pub(super) dice: Dice,
    pub(super) ids: HashMap<PersonKey, String>,
    pub(super) team_ids: HashMap<TeamKey, String>,
    /// Whether groups are read again after each change, to compare their members.
    pub(super) reads_back: bool,
}

impl Okta {
    /// An organisation that knows no id of the server yet.
    pub fn new(session: Session, mode: OktaMode, seed: u64) -> Self {
        Self {
            session,
            mode,
            dice: Dice::new(seed),
            ids: HashMap::new(),
            team_ids: HashMap::new(),
            reads_back: false,
        }
    }

    /// Whether groups are read again after each change.
    pub fn read_back(&mut self, reads_back: bool) {
        self.reads_back = reads_back;
    }

    /// Takes over the ids of people and teams that were created outside of this session.
    pub fn link(&mut self, ids: HashMap<PersonKey, String>, team_ids: HashMap<TeamKey, String>) {
        self.ids.extend(ids);
        self.team_ids.extend(team_ids);
    }

    /// The server's id of a person, without which Okta can do nothing.
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
                .unacceptable("an id from an earlier group push", "none")),
        }
    }
}

#[async_trait]
impl IdentityProvider for Okta {
    fn name(&self) -> &'static str {
        "okta"
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
        match self.mode {
            OktaMode::Catalogue => Membership::WholeOnRename,
            OktaMode::Wizard => Membership::AlwaysWhole,
        }
    }

    fn expected_user(&self, roster: &Roster, who: PersonKey) -> Value {
        let id = self.ids.get(&who).map(String::as_str);
        bodies::expected_user(roster, roster.person(who), id)
    }

    fn expected_group(&self, roster: &Roster, team: TeamKey) -> Value {
        match self.team_ids.get(&team) {
            Some(id) => json!({"id": id, "displayName": roster.team(team).display_name}),
            None => json!({"displayName": roster.team(team).display_name}),
        }
    }

    async fn test_connection(&mut self) -> Result<(), SimulateError> {
        for count in [2, 100] {
            let call = page(Kind::User, 1, count);
            let answer = self.session.send(call, "test of the connection").await?;
            let page = self.session.list(&answer)?;
            let length = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
            if length > count {
                let expected = format!("at most {count} users");
                self.session.unexpected(expected, length.to_string());
            }
        }
        Ok(())
    }

    async fn import(&mut self) -> Result<(), SimulateError> {
        let users = read_all(&mut self.session, Kind::User, "import").await?;
        read_all(&mut self.session, Kind::Group, "import").await?;
        let beyond = u64::try_from(users.len()).unwrap_or(u64::MAX);
        let call = page(Kind::User, beyond.saturating_add(1), 100);
        let answer = self.session.send(call, "import beyond the end").await?;
        let page = self.session.list(&answer)?;
        if !page.resources.is_empty() {
            let came = format!("{} users", page.resources.len());
            self.session.unexpected("nobody beyond the end", came);
        }
        let again = read_all(&mut self.session, Kind::User, "import again").await?;
        let ids = |users: &[Value]| -> Vec<Option<String>> {
            let id = |user: &Value| user.get("id").and_then(Value::as_str).map(str::to_owned);
            users.iter().map(id).collect()
        };
        if ids(&users) != ids(&again) {
            self.session
                .unexpected("the same order for the same query", "another order");
        }
        Ok(())
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

    async fn sync_password(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        self.set_password(roster, who).await
    }

    async fn deactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.set_active(roster, who, "deactivate").await
    }

    async fn reactivate(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        self.set_active(roster, who, "reactivate").await?;
        self.put_user(roster, who, "profile after reactivation")
            .await
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
        self.send_members(roster, team, added, removed).await
    }

    async fn rename_team(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.send_name(roster, team).await
    }

    async fn push_now(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.send_push_now(roster, team).await
    }

    async fn full_push(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        self.send_all_members(roster, team).await
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
