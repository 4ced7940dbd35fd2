//! What Okta sends about users.

use serde_json::{Value, json};

use super::{Okta, OktaMode, bodies};
use crate::simulate::cast::{Person, PersonKey, Roster};
use crate::simulate::client::{Call, Kind, Resource};
use crate::simulate::error::SimulateError;
use crate::simulate::wire::quoted;

/// Length of the random passwords of Okta's creates.
const PASSWORD: usize = 12;

impl Okta {
    /// The look-up before a create. An empty list and 404 both mean that there is nobody.
    pub(super) async fn find_user(
        &mut self,
        person: &Person,
    ) -> Result<Option<Resource>, SimulateError> {
        let call = Call::get("/Users")
            .with(
                "filter",
                format!("userName eq {}", quoted(&person.user_name)),
            )
            .with("startIndex", "1")
            .with("count", "100");
        let answer = self.session.send(call, "look-up").await?;
        if answer.status == 404 {
            self.session.refused(&answer, &[404], None)?;
            return Ok(None);
        }
        let page = self.session.list(&answer)?;
        let found = self.session.at_most_one(page, Kind::User)?;
        if let Some(user) = &found {
            let name = user.body.get("userName").and_then(Value::as_str);
            let name = name.unwrap_or_default();
            if !name.eq_ignore_ascii_case(&person.user_name) {
                let expected = format!("`userName` {}", person.user_name);
                self.session.unexpected(expected, name);
            }
        }
        Ok(found)
    }

    /// A look-up, then a create, or a takeover of the user that is there (also of an inactive one).
    pub(super) async fn assign_user(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        match self.find_user(roster.person(who)).await? {
            Some(user) => {
                self.ids.insert(who, user.id);
                self.put_user(roster, who, "take over").await
            }
            None => self.create_user(roster, who).await,
        }
    }

    async fn create_user(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        let call = self.create_call(roster, who);
        let answer = self.session.send(call, "create").await?;
        let user = self.session.resource(&answer, &[201], Kind::User)?;
        self.ids.insert(who, user.id);
        let expected = bodies::expected_user(roster, roster.person(who), None);
        self.session.must_show(&expected, &user.body);
        Ok(())
    }

    pub(super) async fn fetch_user(&mut self, id: &str) -> Result<Value, SimulateError> {
        let call = Call::get(format!("/Users/{id}"));
        let answer = self.session.send(call, "read before writing").await?;
        let user = self.session.resource(&answer, &[200], Kind::User)?;
        if user.id != id {
            self.session.unexpected(format!("the user {id}"), user.id);
        }
        Ok(user.body)
    }

    /// Reads the user and sends it back whole with the profile set over it.
    pub(super) async fn put_user(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        note: &str,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let shown = self.fetch_user(&id).await?;
        let person = roster.person(who);
        let call = Call::put(
            format!("/Users/{id}"),
            bodies::update_user(shown, roster, person),
        );
        let answer = self.session.send(call, note).await?;
        let user = self.session.resource(&answer, &[200], Kind::User)?;
        let expected = bodies::expected_user(roster, person, Some(&id));
        self.session.must_show(&expected, &user.body);
        Ok(())
    }

    /// Brings `active` over: by PATCH from the catalogue's applications, by PUT from the wizard's.
    pub(super) async fn set_active(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        note: &str,
    ) -> Result<(), SimulateError> {
        if self.mode == OktaMode::Wizard {
            return self.put_user(roster, who, note).await;
        }
        let id = self.id_of(who)?;
        let active = roster.person(who).is_active();
        let call = Call::patch(format!("/Users/{id}"), bodies::patch_active(active));
        let answer = self.session.send(call, note).await?;
        if let Some(user) = self.session.changed(&answer, Kind::User, &id)? {
            self.session.must_show(&json!({"active": active}), &user);
        }
        Ok(())
    }

    /// A new random password; the answer must not show it.
    pub(super) async fn set_password(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let password = self.dice.letters(PASSWORD);
        let path = format!("/Users/{id}");
        let call = match self.mode {
            OktaMode::Catalogue => Call::patch(path, bodies::patch_password(&password)),
            OktaMode::Wizard => {
                let shown = self.fetch_user(&id).await?;
                let mut body = bodies::update_user(shown, roster, roster.person(who));
                if let Some(body) = body.as_object_mut() {
                    body.insert("password".into(), json!(password));
                }
                Call::put(path, body)
            }
        };
        let answer = self.session.send(call, "password sync").await?;
        if answer.text.contains(&password) {
            self.session
                .unexpected("no password", "the password echoed");
        }
        self.session.changed(&answer, Kind::User, &id).map(drop)
    }

    /// A create, as it is also sent a second time by mistake.
    pub(super) fn create_call(&mut self, roster: &Roster, who: PersonKey) -> Call {
        let password = self.dice.letters(PASSWORD);
        let body = bodies::create_user(roster, roster.person(who), &password);
        Call::post("/Users", body)
    }
}
