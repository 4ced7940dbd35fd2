//! Which index holds the resources in the order of a sort, and how its columns are keys.
//!
//! Invariant: an index that is named here orders as [`SortAttribute::key`] does, its equals by `seq`. What makes an
//! exception, a text longer than a key, is looked for first; then no index is named.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::scim::ResourceKind;
use crate::scim::list::{SortAttribute, SortBy, SortKey};
use crate::scim::path::AttributePath;
use crate::scim::schema::Urn;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::indexed;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{kind_number, name_index};

/// Where an order comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// All have this key, so that they are in the order of creation.
    Same(Option<SortKey>),
    /// An index of `resource`.
    Column(Column),
    /// A path in `attr` that has one value at most.
    Attr(i64),
    /// Nowhere: the key of each resource is worked out.
    Worked(SortAttribute),
}

/// A column of `resource` with an index for sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The folded userName or displayName.
    Uname,
    /// The externalId.
    Ext,
    /// The id; not indexed by kind.
    Id,
    /// When it was created.
    Created,
    /// When it last changed.
    Modified,
}

impl Column {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uname => "uname",
            Self::Ext => "ext",
            Self::Id => "id",
            Self::Created => "created",
            Self::Modified => "modified",
        }
    }

    /// Its index of a kind.
    pub fn index(self, kind: ResourceKind) -> &'static str {
        match self {
            Self::Uname => name_index(kind_number(kind)),
            Self::Ext => "resource_ext",
            Self::Id => "resource_id",
            Self::Created => "resource_created",
            Self::Modified => "resource_modified",
        }
    }

    /// The key of the first column of a row.
    pub fn key(self, row: &Row<'_>) -> Fallible<SortKey> {
        Ok(match (self, row.get_ref(0)?) {
            (Self::Created | Self::Modified, ValueRef::Integer(nanos)) => SortKey::nanos(nanos),
            (Self::Id, ValueRef::Blob(bytes)) => {
                let id =
                    Uuid::from_slice(bytes).map_err(|error| Failure::damaged("an id", error))?;
                SortKey::text(&id.to_string())
            }
            (_, ValueRef::Text(bytes)) => SortKey::from_bytes(bytes),
            _ => return Err(Failure::Damaged("a sorted column has another type".into())),
        })
    }

    /// What the column is compared with to find a key; `None` if it is the key of another column.
    pub fn value(self, key: &SortKey) -> Option<Value> {
        match self {
            Self::Created | Self::Modified => key.as_nanos().map(Value::Integer),
            Self::Id => {
                let id = Uuid::parse_str(key.as_text()?).ok()?;
                Some(Value::Blob(id.as_bytes().to_vec()))
            }
            Self::Uname | Self::Ext => Some(Value::Text(key.as_text()?.to_owned())),
        }
    }
}

impl Order {
    /// Where the order of a list comes from.
    pub fn of(
        connection: &Connection,
        kind: ResourceKind,
        sort: Option<&SortBy>,
    ) -> Fallible<Self> {
        let attribute = match sort {
            // The kinds follow one another.
            None => {
                let number = kind_number(kind).to_be_bytes();
                return Ok(Self::Same(Some(SortKey::from_bytes(number))));
            }
            Some(SortBy::NoValue) => return Ok(Self::Same(None)),
            Some(SortBy::Attribute(attribute)) => attribute,
        };
        let order = indexed_order(kind, attribute);
        let has_exceptions = match &order {
            Some(Self::Column(Column::Uname | Column::Ext)) => connection
                .statement(Statement::HasLongNames)?
                .exists([kind_number(kind)])?,
            Some(Self::Attr(number)) => connection
                .statement(Statement::HasLongKeys)?
                .exists([*number])?,
            _ => false,
        };
        Ok(match order {
            Some(order) if !has_exceptions => order,
            _ => Self::Worked(attribute.clone()),
        })
    }

    /// Whether all have the same key, so that their numbers are the order.
    pub fn is_by_number(&self) -> bool {
        matches!(self, Self::Same(_))
    }

    /// The key that all have, where all have the same, else this one.
    pub fn same_or(&self, key: Option<SortKey>) -> Option<SortKey> {
        match self {
            Self::Same(same) => same.clone(),
            Self::Column(_) | Self::Attr(_) | Self::Worked(_) => key,
        }
    }
}

fn indexed_order(kind: ResourceKind, attribute: &SortAttribute) -> Option<Order> {
    let path = &attribute.path;
    let name = match kind {
        ResourceKind::User => "userName",
        ResourceKind::Group => "displayName",
    };
    let columns = [
        (AttributePath::core(name), Column::Uname),
        (AttributePath::core("externalId"), Column::Ext),
        (AttributePath::core("id"), Column::Id),
        (AttributePath::core_sub("meta", "created"), Column::Created),
        (
            AttributePath::core_sub("meta", "lastModified"),
            Column::Modified,
        ),
    ];
    if let Some((_, column)) = columns.iter().find(|(known, _)| known == path) {
        return Some(Order::Column(*column));
    }
    // Keys of `attr` are folded, and of several values it cannot tell which one counts.
    if kind == ResourceKind::Group || attribute.case_exact {
        return None;
    }
    let indexed = indexed::INDEXED.iter().find(|indexed| {
        !indexed.multi_valued
            && indexed.urn == path.schema.as_ref().map(Urn::as_str)
            && indexed.path == (path.attribute.as_str(), path.sub_attribute.as_deref())
    })?;
    Some(Order::Attr(indexed.number))
}
