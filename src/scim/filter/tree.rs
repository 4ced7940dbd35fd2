//! The tree a filter is parsed into: resolved, typed, flat where it can be.

use jiff::Timestamp;
use serde_json::Number;

use crate::scim::path::AttributePath;
use crate::scim::schema::AttributeType;

/// A filter. `And` and `Or` hold at least two parts and never one of their own kind, so that long chains stay flat.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// Any of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// The attribute has a value: not null, not empty, and for a complex one at least one part.
    Present(AttributePath),
    /// One of the attribute's values compares so.
    Compare(Comparison),
    /// One value of a multi-valued attribute meets all of this at once.
    ValuePath(ValuePath),
    /// An attribute the resource type does not have, compared to anything (RFC 7644 §3.4.2.1): never true.
    Never,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The attribute; for a complex one already its `value`.
    pub path: AttributePath,
    /// How.
    pub operator: Operator,
    /// With what.
    pub literal: Literal,
    /// The type of the attribute.
    pub kind: AttributeType,
    /// Whether case matters.
    pub case_exact: bool,
}

/// A value path, `emails[type eq "work"]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ValuePath {
    /// The multi-valued attribute, without a part.
    pub path: AttributePath,
    /// What one of its values must meet. The paths in it are whole paths, such as `emails.type`; in an attribute of
    /// simple values the path of the attribute stands for the value itself.
    pub filter: Box<Filter>,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Equal,
    /// Not equal: some value differs, or there is none.
    NotEqual,
    /// Contains.
    Contains,
    /// Starts with.
    StartsWith,
    /// Ends with.
    EndsWith,
    /// Greater than.
    GreaterThan,
    /// Greater than or equal.
    GreaterOrEqual,
    /// Less than.
    LessThan,
    /// Less than or equal.
    LessOrEqual,
}

impl Operator {
    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::GreaterThan => "gt",
            Self::GreaterOrEqual => "ge",
            Self::LessThan => "lt",
            Self::LessOrEqual => "le",
        }
    }

    /// Reads the keyword, whatever its case.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Equal,
            Self::NotEqual,
            Self::Contains,
            Self::StartsWith,
            Self::EndsWith,
            Self::GreaterThan,
            Self::GreaterOrEqual,
            Self::LessThan,
            Self::LessOrEqual,
        ]
        .into_iter()
        .find(|operator| operator.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether it puts values in an order.
    pub fn is_ordering(self) -> bool {
        matches!(
            self,
            Self::GreaterThan | Self::GreaterOrEqual | Self::LessThan | Self::LessOrEqual
        )
    }

    /// Whether it looks inside text.
    pub fn is_partial(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }
}

/// What an attribute is compared with, already of the attribute's type. A comparison with null has become `pr`.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A truth value.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A point in time.
    DateTime {
        /// As the client wrote it.
        text: String,
        /// The instant.
        at: Timestamp,
    },
    /// Text.
    Text {
        /// As the client wrote it.
        text: String,
        /// What stored values are compared with: the text itself where case matters, else folded.
        key: String,
    },
}

impl Filter {
    /// All of the parts, flat.
    pub fn all(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match (flat.len(), flat.pop()) {
            (1, Some(single)) => single,
            (_, last) => {
                flat.extend(last);
                Self::And(flat)
            }
        }
    }

    /// Any of the parts, flat.
    pub fn any(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match (flat.len(), flat.pop()) {
            (1, Some(single)) => single,
            (_, last) => {
                flat.extend(last);
                Self::Or(flat)
            }
        }
    }

    /// Whether the filter looks at this core attribute, so that callers know what to load before matching.
    pub fn mentions(&self, attribute: &str) -> bool {
        self.any_path(&|path| path.is_core(attribute))
    }

    /// Whether the filter looks at the name of a manager.
    pub fn mentions_manager_name(&self) -> bool {
        self.any_path(&AttributePath::is_manager_name)
    }

    fn any_path(&self, test: &dyn Fn(&AttributePath) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.any_path(test)),
            Self::Not(inner) => inner.any_path(test),
            Self::Present(path) => test(path),
            Self::Compare(comparison) => test(&comparison.path),
            Self::ValuePath(value_path) => {
                test(&value_path.path) || value_path.filter.any_path(test)
            }
            Self::Never => false,
        }
    }

    /// The comparisons, if the filter is a conjunction of `eq` and nothing else. Only then does it describe one value
    /// completely enough to create it.
    pub fn equalities(&self) -> Option<Vec<&Comparison>> {
        let equality = |filter: &'_ Self| -> bool {
            matches!(filter, Self::Compare(comparison) if comparison.operator == Operator::Equal)
        };
        let parts = match self {
            Self::And(parts) => parts.as_slice(),
            single => std::slice::from_ref(single),
        };
        if !parts.iter().all(equality) {
            return None;
        }
        let comparisons = parts.iter().filter_map(|part| match part {
            Self::Compare(comparison) => Some(comparison),
            _ => None,
        });
        Some(comparisons.collect())
    }

    /// The texts, if the filter is a disjunction of `eq` on this one path and nothing else: `value eq "a" or value eq
    /// "b"`.
    pub fn listed_values(&self, path: &AttributePath) -> Option<Vec<&str>> {
        let parts = match self {
            Self::Or(parts) => parts.as_slice(),
            single => std::slice::from_ref(single),
        };
        parts
            .iter()
            .map(|part| match part {
                Self::Compare(Comparison {
                    path: compared,
                    operator: Operator::Equal,
                    literal: Literal::Text { text, .. },
                    ..
                }) if compared == path => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }
}
