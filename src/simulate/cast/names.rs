//! The names of the demo scenario, read from `assets/demo.toml`, which is embedded in the program.

use serde::Deserialize;

use crate::simulate::error::SimulateError;

const SCENARIO: &str = include_str!("../../../assets/demo.toml");

/// Everything `assets/demo.toml` holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The domain of the demo's user names.
    pub domain: String,
    /// Given names in Latin script.
    pub given: Vec<String>,
    /// Family names in Latin script.
    pub family: Vec<String>,
    /// Whole names in other scripts.
    pub written: Vec<WrittenName>,
    /// Where people work.
    pub places: Vec<Place>,
    /// Where people belong.
    pub departments: Vec<Department>,
}

/// A name in a script that has no plain ASCII form of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenName {
    /// The given name.
    pub given: String,
    /// The family name.
    pub family: String,
    /// The local part of the user name, in ASCII.
    pub user: String,
}

/// A town people work in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The town (`addresses.locality`).
    pub city: String,
    /// ISO 3166-1 alpha-2 (`addresses.country`).
    pub country: String,
    /// BCP 47 (`locale`).
    pub locale: String,
}

/// A department with the titles in it and the teams it has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// What it is called (`department` of the enterprise extension).
    pub name: String,
    /// How many people it has in relation to the other departments.
    pub weight: usize,
    /// Titles of its people.
    pub titles: Vec<String>,
    /// The title of those who lead.
    pub lead: String,
    /// Display names of its teams.
    pub teams: Vec<String>,
}

impl Names {
    /// Reads the embedded scenario.
    pub fn load() -> Result<Self, SimulateError> {
        Self::parse(SCENARIO)
    }

    fn parse(text: &str) -> Result<Self, SimulateError> {
        let names: Self = toml::from_str(text).map_err(SimulateError::Scenario)?;
        let empty = |list| Err(SimulateError::EmptyScenario { list });
        if names.given.is_empty() {
            return empty("given");
        }
        if names.family.is_empty() {
            return empty("family");
        }
        if names.places.is_empty() {
            return empty("places");
        }
        if names.departments.is_empty() {
            return empty("departments");
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_embedded_scenario_has_enough_teams_with_different_names() {
        let names = Names::load().expect("the scenario parses");
        let teams: Vec<&String> = names.departments.iter().flat_map(|d| &d.teams).collect();
        assert!(teams.len() >= 60, "{} teams", teams.len());
        assert_eq!(teams.iter().collect::<HashSet<_>>().len(), teams.len());
        assert!(names.given.len() * names.family.len() > 10_000);
        assert!(names.departments.iter().all(|d| !d.titles.is_empty()));
    }

    #[test]
    fn a_scenario_without_people_is_refused() {
        let text = "domain='x'\ngiven=[]\nfamily=['A']\nwritten=[]\nplaces=[]\ndepartments=[]";
        assert!(matches!(
            Names::parse(text),
            Err(SimulateError::EmptyScenario { list: "given" })
        ));
    }
}
