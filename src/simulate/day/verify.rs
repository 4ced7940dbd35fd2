//! Compares what a server shows with what the script says it must show, and lists every difference. Pure.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use super::snapshot::{Snapshot, text};
use crate::simulate::cast::{Person, PushedTeam, Roster, Standing};
use crate::simulate::client::lacks;
use crate::simulate::provider::IdentityProvider;

/// Something the server shows otherwise than the script says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The user or group: `user ada@x.io`, `group Payments`.
    pub subject: String,
    /// The attribute, empty where the whole resource is meant.
    pub attribute: String,
    /// What the script says.
    pub expected: String,
    /// What the server shows.
    pub came: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subject)?;
        if !self.attribute.is_empty() {
            write!(f, " {}", self.attribute)?;
        }
        write!(f, ": expected {}, came {}", self.expected, self.came)
    }
}

/// Every difference between the script's end state and what the server shows after the day.
pub(super) fn verify(
    idp: &dyn IdentityProvider,
    roster: &Roster,
    before: &Snapshot,
    after: &Snapshot,
) -> Vec<Difference> {
    let mut comparison = Comparison {
        after,
        differences: Vec::new(),
        explained: HashSet::new(),
    };
    for person in roster.people() {
        comparison.person(person, &idp.expected_user(roster, person.key));
    }
    for team in roster.teams() {
        comparison.team(team, roster, &idp.expected_group(roster, team.key));
    }
    comparison.bystanders("user", "userName", &before.users, &after.users);
    comparison.bystanders("group", "displayName", &before.groups, &after.groups);
    comparison.differences
}

struct Comparison<'a> {
    after: &'a Snapshot,
    differences: Vec<Difference>,
    /// Ids of resources that the script accounts for.
    explained: HashSet<&'a str>,
}

impl<'a> Comparison<'a> {
    fn differ(&mut self, subject: &str, attribute: &str, expected: String, came: String) {
        self.differences.push(Difference {
            subject: subject.to_owned(),
            attribute: attribute.to_owned(),
            expected,
            came,
        });
    }

    /// The one resource of `found`, or a difference.
    fn only(&mut self, subject: &str, wanted: bool, found: &[&'a Value]) -> Option<&'a Value> {
        self.explained
            .extend(found.iter().filter_map(|one| text(one, "id")));
        match (wanted, found) {
            (true, [one]) => return Some(one),
            (false, []) => {}
            (wanted, found) => {
                let expected = if wanted { "one" } else { "none" };
                self.differ(subject, "", expected.into(), found.len().to_string());
            }
        }
        None
    }

    fn person(&mut self, person: &Person, expected: &Value) {
        let subject = format!("user {}", person.user_name);
        let wanted = matches!(person.standing, Standing::Active | Standing::Inactive);
        let found = self.after.users_named(&person.user_name);
        if let Some(actual) = self.only(&subject, wanted, &found) {
            self.attributes(&subject, expected, actual);
        }
    }

    fn team(&mut self, team: &PushedTeam, roster: &Roster, expected: &Value) {
        let subject = format!("group {}", team.display_name);
        let found = self.after.groups_named(&team.display_name);
        let Some(actual) = self.only(&subject, team.pushed, &found) else {
            return;
        };
        self.attributes(&subject, expected, actual);
        let members = team.members.iter();
        let mut expected: Vec<String> = members
            .map(|member| roster.person(*member).user_name.clone())
            .collect();
        expected.sort_unstable();
        let came = self.after.members(actual);
        if came != expected {
            self.differ(&subject, "members", listed(&expected), listed(&came));
        }
    }

    fn attributes(&mut self, subject: &str, expected: &Value, actual: &Value) {
        for lack in lacks(expected, actual) {
            self.differ(subject, &lack.attribute, lack.expected, lack.came);
        }
    }

    /// What the script does not name must be as it was, and nothing else may have come.
    fn bystanders(&mut self, kind: &str, name: &str, before: &[Value], after: &[Value]) {
        let subject = |resource: &Value| {
            let id = text(resource, "id").unwrap_or("without id");
            format!("{kind} {} ({id})", text(resource, name).unwrap_or_default())
        };
        for old in before {
            let id = text(old, "id");
            match after.iter().find(|new| text(new, "id") == id) {
                Some(new) if new == old => {}
                Some(_) => {
                    self.differ(&subject(old), "", "untouched".into(), "changed".into());
                }
                None => self.differ(&subject(old), "", "untouched".into(), "gone".into()),
            }
        }
        let known: HashSet<&str> = before.iter().filter_map(|old| text(old, "id")).collect();
        for new in after {
            let id = text(new, "id").unwrap_or_default();
            if !known.contains(id) && !self.explained.contains(id) {
                let expected = "nothing the script does not name";
                self.differ(&subject(new), "", expected.into(), "created".into());
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "nobody".into()
    } else {
        names.join(", ")
    }
}
