//! Resources as a filter looks at them: the stored attributes with what is stored elsewhere put in, as far as the filter
//! asks for it. `meta.location` and `$ref` depend on how a client reached the server and are never there.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::directory::MemberId;
use crate::scim::filter::Filter;
use crate::scim::list::{SortAttribute, SortKey};
use crate::scim::render::etag;
use crate::scim::schema::{ENTERPRISE_USER, GROUP, USER};
use crate::scim::{Attributes, ResourceKind};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::read::documents::{self, Stored};
use crate::store::sqlite::read::members;

/// Evaluates one filter on one resource after the other, and works out what those that match are sorted by.
pub struct Reader<'a> {
    connection: &'a Connection,
    kind: ResourceKind,
    filter: Option<&'a Filter>,
    sort: Option<&'a SortAttribute>,
    id: bool,
    meta: bool,
    schemas: bool,
    links: Option<&'static str>,
    /// The names of the managers met so far, where they are asked for.
    managers: Option<HashMap<MemberId, Option<String>>>,
}

/// What a look at a resource came to.
pub enum Looked {
    /// The filter does not hold for it.
    Other,
    /// The filter holds; what it is sorted by.
    Match(Option<SortKey>),
}

impl<'a> Reader<'a> {
    /// Looks up what filter and sort ask for. Without a filter all match; without a sort none has a key.
    pub fn new(
        connection: &'a Connection,
        kind: ResourceKind,
        filter: Option<&'a Filter>,
        sort: Option<&'a SortAttribute>,
    ) -> Self {
        let links = match kind {
            ResourceKind::User => "groups",
            ResourceKind::Group => "members",
        };
        let mentioned = |attribute: &str| {
            filter.is_some_and(|filter| filter.mentions(attribute))
                || sort.is_some_and(|sort| sort.path.is_core(attribute))
        };
        Self {
            connection,
            kind,
            filter,
            sort,
            id: mentioned("id"),
            meta: mentioned("meta"),
            schemas: mentioned("schemas"),
            links: mentioned(links).then_some(links),
            managers: (filter.is_some_and(Filter::mentions_manager_name)
                || sort.is_some_and(|sort| sort.path.is_manager_name()))
            .then(HashMap::new),
        }
    }

    /// The filter.
    pub fn filter(&self) -> Option<&'a Filter> {
        self.filter
    }

    /// Looks at a live resource.
    pub fn look(&mut self, seq: i64) -> Fallible<Looked> {
        match documents::by_seq(self.connection, seq)? {
            Some(stored) => self.whole(&stored),
            None => Ok(Looked::Other),
        }
    }

    /// Looks at the live resource whose `seq` and text are in a row.
    pub fn look_at(&mut self, row: &Row<'_>) -> Fallible<Looked> {
        if self.id || self.meta || self.links.is_some() {
            return self.look(row.get(0)?);
        }
        let text = row
            .get_ref(1)?
            .as_str()
            .map_err(|error| Failure::damaged("a document", error))?;
        let mut attributes = parse(text)?;
        self.add_schemas(&mut attributes);
        self.add_manager(&mut attributes)?;
        Ok(self.judge(&attributes))
    }

    fn judge(&self, attributes: &Attributes) -> Looked {
        if self.filter.is_none_or(|filter| filter.matches(attributes)) {
            Looked::Match(self.sort.and_then(|sort| sort.key(attributes)))
        } else {
            Looked::Other
        }
    }

    fn whole(&mut self, stored: &Stored) -> Fallible<Looked> {
        let document = &stored.document;
        let mut attributes = parse(&document.attributes)?;
        self.add_schemas(&mut attributes);
        self.add_manager(&mut attributes)?;
        if self.id {
            attributes.insert("id".into(), Value::String(document.id.to_string()));
        }
        if self.meta {
            let meta = json!({
                "resourceType": self.kind.as_str(),
                "created": document.created.to_string(),
                "lastModified": document.modified.to_string(),
                "version": etag(document.version),
            });
            attributes.insert("meta".into(), meta);
        }
        if let Some(name) = self.links {
            let of_type = match self.kind {
                ResourceKind::User => "direct",
                ResourceKind::Group => "User",
            };
            let links: Vec<Value> = documents::links(self.connection, self.kind, stored.seq)?
                .into_iter()
                .map(|link| {
                    json!({"value": link.id.to_string(), "display": link.display, "type": of_type})
                })
                .collect();
            if !links.is_empty() {
                attributes.insert(name.into(), Value::Array(links));
            }
        }
        Ok(self.judge(&attributes))
    }

    /// The name of the manager as it is now, where they are a member.
    fn add_manager(&mut self, attributes: &mut Attributes) -> Fallible<()> {
        let Some(known) = &mut self.managers else {
            return Ok(());
        };
        let manager = attributes
            .get_mut(ENTERPRISE_USER)
            .and_then(|extension| extension.get_mut("manager")?.as_object_mut());
        let Some(manager) = manager else {
            return Ok(());
        };
        let id = manager.get("value").and_then(Value::as_str);
        let Some(id) = id.and_then(|id| id.parse::<MemberId>().ok()) else {
            return Ok(());
        };
        let name = match known.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                unknown.insert(members::names(self.connection, &[id])?.remove(&id))
            }
        };
        if let Some(name) = name {
            manager.insert("displayName".into(), name.as_str().into());
        }
        Ok(())
    }

    /// The core schema, and each extension that has attributes.
    fn add_schemas(&self, attributes: &mut Attributes) {
        if !self.schemas {
            return;
        }
        let core = match self.kind {
            ResourceKind::User => USER,
            ResourceKind::Group => GROUP,
        };
        let mut schemas = vec![Value::String(core.to_owned())];
        let extensions = attributes.keys().filter(|name| name.starts_with("urn:"));
        schemas.extend(extensions.map(|name| Value::String(name.clone())));
        attributes.insert("schemas".into(), Value::Array(schemas));
    }
}

fn parse(text: &str) -> Fallible<Attributes> {
    serde_json::from_str(text).map_err(|error| Failure::damaged("a document", error))
}
