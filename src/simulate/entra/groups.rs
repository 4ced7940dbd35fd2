//! What Entra sends about groups: it reads them without their members, and asks for each member by a query.

use serde_json::{Value, json};

use super::Entra;
use super::patch::{self, Operation, Verb};
use crate::simulate::cast::{PersonKey, Roster, TeamKey};
use crate::simulate::client::{Call, Kind, Resource};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::quoted;

impl Entra {
    async fn find_group(&mut self, display_name: &str) -> Result<Option<Resource>, SimulateError> {
        let call = Call::get("/Groups")
            .with("excludedAttributes", "members")
            .with("filter", format!("displayName eq {}", quoted(display_name)));
        let answer = self.session.send(call, "match").await?;
        let page = self.session.list(&answer)?;
        let found = self.session.at_most_one(page, Kind::Group)?;
        if let Some(group) = &found {
            self.must_hide_members(&group.body);
        }
        Ok(found)
    }

    /// A match, then a create or a takeover, then the members.
    pub(super) async fn provision_group(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let pushed = roster.team(team);
        let group = if let Some(group) = self.find_group(&pushed.display_name).await? {
            group
        } else {
            let call = Call::post("/Groups", super::bodies::create_group(pushed));
            let answer = self.session.send(call, "create group").await?;
            let group = self.session.resource(&answer, &[201], Kind::Group)?;
            let expected = json!({
                "displayName": pushed.display_name,
                "externalId": pushed.external_id,
            });
            self.session.must_show(&expected, &group.body);
            group
        };
        self.team_ids.insert(team, group.id);
        let members = roster.pushable(team);
        self.send_members(roster, team, &members, &[]).await
    }

    /// Those who come and go, each kind in a request of its own.
    pub(super) async fn send_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        added: &[PersonKey],
        removed: &[PersonKey],
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        self.fetch_group(roster, team).await?;
        let (added, removed) = (self.ids_of(added), self.ids_of(removed));
        if !added.is_empty() {
            let body = patch::add_members(self.mode, &added);
            self.patch_group(&id, body, "add members").await?;
        }
        if !removed.is_empty() {
            let body = patch::remove_members(self.mode, &removed);
            self.patch_group(&id, body, "remove members").await?;
        }
        if self.reads_back {
            for member in &added {
                self.ask_reference(Kind::Group, &id, "members", member, true)
                    .await?;
            }
            for member in &removed {
                self.ask_reference(Kind::Group, &id, "members", member, false)
                    .await?;
            }
            self.compare_members(roster, team).await?;
        }
        Ok(())
    }

    pub(super) async fn send_name(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let display_name = roster.team(team).display_name.as_str();
        let rename = Operation::new(Verb::Replace, "displayName", display_name);
        let body = patch::patch(self.mode, vec![rename]);
        self.patch_group(&id, body, "rename").await?;
        self.fetch_group(roster, team).await?;
        if self.reads_back {
            self.compare_members(roster, team).await?;
        }
        Ok(())
    }

    pub(super) async fn delete_group(&mut self, team: TeamKey) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let path = format!("/Groups/{id}");
        let answer = self.session.send(Call::delete(&path), "delete").await?;
        self.session.deleted(&answer)?;
        self.team_ids.remove(&team);
        let call = Call::get(&path).with("excludedAttributes", "members");
        let answer = self.session.send(call, "is it gone").await?;
        self.session.refused(&answer, &[404], None)
    }

    /// Reads the group as Entra does and compares its name and id.
    async fn fetch_group(&mut self, roster: &Roster, team: TeamKey) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let call = Call::get(format!("/Groups/{id}")).with("excludedAttributes", "members");
        let answer = self.session.send(call, "read group").await?;
        let group = self.session.resource(&answer, &[200], Kind::Group)?;
        self.must_hide_members(&group.body);
        let expected = json!({"id": id, "displayName": roster.team(team).display_name});
        self.session.must_show(&expected, &group.body);
        Ok(())
    }

    pub(super) async fn patch_group(
        &mut self,
        id: &str,
        body: Value,
        note: &str,
    ) -> Result<(), SimulateError> {
        let call = Call::patch(format!("/Groups/{id}"), body);
        let answer = self.session.send(call, note).await?;
        self.session.changed(&answer, Kind::Group, id).map(drop)
    }

    /// Asks for each member of the roster, so that nobody was lost.
    pub(super) async fn compare_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let members: Vec<PersonKey> = roster.team(team).members.iter().copied().collect();
        for member in self.ids_of(&members) {
            self.ask_reference(Kind::Group, &id, "members", &member, true)
                .await?;
        }
        Ok(())
    }

    /// Members that were asked to be left out count as several entries: `MultipleEntriesInResponse`.
    fn must_hide_members(&mut self, group: &Value) {
        if group.get("members").is_some() {
            self.session
                .unexpected("a group without `members`", "`members` shown");
        }
    }
}
