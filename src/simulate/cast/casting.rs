//! Makes people and teams up, the same ones from the same seed.

use std::collections::{BTreeSet, HashMap};

use icu_normalizer::DecomposingNormalizer;

use super::names::{Department, Names, Place};
use super::person::{Person, PersonKey, Role, Standing};
use super::team::{PushedTeam, TeamKey};
use crate::simulate::dice::Dice;

/// Whose kind of ids people and teams carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Okta: `00u…` for people, `00g…` for groups.
    Okta,
    /// Entra: object ids, which are GUIDs.
    Entra,
}

/// Makes people and teams up.
#[derive(Clone, Debug)]
pub struct Casting {
    names: Names,
    dice: Dice,
    domain: String,
    /// How often each local part of a user name was given out.
    taken: HashMap<String, u32>,
    hired: u32,
}

impl Casting {
    /// People at `domain`. Castings of different domains clash neither in user names nor in ids, whatever the seed.
    pub fn new(names: Names, domain: &str, seed: u64) -> Self {
        Self {
            names,
            dice: Dice::new(seed ^ hash(domain)),
            domain: domain.to_owned(),
            taken: HashMap::new(),
            hired: 0,
        }
    }

    /// The next person, unassigned, with no manager.
    pub fn person(&mut self, provider: Provider) -> Person {
        let department = self.department().clone();
        let title = self.dice.pick(&department.titles).cloned();
        let (given_name, family_name, local) = self.name();
        let user_name = self.user_name(&local);
        self.hired = self.hired.saturating_add(1);
        let role = match self.dice.below(100) {
            0..=2 => Role::Admin,
            3..=39 => Role::Writer,
            _ => Role::Reader,
        };
        Person {
            key: PersonKey(0),
            external_id: self.external_id(provider, "00u"),
            user_name,
            given_name,
            family_name,
            title: title.unwrap_or_else(|| department.lead.clone()),
            department: department.name,
            employee_number: format!("{:06}", 10_000_u32.saturating_add(self.hired)),
            locale: self.place().locale,
            role,
            manager: None,
            mobile: None,
            place: None,
            app_role: None,
            standing: Standing::Unassigned,
        }
    }

    /// An id as OneLogin gives them out, which is a number.
    pub fn number(&mut self) -> String {
        self.dice.between(100_000_000, 999_999_999).to_string()
    }

    /// An empty team that was not pushed yet.
    pub fn team(&mut self, provider: Provider, display_name: &str) -> PushedTeam {
        PushedTeam {
            key: TeamKey(0),
            external_id: self.external_id(provider, "00g"),
            display_name: display_name.to_owned(),
            members: BTreeSet::new(),
            pushed: false,
        }
    }

    /// Makes `person` a lead of their department.
    pub fn promote(&self, person: &mut Person) {
        let mut departments = self.names.departments.iter();
        if let Some(department) = departments.find(|d| d.name == person.department) {
            person.title.clone_from(&department.lead);
        }
    }

    /// Moves `person` to another department, with a title of it.
    pub fn transfer(&mut self, person: &mut Person) {
        let others: Vec<Department> = self
            .names
            .departments
            .iter()
            .filter(|department| department.name != person.department)
            .cloned()
            .collect();
        let Some(department) = self.dice.pick(&others) else {
            return;
        };
        let department = department.clone();
        if let Some(title) = self.dice.pick(&department.titles) {
            person.title.clone_from(title);
        }
        person.department = department.name;
    }

    /// Gives `person` another family name and the user name that goes with it.
    pub fn rename(&mut self, person: &mut Person) {
        let others: Vec<String> = self
            .names
            .family
            .iter()
            .filter(|family| **family != person.family_name)
            .cloned()
            .collect();
        if let Some(family) = self.dice.pick(&others) {
            person.family_name.clone_from(family);
        }
        let local = local_part(&person.given_name, &person.family_name);
        person.user_name = self.user_name(&local);
    }

    /// A town to work in.
    pub fn place(&mut self) -> Place {
        self.dice
            .pick(&self.names.places)
            .cloned()
            .expect("`Names` refuses an empty list of places")
    }

    /// A mobile number of the range that is never given to anybody (555-01xx).
    pub fn mobile(&mut self) -> String {
        format!("+1 555 01{:02}", self.dice.below(100))
    }

