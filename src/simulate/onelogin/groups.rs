//! What OneLogin sends about groups: it reads all of them, makes those that are missing, and moves people one by one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{OneLogin, bodies};
use crate::simulate::cast::{PersonKey, Roster, TeamKey};
use crate::simulate::client::{Call, Kind};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::member_ids;

impl OneLogin {
    /// All groups, in one request without parameters.
    pub(super) async fn read_groups(&mut self) -> Result<Vec<Value>, SimulateError> {
        let answer = self
            .session
            .send(Call::get("/Groups"), "read groups")
            .await?;
        Ok(self.session.list(&answer)?.resources)
    }

    /// The group of this name, or a new one, and then its people.
    pub(super) async fn push_group(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let display_name = roster.team(team).display_name.as_str();
        let groups = self.read_groups().await?;
        let text =
            |group: &Value, key: &str| group.get(key).and_then(Value::as_str).map(str::to_owned);
        let known = groups
            .iter()
            .find(|group| text(group, "displayName").as_deref() == Some(display_name))
            .and_then(|group| text(group, "id"));
        let id = if let Some(id) = known {
            id
        } else {
            let call = Call::post("/Groups", bodies::create_group(display_name));
            let answer = self.session.send(call, "create group").await?;
            let group = self.session.resource(&answer, &[201], Kind::Group)?;
            let expected = json!({"displayName": display_name});
            self.session.must_show(&expected, &group.body);
            group.id
        };
        self.team_ids.insert(team, id);
        let members = roster.pushable(team);
        self.move_members(roster, team, &members, &[]).await
    }

    /// Those who come and those who go, each in a request of its own.
    pub(super) async fn move_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
        added: &[PersonKey],
        removed: &[PersonKey],
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        for member in self.ids_of(added) {
            self.patch_group(&id, bodies::add_member(&member), "add member")
                .await?;
        }
        for member in self.ids_of(removed) {
            self.patch_group(&id, bodies::remove_member(&member), "remove member")
                .await?;
        }
        self.compare_members(roster, team).await
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

    /// Reads the group and compares its members with the roster's.
    pub(super) async fn compare_members(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        if !self.reads_back {
            return Ok(());
        }
        let id = self.team_id_of(team)?;
        // The question mark stands alone, as OneLogin sends it.
        let call = Call::get(format!("/Groups/{id}?"));
        let answer = self.session.send(call, "read back").await?;
        let group = self.session.resource(&answer, &[200], Kind::Group)?;
        let members: Vec<PersonKey> = roster.team(team).members.iter().copied().collect();
        let expected = self.ids_of(&members);
        let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        let came: BTreeSet<&str> = member_ids(&group.body).into_iter().collect();
        if expected != came {
            self.session.unexpected(
                format!("{} members", expected.len()),
                format!("{} members", came.len()),
            );
        }
        Ok(())
    }
}
