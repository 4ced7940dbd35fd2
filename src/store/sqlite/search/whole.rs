//! Resources as a filter looks at them: the stored attributes with what is stored elsewhere put in, as far as the filter
//! asks for it. `meta.location` and `$ref` depend on how a client reached the server and are never there.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::scim::filter::Filter;
use crate::scim::render::etag;
use crate::scim::schema::{GROUP, USER};
use crate::scim::{Attributes, ResourceKind};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::read::documents::{self, Stored};

/// Evaluates one filter on one resource after the other.
pub struct Reader<'a> {
    connection: &'a Connection,
    kind: ResourceKind,
    filter: &'a Filter,
    id: bool,
    meta: bool,
    schemas: bool,
    links: Option<&'static str>,
}

impl<'a> Reader<'a> {
    /// Looks up what the filter asks for.
    pub fn new(connection: &'a Connection, kind: ResourceKind, filter: &'a Filter) -> Self {
        let links = match kind {
            ResourceKind::User => "groups",
            ResourceKind::Group => "members",
        };
        Self {
            connection,
            kind,
            filter,
            id: filter.mentions("id"),
            meta: filter.mentions("meta"),
            schemas: filter.mentions("schemas"),
            links: filter.mentions(links).then_some(links),
        }
    }

    /// Whether the filter holds for a live resource.
    pub fn matches(&mut self, seq: i64) -> Fallible<bool> {
        match documents::by_seq(self.connection, seq)? {
            Some(stored) => self.holds(&stored),
            None => Ok(false),
        }
    }

    /// Whether the filter holds for the resource whose `seq` and text are in a row.
    pub fn matches_text(&mut self, row: &Row<'_>) -> Fallible<bool> {
        if self.id || self.meta || self.links.is_some() {
            return self.matches(row.get(0)?);
        }
        let text = row
            .get_ref(1)?
            .as_str()
            .map_err(|error| Failure::damaged("a document", error))?;
        let mut attributes = parse(text)?;
        self.add_schemas(&mut attributes);
        Ok(self.filter.matches(&attributes))
    }

    fn holds(&self, stored: &Stored) -> Fallible<bool> {
        let document = &stored.document;
        let mut attributes = parse(&document.attributes)?;
        self.add_schemas(&mut attributes);
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
        Ok(self.filter.matches(&attributes))
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
