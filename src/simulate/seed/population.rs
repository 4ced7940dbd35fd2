//! The people and teams of a seeded server, on the side of the providers that keep them there.

use std::collections::{BTreeMap, HashMap};

use crate::simulate::cast::{
    Casting, Person, PersonKey, Provider, PushedTeam, Roster, Standing, TeamKey,
};

/// The smallest and the largest team, in members.
const TEAM_SIZES: (usize, usize) = (5, 120);

/// What one provider keeps on a server.
#[derive(Clone, Debug, Default)]
pub struct Population {
    /// The provider's own directory.
    pub roster: Roster,
    /// The server's ids of its people.
    pub ids: HashMap<PersonKey, String>,
    /// The server's ids of its teams.
    pub team_ids: HashMap<TeamKey, String>,
}

/// Everything a seeded server holds.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// Okta's share.
    pub okta: Population,
    /// Entra's share.
    pub entra: Population,
    /// Makes up people who clash with nobody here.
    pub(crate) casting: Casting,
}

impl Seeded {
    /// Makes `members` people up, three in five Okta's, and `teams` teams, two in three Okta's.
    pub(super) fn invent(mut casting: Casting, members: usize, teams: usize) -> Self {
        let mut okta = Population::default();
        let mut entra = Population::default();
        for nth in 0..members {
            if nth % 5 < 3 {
                let person = casting.person(Provider::Okta);
                okta.roster.add_person(person);
            } else {
                let person = casting.person(Provider::Entra);
                entra.roster.add_person(person);
            }
        }
        for population in [&mut okta, &mut entra] {
            employ(&mut casting, &mut population.roster);
        }
        for (nth, (department, name)) in team_names(&casting, teams).into_iter().enumerate() {
            let (provider, population) = if nth % 3 < 2 {
                (Provider::Okta, &mut okta)
            } else {
                (Provider::Entra, &mut entra)
            };
            let mut team = casting.team(provider, &name);
            gather(&mut casting, &population.roster, &department, &mut team);
            population.roster.add_team(team);
        }
        Self {
            okta,
            entra,
            casting,
        }
    }
}

/// One in twelve leads; the first of all leads the leads. Three in a hundred have left.
fn employ(casting: &mut Casting, roster: &mut Roster) {
    let keys: Vec<PersonKey> = roster.people().iter().map(|person| person.key).collect();
    let (leads, staff) = keys.split_at(keys.len().div_ceil(12));
    let mut by_department: BTreeMap<String, Vec<PersonKey>> = BTreeMap::new();
    for lead in leads {
        let person = roster.person_mut(*lead);
        casting.promote(person);
        person.manager = leads.first().copied().filter(|first| first != lead);
        person.standing = Standing::Active;
        let department = by_department.entry(person.department.clone()).or_default();
        department.push(*lead);
    }
    for who in staff {
        let person = roster.person_mut(*who);
        let nearby = by_department.get(&person.department);
        let candidates = nearby.map_or(leads, Vec::as_slice);
        person.manager = casting.dice().pick(candidates).copied();
        person.standing = if casting.dice().chance(3) {
            Standing::Inactive
        } else {
            Standing::Active
        };
    }
}

/// Names of teams with their departments, taken round by round so that every department has some.
fn team_names(casting: &Casting, count: usize) -> Vec<(String, String)> {
    let departments = &casting.names().departments;
    let most = departments.iter().map(|d| d.teams.len()).max();
    let mut names = Vec::with_capacity(count);
    for round in 0..most.unwrap_or_default() {
        for department in departments {
            if let Some(team) = department.teams.get(round) {
                names.push((department.name.clone(), team.clone()));
            }
        }
    }
    let once = names.clone();
    let mut lap = 2_usize;
    while names.len() < count && !once.is_empty() {
        let again = once.iter();
        names.extend(again.map(|(department, team)| (department.clone(), format!("{team} {lap}"))));
        lap += 1;
    }
    names.truncate(count);
    names
}

/// Fills a team, first from its department, then from anywhere. Small teams are commoner than large ones.
fn gather(casting: &mut Casting, roster: &Roster, department: &str, team: &mut PushedTeam) {
    let (smallest, largest) = TEAM_SIZES;
    let dice = casting.dice();
    let bound = dice.between(smallest, largest);
    let size = dice.between(smallest, bound);
    let active = |person: &&Person| person.is_active();
    let (near, far): (Vec<&Person>, Vec<&Person>) = roster
        .people()
        .iter()
        .filter(active)
        .partition(|person| person.department == department);
    let keys = |people: Vec<&Person>| -> Vec<PersonKey> {
        people.into_iter().map(|person| person.key).collect()
    };
    let from_near = dice.sample(&keys(near), size);
    let from_far = dice.sample(&keys(far), size.saturating_sub(from_near.len()));
    team.members.extend(from_near.into_iter().chain(from_far));
    team.pushed = true;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::simulate::cast::Names;

    fn invent(members: usize, teams: usize) -> Seeded {
        let names = Names::load().expect("the scenario");
        let domain = names.domain.clone();
        Seeded::invent(Casting::new(names, &domain, 4), members, teams)
    }

    #[test]
    fn a_company_has_teams_of_every_size_with_different_names() {
        let seeded = invent(2000, 60);
        let teams: Vec<&PushedTeam> = seeded
            .okta
            .roster
            .teams()
            .iter()
            .chain(seeded.entra.roster.teams())
            .collect();
        let names: HashSet<&str> = teams.iter().map(|t| t.display_name.as_str()).collect();
        assert_eq!((teams.len(), names.len()), (60, 60));
        let sizes: Vec<usize> = teams.iter().map(|team| team.members.len()).collect();
        assert!(
            sizes.iter().all(|size| (5..=120).contains(size)),
            "{sizes:?}"
        );
        assert!(sizes.iter().any(|size| *size > 60), "{sizes:?}");
    }

    #[test]
    fn nobody_reports_to_themselves_and_only_one_reports_to_nobody() {
        let seeded = invent(500, 3);
        for population in [&seeded.okta, &seeded.entra] {
            let people = population.roster.people();
            assert!(people.iter().all(|p| p.manager != Some(p.key)));
            assert_eq!(people.iter().filter(|p| p.manager.is_none()).count(), 1);
        }
    }

    #[test]
    fn a_handful_of_people_and_many_teams_are_no_trouble() {
        let seeded = invent(2, 200);
        let teams = seeded.okta.roster.teams().len() + seeded.entra.roster.teams().len();
        assert_eq!(teams, 200);
        assert_eq!(invent(0, 0).okta.roster.people().len(), 0);
    }
}
