//! Who takes part in a rehearsal.

use super::{Idp, RoleMapping, Stage};
use crate::simulate::cast::{
    Casting, Names, Person, PersonKey, Provider, PushedTeam, Role, Roster, TeamKey,
};
use crate::simulate::error::SimulateError;

/// The domain of everybody who joins; nobody can have it (RFC 2606).
const DOMAIN: &str = "rehearsal.example";

/// Those who take part.
pub(super) struct Cast {
    /// Joins, and takes another name later.
    pub ada: PersonKey,
    /// Joins, moves, leaves and comes back.
    pub ben: PersonKey,
    /// Joins with a role, and gets another one.
    pub cleo: PersonKey,
    /// Joins after their group was pushed, and is deleted in the end.
    pub dan: PersonKey,
    /// Was added by hand before.
    pub local: PersonKey,
    /// Owns the account.
    pub owner: Option<PersonKey>,
    /// A group of people who join.
    pub payments: TeamKey,
    /// A group with the name of a team that was made by hand.
    pub namesake: TeamKey,
    /// The names that people have later.
    pub moved: Person,
    /// The same.
    pub renamed: Person,
}

/// Casts everybody.
pub(super) fn cast(idp: Idp, stage: &Stage, seed: u64) -> Result<(Roster, Cast), SimulateError> {
    let mut casting = Casting::new(Names::load()?, DOMAIN, seed);
    let mut roster = Roster::default();
    let mut person = |roster: &mut Roster, user_name: Option<&str>| {
        let mut person = someone(&mut casting, idp);
        if let Some(user_name) = user_name {
            user_name.clone_into(&mut person.user_name);
        }
        roster.add_person(person)
    };
    let [ada, ben, cleo, dan] = std::array::from_fn(|_| person(&mut roster, None));
    let local = person(&mut roster, Some(&stage.local_member));
    let owner = stage.owner.as_deref();
    let owner = owner.map(|owner| person(&mut roster, Some(owner)));
    give_role(roster.person_mut(cleo), stage, &stage.role);
    let mut team = |roster: &mut Roster, name: &str, members: &[PersonKey]| {
        let mut team = group(&mut casting, idp, name);
        team.members.extend(members);
        roster.add_team(team)
    };
    let payments = team(&mut roster, "Rehearsal Payments", &[ada, ben]);
    let namesake = team(&mut roster, &stage.local_team, &[ada]);
    let mut moved = roster.person(ben).clone();
    casting.transfer(&mut moved);
    let mut renamed = roster.person(ada).clone();
    casting.rename(&mut renamed);
    let cast = Cast {
        ada,
        ben,
        cleo,
        dan,
        local,
        owner,
        payments,
        namesake,
        moved,
        renamed,
    };
    Ok((roster, cast))
}

/// Somebody whose role is not mapped.
fn someone(casting: &mut Casting, idp: Idp) -> Person {
    let mut person = casting.person(provider(idp));
    person.role = Role::Unmapped;
    if idp == Idp::OneLogin {
        person.external_id = casting.number();
    }
    person
}

fn group(casting: &mut Casting, idp: Idp, name: &str) -> PushedTeam {
    casting.team(provider(idp), name)
}

fn provider(idp: Idp) -> Provider {
    match idp {
        Idp::Okta => Provider::Okta,
        // OneLogin's own ids are numbers, which only people have on the wire.
        Idp::Entra | Idp::OneLogin => Provider::Entra,
    }
}

/// Gives a person a role where roles are mapped to.
fn give_role(person: &mut Person, stage: &Stage, key: &str) {
    let role = Role::Named(key.to_owned());
    match stage.mapping {
        RoleMapping::Extension => person.role = role,
        RoleMapping::Core => person.app_role = Some(role),
    }
}
