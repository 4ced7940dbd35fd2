//! What Entra sends about users.

use serde_json::{Value, json};

use super::patch::{self, Operation, Verb};
use super::{Entra, EntraMode, bodies, profile};
use crate::simulate::cast::{Person, PersonKey, Roster};
use crate::simulate::client::{Call, Kind, Resource};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::{ENTERPRISE, patch_body, quoted};

impl Entra {
    /// "Test Connection" looks for a random user and a random group: both must be empty lists, never 404.
    pub(super) async fn look_for_nobody(&mut self) -> Result<(), SimulateError> {
        let random = quoted(&self.dice.uuid().to_string());
        let users = Call::get("/Users").with("filter", format!("userName eq {random}"));
        let groups = Call::get("/Groups")
            .with("excludedAttributes", "members")
            .with("filter", format!("displayName eq {random}"));
        for call in [users, groups] {
            let answer = self.session.send(call, "test connection").await?;
            let page = self.session.list(&answer)?;
            if page.total != 0 || !page.resources.is_empty() {
                self.session
                    .unexpected("an empty list", format!("{} of them", page.total));
            }
        }
        Ok(())
    }

    async fn find_user_by(&mut self, filter: String) -> Result<Option<Resource>, SimulateError> {
        let call = Call::get("/Users").with("filter", filter);
        let answer = self.session.send(call, "match").await?;
        let page = self.session.list(&answer)?;
        self.session.at_most_one(page, Kind::User)
    }

    /// The first matching rule: `userName`.
    pub(super) async fn find_user(
        &mut self,
        person: &Person,
    ) -> Result<Option<Resource>, SimulateError> {
        let filter = format!("userName eq {}", quoted(&person.user_name));
        self.find_user_by(filter).await
    }

    /// Every matching rule that tenants use; names and addresses match in any case.
    pub(super) async fn match_user_by_each(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let person = roster.person(who);
        let shouted = quoted(&person.user_name.to_uppercase());
        for filter in [
            format!("userName eq {shouted}"),
            format!("externalId eq {}", quoted(&person.external_id)),
            // Not RFC 7644's grammar: a sub-attribute behind a value path.
            format!("emails[type eq \"work\"].value eq {shouted}"),
        ] {
            match self.find_user_by(filter).await? {
                Some(user) if user.id == id => {}
                Some(user) => self.session.unexpected(format!("the user {id}"), user.id),
                None => self
                    .session
                    .unexpected(format!("the user {id}"), "an empty list"),
            }
        }
        Ok(())
    }

    /// A match, then a create or a takeover, then the references.
    pub(super) async fn assign_user(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let person = roster.person(who);
        if let Some(user) = self.find_user(person).await? {
            self.ids.insert(who, user.id.clone());
            let mut operations = profile::everything(person);
            operations.push(Operation::new(Verb::Replace, "active", person.is_active()));
            let body = patch::patch(self.mode, operations);
            self.patch_user(&user.id, body, "take over").await?;
        } else {
            let call = Call::post("/Users", bodies::create_user(person));
            let answer = self.session.send(call, "create").await?;
            let user = self.session.resource(&answer, &[201], Kind::User)?;
            self.ids.insert(who, user.id);
            let expected = bodies::expected_user(person, None, None);
            self.session.must_show(&expected, &user.body);
        }
        self.send_manager(roster, who, Verb::Add).await
    }

    pub(super) async fn fetch_user(
        &mut self,
        id: &str,
        note: &str,
    ) -> Result<Value, SimulateError> {
        let call = Call::get(format!("/Users/{id}"));
        let answer = self.session.send(call, note).await?;
        let user = self.session.resource(&answer, &[200], Kind::User)?;
        if user.id != id {
            self.session.unexpected(format!("the user {id}"), user.id);
        }
        Ok(user.body)
    }

    pub(super) async fn patch_user(
        &mut self,
        id: &str,
        body: Value,
        note: &str,
    ) -> Result<(), SimulateError> {
        let call = Call::patch(format!("/Users/{id}"), body);
        let answer = self.session.send(call, note).await?;
        self.session.changed(&answer, Kind::User, id).map(drop)
    }

    /// Reads the user, then sends what changed since `before`.
    pub(super) async fn send_changes(
        &mut self,
        roster: &Roster,
        before: &Person,
    ) -> Result<(), SimulateError> {
        let who = before.key;
        let after = roster.person(who);
        let id = self.id_of(who)?;
        self.fetch_user(&id, "read before writing").await?;
        let operations = profile::changes(before, after);
        if !operations.is_empty() {
            self.patch_user(&id, patch::patch(self.mode, operations), "update")
                .await?;
        }
        if after.manager != before.manager {
            let verb = before.manager.map_or(Verb::Add, |_| Verb::Replace);
            self.send_manager(roster, who, verb).await?;
        }
        self.compare_user(roster, who).await
    }

