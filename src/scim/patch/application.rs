//! The operations of one request, carried out on a copy of the resource.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::selection::Selection;
use super::values::{self, Index};
use super::{MembersPatch, Operation, PatchOp, PatchRequest, PatchTarget, Patched};
use crate::scim::Attributes;
use crate::scim::dialect::{self, Notes, quoted};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::normalise::{
    Place, Reader, check_immutable, check_required, in_order, is_bare, settle_primary, writable,
};
use crate::scim::path::{AttributePath, PatchPath};
use crate::scim::schema::{Mutability, Registry, Resolved, ResourceKind, Schema};

/// Whether the client aimed at an attribute, or merely mentioned it in a value without a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    Path,
    Mention,
}

/// The work in progress.
pub(super) struct Application<'r, 't> {
    registry: &'r Registry,
    target: &'t PatchTarget<'t>,
    document: Attributes,
    members: MembersPatch,
    pub(super) notes: Notes,
    pub(super) indexes: HashMap<AttributePath, Index>,
}

pub(super) fn apply(
    registry: &Registry,
    target: &PatchTarget<'_>,
    request: &PatchRequest,
) -> Result<Patched, ScimError> {
    let mut application = Application {
        registry,
        target,
        document: target.attributes.clone(),
        members: MembersPatch::default(),
        notes: Notes::from(request.notes.clone()),
        indexes: HashMap::new(),
    };
    for (index, operation) in request.operations.iter().enumerate() {
        let place = || format!("operation {} ({})", index + 1, operation.op.as_str());
        application
            .operate(operation)
            .map_err(|error| error.within(&place()))?;
    }
    application.finish()
}