    /// The names in use.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The generator, for choices that belong to the same stream.
    pub fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn department(&mut self) -> &Department {
        let total: usize = self.names.departments.iter().map(|d| d.weight).sum();
        let mut left = self.dice.below(total);
        let mut chosen = None;
        for department in &self.names.departments {
            chosen = Some(department);
            if left < department.weight {
                break;
            }
            left -= department.weight;
        }
        chosen.expect("`Names` refuses an empty list of departments")
    }

    fn name(&mut self) -> (String, String, String) {
        // About one in a hundred writes their name in another script.
        if self.dice.chance(1)
            && let Some(written) = self.dice.pick(&self.names.written)
        {
            return (
                written.given.clone(),
                written.family.clone(),
                written.user.clone(),
            );
        }
        let given = self.dice.pick(&self.names.given).cloned();
        let family = self.dice.pick(&self.names.family).cloned();
        let given = given.expect("`Names` refuses an empty list of given names");
        let family = family.expect("`Names` refuses an empty list of family names");
        let local = local_part(&given, &family);
        (given, family, local)
    }

    fn user_name(&mut self, local: &str) -> String {
        let count = self.taken.entry(local.to_owned()).or_default();
        *count = count.saturating_add(1);
        match *count {
            1 => format!("{local}@{}", self.domain),
            again => format!("{local}{again}@{}", self.domain),
        }
    }

    fn external_id(&mut self, provider: Provider, prefix: &str) -> String {
        match provider {
            Provider::Okta => format!("{prefix}{}", self.dice.letters(17)),
            Provider::Entra => self.dice.uuid().to_string(),
        }
    }
}

/// FNV-1a, to tell the streams of two domains apart.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// `given.family` in lower-case ASCII.
fn local_part(given: &str, family: &str) -> String {
    format!("{}.{}", plain(given), plain(family))
}

/// Lower-case ASCII letters only: accents dropped, the few letters that do not decompose spelled out.
fn plain(name: &str) -> String {
    let decomposed = DecomposingNormalizer::new_nfkd();
    let mut plain = String::with_capacity(name.len());
    for letter in decomposed.normalize(name).chars() {
        match letter {
            'ø' | 'Ø' => plain.push('o'),
            'ł' | 'Ł' => plain.push('l'),
            'ı' => plain.push('i'),
            'đ' | 'Đ' => plain.push('d'),
            'ß' => plain.push_str("ss"),
            'æ' | 'Æ' => plain.push_str("ae"),
            letter if letter.is_ascii_alphabetic() => plain.push(letter.to_ascii_lowercase()),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rstest::rstest;

    use super::*;

    fn casting(seed: u64) -> Casting {
        Casting::new(Names::load().expect("the scenario"), "x.example", seed)
    }

    #[rstest]
    #[case("Zoë", "zoe")]
    #[case("Łukasz", "lukasz")]
    #[case("Ødegård", "odegard")]
    #[case("Yılmaz", "yilmaz")]
    #[case("Nguyễn", "nguyen")]
    #[case("O'Brien", "obrien")]
    #[case("Van Dijk", "vandijk")]
    fn a_name_has_a_plain_form(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(plain(name), expected);
    }

    #[test]
    fn every_name_of_the_scenario_has_a_plain_form() {
        let names = Names::load().expect("the scenario");
        for name in names.given.iter().chain(&names.family) {
            assert!(plain(name).len() >= 2, "{name}");
        }
    }

    #[test]
    fn a_thousand_people_have_a_thousand_user_names() {
        let mut casting = casting(3);
        let people: Vec<Person> = (0..1000).map(|_| casting.person(Provider::Okta)).collect();
        let names: HashSet<&str> = people.iter().map(|p| p.user_name.as_str()).collect();
        let ids: HashSet<&str> = people.iter().map(|p| p.external_id.as_str()).collect();
        assert_eq!((names.len(), ids.len()), (1000, 1000));
        assert!(people.iter().all(|p| p.user_name.is_ascii()));
    }

    #[test]
    fn the_same_seed_casts_the_same_people() {
        let person = |seed| casting(seed).person(Provider::Entra);
        assert_eq!(person(5), person(5));
        assert_ne!(person(5), person(6));
    }

    #[test]
    fn a_renamed_person_has_another_name_and_user_name() {
        let mut casting = casting(9);
        let before = casting.person(Provider::Okta);
        let mut after = before.clone();
        casting.rename(&mut after);
        assert_ne!(after.family_name, before.family_name);
        assert_ne!(after.user_name, before.user_name);
        assert_eq!(after.external_id, before.external_id);
    }
}
