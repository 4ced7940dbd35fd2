//! What the product behind a preset says where it refuses, so that whoever knows the product knows the sentence.
//!
//! The words are data (`<preset>.texts` in `assets/presets.toml`), by the code of the refusal and, where one code has
//! several sentences, by its case. Where a product's words are not known, Provost's own stand.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::preset;

/// The codes that have several sentences, with their cases. A code that is not here has one.
pub const CASES: &[(&str, &[&str])] = &[
    ("OWNER_PROTECTED", &["create", "deactivate", "delete"]),
    ("ROLE_NOT_APPLIED", &["base", "custom"]),
    ("GROUP_FIRST", &["unknown"]),
    (
        "MANAGED_BY_IDP",
        &[
            "member",
            "team_new",
            "team_name",
            "team_members",
            "team_delete",
        ],
    ),
];

/// How much of what a client sent stands in a sentence, in characters.
const NAMED: usize = 80;

/// The words of one preset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Texts(BTreeMap<String, Words>);

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Cases(BTreeMap<String, String>),
}

impl Texts {
    /// Those of a preset; none where it has none.
    pub fn of(preset: &str) -> &'static Self {
        static TEXTS: LazyLock<BTreeMap<String, Texts>> = LazyLock::new(preset::texts);
        static NONE: Texts = Texts(BTreeMap::new());
        TEXTS.get(preset).unwrap_or(&NONE)
    }

    /// The sentence for a refusal. `{name}` in it becomes what the client named.
    pub fn find(&self, code: &str, case: &str, named: &str) -> Option<String> {
        let text = match self.0.get(code)? {
            Words::One(text) => text,
            Words::Cases(cases) => cases.get(case)?,
        };
        let letters = named.chars().filter(|letter| !letter.is_control());
        let named: String = letters.take(NAMED).collect();
        Some(text.replace("{name}", &named))
    }

    /// Every code and case that has a sentence; the case is empty where the code has one.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(code, words)| {
            let cases: Vec<&str> = match words {
                Words::One(_) => vec![""],
                Words::Cases(cases) => cases.keys().map(String::as_str).collect(),
            };
            cases.into_iter().map(|case| (code.as_str(), case))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::policy::preset_names;

    #[test]
    fn every_sentence_is_of_a_case_that_there_is() {
        for preset in preset_names() {
            for (code, case) in Texts::of(&preset).entries() {
                let known = CASES.iter().find(|(known, _)| *known == code);
                let fits = known.map_or(case.is_empty(), |(_, cases)| cases.contains(&case));
                assert!(fits, "{preset}: {code}.{case}");
            }
        }
    }

    #[test]
    fn a_sentence_names_what_was_sent_and_no_more_than_that() {
        let texts = Texts::of("launchdarkly");
        let role = format!("super\u{1b}user{}", "x".repeat(200));
        let text = texts.find("ROLE_NOT_APPLIED", "base", &role).unwrap();
        assert!(text.starts_with("'superuserxxx"), "{text}");
        assert!(text.chars().count() < 120, "{text}");
        assert_eq!(Texts::of("rfc").find("DUP_USER", "", ""), None);
    }
}
