//! The single conditions of a filter, and which index answers each.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::compare::{self, Column};
use super::plan::Plan;
use super::sets::Set;
use crate::scim::filter::{Comparison, Filter, Literal, Operator, ValuePath};
use crate::scim::path::AttributePath;
use crate::scim::schema::{GROUP, USER};
use crate::scim::{ResourceKind, Urn};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::indexed::{self, IndexedPath};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::unique;
use crate::store::sqlite::values::kind_number;

/// What an attribute path is in the database.
enum Place {
    /// The column `id`.
    Id,
    /// A text column.
    Text(Column),
    /// The column `created` or `modified`.
    Time(Column),
    /// The id at the other end of a membership.
    OtherEnd,
    /// The name at the other end of a user's membership.
    TeamName,
    /// The same for all resources of a type.
    Constant(&'static str),
    /// None that an index knows.
    Elsewhere,
}

fn place(kind: ResourceKind, path: &AttributePath) -> Place {
    let core = |attribute: &str, sub: Option<&str>| {
        path.is_core(attribute) && path.sub_attribute.as_deref() == sub
    };
    let name = match kind {
        ResourceKind::User => "userName",
        ResourceKind::Group => "displayName",
    };
    let other_end = match kind {
        ResourceKind::User => "groups",
        ResourceKind::Group => "members",
    };
    if core("id", None) {
        Place::Id
    } else if core(name, None) {
        Place::Text(Column::Uname)
    } else if core("externalId", None) {
        Place::Text(Column::Ext)
    } else if core("meta", Some("lastModified")) {
        Place::Time(Column::Modified)
    } else if core("meta", Some("created")) {
        Place::Time(Column::Created)
    } else if core(other_end, Some("value")) {
        Place::OtherEnd
    } else if kind == ResourceKind::User && core("groups", Some("display")) {
        Place::TeamName
    } else if core("meta", Some("resourceType")) {
        Place::Constant(kind.as_str())
    } else {
        indexed_path(kind, path).map_or(Place::Elsewhere, |path| {
            Place::Text(Column::Attr(path.number))
        })
    }
}

/// The indexed path of a user that this is, over elements of any type.
fn indexed_path(kind: ResourceKind, path: &AttributePath) -> Option<&'static IndexedPath> {
    if kind == ResourceKind::Group {
        return None;
    }
    indexed::INDEXED.iter().find(|indexed| {
        indexed.of_type.is_none()
            && indexed.urn == path.schema.as_ref().map(Urn::as_str)
            && indexed.path == (path.attribute.as_str(), path.sub_attribute.as_deref())
    })
}

/// Whether few share a value of this attribute.
pub fn is_key(kind: ResourceKind, path: &AttributePath) -> bool {
    match place(kind, path) {
        Place::Id | Place::Text(Column::Uname | Column::Ext | Column::Attr(indexed::EMAIL)) => true,
        Place::Text(Column::Attr(_) | Column::Created | Column::Modified)
        | Place::Time(_)
        | Place::OtherEnd
        | Place::TeamName
        | Place::Constant(_)
        | Place::Elsewhere => false,
    }
}

