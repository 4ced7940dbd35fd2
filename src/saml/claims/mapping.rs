//! Which attribute names stand for which claim.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Claim, UnknownClaim, defaults, is_shown};

/// Names by which one claim may come.
pub const NAMES_PER_CLAIM: usize = 16;
/// Bytes of the name of an attribute.
pub const ATTRIBUTE_NAME_LENGTH: usize = 512;

/// By which attribute names each claim may come, the preferred one first.
///
/// In a file it is a table from claim to a list of names: `teamKey = ["groups"]`. A claim that is not in it keeps its
/// default names; a claim with an empty list is not read at all. Names are compared byte by byte, as SAML does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<String, Vec<String>>",
    into = "BTreeMap<String, Vec<String>>"
)]
pub struct ClaimMapping(BTreeMap<Claim, Vec<String>>);

/// Why a mapping is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClaimMappingError {
    /// It names a claim that there is not.
    #[error(transparent)]
    UnknownClaim(#[from] UnknownClaim),
    /// A claim has more names than are looked for.
    #[error("{claim} has {count} attribute names, at most {NAMES_PER_CLAIM} are allowed")]
    TooManyNames {
        /// The claim.
        claim: Claim,
        /// How many it has.
        count: usize,
    },
    /// A name is empty or too long.
    #[error(
        "an attribute name of {claim} has {bytes} bytes, from 1 to {ATTRIBUTE_NAME_LENGTH} are allowed"
    )]
    NameLength {
        /// The claim.
        claim: Claim,
        /// Its length.
        bytes: usize,
    },
    /// A name has a character that nobody sees, or begins or ends with a blank.
    #[error("an attribute name of {claim} has blanks around it or characters that cannot be seen")]
    NameUnclean {
        /// The claim.
        claim: Claim,
    },
    /// A name stands for two claims, or twice for one.
    #[error("the attribute name {name:?} stands for {first} and for {second}")]
    NameTwice {
        /// The name.
        name: String,
        /// The claim that has it.
        first: Claim,
        /// The claim that wants it, too.
        second: Claim,
    },
}

impl ClaimMapping {
    /// Checks a mapping: known claims, bounded numbers and lengths, no name twice. Where a name that is given to one claim is
    /// a default of another, it is no longer that other's: who gives `groups` to `role` means it.
    pub fn new(
        given: impl IntoIterator<Item = (Claim, Vec<String>)>,
    ) -> Result<Self, ClaimMappingError> {
        let given: BTreeMap<Claim, Vec<String>> = given.into_iter().collect();
        let mut owners: BTreeMap<&str, Claim> = BTreeMap::new();
        for (&claim, names) in &given {
            check(claim, names)?;
            for name in names {
                if let Some(first) = owners.insert(name, claim) {
                    return Err(ClaimMappingError::NameTwice {
                        name: name.clone(),
                        first,
                        second: claim,
                    });
                }
            }
        }
        let taken: BTreeSet<&str> = owners.into_keys().collect();
        let full = Claim::ALL
            .into_iter()
            .map(|claim| {
                let names = given.get(&claim).cloned().unwrap_or_else(|| {
                    defaults::names(claim)
                        .iter()
                        .filter(|name| !taken.contains(**name))
                        .map(|&name| name.to_owned())
                        .collect()
                });
                (claim, names)
            })
            .collect();
        Ok(Self(full))
    }

    /// The names of a claim, the preferred one first.
    pub fn names(&self, claim: Claim) -> &[String] {
        self.0.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// The claim that an attribute stands for.
    pub fn claim_of(&self, name: &str) -> Option<Claim> {
        self.0
            .iter()
            .find(|(_, names)| names.iter().any(|known| known == name))
            .map(|(&claim, _)| claim)
    }
}

fn check(claim: Claim, names: &[String]) -> Result<(), ClaimMappingError> {
    if names.len() > NAMES_PER_CLAIM {
        return Err(ClaimMappingError::TooManyNames {
            claim,
            count: names.len(),
        });
    }
    for name in names {
        if name.is_empty() || name.len() > ATTRIBUTE_NAME_LENGTH {
            return Err(ClaimMappingError::NameLength {
                claim,
                bytes: name.len(),
            });
        }
        if name.trim() != name || !name.chars().all(is_shown) {
            return Err(ClaimMappingError::NameUnclean { claim });
        }
    }
    Ok(())
}

impl Default for ClaimMapping {
    /// The default names of every claim.
    fn default() -> Self {
        Self::new([]).expect("nothing is given, so nothing can be wrong")
    }
}

impl TryFrom<BTreeMap<String, Vec<String>>> for ClaimMapping {
    type Error = ClaimMappingError;

    fn try_from(table: BTreeMap<String, Vec<String>>) -> Result<Self, ClaimMappingError> {
        let given = table
            .into_iter()
            .map(|(claim, names)| Ok((claim.parse()?, names)))
            .collect::<Result<Vec<_>, UnknownClaim>>()?;
        Self::new(given)
    }
}

impl From<ClaimMapping> for BTreeMap<String, Vec<String>> {
    fn from(mapping: ClaimMapping) -> Self {
        mapping
            .0
            .into_iter()
            .map(|(claim, names)| (claim.as_str().to_owned(), names))
            .collect()
    }
}
