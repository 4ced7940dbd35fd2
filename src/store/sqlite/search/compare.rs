//! Comparisons of texts and times as ranges of an index.
//!
//! Index keys are folded, except `ext`, which is compared exactly. SQLite compares texts byte by byte, as the evaluator
//! does, so `sw` and the orderings are ranges.

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::plan::Plan;
use super::sets::Set;
use crate::directory::fold::fold;
use crate::scim::filter::Operator;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::indexed;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{name_index, nanos};

/// A column with an index, or a path in `attr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The folded userName or displayName.
    Uname,
    /// The externalId.
    Ext,
    /// When it was created; without an index of its own.
    Created,
    /// When it last changed.
    Modified,
    /// An indexed path.
    Attr(i64),
}

impl Column {
    /// The query up to the condition, its name, and what follows the condition.
    fn query(self, kind: i64) -> (String, &'static str, &'static str) {
        let resource = |index: &str| {
            format!("SELECT seq FROM resource INDEXED BY {index} WHERE kind = {kind} AND ")
        };
        match self {
            Self::Uname => (resource(name_index(kind)), "uname", " AND deleted IS NULL"),
            Self::Ext => (
                resource("resource_ext"),
                "ext",
                " AND ext IS NOT NULL AND deleted IS NULL",
            ),
            Self::Created => (resource("resource_live"), "created", " AND deleted IS NULL"),
            Self::Modified => (
                resource("resource_modified"),
                "modified",
                " AND deleted IS NULL",
            ),
            Self::Attr(number) => (
                format!("SELECT seq FROM attr WHERE attr = {number} AND "),
                "val",
                "",
            ),
        }
    }

    fn condition(self, kind: i64, condition: &str, values: Vec<Value>) -> Set {
        let (head, name, tail) = self.query(kind);
        Set::query(
            format!("{head}{}{tail}", condition.replace('@', name)),
            values,
        )
    }
}

/// The look-up of one indexed value.
pub fn attr_key(attr: i64, folded: String) -> Set {
    Set::key(
        format!("SELECT seq FROM attr WHERE attr = {attr} AND val"),
        folded,
        "",
    )
}

/// A text compared with `key`, which is folded unless case matters.
pub fn text(
    connection: &Connection,
    kind: i64,
    column: Column,
    operator: Operator,
    key: &str,
    case_exact: bool,
) -> Fallible<Plan> {
    if key.is_empty() {
        return Ok(Plan::unknown());
    }
    if column == Column::Ext {
        // The one column that is kept as it was given. An empty externalId is not kept at all, yet it is less than others.
        let is_below = matches!(operator, Operator::LessThan | Operator::LessOrEqual);
        let set = whole_key(kind, column, operator, key).filter(|_| case_exact && !is_below);
        return Ok(set.map_or_else(Plan::unknown, Plan::exact));
    }
    let folded = if case_exact {
        if operator.is_ordering() {
            // Folding does not keep the order.
            return Ok(Plan::unknown());
        }
        fold(key)
    } else {
        key.to_owned()
    };
    let Column::Attr(attr) = column else {
        let set = whole_key(kind, column, operator, &folded);
        return Ok(set.map_or_else(Plan::unknown, |set| Plan::Set {
            set,
            exact: !case_exact,
        }));
    };
    // Where values are cut, the index sees a part of them in part.
    let sees_all = match operator {
        Operator::Equal | Operator::StartsWith => folded.len() <= indexed::NEVER_CUT,
        Operator::Contains
        | Operator::EndsWith
        | Operator::GreaterThan
        | Operator::GreaterOrEqual
        | Operator::LessThan
        | Operator::LessOrEqual
        | Operator::NotEqual => {
            if connection
                .statement(Statement::HasLongKeys)?
                .exists([attr])?
            {
                return Ok(Plan::unknown());
            }
            true
        }
    };
    let set = whole_key(kind, column, operator, &indexed::key(&folded));
    Ok(set.map_or_else(Plan::unknown, |set| Plan::Set {
        set,
        exact: sees_all && !case_exact,
    }))
}

fn whole_key(kind: i64, column: Column, operator: Operator, key: &str) -> Option<Set> {
    let value = || Value::Text(key.to_owned());
    let condition = |condition: &str, values| Some(column.condition(kind, condition, values));
    match operator {
        Operator::Equal => {
            let (head, name, tail) = column.query(kind);
            Some(Set::key(format!("{head}{name}"), value(), tail))
        }
        Operator::StartsWith => match successor(key) {
            Some(end) => condition("@ >= ? AND @ < ?", vec![value(), Value::Text(end)]),
            None => condition("@ >= ?", vec![value()]),
        },
        Operator::Contains => condition("instr(@, ?) > 0", vec![value()]),
        Operator::EndsWith => condition(
            "substr(CAST(@ AS BLOB), -octet_length(?)) = CAST(? AS BLOB)",
            vec![value(), value()],
        ),
        Operator::GreaterThan => condition("@ > ?", vec![value()]),
        Operator::GreaterOrEqual => condition("@ >= ?", vec![value()]),
        Operator::LessThan => condition("@ < ?", vec![value()]),
        Operator::LessOrEqual => condition("@ <= ?", vec![value()]),
        Operator::NotEqual => None,
    }
}

/// A point in time compared.
pub fn time(kind: i64, column: Column, operator: Operator, at: Timestamp) -> Plan {
    let sign = match operator {
        Operator::Equal => "=",
        Operator::GreaterThan => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::LessThan => "<",
        Operator::LessOrEqual => "<=",
        Operator::NotEqual | Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
            return Plan::unknown();
        }
    };
    let set = column.condition(
        kind,
        &format!("@ {sign} ?"),
        vec![Value::Integer(nanos(at))],
    );
    Plan::exact(set)
}

/// The least text that is greater than all that begin so; `None` where there is none.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ab", Some("ac"))]
    #[case("a\u{10FFFF}", Some("b"))]
    #[case("\u{10FFFF}", None)]
    #[case("a\u{D7FF}", Some("a\u{E000}"))]
    #[case("", None)]
    fn the_successor_ends_a_range(#[case] prefix: &str, #[case] expected: Option<&str>) {
        assert_eq!(successor(prefix).as_deref(), expected);
    }
}