/// A comparison other than `ne`.
pub fn compare(
    connection: &Connection,
    kind: ResourceKind,
    comparison: &Comparison,
) -> Fallible<Plan> {
    let number = kind_number(kind);
    match (place(kind, &comparison.path), &comparison.literal) {
        (Place::Id, Literal::Text { text, .. }) if comparison.operator == Operator::Equal => {
            Ok(uuid_as_written(text).map_or(Plan::Nothing, |id| {
                Plan::exact(Set::key(
                    "SELECT seq FROM resource WHERE id",
                    id.as_bytes().to_vec(),
                    match kind {
                        ResourceKind::User => " AND kind = 1 AND deleted IS NULL",
                        ResourceKind::Group => " AND kind = 2 AND deleted IS NULL",
                    },
                ))
            }))
        }
        (Place::OtherEnd, Literal::Text { key, .. }) if comparison.operator == Operator::Equal => {
            Ok(uuid_as_written(key).map_or(Plan::Nothing, |id| Plan::exact(other_end(kind, id))))
        }
        // Every resource names its core schema.
        (Place::Elsewhere, Literal::Text { text, .. })
            if comparison.operator == Operator::Equal
                && comparison.path.is_core("schemas")
                && text == core_schema(kind) =>
        {
            Ok(Plan::Everything { exact: true })
        }
        (Place::Elsewhere, Literal::Text { key, .. }) if comparison.path.is_manager_name() => {
            Ok(managed(comparison.operator, key))
        }
        (Place::Text(column), Literal::Text { key, .. }) => compare::text(
            connection,
            number,
            column,
            comparison.operator,
            key,
            comparison.case_exact,
        ),
        (Place::Text(Column::Attr(attr)), Literal::Boolean(value))
            if comparison.operator == Operator::Equal =>
        {
            Ok(Plan::exact(compare::attr_key(attr, value.to_string())))
        }
        (Place::Time(column), Literal::DateTime { at, .. }) => {
            Ok(compare::time(number, column, comparison.operator, *at))
        }
        (Place::TeamName, Literal::Text { key, .. }) => {
            team_name(connection, comparison.operator, key)
        }
        (Place::Constant(value), Literal::Text { .. }) => {
            Ok(if comparison.holds_for(&value.into()) {
                Plan::Everything { exact: true }
            } else {
                Plan::Nothing
            })
        }
        (Place::Elsewhere, literal) if comparison.operator == Operator::Equal => {
            unique_value(connection, number, &comparison.path, literal)
        }
        _ => Ok(Plan::unknown()),
    }
}

/// `eq` with a value that one resource alone may have, where the attribute is one of those.
fn unique_value(
    connection: &Connection,
    kind: i64,
    path: &AttributePath,
    literal: &Literal,
) -> Fallible<Plan> {
    if path.schema.is_none() || path.sub_attribute.is_some() {
        return Ok(Plan::unknown());
    }
    let number: Option<i64> = connection
        .statement(Statement::UniquePathNumber)?
        .query_row(params![kind, path.to_string()], |row| row.get(0))
        .optional()?;
    Ok(number.map_or_else(Plan::unknown, |number| {
        Plan::narrowed(Set::key(
            format!("SELECT seq FROM unique_value WHERE path = {number} AND val"),
            unique::of_literal(literal),
            "",
        ))
    }))
}

/// `eq` with the same attribute and literal, where the attribute has one value at most: then `ne` is its complement.
pub fn equal_if_single(
    connection: &Connection,
    kind: ResourceKind,
    comparison: &Comparison,
) -> Fallible<Option<Plan>> {
    let single = match place(kind, &comparison.path) {
        Place::Text(Column::Attr(number)) => indexed::INDEXED
            .iter()
            .any(|path| path.number == number && !path.multi_valued),
        Place::Id | Place::Time(_) | Place::Text(_) | Place::Constant(_) => true,
        Place::OtherEnd | Place::TeamName | Place::Elsewhere => false,
    };
    if !single {
        return Ok(None);
    }
    let equal = Comparison {
        operator: Operator::Equal,
        ..comparison.clone()
    };
    compare(connection, kind, &equal).map(Some)
}

