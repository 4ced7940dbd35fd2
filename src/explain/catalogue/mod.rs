//! The catalogue, read from `assets/explain.toml`: one entry for each code, in the order in which their rules are tried.

mod rule;
mod template;

use std::sync::LazyLock;

use serde::Deserialize;

use rule::Rule;
pub(crate) use rule::Traits;
pub(crate) use template::{Gap, Template};

use super::explanation::Severity;
use crate::request_log::Exchange;

/// The code of the entry for what no rule matches.
pub(crate) const UNKNOWN: &str = "UNKNOWN";

/// How many codes are named that come near.
const NEAREST: usize = 3;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::read(include_str!("../../../assets/explain.toml"))
        .expect("a test reads this very catalogue")
});

/// The catalogue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    #[serde(rename = "entry")]
    entries: Vec<Entry>,
}

/// What is known of one code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The code.
    pub(crate) code: String,
    /// How much it matters.
    pub(crate) severity: Severity,
    /// What it is about, in a few words.
    pub(crate) title: String,
    /// When it applies to an exchange that has no code; any of these.
    #[serde(default)]
    when: Vec<Rule>,
    /// What happened.
    pub(crate) what: Template,
    /// Why.
    pub(crate) why: Template,
    /// What changed, where it cannot be told from the changes of the exchange.
    #[serde(default)]
    pub(crate) changed: Option<Template>,
    /// What to do next.
    pub(crate) next: Vec<Step>,
    /// For the people who run the IdP.
    pub(crate) note: Template,
    /// Where the case is described in public.
    #[serde(default)]
    pub(crate) links: Vec<String>,
    /// What is said instead where an admin's own command had the code.
    #[serde(default)]
    pub(crate) admin: Option<Wording>,
}

/// What is said to an admin of their own command, which no identity provider has a part in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    /// What happened.
    pub(crate) what: Template,
    /// Why.
    pub(crate) why: Template,
    /// What to do next.
    pub(crate) next: Vec<Step>,
    /// For the people who run the IdP.
    pub(crate) note: Template,
}

/// Something that can be done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Where.
    pub(crate) place: Place,
    /// Only for this identity provider. Where no step is for the one at hand, those for none in particular are shown.
    #[serde(default)]
    pub(crate) idp: Option<String>,
    /// What.
    pub(crate) text: Template,
    /// The console command that does it.
    #[serde(default)]
    pub(crate) command: Option<String>,
}

/// Where something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// In Provost.
    Here,
    /// At the identity provider.
    Idp,
}

impl Place {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Idp => "idp",
        }
    }
}

impl Entry {
    /// The step with a note that one of its rules asks for.
    pub(crate) fn noted<'a>(&self, exchange: &'a Exchange) -> Option<&'a str> {
        self.when.iter().find_map(|rule| rule.noted(exchange))
    }
}

impl Catalogue {
    /// The catalogue that comes with Provost.
    pub(crate) fn shared() -> &'static Self {
        &CATALOGUE
    }

    fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The entries, in the order in which their rules are tried.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a code.
    pub(crate) fn entry(&self, code: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }

    /// The first entry one of whose rules matches.
    pub(crate) fn matching(&self, traits: &Traits<'_>) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.when.iter().any(|rule| rule.matches(traits)))
    }

    /// The entries whose rules come nearest to matching, nearest first.
    pub(crate) fn nearest(&self, traits: &Traits<'_>) -> Vec<&Entry> {
        let mut near: Vec<(usize, &Entry)> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let fits = entry.when.iter().map(|rule| rule.fit(traits));
                // In hundredths, so that half of two conditions weighs as much as half of four.
                let best = fits
                    .filter(|fit| fit.met > 0)
                    .map(|fit| fit.met * 100 / fit.of)
                    .max()?;
                Some((best, entry))
            })
            .collect();
        near.sort_by_key(|(share, _)| std::cmp::Reverse(*share));
        near.into_iter()
            .take(NEAREST)
            .map(|(_, entry)| entry)
            .collect()
    }
}

#[cfg(test)]
mod tests;
