//! A body as a client sends it, made into attributes as they are stored (RFC 7643 §2, RFC 7644 §3.3 and §3.5.1).
//!
//! Names become canonical, values are checked against their definitions, what the client may not write is left out,
//! and what has no value is not there. Nothing is defaulted. Normalising what was normalised changes nothing.

mod check;
mod element;
mod member_reference;
mod place;
mod reader;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::Attributes;
use super::dialect::{self, Coercion, Notes, quoted};
use super::error::ScimError;
use super::limits;
use super::schema::{Attribute, Mutability, Registry, ResourceKind};
use crate::secret::Secret;

pub use member_reference::MemberReference;

pub(crate) use check::{check_immutable, check_required, in_order, is_dormant};
pub(crate) use element::{element_key, is_bare, is_primary};
pub(crate) use member_reference::read_members;
pub(crate) use place::Place;
pub(crate) use reader::{Reader, described_role};

/// A body made into attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalised {
    /// The attributes to store, in the order of the schemas.
    pub attributes: Attributes,
    /// A Group's members, if the body named them. An empty list is an assertion, absence is none.
    pub members: Option<Vec<MemberReference>>,
    /// A User's password, if the body had one. It is `writeOnly` and never one of the attributes.
    pub password: Option<Secret>,
    /// The rules that fired.
    pub notes: Vec<Coercion>,
}

/// Normalises the body of a POST (`existing` is none) or PUT (`existing` is what is stored now).
pub fn normalise(
    registry: &Registry,
    kind: ResourceKind,
    body: &Value,
    existing: Option<&Attributes>,
) -> Result<Normalised, ScimError> {
    let mut notes = Notes::new();
    match read(registry, kind, body, existing, &mut notes) {
        Ok(read) => Ok(Normalised {
            notes: notes.into_vec(),
            ..read
        }),
        Err(error) => Err(error.after(notes.into_vec())),
    }
}

/// Reads a body. The notes are apart, since a body that is refused has some, too.
fn read(
    registry: &Registry,
    kind: ResourceKind,
    body: &Value,
    existing: Option<&Attributes>,
    notes: &mut Notes,
) -> Result<Normalised, ScimError> {
    let Value::Object(body) = body else {
        return Err(ScimError::invalid_syntax(format!(
            "the body must be a JSON object, a {kind} resource"
        )));
    };
    let listed = check_schemas(registry, kind, body, notes)?;
    let mut normaliser = Normaliser {
        registry,
        kind,
        attributes: Attributes::new(),
        members: None,
        password: None,
        notes,
    };
    for (key, value) in body {
        normaliser.take(key, value, &listed)?;
    }
    let Normaliser {
        mut attributes,
        members,
        password,
        notes,
        ..
    } = normaliser;
    if let Some(existing) = existing {
        keep_unasserted(&mut attributes, existing, notes);
        check_immutable(registry, kind, existing, &mut attributes)?;
        // A client can say nothing of an extension that is not in force.
        for (name, value) in existing {
            if is_dormant(registry, kind, name) {
                attributes.insert(name.clone(), value.clone());
            }
        }
    }
    check_required(registry, kind, &attributes)
        .map_err(|path| ScimError::invalid_value(&path, "is required and has no value"))?;
    Ok(Normalised {
        attributes: in_order(registry, kind, attributes),
        members,
        password,
        notes: Vec::new(),
    })
}

/// Checks `schemas` and gives the URNs it lists.
fn check_schemas(
    registry: &Registry,
    kind: ResourceKind,
    body: &Map<String, Value>,
    notes: &mut Notes,
) -> Result<Vec<String>, ScimError> {
    let core = &registry.core(kind).id;
    let found = body
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("schemas"));
    let Some((_, value)) = found.filter(|(_, value)| !value.is_null()) else {
        notes.add(
            &dialect::MISSING_SCHEMAS,
            format!("no schemas; read as a {kind}"),
        );
        return Ok(Vec::new());
    };
    let misfit = || {
        ScimError::invalid_value(
            "schemas",
            format!("must be an array of URNs that contains {core}"),
        )
    };
    let urns = match value {
        Value::Array(urns) => urns.as_slice(),
        Value::String(_) => {
            notes.add(
                &dialect::SINGLE_FOR_ARRAY,
                "schemas given as a single value",
            );
            std::slice::from_ref(value)
        }
        _ => return Err(misfit()),
    };
    let mut listed = Vec::new();
    let mut ignored = Vec::new();
    for urn in urns {
        let urn = urn.as_str().ok_or_else(misfit)?;
        if core.names(urn) || registry.extension(kind, urn).is_some() {
            listed.push(urn.to_ascii_lowercase());
        } else {
            ignored.push(urn);
        }
    }
    if !listed.iter().any(|urn| core.names(urn)) {
        return Err(misfit());
    }
    for urn in ignored {
        notes.add(
            &dialect::UNDECLARED_SCHEMA,
            format!("{} in schemas ignored", quoted(urn)),
        );
    }
    Ok(listed)
}

/// What a PUT does not name is cleared, except `active`: RFC 7644 §3.5.1 lets the server take an omitted value as not
/// asserted, and nobody means to let a person in again by leaving something out.
fn keep_unasserted(attributes: &mut Attributes, existing: &Attributes, notes: &mut Notes) {
    let Some(active) = existing.get("active") else {
        return;
    };
    if !attributes.contains_key("active") {
        attributes.insert("active".to_owned(), active.clone());
        notes.add(
            &dialect::ACTIVE_NOT_ASSERTED,
            "active is not named and stays",
        );
    }
}

