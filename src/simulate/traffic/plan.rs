//! Chooses what happens next at a provider, from what it knows. Sends nothing.

use std::collections::BTreeSet;

use crate::simulate::cast::{
    Casting, Person, PersonKey, Provider, PushedTeam, Role, Roster, Standing, TeamKey,
};
use crate::simulate::day::{Act, Edit};
use crate::simulate::dice::Dice;
use crate::simulate::provider::{IdentityProvider, Mistake};

/// Nobody joins any more once a provider has this many people.
const MOST_PEOPLE: usize = 10_000;
/// How many short-lived teams a provider keeps.
const MOST_PROJECTS: usize = 6;
/// The smallest team that still loses members.
const SMALLEST_TEAM: usize = 4;
/// What a renamed team is called after its name; the next rename takes it away again.
const SUFFIX: &str = " Guild";

/// Everything a choice looks at.
pub(super) struct Plan<'a> {
    pub idp: &'a dyn IdentityProvider,
    pub provider: Provider,
    pub roster: &'a mut Roster,
    pub casting: &'a mut Casting,
    pub dice: &'a mut Dice,
    /// Teams this stream made and may delete.
    pub projects: &'a mut BTreeSet<TeamKey>,
}

impl Plan<'_> {
    /// An ordinary act.
    pub fn next(&mut self) -> Act {
        let act = match self.dice.below(100) {
            0..=11 => self.active().map(Act::LookUp),
            12..=29 => self.mover(),
            30..=32 => self.rename(),
            33..=54 => self.members(),
            55..=61 => self.active().map(Act::Deactivate),
            62..=70 => self.standing(Standing::Inactive).map(Act::Reactivate),
            71..=73 => Some(Act::TestConnection),
            74..=76 => self.rename_team(),
            77..=79 => self.project(),
            80..=81 => self.end_project(),
            82..=86 => self.special(),
            _ => None,
        };
        act.or_else(|| self.joiner()).unwrap_or(Act::TestConnection)
    }

    /// A mistake, as far as the provider knows enough to make it.
    pub fn mistake(&mut self, nth: usize) -> Act {
        let mistake = match nth % 7 {
            0 => self.team().map(Mistake::GroupBeforeUser),
            1 => self.active().map(Mistake::DuplicateUser),
            2 => self.active().map(Mistake::MonoValuedFilter),
            3 => None,
            4 => self.taken_user_name(),
            5 => Some(Mistake::GroupGone),
            _ if self.provider == Provider::Entra => self.team().map(Mistake::DuplicateTeam),
            _ => self.team().map(Mistake::GroupBeforeUser),
        };
        Act::Mistake(mistake.unwrap_or(Mistake::BadToken))
    }

    /// Somebody whom the server should know but whose id is not known is matched again first.
    fn joiner(&mut self) -> Option<Act> {
        let lost = |person: &Person| person.is_active() && !self.idp.is_linked(person.key);
        if let Some(lost) = self.roster.people().iter().find(|person| lost(person)) {
            return Some(Act::Assign(lost.key));
        }
        if self.roster.people().len() >= MOST_PEOPLE {
            return None;
        }
        let manager = self.active();
        let mut person = self.casting.person(self.provider);
        person.manager = manager;
        Some(Act::Assign(self.roster.add_person(person)))
    }

    fn mover(&mut self) -> Option<Act> {
        let who = self.active()?;
        let mut moved = self.roster.person(who).clone();
        self.casting.transfer(&mut moved);
        let mut edits = vec![Edit::Transfer {
            department: moved.department,
            title: moved.title,
        }];
        if self.dice.chance(30) {
            let roles = [Role::Reader, Role::Writer, Role::Admin];
            edits.extend(self.dice.pick(&roles).cloned().map(Edit::Role));
        }
        if self.dice.chance(40) {
            edits.push(Edit::Mobile(self.casting.mobile()));
        }
        if self.dice.chance(40) {
            edits.push(Edit::Place(self.casting.place()));
        }
        let manager = self.active().filter(|manager| *manager != who);
        if let (true, Some(manager)) = (self.dice.chance(30), manager) {
            edits.push(Edit::Manager(manager));
        }
        Some(Act::Update(who, edits))
    }

    fn rename(&mut self) -> Option<Act> {
        let who = self.active()?;
        let mut renamed = self.roster.person(who).clone();
        self.casting.rename(&mut renamed);
        let rename = Edit::Rename {
            family_name: renamed.family_name,
            user_name: renamed.user_name,
        };
        Some(Act::Update(who, vec![rename]))
    }

    fn members(&mut self) -> Option<Act> {
        let team = self.team()?;
        let inside: Vec<PersonKey> = self.roster.team(team).members.iter().copied().collect();
        let mut added = Vec::new();
        for _ in 0..self.dice.between(0, 3) {
            added.extend(self.active().filter(|who| !inside.contains(who)));
        }
        added.dedup();
        let leaving = if inside.len() > SMALLEST_TEAM {
            self.dice.between(0, 2)
        } else {
            0
        };
        let removed = self.dice.sample(&inside, leaving);
        if added.is_empty() && removed.is_empty() {
            return None;
        }
        Some(Act::ChangeMembers {
            team,
            added,
            removed,
        })
    }

    fn rename_team(&mut self) -> Option<Act> {
        let team = self.team()?;
        let name = &self.roster.team(team).display_name;
        let renamed = match name.strip_suffix(SUFFIX) {
            Some(plain) => plain.to_owned(),
            None => format!("{name}{SUFFIX}"),
        };
        Some(Act::RenameTeam(team, renamed))
    }

    /// A team that the server lost is pushed again, else a short-lived one is made.
    fn project(&mut self) -> Option<Act> {
        let lost = |team: &&PushedTeam| team.pushed && !self.idp.is_team_linked(team.key);
        if let Some(lost) = self.roster.teams().iter().find(lost) {
            return Some(Act::PushTeam(lost.key));
        }
        if self.projects.len() >= MOST_PROJECTS {
            return None;
        }
        let departments = &self.casting.names().departments;
        let department = self.dice.pick(departments)?.name.clone();
        let name = format!(
            "{department} Project {}",
            self.dice.letters(3).to_uppercase()
        );
        let mut team = self.casting.team(self.provider, &name);
        for _ in 0..self.dice.between(3, 9) {
            team.members.extend(self.active());
        }
        let key = self.roster.add_team(team);
        self.projects.insert(key);
        Some(Act::PushTeam(key))
    }

    fn end_project(&mut self) -> Option<Act> {
        let ended = self.projects.iter().copied();
        let ended = ended.filter(|team| self.idp.is_team_linked(*team)).last()?;
        self.projects.remove(&ended);
        Some(Act::UnlinkTeam(ended))
    }

    /// What only one of the two providers does.
    fn special(&mut self) -> Option<Act> {
        match self.provider {
            Provider::Okta if self.dice.chance(50) => self.team().map(Act::PushNow),
            Provider::Okta => self.active().map(Act::SyncPassword),
            Provider::Entra if self.dice.chance(50) => {
                self.standing(Standing::Inactive).map(Act::Erase)
            }
            Provider::Entra => self.active().map(Act::MatchByEach),
        }
    }

    fn taken_user_name(&mut self) -> Option<Mistake> {
        let (who, owner) = (self.active()?, self.active()?);
        (who != owner).then_some(Mistake::TakenUserName(who, owner))
    }

    fn active(&mut self) -> Option<PersonKey> {
        self.standing(Standing::Active)
    }

    /// Anybody of that standing whose id is known.
    fn standing(&mut self, standing: Standing) -> Option<PersonKey> {
        let fitting =
            |person: &&Person| person.standing == standing && self.idp.is_linked(person.key);
        let people = self.roster.people().iter().filter(fitting);
        let keys: Vec<PersonKey> = people.map(|person| person.key).collect();
        self.dice.pick(&keys).copied()
    }

    /// Any team whose id is known.
    fn team(&mut self) -> Option<TeamKey> {
        let known = |team: &&PushedTeam| team.pushed && self.idp.is_team_linked(team.key);
        let teams = self.roster.teams().iter().filter(known);
        let keys: Vec<TeamKey> = teams.map(|team| team.key).collect();
        self.dice.pick(&keys).copied()
    }
}