    /// The manager, once both ids are known, and the query that asks whether it is set.
    async fn send_manager(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        verb: Verb,
    ) -> Result<(), SimulateError> {
        let manager = roster.person(who).manager;
        let Some(manager) = manager.and_then(|manager| self.ids.get(&manager).cloned()) else {
            return Ok(());
        };
        let id = self.id_of(who)?;
        let path = format!("{ENTERPRISE}:manager");
        let body = patch::manager(self.mode, verb, path, &manager);
        self.patch_user(&id, body, "set manager").await?;
        if !self.reads_back {
            return Ok(());
        }
        self.ask_reference(Kind::User, &id, "manager", &manager, true)
            .await
    }

    /// Whether a reference is set, as Entra asks it: `id eq "U" and manager eq "M"` with `attributes=id`.
    pub(super) async fn ask_reference(
        &mut self,
        kind: Kind,
        id: &str,
        attribute: &str,
        reference: &str,
        expected: bool,
    ) -> Result<(), SimulateError> {
        let filter = format!(
            "id eq {} and {attribute} eq {}",
            quoted(id),
            quoted(reference)
        );
        let call = Call::get(kind.endpoint())
            .with("filter", filter)
            .with("attributes", "id");
        let answer = self.session.send(call, "ask for a reference").await?;
        let page = self.session.list(&answer)?;
        if (page.total == 1) != expected || page.total > 1 {
            let expected = if expected { "1 result" } else { "0 results" };
            self.session
                .unexpected(expected, format!("{} results", page.total));
        }
        Ok(())
    }

    /// Reads the user, sends `active`, and reads it again: a soft-deleted user must still be shown.
    pub(super) async fn send_active(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        note: &str,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        self.fetch_user(&id, "read before writing").await?;
        let active = roster.person(who).is_active();
        let body = active_body(self.mode, active);
        self.patch_user(&id, body, note).await?;
        self.compare_user(roster, who).await
    }

    /// On-demand provisioning ignores the flag, so both dialects reach the same server.
    pub(super) async fn send_on_demand(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        for active in [false, true] {
            let body = active_body(EntraMode::Legacy, active);
            self.patch_user(&id, body, "on demand").await?;
            let shown = self.fetch_user(&id, "read back").await?;
            self.session.must_show(&json!({"active": active}), &shown);
        }
        let everything = profile::everything(roster.person(who));
        let body = patch::patch(EntraMode::Legacy, everything);
        self.patch_user(&id, body, "on demand").await?;
        self.compare_user(roster, who).await
    }

    /// 30 days after the soft delete: gone, and gone again.
    pub(super) async fn delete_user(&mut self, who: PersonKey) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let path = format!("/Users/{id}");
        let answer = self.session.send(Call::delete(&path), "delete").await?;
        self.session.deleted(&answer)?;
        self.ids.remove(&who);
        let answer = self.session.send(Call::get(&path), "is it gone").await?;
        self.session.refused(&answer, &[404], None)?;
        if self.reads_back {
            let call = Call::delete(&path);
            let answer = self.session.send(call, "delete a second time").await?;
            self.session.refused(&answer, &[404], None)?;
        }
        Ok(())
    }

    /// Reads the user and compares it with the roster.
    pub(super) async fn compare_user(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        if !self.reads_back {
            return Ok(());
        }
        let id = self.id_of(who)?;
        let shown = self.fetch_user(&id, "read back").await?;
        let person = roster.person(who);
        let manager = person.manager.and_then(|manager| self.ids.get(&manager));
        let expected = bodies::expected_user(person, Some(&id), manager.map(String::as_str));
        self.session.must_show(&expected, &shown);
        Ok(())
    }
}

fn active_body(mode: EntraMode, active: bool) -> Value {
    patch::patch(mode, vec![Operation::new(Verb::Replace, "active", active)])
}

/// A filter in the path of an attribute with one value, from a wrong attribute mapping.
pub(super) fn mono_valued_filter(mode: EntraMode, person: &Person) -> Value {
    let verb = match mode {
        EntraMode::Legacy => "Replace",
        EntraMode::Flagged => "replace",
    };
    patch_body(&[json!({
        "op": verb,
        "path": format!("userName[value eq {}]", quoted(&person.user_name)),
        "value": "nobody@unknown.example",
    })])
}
