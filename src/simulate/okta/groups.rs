//! What Okta sends about groups.
//!
//! The catalogue's applications PATCH, and send the group's name again with each change of members. The wizard's
//! applications PUT the whole group each time.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::bodies::{self, Pushed};
use super::{Okta, OktaMode};
use crate::simulate::cast::{PersonKey, Roster, TeamKey};
use crate::simulate::client::{Call, Kind, Resource};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::{member_ids, quoted};

impl Okta {
    /// A look-up by name, then a create or a takeover, then the members.
    pub(super) async fn push_group(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let display_name = &roster.team(team).display_name;
        let group = if let Some(group) = self.find_group(display_name).await? {
            group
        } else {
            let call = Call::post("/Groups", bodies::create_group(display_name));
            let answer = self.session.send(call, "create group").await?;
            let group = self.session.resource(&answer, &[201], Kind::Group)?;
            let expected = json!({"displayName": display_name});
            self.session.must_show(&expected, &group.body);
            group
        };
        self.team_ids.insert(team, group.id);
        let members = roster.pushable(team);
        if members.is_empty() {
            return Ok(());
        }
        self.send_members(roster, team, &members, &[]).await
    }

    async fn find_group(&mut self, display_name: &str) -> Result<Option<Resource>, SimulateError> {
        let call = Call::get("/Groups")
            .with("filter", format!("displayName eq {}", quoted(display_name)))
            .with("startIndex", "1")
            .with("count", "100");
        let answer = self.session.send(call, "look-up").await?;
        if answer.status == 404 {
            self.session.refused(&answer, &[404], None)?;
            return Ok(None);
        }
        let page = self.session.list(&answer)?;
        self.session.at_most_one(page, Kind::Group)
    }

    /// Those who come and go.
    pub(super) async fn send_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        added: &[PersonKey],
        removed: &[PersonKey],
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        match self.mode {
            OktaMode::Wizard => self.put_group(roster, team, "change of members").await?,
            OktaMode::Catalogue => {
                let name = bodies::patch_name(&id, &roster.team(team).display_name);
                self.patch_group(&id, name, "name before members").await?;
                let body = bodies::patch_members(
                    &self.pushed(roster, added),
                    &self.pushed(roster, removed),
                );
                self.patch_group(&id, body, "change of members").await?;
            }
        }
        self.compare_members(roster, team).await
    }

    /// A new name, and the membership once more.
    pub(super) async fn send_name(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        if self.mode == OktaMode::Wizard {
            self.put_group(roster, team, "rename").await?;
            return self.compare_members(roster, team).await;
        }
        let display_name = &roster.team(team).display_name;
        let body = bodies::patch_name(&id, display_name);
        if let Some(group) = self.patch_group(&id, body, "rename").await? {
            let expected = json!({"displayName": display_name});
            self.session.must_show(&expected, &group);
        }
        self.send_all_members(roster, team).await
    }

    /// All members through the path `members`.
    pub(super) async fn send_all_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        match self.mode {
            OktaMode::Wizard => self.put_group(roster, team, "full push").await?,
            OktaMode::Catalogue => {
                let members = self.pushed(roster, &roster.pushable(team));
                let body = bodies::patch_all_members(&members);
                self.patch_group(&id, body, "full push").await?;
            }
        }
        self.compare_members(roster, team).await
    }

    /// Name and all members without a path.
    pub(super) async fn send_push_now(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        match self.mode {
            OktaMode::Wizard => self.put_group(roster, team, "push now").await?,
            OktaMode::Catalogue => {
                let members = self.pushed(roster, &roster.pushable(team));
                let display_name = &roster.team(team).display_name;
                let body = bodies::patch_push_now(&id, display_name, &members);
                self.patch_group(&id, body, "push now").await?;
            }
        }
        self.compare_members(roster, team).await
    }

    /// "Unlink pushed group" with "Delete the group in the target app".
    pub(super) async fn delete_group(&mut self, team: TeamKey) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let path = format!("/Groups/{id}");
        let answer = self.session.send(Call::delete(&path), "unlink").await?;
        self.session.deleted(&answer)?;
        self.team_ids.remove(&team);
        let answer = self.session.send(Call::get(&path), "is it gone").await?;
        self.session.refused(&answer, &[404], None)
    }

    async fn put_group(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        note: &str,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let members = self.pushed(roster, &roster.pushable(team));
        let display_name = &roster.team(team).display_name;
        let body = bodies::put_group(&id, display_name, &members);
        let answer = self
            .session
            .send(Call::put(format!("/Groups/{id}"), body), note)
            .await?;
        let group = self.session.resource(&answer, &[200], Kind::Group)?;
        let expected = json!({"id": id, "displayName": display_name});
        self.session.must_show(&expected, &group.body);
        Ok(())
    }

    async fn patch_group(
        &mut self,
        id: &str,
        body: Value,
        note: &str,
    ) -> Result<Option<Value>, SimulateError> {
        let call = Call::patch(format!("/Groups/{id}"), body);
        let answer = self.session.send(call, note).await?;
        self.session.changed(&answer, Kind::Group, id)
    }

    /// Reads the group and compares its members with the roster's.
    pub(super) async fn compare_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let members: Vec<PersonKey> = roster.team(team).members.iter().copied().collect();
        self.must_hold(team, &self.pushed(roster, &members)).await
    }

    /// Reads the group and compares its members with those expected.
    pub(super) async fn must_hold(
        &mut self,
        team: TeamKey,
        expected: &[Pushed],
    ) -> Result<(), SimulateError> {
        if !self.reads_back {
            return Ok(());
        }
        let id = self.team_id_of(team)?;
        let call = Call::get(format!("/Groups/{id}"));
        let answer = self.session.send(call, "read back").await?;
        let group = self.session.resource(&answer, &[200], Kind::Group)?;
        let expected: BTreeSet<&str> = expected.iter().map(|member| member.id.as_str()).collect();
        let came: BTreeSet<&str> = member_ids(&group.body).into_iter().collect();
        if expected != came {
            let lost = expected.difference(&came).count();
            let extra = came.difference(&expected).count();
            self.session.unexpected(
                format!("{} members", expected.len()),
                format!("{} members: {lost} lost, {extra} too many", came.len()),
            );
        }
        Ok(())
    }

    /// Only people whose id Okta knows can be pushed.
    pub(super) fn pushed(&self, roster: &Roster, people: &[PersonKey]) -> Vec<Pushed> {
        let pushed = |who: &PersonKey| {
            Some(Pushed {
                id: self.ids.get(who)?.clone(),
                user_name: roster.person(*who).user_name.clone(),
            })
        };
        people.iter().filter_map(pushed).collect()
    }
}
