//! The mistakes that happen with OneLogin, and how it goes on after each.

use serde_json::Value;

use super::{OneLogin, bodies};
use crate::secret::Secret;
use crate::simulate::cast::{PersonKey, Roster, TeamKey};
use crate::simulate::client::{Call, Kind};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::{IdentityProvider, Mistake};

impl OneLogin {
    pub(super) async fn err(
        &mut self,
        roster: &Roster,
        mistake: Mistake,
    ) -> Result<(), SimulateError> {
        match mistake {
            Mistake::BadToken => self.use_bad_token().await,
            Mistake::DuplicateUser(who) => self.create_twice(roster, who).await,
            Mistake::TakenUserName(who, owner) => self.take_user_name(roster, who, owner).await,
            Mistake::GroupBeforeUser(team) => self.add_unknown_member(roster, team).await,
            Mistake::GroupGone => self.change_group_that_is_gone().await,
            Mistake::DuplicateTeam(_) => Err(self.unsupported("duplicate group")),
            Mistake::MonoValuedFilter(_) => Err(self.unsupported("filter on one value")),
        }
    }

    /// The connection is refused until the admin enters the right token.
    async fn use_bad_token(&mut self) -> Result<(), SimulateError> {
        let wrong = Secret::new(format!("mistyped-{}", self.dice.letters(24)));
        let answer = self
            .session
            .send_with_token(&wrong, Call::get("/Groups"), "wrong token")
            .await?;
        self.session.refused(&answer, &[401], None)?;
        self.read_groups().await.map(drop)
    }

    /// The answer to a create got lost, so it is sent again; the next go finds the user.
    async fn create_twice(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let person = roster.person(who);
        let call = Call::post("/Users", bodies::user(person));
        let answer = self.session.send(call, "create a second time").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))?;
        let found = self.find_user(person).await?.map(|user| user.id);
        if found.as_ref() != Some(&id) {
            let came = found.unwrap_or_else(|| "nobody".into());
            self.session.unexpected(format!("the user {id}"), came);
        }
        Ok(())
    }

    /// Another person has the new user name already.
    async fn take_user_name(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        owner: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let mut body = bodies::user(roster.person(who));
        if let Some(body) = body.as_object_mut() {
            let taken = roster.person(owner).user_name.clone();
            body.insert("userName".into(), Value::String(taken));
            body.insert("title".into(), "Must not be stored".into());
        }
        let call = Call::put(format!("/Users/{id}"), body);
        let answer = self.session.send(call, "taken user name").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))?;
        self.compare_user(roster, who).await
    }

    /// A group gets somebody whom the server does not know. It refuses that, or leaves them out.
    async fn add_unknown_member(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let unknown = self.dice.uuid().to_string();
        let call = Call::patch(format!("/Groups/{id}"), bodies::add_member(&unknown));
        let answer = self
            .session
            .send(call, "member who is not assigned")
            .await?;
        if answer.status < 300 {
            self.session.changed(&answer, Kind::Group, &id)?;
        } else {
            self.session.refused(&answer, &[404, 400], None)?;
        }
        self.compare_members(roster, team).await
    }

    async fn change_group_that_is_gone(&mut self) -> Result<(), SimulateError> {
        let gone = self.dice.uuid().to_string();
        let body = bodies::add_member(&self.dice.uuid().to_string());
        let call = Call::patch(format!("/Groups/{gone}"), body);
        let answer = self.session.send(call, "group deleted here").await?;
        self.session.refused(&answer, &[404], None)
    }
}
