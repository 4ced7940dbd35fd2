//! What OneLogin sends about users: look-ups by `userName`, whole users, and the suspension.

use serde_json::json;

use super::{OneLogin, bodies};
use crate::simulate::cast::{Person, PersonKey, Roster};
use crate::simulate::client::{Call, Kind, Resource};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::quoted;

impl OneLogin {
    /// The look-up before a create.
    pub(super) async fn find_user(
        &mut self,
        person: &Person,
    ) -> Result<Option<Resource>, SimulateError> {
        let filter = format!("userName eq {}", quoted(&person.user_name));
        let call = Call::get("/Users").with("filter", filter);
        let answer = self.session.send(call, "look-up").await?;
        let page = self.session.list(&answer)?;
        self.session.at_most_one(page, Kind::User)
    }

    /// A look-up, then a create, or a takeover of the user that is there.
    pub(super) async fn assign_user(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let person = roster.person(who);
        if let Some(user) = self.find_user(person).await? {
            self.ids.insert(who, user.id);
            return self.put_user(roster, who, "take over").await;
        }
        let call = Call::post("/Users", bodies::user(person));
        let answer = self.session.send(call, "create").await?;
        let user = self.session.resource(&answer, &[201], Kind::User)?;
        self.ids.insert(who, user.id);
        let expected = bodies::expected_user(person, None);
        self.session.must_show(&expected, &user.body);
        Ok(())
    }

    /// The whole user, without having read it and without `id`.
    pub(super) async fn put_user(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        note: &str,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let person = roster.person(who);
        let call = Call::put(format!("/Users/{id}"), bodies::user(person));
        let answer = self.session.send(call, note).await?;
        let user = self.session.resource(&answer, &[200], Kind::User)?;
        let expected = bodies::expected_user(person, Some(&id));
        self.session.must_show(&expected, &user.body);
        Ok(())
    }

    pub(super) async fn suspend_user(&mut self, who: PersonKey) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let call = Call::patch(format!("/Users/{id}"), bodies::suspend());
        let answer = self.session.send(call, "suspend").await?;
        if let Some(user) = self.session.changed(&answer, Kind::User, &id)? {
            self.session.must_show(&json!({"active": false}), &user);
        }
        Ok(())
    }

    pub(super) async fn delete_user(&mut self, who: PersonKey) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let call = Call::delete(format!("/Users/{id}"));
        let answer = self.session.send(call, "delete").await?;
        self.session.deleted(&answer)?;
        self.ids.remove(&who);
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
        let call = Call::get(format!("/Users/{id}"));
        let answer = self.session.send(call, "read back").await?;
        let user = self.session.resource(&answer, &[200], Kind::User)?;
        let expected = bodies::expected_user(roster.person(who), Some(&id));
        self.session.must_show(&expected, &user.body);
        Ok(())
    }
}
