//! A stretch of a list, read from an index in the order of the list.

use std::fmt::Write as _;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::order::{Column, Order};
use super::sets::Set;
use crate::scim::ResourceKind;
use crate::scim::list::{Place, SortKey};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, kind_number, uint};

/// Which stretch is walked, and which way.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// From the largest to the smallest.
    pub is_descending: bool,
    /// Begins behind this place, seen in the direction of the walk.
    pub from: Option<Place>,
    /// Passes over so many first.
    pub skip: u64,
    /// Ends after so many.
    pub limit: u64,
}

impl Stretch {
    /// Whether a place comes behind the beginning.
    pub fn admits(&self, place: &Place) -> bool {
        match &self.from {
            None => true,
            Some(from) if self.is_descending => place < from,
            Some(from) => place > from,
        }
    }

    fn direction(&self) -> &'static str {
        if self.is_descending { "DESC" } else { "ASC" }
    }

    fn beyond(&self) -> &'static str {
        if self.is_descending { "<" } else { ">" }
    }
}

/// One index that holds a part of a list in its order.
struct Segment {
    /// `SELECT … WHERE …` without the beginning of the stretch.
    head: String,
    /// The names of the key and the number in it; without a key its rows have none.
    key: Option<&'static str>,
    /// A condition that a beginning behind a key makes true anyhow, and that would keep SQLite from seeking it.
    floor: &'static str,
    values: Vec<Value>,
}

/// How the walk enters a segment.
enum Entry {
    /// At its beginning.
    Whole,
    /// Behind a place in it.
    Behind(Option<Value>, i64),
    /// Not at all.
    Passed,
}

/// Walks all live resources of a kind, or those in a set. `None` where no index has the order.
pub fn walk(
    connection: &Connection,
    kind: ResourceKind,
    order: &Order,
    set: Option<&Set>,
    stretch: &Stretch,
) -> Fallible<Option<Vec<Place>>> {
    let mut places = Vec::new();
    if stretch.limit == 0 {
        return Ok(Some(places));
    }
    let Some(mut segments) = segments(connection, kind, order, set)? else {
        return Ok(None);
    };
    if stretch.is_descending {
        segments.reverse();
    }
    let mut skip = int(stretch.skip);
    for segment in &segments {
        let left = int(stretch.limit) - int(places.len() as u64);
        if left <= 0 {
            break;
        }
        let entry = enter(segment, order, stretch);
        if matches!(entry, Entry::Passed) {
            continue;
        }
        let before = places.len();
        read(
            connection,
            segment,
            order,
            &entry,
            stretch,
            skip,
            left,
            &mut places,
        )?;
        if places.len() > before {
            skip = 0;
        } else if skip > 0 {
            skip -= size(connection, segment)?.min(skip);
        }
    }
    Ok(Some(places))
}

/// Those with a value, then those without one.
fn segments(
    connection: &Connection,
    kind: ResourceKind,
    order: &Order,
    set: Option<&Set>,
) -> Fallible<Option<Vec<Segment>>> {
    let number = kind_number(kind);
    let (within, values) = match set {
        None => (String::new(), Vec::new()),
        Some(set) => {
            let (sql, values) = set.render();
            (format!(" AND seq IN ({sql})"), values)
        }
    };
    let all = |condition: &str| Segment {
        head: format!(
            "SELECT seq FROM resource INDEXED BY resource_live WHERE kind = {number} AND deleted IS NULL{condition}{within}"
        ),
        key: None,
        floor: "",
        values: values.clone(),
    };
    Ok(Some(match order {
        Order::Same(_) => vec![all("")],
        Order::Column(column) => {
            let name = column.name();
            let present = Segment {
                head: format!(
                    "SELECT {name}, seq FROM resource INDEXED BY {} WHERE kind = {number} AND deleted IS NULL{}{within}",
                    column.index(kind),
                    if *column == Column::Ext {
                        " AND ext IS NOT NULL"
                    } else {
                        ""
                    }
                ),
                key: Some(name),
                floor: "",
                values: values.clone(),
            };
            if *column == Column::Ext {
                vec![present, all(" AND ext IS NULL")]
            } else {
                vec![present]
            }
        }
        Order::Attr(attr) => {
            let mut segments = vec![Segment {
                head: format!("SELECT val, seq FROM attr WHERE attr = {attr}{within}"),
                key: Some("val"),
                floor: " AND val > ''",
                values: values.clone(),
            }];
            // Mostly everybody has a value, and nobody need be looked for among those who have.
            let with_value: i64 = connection
                .statement(Statement::AttrCount)?
                .query_row([attr], |row| row.get(0))?;
            let total = super::super::read::documents::total(connection, kind)?;
            if uint(with_value) < total {
                segments.push(all(&format!(
                    " AND seq NOT IN (SELECT seq FROM attr WHERE attr = {attr} AND val > '')"
                )));
            }
            segments
        }
        Order::Worked(_) => return Ok(None),
    }))
}

fn enter(segment: &Segment, order: &Order, stretch: &Stretch) -> Entry {
    let Some(from) = &stretch.from else {
        return Entry::Whole;
    };
    if order.is_by_number() {
        // Against a place among others of another kind: before all of these, or behind them.
        let first = Place::new(order.same_or(None), i64::MIN);
        let last = Place::new(order.same_or(None), i64::MAX);
        return match (*from < first, *from > last) {
            (true, _) if stretch.is_descending => Entry::Passed,
            (true, _) => Entry::Whole,
            (_, true) if stretch.is_descending => Entry::Whole,
            (_, true) => Entry::Passed,
            _ => Entry::Behind(None, from.number()),
        };
    }
    match (segment.key, from.key()) {
        (Some(_), Some(key)) => match value_of(order, key) {
            Some(value) => Entry::Behind(Some(value), from.number()),
            None => Entry::Passed,
        },
        (None, None) => Entry::Behind(None, from.number()),
        // A segment without keys is the last one of an ascending list.
        (Some(_), None) if stretch.is_descending => Entry::Whole,
        (None, Some(_)) if !stretch.is_descending => Entry::Whole,
        _ => Entry::Passed,
    }
}