impl<'r> Application<'r, '_> {
    fn finish(self) -> Result<Patched, ScimError> {
        let kind = self.target.kind;
        let mut attributes = self.document;
        check_immutable(self.registry, kind, self.target.attributes, &mut attributes)?;
        // RFC 7644 §3.5.2.2: a required attribute that would have no value is a matter of mutability.
        check_required(self.registry, kind, &attributes).map_err(|path| {
            ScimError::mutability(&path, "is required and cannot be left without a value")
        })?;
        self.members.check_limit()?;
        Ok(Patched {
            attributes: in_order(self.registry, kind, attributes),
            members: self.members,
            notes: self.notes.into_vec(),
        })
    }

    fn operate(&mut self, operation: &Operation) -> Result<(), ScimError> {
        let value = operation.value.as_ref();
        if value.is_none() && operation.op != PatchOp::Remove {
            return Err(ScimError::invalid_value("value", "is missing"));
        }
        match &operation.path {
            None => self.resource(operation.op, value),
            Some(text) => {
                let path =
                    PatchPath::parse(self.registry, self.target.kind, text, &mut self.notes)?;
                self.at(operation.op, &path, value, Aim::Path)
            }
        }
    }

    /// An operation without a path: each key of the value is one (RFC 7644 §3.5.2.1, §3.5.2.3).
    fn resource(&mut self, op: PatchOp, value: Option<&Value>) -> Result<(), ScimError> {
        if op == PatchOp::Remove {
            return Err(ScimError::bad_request(
                ScimType::NoTarget,
                "remove needs a path: the attribute to remove",
            ));
        }
        let Some(Value::Object(parts)) = value else {
            return Err(ScimError::invalid_value(
                "value",
                "must be an object of attributes when there is no path",
            ));
        };
        for (key, value) in parts {
            if key.eq_ignore_ascii_case("id") {
                self.check_id(value)?;
                continue;
            }
            let is_common = |name| key.eq_ignore_ascii_case(name);
            if is_common("schemas") || is_common("meta") {
                self.notes.add(
                    &dialect::READ_ONLY,
                    format!("{key} is not changed by PATCH"),
                );
                continue;
            }
            let path = match PatchPath::parse(self.registry, self.target.kind, key, &mut self.notes)
            {
                Ok(path) => path,
                Err(error) if key.contains('[') => return Err(error),
                Err(_) => {
                    self.unknown(key);
                    continue;
                }
            };
            let is_path = key.contains(['.', '[', ':']) && !matches!(path, PatchPath::Extension(_));
            if is_path {
                self.notes.add(
                    &dialect::QUALIFIED_KEY,
                    format!("{} read as a path", quoted(key)),
                );
            }
            self.at(op, &path, Some(value), Aim::Mention)?;
        }
        Ok(())
    }

    fn check_id(&mut self, value: &Value) -> Result<(), ScimError> {
        if value.as_str() != Some(self.target.id) {
            return Err(ScimError::mutability("id", "is readOnly and differs"));
        }
        self.notes
            .add(&dialect::READ_ONLY, "id is repeated and unchanged");
        Ok(())
    }

    fn unknown(&mut self, key: &str) {
        let hint = self.registry.nearest(self.target.kind, key);
        let hint = hint.map(|path| format!("; did you mean {path}?"));
        self.notes.add(
            &dialect::UNKNOWN_ATTRIBUTE,
            format!("{} ignored{}", quoted(key), hint.unwrap_or_default()),
        );
    }

    fn at(
        &mut self,
        op: PatchOp,
        path: &PatchPath<'r>,
        value: Option<&Value>,
        aim: Aim,
    ) -> Result<(), ScimError> {
        match path {
            PatchPath::Resource => self.resource(op, value),
            PatchPath::Extension(schema) => self.extension(op, schema, value),
            PatchPath::Attribute(resolved) => self.attribute(op, resolved, value, aim),
            PatchPath::Selection {
                attribute,
                filter,
                part,
            } => {
                if !self.may_write(attribute, part.as_ref(), aim)? {
                    return Ok(());
                }
                if self.is_members(attribute) {
                    return self
                        .members
                        .record(op, Some(filter.clone()), value, &mut self.notes);
                }
                let selection = Selection {
                    attribute,
                    filter,
                    part: part.as_ref(),
                };
                self.select(op, &selection, value)
            }
        }
    }

    fn extension(
        &mut self,
        op: PatchOp,
        schema: &'r Schema,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let urn = schema.id.as_str();
        let parts = match (op, value) {
            (PatchOp::Remove, _) | (_, None | Some(Value::Null)) => {
                self.document.shift_remove(urn);
                self.indexes.clear();
                return Ok(());
            }
            (_, Some(Value::Object(parts))) => parts,
            _ => return Err(ScimError::invalid_value(urn, "must be an object")),
        };
        for (key, value) in parts {
            let (name, sub) = match key.split_once('.') {
                Some((name, sub)) => (name, Some(sub)),
                None => (key.as_str(), None),
            };
            let attribute = schema.attribute(name);
            let sub_attribute = sub.and_then(|sub| attribute?.sub_attribute(sub));
            let (Some(attribute), true) = (attribute, sub.is_some() == sub_attribute.is_some())
            else {
                self.unknown(&format!("{urn}:{key}"));
                continue;
            };
            let resolved = Resolved {
                extension: Some(schema),
                attribute,
                sub_attribute,
                unqualified: false,
            };
            self.attribute(op, &resolved, Some(value), Aim::Mention)?;
        }
        Ok(())
    }

    fn attribute(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
        aim: Aim,
    ) -> Result<(), ScimError> {
        if !self.may_write(resolved, None, aim)? {
            return Ok(());
        }
        if self.is_members(resolved) {
            return self.members.record(op, None, value, &mut self.notes);
        }
        match (resolved.sub_attribute, resolved.attribute.multi_valued) {
            (None, true) => self.all_values(op, resolved, value),
            (None, false) => self.single_value(op, resolved, value),
            (Some(_), true) => self.part_of_values(op, resolved, value),
            (Some(_), false) => self.part_of_single(op, resolved, value),
        }
    }

    /// A multi-valued attribute as a whole.
    fn all_values(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let path = resolved.path();
        let attribute = resolved.attribute;
        let text = path.to_string();
        let place = Place::new(&text);
        let given = match value {
            None | Some(Value::Null) => Vec::new(),
            // A value that is to be added may stand alone.
            Some(single @ Value::Object(_)) if op == PatchOp::Add => {
                let read = Reader::new(&mut self.notes).read_one(attribute, &place, single)?;
                read.into_iter().collect()
            }
            Some(value) => Reader::new(&mut self.notes).read_values(attribute, &place, value)?,
        };
        match op {
            PatchOp::Add => {
                if given.is_empty() {
                    return Ok(());
                }
                let mut index = self.indexes.remove(&path);
                let values = self.values_mut(resolved);
                let mut index = index
                    .take()
                    .unwrap_or_else(|| values::index(attribute, values));
                values::add(attribute, &text, values, &mut index, given)?;
                self.indexes.insert(path, index);
            }
            PatchOp::Replace => {
                self.indexes.remove(&path);
                self.set(resolved, (!given.is_empty()).then_some(Value::Array(given)));
            }
            PatchOp::Remove => {
                self.indexes.remove(&path);
                if matches!(value, None | Some(Value::Null)) {
                    self.set(resolved, None);
                    return Ok(());
                }
                self.notes.add(
                    &dialect::REMOVE_BY_VALUE,
                    format!("remove {path} lists values; only those are removed"),
                );
                let values = self.values_mut(resolved);
                values::remove(attribute, values, &given);
                self.drop_if_empty(resolved);
            }
        }
        Ok(())
    }

    /// A singular attribute as a whole. A complex one keeps the parts that are not named (RFC 7644 §3.5.2.3).
    fn single_value(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        if op == PatchOp::Remove {
            self.set(resolved, None);
            return Ok(());
        }
        let text = resolved.path().to_string();
        let value = value.unwrap_or(&Value::Null);
        let read =
            Reader::new(&mut self.notes).read(resolved.attribute, &Place::new(&text), value)?;
        match read {
            Some(parts @ Value::Object(_)) => {
                let existing = self
                    .container(resolved.extension)
                    .entry(resolved.attribute.name.as_str())
                    .or_insert_with(|| Value::Object(Map::new()));
                values::merge(existing, parts);
            }
            // An object all of whose parts are null or empty clears those parts, not the others.
            None if value.is_object() => self.clear_named_parts(resolved, value),
            other => self.set(resolved, other),
        }
        if let Value::Object(parts) = value
            && resolved.attribute.is_complex()
        {
            self.clear_nulls(resolved, parts);
        }
        Ok(())
    }

    fn clear_named_parts(&mut self, resolved: &Resolved<'r>, value: &Value) {
        if let Some(parts) = value.as_object() {
            self.clear_nulls(resolved, parts);
        }
    }

    /// Removes the parts that a value names with null or an empty string.
    fn clear_nulls(&mut self, resolved: &Resolved<'r>, parts: &Map<String, Value>) {
        let name = resolved.attribute.name.as_str();
        let attribute = resolved.attribute;
        let container = self.container(resolved.extension);
        let Some(Value::Object(existing)) = container.get_mut(name) else {
            return;
        };
        for (key, value) in parts {
            if (value.is_null() || value.as_str() == Some(""))
                && let Some(sub) = attribute.sub_attribute(key)
            {
                existing.shift_remove(&sub.name);
            }
        }
        if existing.is_empty() {
            container.shift_remove(name);
        }
    }

    /// A part of a singular attribute.
    fn part_of_single(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let part = self.read_part(op, resolved, value)?;
        let sub = resolved.leaf().name.as_str();
        let name = resolved.attribute.name.as_str();
        let container = self.container(resolved.extension);
        if let Some(part) = part {
            let object = container
                .entry(name)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(parts) = object {
                parts.insert(sub.to_owned(), part);
            }
        } else if let Some(Value::Object(parts)) = container.get_mut(name) {
            parts.shift_remove(sub);
            if parts.is_empty() {
                container.shift_remove(name);
            }
        }
        Ok(())
    }

    /// A part of every value of a multi-valued attribute.
    fn part_of_values(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let part = self.read_part(op, resolved, value)?;
        self.indexes.remove(&resolved.whole().path());
        let sub = resolved.leaf().name.as_str();
        let values = self.values_mut(resolved);
        if values.is_empty() && part.is_some() {
            values.push(Value::Object(Map::new()));
        }
        for value in values.iter_mut() {
            set_part(value, sub, part.clone());
        }
        values.retain(|value| part.is_some() || !is_bare(value));
        if resolved.attribute.has_primary() {
            settle_primary(&resolved.whole().path().to_string(), values, |_| true)?;
        }
        self.drop_if_empty(resolved);
        Ok(())
    }

    /// The new value of a part; none where it is to have none.
    pub(super) fn read_part(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<Option<Value>, ScimError> {
        if op == PatchOp::Remove {
            return Ok(None);
        }
        let text = resolved.path().to_string();
        let value = value.unwrap_or(&Value::Null);
        Reader::new(&mut self.notes).read(resolved.leaf(), &Place::new(&text), value)
    }

    /// Whether the client may write there: an error where it aimed at it, a note where it merely mentioned it.
    fn may_write(
        &mut self,
        resolved: &Resolved<'r>,
        part: Option<&Resolved<'r>>,
        aim: Aim,
    ) -> Result<bool, ScimError> {
        let leaf = part.unwrap_or(resolved);
        let read_only = |mutability| mutability == Mutability::ReadOnly;
        let is_read_only =
            read_only(resolved.attribute.mutability) || read_only(leaf.leaf().mutability);
        if is_read_only || leaf.leaf().name == "schemas" {
            if aim == Aim::Path {
                return Err(ScimError::mutability(
                    &leaf.path().to_string(),
                    "is readOnly",
                ));
            }
            self.notes.add(
                &dialect::READ_ONLY,
                format!("{} is readOnly and ignored", leaf.path()),
            );
            return Ok(false);
        }
        if self.is_members(resolved) && leaf.sub_attribute.is_some() {
            return Err(ScimError::mutability(
                &leaf.path().to_string(),
                "is immutable; remove the member and add another",
            ));
        }
        Ok(writable(leaf.leaf(), &mut self.notes))
    }

    fn is_members(&self, resolved: &Resolved<'_>) -> bool {
        self.target.kind == ResourceKind::Group
            && resolved.extension.is_none()
            && resolved.attribute.name == "members"
    }

    /// The object that holds the attributes of an extension, or the resource.
    fn container(&mut self, extension: Option<&Schema>) -> &mut Map<String, Value> {
        let Some(schema) = extension else {
            return &mut self.document;
        };
        let object = self
            .document
            .entry(schema.id.as_str())
            .or_insert_with(|| Value::Object(Map::new()));
        if !object.is_object() {
            *object = Value::Object(Map::new());
        }
        object.as_object_mut().expect("it was just made an object")
    }

    /// The values of a multi-valued attribute, to be changed.
    pub(super) fn values_mut(&mut self, resolved: &Resolved<'r>) -> &mut Vec<Value> {
        let value = self
            .container(resolved.extension)
            .entry(resolved.attribute.name.as_str())
            .or_insert_with(|| Value::Array(Vec::new()));
        if !value.is_array() {
            *value = Value::Array(Vec::new());
        }
        value.as_array_mut().expect("it was just made an array")
    }

    pub(super) fn drop_if_empty(&mut self, resolved: &Resolved<'r>) {
        if self.values_mut(resolved).is_empty() {
            self.set(resolved, None);
        }
    }

    fn set(&mut self, resolved: &Resolved<'r>, value: Option<Value>) {
        let name = resolved.attribute.name.as_str();
        let container = self.container(resolved.extension);
        match value {
            Some(value) => {
                container.insert(name.to_owned(), value);
            }
            None => {
                container.shift_remove(name);
            }
        }
    }
}

/// Sets or removes a part of one value.
pub(super) fn set_part(value: &mut Value, name: &str, part: Option<Value>) {
    let Value::Object(parts) = value else {
        return;
    };
    match part {
        Some(part) => {
            parts.insert(name.to_owned(), part);
        }
        None => {
            parts.shift_remove(name);
        }
    }
}
