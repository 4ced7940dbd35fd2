//! OneLogin's day.

use crate::simulate::cast::{Casting, Names, PersonKey, Provider, Roster, TeamKey};
use crate::simulate::day::{Act, Edit, Script, Step};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::Mistake;

/// How many people the day needs.
const CAST: usize = 6;

/// The script of OneLogin's day.
pub(super) fn day(seed: u64) -> Result<Script, SimulateError> {
    let place = format!("onelogin-{seed}");
    let mut casting = Casting::new(Names::load()?, &format!("{place}.example"), seed);
    let mut roster = Roster::default();
    let people: [PersonKey; CAST] = std::array::from_fn(|_| {
        let mut person = casting.person(Provider::Entra);
        person.external_id = casting.number();
        roster.add_person(person)
    });
    let mut team = |name: &str| -> TeamKey {
        roster.add_team(casting.team(Provider::Entra, &format!("{name} ({place})")))
    };
    let teams = [team("Analysts"), team("Büro & \"Logistik\"")];
    let [ada, ben, cleo, ..] = people;
    let [analysts, office] = teams;
    roster.team_mut(analysts).members.extend([ada, ben]);
    roster.team_mut(office).members.insert(cleo);
    let steps = steps(&mut casting, &roster, people, teams);
    Ok(Script {
        roster,
        steps,
        seed,
    })
}

fn steps(
    casting: &mut Casting,
    roster: &Roster,
    people: [PersonKey; CAST],
    [analysts, office]: [TeamKey; 2],
) -> Vec<Step> {
    let [ada, ben, cleo, dan, eve, finn] = people;
    let mut moved = roster.person(ben).clone();
    casting.transfer(&mut moved);
    let mut renamed = roster.person(cleo).clone();
    casting.rename(&mut renamed);
    let step = |name, act| Step { name, act };
    vec![
        step("test the connection", Act::TestConnection),
        step("wrong token", Act::Mistake(Mistake::BadToken)),
        step("ada joins", Act::Assign(ada)),
        step("ben joins", Act::Assign(ben)),
        step("cleo joins", Act::Assign(cleo)),
        step("dan joins", Act::Assign(dan)),
        step("eve joins", Act::Assign(eve)),
        step("dan is looked up", Act::LookUp(dan)),
        step(
            "the answer to a create is lost",
            Act::Mistake(Mistake::DuplicateUser(dan)),
        ),
        step("a group is pushed", Act::PushTeam(analysts)),
        step("a group with special characters", Act::PushTeam(office)),
        step(
            "group pushed before its user is assigned",
            Act::Mistake(Mistake::GroupBeforeUser(analysts)),
        ),
        step("the user is assigned", Act::Assign(finn)),
        step(
            "two come and one goes",
            members(analysts, &[dan, finn], &[ada]),
        ),
        step(
            "the same person is added again",
            members(analysts, &[dan], &[]),
        ),
        step(
            "ben moves",
            Act::Update(
                ben,
                vec![Edit::Transfer {
                    department: moved.department,
                    title: moved.title,
                }],
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
            "eve wants a user name that is taken",
            Act::Mistake(Mistake::TakenUserName(eve, dan)),
        ),
        step("ben leaves", Act::Deactivate(ben)),
        step("the leaver is looked up", Act::LookUp(ben)),
        step("ben comes back", Act::Reactivate(ben)),
        step("finn leaves for a while", Act::Deactivate(finn)),
        step("finn is assigned as if he were new", Act::Reassign(finn)),
        step("eve leaves", Act::Deactivate(eve)),
        step("eve is deleted", Act::Erase(eve)),
        step(
            "a group that was deleted by hand",
            Act::Mistake(Mistake::GroupGone),
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
