//! Entra's day: a first cycle, later cycles, and what an admin does in between.

use super::EntraMode;
use crate::simulate::cast::{Casting, Names, PersonKey, Provider, Role, Roster, TeamKey};
use crate::simulate::day::{Act, Edit, Script, Step};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::Mistake;

/// How many people the day needs.
const CAST: usize = 10;

/// The script of Entra's day.
pub(super) fn day(mode: EntraMode, seed: u64) -> Result<Script, SimulateError> {
    let place = format!("entra-{}-{seed}", mode.short());
    let mut casting = Casting::new(Names::load()?, &format!("{place}.example"), seed);
    let mut roster = Roster::default();
    let people: [PersonKey; CAST] =
        std::array::from_fn(|_| roster.add_person(casting.person(Provider::Entra)));
    let mut team = |name: &str| -> TeamKey {
        roster.add_team(casting.team(Provider::Entra, &format!("{name} ({place})")))
    };
    let teams = [team("Payments"), team("Data Platform"), team("Short-lived")];
    let steps = steps(&mut casting, &mut roster, people, teams, &place);
    Ok(Script {
        roster,
        steps,
        seed,
    })
}

fn steps(
    casting: &mut Casting,
    roster: &mut Roster,
    people: [PersonKey; CAST],
    teams: [TeamKey; 3],
    place: &str,
) -> Vec<Step> {
    let [lead, ada, ben, cleo, dan, eve, finn, gus, hana, ivo] = people;
    let [payments, data, short_lived] = teams;
    for report in [ada, ben, cleo] {
        roster.person_mut(report).manager = Some(lead);
    }
    for (team, members) in [
        (payments, vec![ada, ben, cleo, dan]),
        (data, vec![dan, eve]),
        (short_lived, vec![finn]),
    ] {
        roster.team_mut(team).members.extend(members);
    }
    let mut moved = roster.person(ben).clone();
    casting.transfer(&mut moved);
    let mut renamed = roster.person(cleo).clone();
    casting.rename(&mut renamed);
    let step = |name, act| Step { name, act };
    vec![
        step("test connection", Act::TestConnection),
        step("wrong token", Act::Mistake(Mistake::BadToken)),
        step("the lead is in scope", Act::Assign(lead)),
        step("ada is in scope", Act::Assign(ada)),
        step("ben is in scope", Act::Assign(ben)),
        step("cleo is in scope", Act::Assign(cleo)),
        step("dan is in scope", Act::Assign(dan)),
        step("eve is in scope", Act::Assign(eve)),
        step("finn is in scope", Act::Assign(finn)),
        step("hana is in scope", Act::Assign(hana)),
        step("matched by each attribute", Act::MatchByEach(ada)),
        step("a group is in scope", Act::PushTeam(payments)),
        step("another group is in scope", Act::PushTeam(data)),
        step(
            "a short-lived group is in scope",
            Act::PushTeam(short_lived),
        ),
        step(
            "ben moves",
            Act::Update(
                ben,
                vec![
                    Edit::Transfer {
                        department: moved.department,
                        title: moved.title,
                    },
                    Edit::Manager(dan),
                    Edit::Mobile(casting.mobile()),
                    Edit::Place(casting.place()),
                    Edit::Role(Role::Writer),
                ],
            ),
        ),
        step(
            "ben moves again",
            Act::Update(
                ben,
                vec![
                    Edit::Mobile(casting.mobile()),
                    Edit::Place(casting.place()),
                    Edit::Role(Role::Reader),
                ],
            ),
        ),
        step(
            "cleo takes another name",
            Act::Update(
                cleo,
                vec![Edit::Rename {
                    family_name: renamed.family_name,
                    user_name: renamed.user_name,
                }],
            ),
        ),
        step(
            "dan gets an app role",
            Act::Update(dan, vec![Edit::AppRole(Role::Reader)]),
        ),
        step(
            "dan's app role changes",
            Act::Update(dan, vec![Edit::AppRole(Role::Writer)]),
        ),
        step(
            "the answer to a create is lost",
            Act::Mistake(Mistake::DuplicateUser(eve)),
        ),
        step(
            "a group with the same name",
            Act::Mistake(Mistake::DuplicateTeam(data)),
        ),
        step(
            "eve gets a user name that is taken",
            Act::Mistake(Mistake::TakenUserName(eve, finn)),
        ),
        step(
            "filter on an attribute with one value",
            Act::Mistake(Mistake::MonoValuedFilter(eve)),
        ),
        step(
            "member provisioned before the user",
            Act::Mistake(Mistake::GroupBeforeUser(payments)),
        ),
        step("the user is in scope now", Act::Assign(gus)),
        step("the group gets its member", members(payments, &[gus], &[])),
        step("the member is added again", members(payments, &[gus], &[])),
        step("one member leaves", members(payments, &[], &[ada])),
        step("two more leave", members(payments, &[], &[ben, cleo])),
        step("some come and some go", members(data, &[ada, ben], &[dan])),
        step(
            "the group takes another name",
            Act::RenameTeam(data, format!("Data & Insight ({place})")),
        ),
        step("hana is out of scope", Act::Deactivate(hana)),
        step("eve is out of scope", Act::Deactivate(eve)),
        step("the leaver is matched", Act::LookUp(eve)),
        step("eve is in scope again", Act::Reactivate(eve)),
        step("hana is deleted for good", Act::Erase(hana)),
        step("hana is hired again", Act::Assign(hana)),
        step(
            "finn is provisioned on demand",
            Act::ProvisionOnDemand(finn),
        ),
        step("dan leaves", Act::Deactivate(dan)),
        step("after a restart dan is back", Act::Reassign(dan)),
        step("after a restart ada is matched", Act::Reassign(ada)),
        step("ivo is in scope", Act::Assign(ivo)),
        step("ivo is out of scope and stays out", Act::Deactivate(ivo)),
        step(
            "a group that was deleted by hand",
            Act::Mistake(Mistake::GroupGone),
        ),
        step(
            "the short-lived group is deleted",
            Act::UnlinkTeam(short_lived),
        ),
    ]
}

fn members(team: TeamKey, added: &[PersonKey], removed: &[PersonKey]) -> Act {
    Act::ChangeMembers {
        team,
        added: added.to_vec(),
        removed: removed.to_vec(),
    }
}
