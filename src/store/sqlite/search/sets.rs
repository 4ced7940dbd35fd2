//! Sets of sequence numbers as SQL, and how they are joined.

use std::fmt::Write as _;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::values::uint;

/// SQLite joins at most 500 queries in one; larger unions are made of smaller ones.
const COMPOUND: usize = 400;

/// A query for sequence numbers. May name one twice.
#[derive(Clone, Debug, PartialEq)]
pub enum Set {
    /// Look-ups of keys in one index: `head IN (values) tail`.
    Keys {
        /// The query up to the key.
        head: String,
        /// The keys.
        values: Vec<Value>,
        /// The query behind them.
        tail: &'static str,
    },
    /// Any other query.
    Query {
        /// Its text, with `?` for each value.
        sql: String,
        /// The values, in order.
        values: Vec<Value>,
    },
}

impl Set {
    /// A query with its values.
    pub fn query(sql: impl Into<String>, values: Vec<Value>) -> Self {
        Self::Query {
            sql: sql.into(),
            values,
        }
    }

    /// The look-up of one key.
    pub fn key(head: impl Into<String>, value: impl Into<Value>, tail: &'static str) -> Self {
        Self::Keys {
            head: head.into(),
            values: vec![value.into()],
            tail,
        }
    }

    /// Text and values.
    pub fn render(&self) -> (String, Vec<Value>) {
        match self {
            Self::Query { sql, values } => (sql.clone(), values.clone()),
            Self::Keys { head, values, tail } => {
                let mut sql = head.clone();
                if values.len() == 1 {
                    sql.push_str(" = ?");
                } else {
                    sql.push_str(" IN (");
                    for place in 0..values.len() {
                        sql.push_str(if place == 0 { "?" } else { ",?" });
                    }
                    sql.push(')');
                }
                sql.push_str(tail);
                (sql, values.clone())
            }
        }
    }

    /// All that is in any of them.
    pub fn union(parts: Vec<Self>) -> Self {
        let mut merged: Vec<Self> = Vec::with_capacity(parts.len());
        for part in parts {
            let Self::Keys { head, values, tail } = part else {
                merged.push(part);
                continue;
            };
            let same = merged.iter_mut().find_map(|other| match other {
                Self::Keys {
                    head: other_head,
                    values,
                    tail: other_tail,
                } if *other_head == head && *other_tail == tail => Some(values),
                Self::Keys { .. } | Self::Query { .. } => None,
            });
            match same {
                Some(more) => more.extend(values),
                None => merged.push(Self::Keys { head, values, tail }),
            }
        }
        while merged.len() > 1 {
            merged = merged.chunks(COMPOUND).map(Self::compound).collect();
        }
        merged
            .pop()
            .unwrap_or_else(|| Self::query("SELECT NULL AS seq WHERE 0", Vec::new()))
    }

    fn compound(parts: &[Self]) -> Self {
        if let [single] = parts {
            return single.clone();
        }
        let mut text = String::new();
        let mut all = Vec::new();
        for part in parts {
            let (sql, values) = part.render();
            if !text.is_empty() {
                text.push_str(" UNION ");
            }
            // Writing to a string cannot fail.
            let _ = write!(text, "SELECT seq FROM ({sql})");
            all.extend(values);
        }
        Self::query(text, all)
    }

    /// All that is in each of them. The first one is walked, the others are looked into.
    pub fn intersection(parts: Vec<Self>) -> Self {
        let mut text = String::new();
        let mut all = Vec::new();
        for part in parts {
            let (sql, values) = part.render();
            let _ = if text.is_empty() {
                write!(text, "SELECT seq FROM ({sql}) WHERE 1")
            } else {
                write!(text, " AND seq IN ({sql})")
            };
            all.extend(values);
        }
        Self::query(text, all)
    }

    /// What is in it and not in the other one.
    pub fn without(&self, other: &Self) -> Self {
        let (sql, mut values) = self.render();
        let (hidden, more) = other.render();
        values.extend(more);
        Self::query(
            format!("SELECT seq FROM ({sql}) WHERE seq NOT IN ({hidden})"),
            values,
        )
    }

    /// All live resources of a kind that are not in it.
    pub fn complement(&self, kind: i64) -> Self {
        let (sql, values) = self.render();
        Self::query(
            format!(
                "SELECT seq FROM resource INDEXED BY resource_live WHERE kind = {kind} AND deleted IS NULL AND seq NOT IN ({sql})"
            ),
            values,
        )
    }

    /// How many resources are in it.
    pub fn count(&self, connection: &Connection) -> Fallible<u64> {
        let (sql, values) = self.render();
        let mut count =
            connection.prepare_cached(&format!("SELECT count(DISTINCT seq) FROM ({sql})"))?;
        let number: i64 = count.query_row(params_from_iter(values), |row| row.get(0))?;
        Ok(uint(number))
    }

    /// How many rows it has, counted up to a limit.
    pub fn size_up_to(&self, connection: &Connection, limit: i64) -> Fallible<i64> {
        let (sql, values) = self.render();
        let mut count = connection.prepare_cached(&format!(
            "SELECT count(*) FROM (SELECT 1 FROM ({sql}) LIMIT {limit})"
        ))?;
        Ok(count.query_row(params_from_iter(values), |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_ups_in_one_index_become_one() {
        let key = |value: &str| Set::key("SELECT seq FROM t WHERE a", value.to_owned(), " AND b");
        let (sql, values) = Set::union(vec![key("x"), key("y")]).render();
        assert_eq!(sql, "SELECT seq FROM t WHERE a IN (?,?) AND b");
        assert_eq!(values.len(), 2);
    }

    #[test]
    fn large_unions_are_made_of_smaller_ones() {
        let connection = Connection::open_in_memory().expect("memory");
        let parts = (0..1_000)
            .map(|n| Set::query(format!("SELECT {} AS seq", n / 2), Vec::new()))
            .collect();
        let size = Set::union(parts).size_up_to(&connection, 10_000);
        assert_eq!(size.expect("counted"), 500);
    }

    #[test]
    fn the_empty_union_is_empty() {
        let connection = Connection::open_in_memory().expect("memory");
        let size = Set::union(Vec::new()).size_up_to(&connection, 10);
        assert_eq!(size.expect("counted"), 0);
    }
}