/// `pr`.
pub fn present(kind: ResourceKind, path: &AttributePath) -> Plan {
    match place(kind, path) {
        Place::Id | Place::Time(_) | Place::Text(Column::Uname) | Place::Constant(_) => {
            Plan::Everything { exact: true }
        }
        Place::OtherEnd | Place::TeamName => memberships(kind),
        Place::Elsewhere if is_other_end(kind, path) => memberships(kind),
        Place::Elsewhere if path.is_manager_name() => Plan::narrowed(with_manager()),
        Place::Text(Column::Ext) => Plan::exact(Set::query(
            format!(
                "SELECT seq FROM resource INDEXED BY resource_ext WHERE kind = {} AND deleted IS NULL AND ext IS NOT NULL",
                kind_number(kind)
            ),
            Vec::new(),
        )),
        Place::Text(Column::Attr(attr)) => Plan::exact(Set::query(
            format!("SELECT seq FROM attr WHERE attr = {attr} AND val > ''"),
            Vec::new(),
        )),
        Place::Text(Column::Created | Column::Modified) | Place::Elsewhere => Plan::unknown(),
    }
}

/// `emails[type eq "work" and value eq "x"]`, `members[value eq "x"]`: exact where one index holds just that, else what a
/// condition on `value` narrows.
pub fn value_path(
    connection: &Connection,
    kind: ResourceKind,
    value_path: &ValuePath,
) -> Fallible<Plan> {
    let parts = match value_path.filter.as_ref() {
        Filter::And(parts) => parts.as_slice(),
        single => std::slice::from_ref(single),
    };
    let on_value = parts.iter().find_map(|part| match part {
        Filter::Compare(comparison)
            if comparison.operator != Operator::NotEqual
                && comparison.path.sub_attribute.as_deref() == Some("value") =>
        {
            Some(comparison)
        }
        _ => None,
    });
    let Some(on_value) = on_value else {
        return Ok(Plan::unknown());
    };
    if let [one, other] = parts
        && let Some(of_type) = type_asked_for(one).or_else(|| type_asked_for(other))
        && let Some(indexed) = indexed_of_type(kind, value_path, &of_type)
        && let Literal::Text { key, .. } = &on_value.literal
    {
        return compare::text(
            connection,
            kind_number(kind),
            Column::Attr(indexed.number),
            on_value.operator,
            key,
            on_value.case_exact,
        );
    }
    let narrowed = compare(connection, kind, on_value)?;
    if parts.len() == 1 {
        return Ok(narrowed);
    }
    Ok(match narrowed {
        Plan::Set { set, .. } => Plan::narrowed(set),
        Plan::Nothing => Plan::Nothing,
        Plan::Everything { .. } => Plan::unknown(),
    })
}

/// The folded type in `type eq "work"`.
fn type_asked_for(filter: &Filter) -> Option<String> {
    match filter {
        Filter::Compare(Comparison {
            path,
            operator: Operator::Equal,
            literal: Literal::Text { key, .. },
            case_exact: false,
            ..
        }) if path.sub_attribute.as_deref() == Some("type") => Some(key.clone()),
        _ => None,
    }
}

fn indexed_of_type(
    kind: ResourceKind,
    value_path: &ValuePath,
    of_type: &str,
) -> Option<&'static IndexedPath> {
    let path = &value_path.path;
    indexed::INDEXED.iter().find(|indexed| {
        kind == ResourceKind::User
            && indexed.of_type == Some(of_type)
            && indexed.urn == path.schema.as_ref().map(Urn::as_str)
            && indexed.path == (path.attribute.as_str(), Some("value"))
    })
}

fn core_schema(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => USER,
        ResourceKind::Group => GROUP,
    }
}

/// The teams that SCIM does not show (`TeamSource::Released`), as a part of a statement. There are few, mostly none.
macro_rules! hidden_teams {
    () => {
        "(SELECT seq FROM resource INDEXED BY resource_released WHERE kind = 2 AND origin = 4 AND deleted IS NULL)"
    };
}

/// Whether this is a user's `groups` or a group's `members` as a whole.
fn is_other_end(kind: ResourceKind, path: &AttributePath) -> bool {
    let name = match kind {
        ResourceKind::User => "groups",
        ResourceKind::Group => "members",
    };
    path.is_core(name) && path.sub_attribute.is_none()
}

