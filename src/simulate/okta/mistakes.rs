//! The mistakes Okta makes, and how it goes on after each.

use serde_json::json;

use super::bodies::{self, Pushed};
use super::{Okta, OktaMode};
use crate::secret::Secret;
use crate::simulate::cast::{PersonKey, Roster, TeamKey};
use crate::simulate::client::{Call, Kind, page};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::{IdentityProvider, Mistake};
use crate::simulate::wire::patch_body;

impl Okta {
    pub(super) async fn err(
        &mut self,
        roster: &Roster,
        mistake: Mistake,
    ) -> Result<(), SimulateError> {
        match mistake {
            Mistake::BadToken => self.use_bad_token().await,
            Mistake::DuplicateUser(who) => self.create_twice(roster, who).await,
            Mistake::DuplicateTeam(_) => Err(self.unsupported("duplicate group")),
            Mistake::TakenUserName(who, owner) => self.take_user_name(roster, who, owner).await,
            Mistake::GroupBeforeUser(team) => self.push_unknown_member(roster, team).await,
            Mistake::MonoValuedFilter(who) => self.filter_one_value(roster, who).await,
            Mistake::GroupGone => self.change_group_that_is_gone().await,
        }
    }

    /// The task fails until an admin enters the right token; then the test of the connection is repeated.
    async fn use_bad_token(&mut self) -> Result<(), SimulateError> {
        let wrong = Secret::new(format!("mistyped-{}", self.dice.letters(24)));
        let answer = self
            .session
            .send_with_token(&wrong, page(Kind::User, 1, 2), "wrong token")
            .await?;
        self.session.refused(&answer, &[401], None)?;
        let call = page(Kind::User, 1, 2);
        let answer = self.session.send(call, "token corrected").await?;
        self.session.list(&answer).map(drop)
    }

    /// The answer to a create got lost, so it is sent again; the retry of the failed task looks the user up.
    async fn create_twice(&mut self, roster: &Roster, who: PersonKey) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let call = self.create_call(roster, who);
        let answer = self.session.send(call, "create a second time").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))?;
        match self.find_user(roster.person(who)).await? {
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

    /// Another person has the new user name already.
    async fn take_user_name(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        owner: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let shown = self.fetch_user(&id).await?;
        let mut body = bodies::update_user(shown, roster, roster.person(who));
        if let Some(body) = body.as_object_mut() {
            let taken = &roster.person(owner).user_name;
            body.insert("userName".into(), json!(taken));
            body.insert("title".into(), json!("Must not be stored"));
        }
        let call = Call::put(format!("/Users/{id}"), body);
        let answer = self.session.send(call, "taken user name").await?;
        self.session.refused(&answer, &[409], Some("uniqueness"))?;
        self.must_be_unchanged(roster, who, &id).await
    }

    /// A group with somebody in it whom the server does not know. The same request also takes somebody out. A server
    /// refuses it, and then nobody left: all of a PATCH is applied, or nothing (RFC 7644 §3.5.2). Or it leaves out whom
    /// it does not know, and then the rest holds, and the group is pushed again as it should be.
    async fn push_unknown_member(
        &mut self,
        roster: &Roster,
        team: TeamKey,
    ) -> Result<(), SimulateError> {
        let id = self.team_id_of(team)?;
        let unknown = Pushed {
            id: self.dice.uuid().to_string(),
            user_name: "not.assigned@unknown.example".into(),
        };
        let members = roster.pushable(team);
        let mut members = self.pushed(roster, &members);
        let path = format!("/Groups/{id}");
        let (call, rest) = match self.mode {
            OktaMode::Catalogue => {
                members.truncate(1);
                let all: Vec<PersonKey> = roster.team(team).members.iter().copied().collect();
                let mut rest = self.pushed(roster, &all);
                rest.retain(|member| members.iter().all(|gone| gone.id != member.id));
                let body = bodies::patch_members(&[unknown], &members);
                (Call::patch(path, body), rest)
            }
            OktaMode::Wizard => {
                members.pop();
                let rest = members.clone();
                members.push(unknown);
                let display_name = &roster.team(team).display_name;
                let body = bodies::put_group(&id, display_name, &members);
                (Call::put(path, body), rest)
            }
        };
        let answer = self
            .session
            .send(call, "member who is not assigned")
            .await?;
        if answer.status < 300 {
            self.session.changed(&answer, Kind::Group, &id)?;
            self.must_hold(team, &rest).await?;
            return self.send_all_members(roster, team).await;
        }
        self.session.refused(&answer, &[404, 400], None)?;
        self.compare_members(roster, team).await
    }

    async fn filter_one_value(
        &mut self,
        roster: &Roster,
        who: PersonKey,
    ) -> Result<(), SimulateError> {
        let id = self.id_of(who)?;
        let operation = json!({
            "op": "replace",
            "path": format!("userName[value eq \"{}\"]", roster.person(who).user_name),
            "value": "nobody@unknown.example",
        });
        let call = Call::patch(format!("/Users/{id}"), patch_body(&[operation]));
        let answer = self.session.send(call, "filter on one value").await?;
        self.session.refused(&answer, &[400], None)?;
        self.must_be_unchanged(roster, who, &id).await
    }

    async fn change_group_that_is_gone(&mut self) -> Result<(), SimulateError> {
        let id = self.dice.uuid().to_string();
        let path = format!("/Groups/{id}");
        let call = match self.mode {
            OktaMode::Catalogue => Call::patch(path, bodies::patch_name(&id, "Gone")),
            OktaMode::Wizard => Call::put(path, bodies::put_group(&id, "Gone", &[])),
        };
        let answer = self.session.send(call, "group deleted here").await?;
        self.session.refused(&answer, &[404], None)
    }

    async fn must_be_unchanged(
        &mut self,
        roster: &Roster,
        who: PersonKey,
        id: &str,
    ) -> Result<(), SimulateError> {
        if !self.reads_back {
            return Ok(());
        }
        let shown = self.fetch_user(id).await?;
        let expected = bodies::expected_user(roster, roster.person(who), Some(id));
        self.session.must_show(&expected, &shown);
        Ok(())
    }
}
