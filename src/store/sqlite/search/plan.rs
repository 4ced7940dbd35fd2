//! How the parts of a filter join: which sets, and whether they say it all.

use rusqlite::Connection;

use super::atoms;
use super::sets::Set;
use crate::scim::ResourceKind;
use crate::scim::filter::{Filter, Operator};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::values::kind_number;

/// Of several sets that must all hold, one as small as this is read and checked; the others are not even asked.
const FEW: i64 = 1_000;

/// What answers a filter. Everything that matches is in it; where it is exact, nothing else is.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// No resource.
    Nothing,
    /// All live resources of the kind.
    Everything {
        /// Whether all of them match.
        exact: bool,
    },
    /// These.
    Set {
        /// Which.
        set: Set,
        /// Whether all of them match.
        exact: bool,
    },
}

impl Plan {
    /// A set that says it all.
    pub fn exact(set: Set) -> Self {
        Self::Set { set, exact: true }
    }

    /// The same without some resources.
    pub fn without(self, hidden: &Set, kind: i64) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Everything { exact } => Self::Set {
                set: hidden.complement(kind),
                exact,
            },
            Self::Set { set, exact } => Self::Set {
                set: set.without(hidden),
                exact,
            },
        }
    }

    /// A set that only narrows.
    pub fn narrowed(set: Set) -> Self {
        Self::Set { set, exact: false }
    }

    /// Indexes say nothing.
    pub fn unknown() -> Self {
        Self::Everything { exact: false }
    }

    /// Not this. What is only narrowed turns into what is not even that.
    fn complement(self, kind: ResourceKind) -> Self {
        match self {
            Self::Nothing => Self::Everything { exact: true },
            Self::Everything { exact: true } => Self::Nothing,
            Self::Everything { exact: false } | Self::Set { exact: false, .. } => Self::unknown(),
            Self::Set { set, exact: true } => Self::exact(set.complement(kind_number(kind))),
        }
    }
}

/// Plans a filter. The depth of a filter is limited where it is parsed.
pub fn plan(connection: &Connection, kind: ResourceKind, filter: &Filter) -> Fallible<Plan> {
    match filter {
        Filter::And(parts) => all(connection, kind, parts),
        Filter::Or(parts) => any(connection, kind, parts),
        Filter::Not(inner) => Ok(plan(connection, kind, inner)?.complement(kind)),
        Filter::Compare(comparison) if comparison.operator == Operator::NotEqual => Ok(
            match atoms::equal_if_single(connection, kind, comparison)? {
                Some(equal) => equal.complement(kind),
                None => Plan::unknown(),
            },
        ),
        Filter::Compare(comparison) => atoms::compare(connection, kind, comparison),
        Filter::Present(path) => Ok(atoms::present(kind, path)),
        Filter::ValuePath(value_path) => atoms::value_path(connection, kind, value_path),
        Filter::Never => Ok(Plan::Nothing),
    }
}

/// Whether a filter is the look-up of a key that few have.
pub fn is_point(kind: ResourceKind, filter: &Filter) -> bool {
    matches!(filter, Filter::Compare(comparison)
        if comparison.operator == Operator::Equal && atoms::is_key(kind, &comparison.path))
}

fn all(connection: &Connection, kind: ResourceKind, parts: &[Filter]) -> Fallible<Plan> {
    let mut exact = true;
    let mut sets = Vec::new();
    for part in parts {
        match plan(connection, kind, part)? {
            Plan::Nothing => return Ok(Plan::Nothing),
            Plan::Everything { exact: says_all } => exact &= says_all,
            Plan::Set {
                set,
                exact: says_all,
            } => {
                exact &= says_all;
                sets.push(set);
            }
        }
    }
    if sets.len() < 2 {
        return Ok(match sets.pop() {
            Some(set) => Plan::Set { set, exact },
            None => Plan::Everything { exact },
        });
    }
    let mut sized = Vec::with_capacity(sets.len());
    for set in sets {
        sized.push((set.size_up_to(connection, FEW + 1)?, set));
    }
    sized.sort_by_key(|(size, _)| *size);
    if let Some((size, set)) = sized.first()
        && *size <= FEW
    {
        return Ok(Plan::narrowed(set.clone()));
    }
    let sets = sized.into_iter().map(|(_, set)| set).collect();
    Ok(Plan::Set {
        set: Set::intersection(sets),
        exact,
    })
}

fn any(connection: &Connection, kind: ResourceKind, parts: &[Filter]) -> Fallible<Plan> {
    let mut exact = true;
    let mut sets = Vec::new();
    for part in parts {
        match plan(connection, kind, part)? {
            Plan::Nothing => {}
            Plan::Everything { exact: true } => return Ok(Plan::Everything { exact: true }),
            Plan::Everything { exact: false } => return Ok(Plan::unknown()),
            Plan::Set {
                set,
                exact: says_all,
            } => {
                exact &= says_all;
                sets.push(set);
            }
        }
    }
    Ok(if sets.is_empty() {
        Plan::Nothing
    } else {
        Plan::Set {
            set: Set::union(sets),
            exact,
        }
    })
}
