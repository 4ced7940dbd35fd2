//! The claims of one assertion.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{Claim, ClaimMapping, clean};
use crate::saml::response::Subject;

/// Values of one claim.
pub const VALUES_PER_CLAIM: usize = 1_000;
/// Bytes of one value.
pub const VALUE_LENGTH: usize = 1_024;

/// What an assertion says of one claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// Nothing: no attribute of its names came. What the member has stays.
    #[default]
    Absent,
    /// That there is none: the attribute came without a value, or with empty values alone. What the member has is cleared.
    Empty,
    /// These, at least one, in the order they came, each once, without blanks around them.
    Given(Vec<String>),
}

/// One claim as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadClaim {
    /// What it says.
    pub values: Values,
    /// The attribute that said so; None where there was none.
    pub attribute: Option<String>,
}

/// An attribute that stands for a claim but was not read, since one that is preferred came, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overshadowed {
    /// The claim.
    pub claim: Claim,
    /// The name of the attribute that was left out.
    pub attribute: String,
}

/// All claims of one assertion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    read: BTreeMap<Claim, ReadClaim>,
    /// Attributes that stand for a claim and were left out, for whoever wonders.
    pub overshadowed: Vec<Overshadowed>,
}

/// Why the claims of an assertion cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClaimsError {
    /// A claim has more values than are taken.
    #[error("{claim} has more than {VALUES_PER_CLAIM} values")]
    TooManyValues {
        /// The claim.
        claim: Claim,
    },
    /// A value is longer than is taken.
    #[error("a value of {claim} has {bytes} bytes, at most {VALUE_LENGTH} are taken")]
    ValueTooLong {
        /// The claim.
        claim: Claim,
        /// Its length.
        bytes: usize,
    },
}

impl Claims {
    /// Reads the attributes of a verified assertion: pairs of name and values. Pairs of the same name are merged, in the
    /// order they come; an attribute without values is one that is empty (SAML core §2.7.3.1).
    ///
    /// Where several names of one claim come, the one that the mapping prefers is read alone: merging `teamKey` and
    /// `groups` would give teams that no single setting of the identity provider gives.
    pub fn from_attributes<'a, V>(
        attributes: impl IntoIterator<Item = (&'a str, V)>,
        mapping: &ClaimMapping,
    ) -> Result<Self, ClaimsError>
    where
        V: IntoIterator<Item = &'a str>,
    {
        let mut came: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, values) in attributes {
            let Some(claim) = mapping.claim_of(name) else {
                continue;
            };
            let merged = came.entry(name).or_default();
            for value in values {
                add(claim, merged, value)?;
            }
        }
        let mut claims = Self::default();
        for claim in Claim::ALL {
            let mut names = mapping
                .names(claim)
                .iter()
                .filter(|name| came.contains_key(name.as_str()))
                .cloned();
            let Some(attribute) = names.next() else {
                continue;
            };
            claims
                .overshadowed
                .extend(names.map(|attribute| Overshadowed { claim, attribute }));
            let values = came.remove(attribute.as_str()).unwrap_or_default();
            let values = if values.is_empty() {
                Values::Empty
            } else {
                Values::Given(values)
            };
            let attribute = Some(attribute);
            claims.read.insert(claim, ReadClaim { values, attribute });
        }
        Ok(claims)
    }

    /// Reads the attributes of an accepted subject.
    pub fn of_subject(subject: &Subject, mapping: &ClaimMapping) -> Result<Self, ClaimsError> {
        let attributes = subject.attributes.iter();
        Self::from_attributes(
            attributes.map(|(name, values)| (name.as_str(), values.iter().map(String::as_str))),
            mapping,
        )
    }

    /// What was read of a claim.
    pub fn of(&self, claim: Claim) -> &ReadClaim {
        const ABSENT: &ReadClaim = &ReadClaim {
            values: Values::Absent,
            attribute: None,
        };
        self.read.get(&claim).unwrap_or(ABSENT)
    }
}

impl Values {
    /// The values, none where they are absent or empty. Callers that change something must tell these two apart first.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::Absent | Self::Empty => &[],
            Self::Given(values) => values,
        }
    }

    /// The only or first value.
    pub fn first(&self) -> Option<&str> {
        self.as_slice().first().map(String::as_str)
    }
}

fn add(claim: Claim, merged: &mut Vec<String>, value: &str) -> Result<(), ClaimsError> {
    let value = value.trim();
    if value.len() > VALUE_LENGTH {
        return Err(ClaimsError::ValueTooLong {
            claim,
            bytes: value.len(),
        });
    }
    // Names of people are shown and written to the directory; keys are looked up, and a key that was changed on the way
    // could be another one's.
    let value = match claim {
        Claim::FirstName | Claim::LastName => clean(value).trim().to_owned(),
        Claim::Role | Claim::CustomRole | Claim::RoleAttributes | Claim::TeamKey => {
            value.to_owned()
        }
    };
    if value.is_empty() || merged.contains(&value) {
        return Ok(());
    }
    if merged.len() == VALUES_PER_CLAIM {
        return Err(ClaimsError::TooManyValues { claim });
    }
    merged.push(value);
    Ok(())
}