struct Normaliser<'r, 'n> {
    registry: &'r Registry,
    kind: ResourceKind,
    attributes: Attributes,
    members: Option<Vec<MemberReference>>,
    password: Option<Secret>,
    notes: &'n mut Notes,
}

impl Normaliser<'_, '_> {
    fn take(&mut self, key: &str, value: &Value, listed: &[String]) -> Result<(), ScimError> {
        if let Some(attribute) = self.registry.core_attribute(self.kind, key) {
            return self.take_core(attribute, value);
        }
        let Some(extension) = self.registry.extension(self.kind, key) else {
            note_unknown(self.registry, self.kind, key, self.notes);
            return Ok(());
        };
        let urn = extension.id.as_str();
        let parts = match value {
            Value::Null => return Ok(()),
            Value::Object(parts) => parts,
            _ => return Err(ScimError::invalid_value(urn, "must be an object")),
        };
        if !listed.is_empty() && !listed.iter().any(|listed| extension.id.names(listed)) {
            self.notes.add(
                &dialect::UNLISTED_EXTENSION,
                format!("{urn} is used but not named in schemas"),
            );
        }
        let mut read = Map::new();
        let place = Place::new(urn);
        for (key, value) in parts {
            let Some(attribute) = extension.attribute(key) else {
                self.notes.add(
                    &dialect::UNKNOWN_ATTRIBUTE,
                    format!("{} of {urn} ignored", quoted(key)),
                );
                continue;
            };
            if !writable(attribute, self.notes) {
                continue;
            }
            let place = place.extension(&attribute.name);
            if let Some(value) = Reader::new(self.notes).read(attribute, &place, value)? {
                insert_once(&mut read, attribute, value, &place)?;
            }
        }
        if !read.is_empty()
            && self
                .attributes
                .insert(urn.to_owned(), read.into())
                .is_some()
        {
            return Err(ScimError::invalid_value(urn, "is given twice"));
        }
        Ok(())
    }

    fn take_core(&mut self, attribute: &Attribute, value: &Value) -> Result<(), ScimError> {
        if is_password(false, attribute) {
            let read = read_password(attribute, value, self.notes)?;
            if let Some(password) = read
                && self.password.replace(password).is_some()
            {
                return Err(ScimError::invalid_value(&attribute.name, "is given twice"));
            }
            return Ok(());
        }
        if !writable(attribute, self.notes) {
            return Ok(());
        }
        let place = Place::new(&attribute.name);
        if self.kind == ResourceKind::Group && attribute.name == "members" {
            if !value.is_null() {
                self.members = Some(read_members(value, self.notes)?);
            }
            return Ok(());
        }
        if let Some(value) = Reader::new(self.notes).read(attribute, &place, value)? {
            insert_once(&mut self.attributes, attribute, value, &place)?;
        }
        Ok(())
    }
}

/// Whether this is the core attribute `password` (RFC 7643 §4.1.1).
pub(crate) fn is_password(is_extension: bool, attribute: &Attribute) -> bool {
    !is_extension
        && attribute.mutability == Mutability::WriteOnly
        && attribute.name.eq_ignore_ascii_case("password")
}

/// Reads a password; none where it has no value. An error never repeats it.
pub(crate) fn read_password(
    attribute: &Attribute,
    value: &Value,
    notes: &mut Notes,
) -> Result<Option<Secret>, ScimError> {
    let place = Place::new(&attribute.name);
    let Some(Value::String(text)) = Reader::new(notes).read(attribute, &place, value)? else {
        return Ok(None);
    };
    let password = Secret::new(text);
    if password.expose().len() > limits::PASSWORD_LENGTH {
        return Err(ScimError::invalid_value(
            &attribute.name,
            format!("is longer than {} bytes", limits::PASSWORD_LENGTH),
        ));
    }
    Ok(Some(password))
}

/// Whether a client's value is taken; notes why not where that says something.
pub(crate) fn writable(attribute: &Attribute, notes: &mut Notes) -> bool {
    match attribute.mutability {
        Mutability::ReadWrite | Mutability::Immutable => attribute.name != "schemas",
        Mutability::WriteOnly => {
            notes.add(
                &dialect::PASSWORD,
                format!("{} is not kept", attribute.name),
            );
            false
        }
        Mutability::ReadOnly => {
            // `id` and `meta` come back with every replace and say nothing.
            if attribute.name != "id" && attribute.name != "meta" {
                notes.add(
                    &dialect::READ_ONLY,
                    format!("{} is readOnly and ignored", attribute.name),
                );
            }
            false
        }
    }
}

/// Notes an attribute that is left out because nothing defines it, with the nearest one that exists.
pub(crate) fn note_unknown(registry: &Registry, kind: ResourceKind, key: &str, notes: &mut Notes) {
    // Looking for the nearest name costs more than the rest of an attribute, and a body may hold a million.
    if notes.is_full() {
        return;
    }
    let hint = registry
        .nearest(kind, key)
        .map(|path| format!("; did you mean {path}?"))
        .unwrap_or_default();
    notes.add(
        &dialect::UNKNOWN_ATTRIBUTE,
        format!("{} ignored{hint}", quoted(key)),
    );
}

fn insert_once(
    into: &mut Map<String, Value>,
    attribute: &Attribute,
    value: Value,
    place: &Place<'_>,
) -> Result<(), ScimError> {
    if into.insert(attribute.name.clone(), value).is_some() {
        return Err(ScimError::invalid_value(
            &place.to_string(),
            "is given twice",
        ));
    }
    Ok(())
}
