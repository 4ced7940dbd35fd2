//! Everybody and every team an identity provider knows.
//!
//! People and teams are only ever added, so a key stays good for the life of the roster it came from.

use super::person::{Person, PersonKey, Standing};
use super::team::{PushedTeam, TeamKey};

/// People and teams on the identity provider's side.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    people: Vec<Person>,
    teams: Vec<PushedTeam>,
}

impl Roster {
    /// Adds a person; their `key` is set here.
    pub fn add_person(&mut self, mut person: Person) -> PersonKey {
        let key = PersonKey(self.people.len());
        person.key = key;
        self.people.push(person);
        key
    }

    /// Adds a team; its `key` is set here.
    pub fn add_team(&mut self, mut team: PushedTeam) -> TeamKey {
        let key = TeamKey(self.teams.len());
        team.key = key;
        self.teams.push(team);
        key
    }

    /// The person of `key`.
    pub fn person(&self, key: PersonKey) -> &Person {
        self.people
            .get(key.0)
            .expect("a key comes from this roster, and nobody is ever taken out of it")
    }

    /// The person of `key`, to change.
    pub fn person_mut(&mut self, key: PersonKey) -> &mut Person {
        self.people
            .get_mut(key.0)
            .expect("a key comes from this roster, and nobody is ever taken out of it")
    }

    /// The team of `key`.
    pub fn team(&self, key: TeamKey) -> &PushedTeam {
        self.teams
            .get(key.0)
            .expect("a key comes from this roster, and no team is ever taken out of it")
    }

    /// The team of `key`, to change.
    pub fn team_mut(&mut self, key: TeamKey) -> &mut PushedTeam {
        self.teams
            .get_mut(key.0)
            .expect("a key comes from this roster, and no team is ever taken out of it")
    }

    /// Everybody, in the order they were added.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Every team, in the order they were added.
    pub fn teams(&self) -> &[PushedTeam] {
        &self.teams
    }

    /// Those in `team` whom a provider would push: only active people are.
    pub fn pushable(&self, team: TeamKey) -> Vec<PersonKey> {
        let members = &self.team(team).members;
        let active = members
            .iter()
            .filter(|key| self.person(**key).standing == Standing::Active);
        active.copied().collect()
    }
}
