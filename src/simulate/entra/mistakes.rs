//! The mistakes Entra makes, and how it goes on after each.

use super::patch::{self, Operation, Verb};
use super::users::mono_valued_filter;
use super::{Entra, bodies};
use crate::secret::Secret;
use crate::simulate::cast::{PersonKey, Roster, TeamKey};
use crate::simulate::client::{Call, Kind};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::Mistake;
use crate::simulate::wire::quoted;

impl Entra {
    pub(super) async fn err(
        &mut self,
        roster: &Roster,
        mistake: Mistake,
    ) -> Result<(), SimulateError> {
        match mistake {
            Mistake::BadToken => self.use_bad_token().await,
            Mistake::DuplicateUser(who) => self.create_twice(roster, who).await,
            Mistake::DuplicateTeam(team) => self.create_group_twice(roster, team).await,
            Mistake::TakenUserName(who, owner) => self.take_user_name(roster, who, owner).await,
            Mistake::GroupBeforeUser(team) => self.add_unknown_member(roster, team).await,
            Mistake::MonoValuedFilter(who) => self.filter_one_value(roster, who).await,
            Mistake::GroupGone => self.change_group_that_is_gone().await,
        }
    }

    /// `CredentialValidationFailure`; the admin enters the token again and tests the connection.
    async fn use_bad_token(&mut self) -> Result<(), SimulateError> {
        let wrong = Secret::new(format!("mistyped-{}", self.dice.letters(24)));
        let random = quoted(&self.dice.uuid().to_string());
        let call = Call::get("/Users").with("filter", format!("userName eq {random}"));
        let answer = self
            .session
            .send_with_token(&wrong, call, "wrong token")
            .await?;
        self.session.refused(&answer, &[401], None)?;
        self.look_for_nobody().await
    }

    /// The answer to a create got lost, so it is sent again; the next cycle matches the user.
    async fn create_twice(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let person = roster.person(who);
        let call = Call::post("/Users", bodies::create_user(person));
        let answer = self.session.send(call, "create a second time").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))?;
        match self.find_user(person).await? {
            Some(user) if user.id == id => Ok(()),
            Some(user) => {
                self.session.unexpected(format!("the user {id}"), user.id);
                Ok(())
            }
            None => Err(self
                .session
                .unacceptable("the user that is there", "nobody")),
        }
    }

    /// Entra needs `displayName` to be unique among groups.
    async fn create_group_twice(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let mut double = roster.team(team).clone();
        double.external_id = self.dice.uuid().to_string();
        let call = Call::post("/Groups", bodies::create_group(&double));
        let answer = self.session.send(call, "create a second time").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))
    }

    async fn take_user_name(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        owner: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        // The first operation alone would succeed: all are applied, or none (RFC 7644 §3.5.2).
        let operations = vec![
            Operation::new(Verb::Replace, "title", "Must not be stored"),
            Operation::new(
                Verb::Replace,
                "userName",
                roster.person(owner).user_name.as_str(),
            ),
        ];
        let body = patch::patch(self.mode, operations);
        let call = Call::patch(format!("/Users/{id}"), body);
        let answer = self.session.send(call, "taken user name").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))?;
        self.compare_user(roster, who).await
    }

    /// A member who is not provisioned, together with one who is. Where the server refuses, nobody may be added; where it
    /// leaves out whom it does not know, the other one was added, and is taken out again.
    async fn add_unknown_member(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let outsider = roster
            .people()
            .iter()
            .find(|person| person.is_active() && !roster.team(team).members.contains(&person.key));
        let outsider = outsider.and_then(|person| self.ids.get(&person.key).cloned());
        let mut ids: Vec<String> = outsider.clone().into_iter().collect();
        let unknown = self.dice.uuid().to_string();
        ids.push(unknown.clone());
        let body = patch::add_members(self.mode, &ids);
        let call = Call::patch(format!("/Groups/{id}"), body);
        let answer = self
            .session
            .send(call, "member who is not assigned")
            .await?;
        let left_out = answer.status < 300;
        if left_out {
            self.session.changed(&answer, Kind::Group, &id)?;
        } else {
            self.session.refused(&answer, &[404, 400], None)?;
        }
        if self.reads_back {
            self.ask_reference(Kind::Group, &id, "members", &unknown, false)
                .await?;
        }
        let Some(outsider) = outsider else {
            return Ok(());
        };
        if self.reads_back {
            self.ask_reference(Kind::Group, &id, "members", &outsider, left_out)
                .await?;
        }
        if left_out {
            let body = patch::remove_members(self.mode, &[outsider]);
            self.patch_group(&id, body, "remove members").await?;
        }
        Ok(())
    }

    async fn filter_one_value(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let body = mono_valued_filter(self.mode, roster.person(who));
        let call = Call::patch(format!("/Users/{id}"), body);
        let answer = self.session.send(call, "filter on one value").await?;
        self.session.refused(&answer, &[400], None)?;
        self.compare_user(roster, who).await
    }

    /// `InvalidAnchor`: the id Entra kept is no longer there.
    async fn change_group_that_is_gone(&mut self) -> Result<(), SimulateError> {
        let gone = self.dice.uuid().to_string();
        let member = self.dice.uuid().to_string();
        let body = patch::add_members(self.mode, &[member]);
        let call = Call::patch(format!("/Groups/{gone}"), body);
        let answer = self.session.send(call, "group deleted here").await?;
        self.session.refused(&answer, &[404], None)
    }
}
