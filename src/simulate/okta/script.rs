//! Okta's day.

use super::OktaMode;
use crate::simulate::cast::{Casting, Names, PersonKey, Provider, Role, Roster, TeamKey};
use crate::simulate::day::{Act, Edit, Script, Step};
use crate::simulate::error::SimulateError;
use crate::simulate::provider::Mistake;

/// How many people the day needs.
const CAST: usize = 11;

/// The script of Okta's day.
pub(super) fn day(mode: OktaMode, seed: u64) -> Result<Script, SimulateError> {
    let place = format!("okta-{}-{seed}", mode.as_str());
    let mut casting = Casting::new(Names::load()?, &format!("{place}.example"), seed);
    let mut roster = Roster::default();
    let people: [PersonKey; CAST] =
        std::array::from_fn(|_| roster.add_person(casting.person(Provider::Okta)));
    let mut team = |name: &str| -> TeamKey {
        roster.add_team(casting.team(Provider::Okta, &format!("{name} ({place})")))
    };
    let teams = [
        team("Payments"),
        team("Büro & \"Logistik\""),
        team("Short-lived"),
        team("Kept"),
    ];
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
    teams: [TeamKey; 4],
    place: &str,
) -> Vec<Step> {
    let [lead, ada, ben, cleo, dan, eve, finn, gus, hana, ivo, june] = people;
    let [payments, office, short_lived, kept] = teams;
    for report in [ada, ben, cleo] {
        roster.person_mut(report).manager = Some(lead);
    }
    for (team, members) in [
        (payments, vec![ada, ben, cleo]),
        (office, vec![ada, eve, finn]),
        (kept, vec![hana, ivo]),
    ] {
        roster.team_mut(team).members.extend(members);
    }
    let moved = {
        let mut moved = roster.person(ben).clone();
        casting.transfer(&mut moved);
        moved
    };
    let renamed = {
        let mut renamed = roster.person(cleo).clone();
        casting.rename(&mut renamed);
        renamed
    };
    let step = |name, act| Step { name, act };
    vec![
        step("test the connection", Act::TestConnection),
        step("wrong token", Act::Mistake(Mistake::BadToken)),
        step("the lead joins", Act::Assign(lead)),
        step("ada joins", Act::Assign(ada)),
        step("ben joins", Act::Assign(ben)),
        step("cleo joins", Act::Assign(cleo)),
        step("dan joins", Act::Assign(dan)),
        step("eve joins", Act::Assign(eve)),
        step("finn joins", Act::Assign(finn)),
        step("hana joins", Act::Assign(hana)),
        step("ivo joins", Act::Assign(ivo)),
        step("import", Act::Import),
        step("dan is looked up", Act::LookUp(dan)),
        step(
            "the answer to a create is lost",
            Act::Mistake(Mistake::DuplicateUser(dan)),
        ),
        step(
            "a group without members is pushed",
            Act::PushTeam(short_lived),
        ),
        step("a group is pushed", Act::PushTeam(payments)),
        step("a group that stays as it is", Act::PushTeam(kept)),
        step(
            "group pushed before its user is assigned",
            Act::Mistake(Mistake::GroupBeforeUser(payments)),
        ),
        step("the user is assigned", Act::Assign(gus)),
        step("the group is pushed again", members(payments, &[gus], &[])),
        step(
            "one comes and two go in one request",
            members(payments, &[dan], &[ada, ben]),
        ),
        step(
            "the same person is added again",
            members(payments, &[dan], &[]),
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
                    Edit::Role(Role::Writer),
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
            "eve wants a user name that is taken",
            Act::Mistake(Mistake::TakenUserName(eve, finn)),
        ),
        step(
            "filter on an attribute with one value",
            Act::Mistake(Mistake::MonoValuedFilter(eve)),
        ),
        step("ada's password changes", Act::SyncPassword(ada)),
        step("a group with special characters", Act::PushTeam(office)),
        step("push now", Act::PushNow(office)),
        step("full push", Act::FullPush(office)),
        step(
            "the group takes another name",
            Act::RenameTeam(office, format!("Büro 2 ({place})")),
        ),
        step("everybody leaves the group", Act::EmptyTeam(office)),
        step("push now with nobody in it", Act::PushNow(office)),
        step("two come back", members(office, &[eve, finn], &[])),
        step("finn leaves his group", members(office, &[], &[finn])),
        step("finn leaves", Act::Deactivate(finn)),
        step("hana leaves and keeps her group", Act::Deactivate(hana)),
        step("the leaver is looked up", Act::LookUp(finn)),
        step("hana comes back", Act::Reactivate(hana)),
        step("ivo leaves for a while", Act::Deactivate(ivo)),
        step("ivo is assigned as if he were new", Act::Reassign(ivo)),
        step("june joins", Act::Assign(june)),
        step(
            "a group that was deleted by hand",
            Act::Mistake(Mistake::GroupGone),
        ),
        step(
            "the short-lived group fills",
            members(short_lived, &[june], &[]),
        ),
        step("it is unlinked", Act::UnlinkTeam(short_lived)),
        step("import at the end of the day", Act::Import),
    ]
}

fn members(team: TeamKey, added: &[PersonKey], removed: &[PersonKey]) -> Act {
    Act::ChangeMembers {
        team,
        added: added.to_vec(),
        removed: removed.to_vec(),
    }
}