/// Users in any group, or groups with any member. `member` holds live members alone.
fn memberships(kind: ResourceKind) -> Plan {
    Plan::exact(Set::query(
        match kind {
            ResourceKind::User => {
                concat!(
                    "SELECT m.member AS seq FROM member m JOIN card c ON c.seq = m.team WHERE m.team NOT IN ",
                    hidden_teams!()
                )
            }
            ResourceKind::Group => {
                "SELECT seq FROM resource INDEXED BY resource_live WHERE kind = 2 AND deleted IS NULL AND size > 0"
            }
        },
        Vec::new(),
    ))
}

/// Users in a group whose name compares so.
fn team_name(connection: &Connection, operator: Operator, key: &str) -> Fallible<Plan> {
    let teams = compare::text(
        connection,
        kind_number(ResourceKind::Group),
        Column::Uname,
        operator,
        key,
        false,
    )?;
    Ok(match teams {
        Plan::Set { set, exact } => {
            let (sql, values) = set.render();
            let set = Set::query(
                format!(
                    "SELECT m.member AS seq FROM member m WHERE m.team IN ({sql}) AND m.team NOT IN {}",
                    hidden_teams!()
                ),
                values,
            );
            Plan::Set { set, exact }
        }
        Plan::Nothing => Plan::Nothing,
        Plan::Everything { .. } => Plan::unknown(),
    })
}

/// Users whose manager's name can compare so: those of the managers who are called that, or all who have one.
fn managed(operator: Operator, key: &str) -> Plan {
    if operator != Operator::Equal {
        return Plan::narrowed(with_manager());
    }
    // A reference may be written in any way that an id is read.
    let sql = format!(
        "SELECT a.seq AS seq
            FROM (SELECT lower(hex(id)) AS x FROM card WHERE kind = 1 AND sort_key = ?) c
            JOIN attr a ON a.attr = {} AND a.val IN (
                c.x,
                substr(c.x, 1, 8) || '-' || substr(c.x, 9, 4) || '-' || substr(c.x, 13, 4) || '-'
                    || substr(c.x, 17, 4) || '-' || substr(c.x, 21),
                '{{' || substr(c.x, 1, 8) || '-' || substr(c.x, 9, 4) || '-' || substr(c.x, 13, 4) || '-'
                    || substr(c.x, 17, 4) || '-' || substr(c.x, 21) || '}}',
                'urn:uuid:' || substr(c.x, 1, 8) || '-' || substr(c.x, 9, 4) || '-' || substr(c.x, 13, 4) || '-'
                    || substr(c.x, 17, 4) || '-' || substr(c.x, 21)
            )",
        indexed::MANAGER
    );
    Plan::narrowed(Set::query(sql, vec![Value::Text(key.to_owned())]))
}

/// Users who have a manager.
fn with_manager() -> Set {
    Set::query(
        format!("SELECT seq FROM attr WHERE attr = {}", indexed::MANAGER),
        Vec::new(),
    )
}

/// The id a text is, if it is written as ids are.
fn uuid_as_written(text: &str) -> Option<Uuid> {
    let id = Uuid::parse_str(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (id.hyphenated().encode_lower(&mut buffer) == text).then_some(id)
}

/// Users in a group, or groups with a user. The other side must be live as well.
fn other_end(kind: ResourceKind, id: Uuid) -> Set {
    let sql = match kind {
        ResourceKind::User => {
            "SELECT m.member AS seq FROM resource r JOIN member m ON m.team = r.seq
                WHERE r.id = ? AND r.kind = 2 AND r.deleted IS NULL AND r.origin <> 4"
        }
        ResourceKind::Group => {
            "SELECT m.team AS seq FROM resource r JOIN member m ON m.member = r.seq JOIN card c ON c.seq = m.team
                WHERE r.id = ? AND r.kind = 1 AND r.deleted IS NULL"
        }
    };
    Set::query(sql, vec![Value::Blob(id.as_bytes().to_vec())])
}
