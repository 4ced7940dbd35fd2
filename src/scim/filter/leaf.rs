//! One comparison: does the operator fit the attribute, and what exactly is compared.

use serde_json::Number;

use super::{Comparison, Fault, Filter, Literal, Operator};
use crate::scim::date_time::parse_date_time;
use crate::scim::dialect::{self, Notes};
use crate::scim::fold::fold;
use crate::scim::path::AttributePath;
use crate::scim::schema::{Attribute, AttributeType, Resolved, Returned};

/// A literal as written, before the attribute gives it a type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RawLiteral {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
}

impl RawLiteral {
    /// Reads a word that is not a string.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        if word.eq_ignore_ascii_case("true") {
            return Some(Self::Boolean(true));
        }
        if word.eq_ignore_ascii_case("false") {
            return Some(Self::Boolean(false));
        }
        if word.eq_ignore_ascii_case("null") {
            return Some(Self::Null);
        }
        serde_json::from_str(word).ok().map(Self::Number)
    }

    fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
        }
    }
}

/// What the operator is applied to: the attribute, or the `value` of a complex one (RFC 7644 §3.4.2.2).
pub(super) struct Leaf<'r> {
    path: AttributePath,
    attribute: &'r Attribute,
}

impl<'r> Leaf<'r> {
    /// The leaf a comparison of this attribute means.
    pub(super) fn of(at: usize, resolved: &Resolved<'r>, notes: &mut Notes) -> Result<Self, Fault> {
        readable(at, resolved)?;
        let leaf = resolved.leaf();
        let path = resolved.path();
        if path.is_core("meta") && path.sub_attribute.as_deref() == Some("location") {
            // It is made of the base URL by which this client came, and stored nowhere.
            return Err(Fault::new(
                at,
                "meta.location differs from client to client and cannot be compared; compare id"
                    .to_owned(),
            ));
        }
        if !leaf.is_complex() {
            return Ok(Self {
                path: resolved.path(),
                attribute: leaf,
            });
        }
        let Some(value) = leaf.sub_attribute("value") else {
            let parts: Vec<&str> = leaf
                .sub_attributes
                .iter()
                .map(|sub| sub.name.as_str())
                .collect();
            return Err(Fault::new(
                at,
                format!(
                    "{} is complex and has no 'value'; compare one of its parts: {}",
                    resolved.path(),
                    parts.join(", ")
                ),
            ));
        };
        if !leaf.multi_valued {
            notes.add(
                &dialect::COMPLEX_COMPARED,
                format!("{} compared by its value", resolved.path()),
            );
        }
        Ok(Self {
            path: resolved.with_sub(value).path(),
            attribute: value,
        })
    }

    /// The value itself of an attribute of simple values, within a value path.
    pub(super) fn element(resolved: &Resolved<'r>) -> Self {
        Self {
            path: resolved.path(),
            attribute: resolved.attribute,
        }
    }

    /// The comparison, with the literal given the attribute's type.
    pub(super) fn compare(
        self,
        at: usize,
        operator: Operator,
        literal: RawLiteral,
        notes: &mut Notes,
    ) -> Result<Filter, Fault> {
        let path = &self.path;
        if literal == RawLiteral::Null {
            return self.compare_null(at, operator);
        }
        let misfit = |expected: &str, literal: &RawLiteral| {
            Fault::new(
                at,
                format!(
                    "{path} is {expected} and cannot be compared with {}",
                    literal.describe()
                ),
            )
        };
        let refused = |why: &str| {
            Err(Fault::new(
                at,
                format!(
                    "'{}' does not apply to {path}, which is {why}",
                    operator.as_str()
                ),
            ))
        };
        let literal = match self.attribute.kind {
            AttributeType::Boolean => {
                if operator.is_ordering() || operator.is_partial() {
                    return refused("a boolean");
                }
                match literal {
                    RawLiteral::Boolean(value) => Literal::Boolean(value),
                    RawLiteral::Text(text) => match boolean_from_text(&text) {
                        Some(value) => {
                            notes.add(
                                &dialect::STRING_BOOLEAN,
                                format!("{path} compared with a string"),
                            );
                            Literal::Boolean(value)
                        }
                        None => return Err(misfit("a boolean", &RawLiteral::Text(text))),
                    },
                    other => return Err(misfit("a boolean", &other)),
                }
            }
            AttributeType::Integer | AttributeType::Decimal => {
                if operator.is_partial() {
                    return refused("a number");
                }
                match literal {
                    RawLiteral::Number(number) => Literal::Number(number),
                    other => return Err(misfit("a number", &other)),
                }
            }
            AttributeType::DateTime => match literal {
                RawLiteral::Text(text) if operator.is_partial() => self.text(text),
                RawLiteral::Text(text) => match parse_date_time(&text) {
                    Some(at) => Literal::DateTime { text, at },
                    None => {
                        return Err(Fault::new(
                            at,
                            format!("{path} is a dateTime; write it like \"2026-01-31T12:00:00Z\""),
                        ));
                    }
                },
                other => return Err(misfit("a dateTime", &other)),
            },
            AttributeType::Binary if operator.is_ordering() => return refused("binary"),
            AttributeType::String | AttributeType::Reference | AttributeType::Binary => {
                match literal {
                    RawLiteral::Text(text) => self.text(text),
                    other => return Err(misfit("a string", &other)),
                }
            }
            AttributeType::Complex => return refused("complex"),
        };
        Ok(Filter::Compare(Comparison {
            operator,
            literal,
            kind: self.attribute.kind,
            case_exact: self.attribute.case_exact,
            path: self.path,
        }))
    }

    fn text(&self, text: String) -> Literal {
        let key = if self.attribute.case_exact {
            text.clone()
        } else {
            fold(&text)
        };
        Literal::Text { text, key }
    }

    /// Null is the absence of a value (RFC 7643 §2.5), so comparing with it asks for presence.
    fn compare_null(self, at: usize, operator: Operator) -> Result<Filter, Fault> {
        match operator {
            Operator::Equal => Ok(Filter::Not(Box::new(Filter::Present(self.path)))),
            Operator::NotEqual => Ok(Filter::Present(self.path)),
            _ => Err(Fault::new(
                at,
                format!(
                    "'{}' cannot compare with null; use 'eq', 'ne' or 'pr'",
                    operator.as_str()
                ),
            )),
        }
    }
}

/// Refuses attributes whose values nobody may read: a filter would tell them bit by bit.
pub(super) fn readable(at: usize, resolved: &Resolved<'_>) -> Result<(), Fault> {
    let hidden = |attribute: &Attribute| attribute.returned == Returned::Never;
    if hidden(resolved.attribute) || hidden(resolved.leaf()) {
        return Err(Fault::new(
            at,
            format!(
                "{} is never returned and cannot be filtered",
                resolved.path()
            ),
        ));
    }
    Ok(())
}

/// "True" and "False" as Entra writes them.
pub(crate) fn boolean_from_text(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