fn value_of(order: &Order, key: &SortKey) -> Option<Value> {
    match order {
        Order::Column(column) => column.value(key),
        Order::Attr(_) => Some(Value::Text(key.as_text()?.to_owned())),
        Order::Same(_) | Order::Worked(_) => None,
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "the parts of one query, put together in this one place"
)]
fn read(
    connection: &Connection,
    segment: &Segment,
    order: &Order,
    entry: &Entry,
    stretch: &Stretch,
    skip: i64,
    limit: i64,
    places: &mut Vec<Place>,
) -> Fallible<()> {
    let (sql, values) = query(segment, entry, stretch, skip, limit);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let (key, seq) = match (segment.key, order) {
            (Some(_), Order::Column(column)) => (Some(column.key(row)?), row.get(1)?),
            (Some(_), _) => (Some(SortKey::text(&row.get::<_, String>(0)?)), row.get(1)?),
            (None, Order::Same(key)) => (key.clone(), row.get(0)?),
            (None, _) => (None, row.get(0)?),
        };
        places.push(Place::new(key, seq));
    }
    Ok(())
}

fn query(
    segment: &Segment,
    entry: &Entry,
    stretch: &Stretch,
    skip: i64,
    limit: i64,
) -> (String, Vec<Value>) {
    // Writing to a string cannot fail.
    let (mut sql, mut values) = (segment.head.clone(), segment.values.clone());
    let beyond = stretch.beyond();
    if stretch.is_descending || !matches!(entry, Entry::Behind(..)) {
        sql.push_str(segment.floor);
    }
    if let Entry::Behind(value, seq) = entry {
        match (segment.key, value) {
            (Some(name), Some(value)) => {
                let _ = write!(sql, " AND ({name}, seq) {beyond} (?, ?)");
                values.push(value.clone());
            }
            _ => {
                let _ = write!(sql, " AND seq {beyond} ?");
            }
        }
        values.push(Value::Integer(*seq));
    }
    let direction = stretch.direction();
    sql.push_str(" ORDER BY ");
    if let Some(name) = segment.key {
        let _ = write!(sql, "{name} {direction}, ");
    }
    let _ = write!(sql, "seq {direction} LIMIT ? OFFSET ?");
    values.extend([Value::Integer(limit), Value::Integer(skip)]);
    (sql, values)
}

fn size(connection: &Connection, segment: &Segment) -> Fallible<i64> {
    let sql = format!("SELECT count(*) FROM ({}{})", segment.head, segment.floor);
    let mut count = connection.prepare_cached(&sql)?;
    Ok(count.query_row(params_from_iter(&segment.values), |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::store::sqlite::tests::Place as Database;

    /// What SQLite does for a stretch behind a place, one line a step.
    fn steps(order: &Order, is_descending: bool) -> Vec<String> {
        let database = Database::new();
        let connection = Connection::open(database.path()).expect("opened");
        let segments = segments(&connection, ResourceKind::User, order, None)
            .expect("read")
            .expect("an index");
        let stretch = Stretch {
            is_descending,
            from: None,
            skip: 0,
            limit: 10,
        };
        let value = match order {
            Order::Column(Column::Created | Column::Modified) => Value::Integer(5),
            Order::Column(Column::Id) => Value::Blob(vec![0; 16]),
            _ => Value::Text("x".into()),
        };
        let entry = Entry::Behind(Some(value), 7);
        let (sql, values) = query(&segments[0], &entry, &stretch, 0, 10);
        let mut explain = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .expect("prepares");
        explain
            .query_map(params_from_iter(values), |row| row.get(3))
            .expect("explained")
            .collect::<Result<_, _>>()
            .expect("steps")
    }

    #[rstest]
    #[case::user_name(Order::Column(Column::Uname), "resource_uname (kind=? AND uname>?)")]
    #[case::external_id(Order::Column(Column::Ext), "resource_ext (kind=? AND ext>?)")]
    #[case::created(
        Order::Column(Column::Created),
        "resource_created (kind=? AND created>?)"
    )]
    #[case::modified(
        Order::Column(Column::Modified),
        "resource_modified (kind=? AND modified>?)"
    )]
    #[case::id(Order::Column(Column::Id), "resource_id (id>?")]
    #[case::attr(Order::Attr(3), "PRIMARY KEY (attr=? AND (val,seq)>(?,?)")]
    #[case::creation(Order::Same(None), "resource_live (kind=? AND seq>?)")]
    fn a_page_is_sought_in_its_index(#[case] order: Order, #[case] step: &str) {
        let index = step.split(" (").next().expect("an index").to_owned();
        for (is_descending, step) in [(false, step.to_owned()), (true, step.replace('>', "<"))] {
            // A lower bound of the index may stand before the place.
            let step = step.rsplit(" AND ").next().expect("a step").to_owned();
            let steps = steps(&order, is_descending);
            assert!(steps[0].contains(&index), "{steps:?}");
            assert!(steps[0].contains(&step), "{steps:?}");
            assert_eq!(steps.len(), 1, "nothing is sorted: {steps:?}");
        }
    }
}
