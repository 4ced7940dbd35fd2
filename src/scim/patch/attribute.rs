//! Operations on an attribute, or on a part of it, as a whole: no filter selects among its values.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::PatchOp;
use super::application::Application;
use super::values::{self, check_count};
use crate::scim::dialect;
use crate::scim::error::ScimError;
use crate::scim::normalise::{Place, Reader, described_role, is_bare};
use crate::scim::schema::{Mutability, Resolved};

/// The attribute whose absence must let nobody in who was out.
const ACTIVE: &str = "active";

impl<'r> Application<'r, '_> {
    /// A multi-valued attribute as a whole.
    pub(super) fn all_values(
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
                let list = self.list(resolved);
                let touched: Vec<usize> = given.into_iter().map(|value| list.add(value)).collect();
                list.check_count(&text)?;
                list.settle_primary(&text, &touched)?;
            }
            PatchOp::Replace => self.replace_list(resolved, given),
            PatchOp::Remove => {
                self.may_be_removed(resolved)?;
                if matches!(value, None | Some(Value::Null)) {
                    self.replace_list(resolved, Vec::new());
                    return Ok(());
                }
                self.notes.add(
                    &dialect::REMOVE_BY_VALUE,
                    format!("remove {path} lists values; only those are removed"),
                );
                let list = self.list(resolved);
                for removed in &given {
                    list.remove_equal(removed);
                }
            }
        }
        self.spend(resolved)
    }

    /// A singular attribute as a whole. A complex one keeps the parts that are not named (RFC 7644 §3.5.2.3).
    pub(super) fn single_value(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        if op == PatchOp::Remove {
            self.may_be_removed(resolved)?;
            self.unassign(resolved);
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
                drop_stale_reference(existing, &parts);
                values::merge(existing, parts);
            }
            // An object all of whose parts are null or empty clears those parts, not the others.
            None if value.is_object() => {}
            None => self.unassign(resolved),
            value => self.set(resolved, value),
        }
        if let Value::Object(parts) = value
            && resolved.attribute.is_complex()
        {
            self.clear_nulls(resolved, parts);
        }
        Ok(())
    }

    /// RFC 7644 §3.5.2: what is immutable and has a value keeps it, and whoever says otherwise is told.
    fn may_be_removed(&mut self, resolved: &Resolved<'r>) -> Result<(), ScimError> {
        let name = resolved.attribute.name.as_str();
        let is_kept = resolved.attribute.mutability == Mutability::Immutable
            && self.container(resolved.extension).contains_key(name);
        if is_kept {
            return Err(ScimError::mutability(
                &resolved.path().to_string(),
                "is immutable and has a value already",
            ));
        }
        Ok(())
    }

    /// Takes the value of a singular attribute away.
    ///
    /// RFC 7644 §3.5.2.2: it is unassigned then, and RFC 7643 §4.1.1 leaves to the provider what `active` means. Here a
    /// user without it may sign in, as most clients create users without it. But nobody means to let a person in again
    /// by taking a value away, as nobody does by leaving it out of a PUT: where it was false, null stands in its place,
    /// which RFC 7643 §2.5 has mean the same to a client, and with which nobody may sign in.
    fn unassign(&mut self, resolved: &Resolved<'r>) {
        let keeps_out = resolved.extension.is_none()
            && resolved.attribute.name == ACTIVE
            && matches!(
                self.container(None).get(ACTIVE),
                Some(Value::Bool(false) | Value::Null)
            );
        self.set(resolved, keeps_out.then_some(Value::Null));
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
    pub(super) fn part_of_single(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let part = self.read_part(op, resolved, value)?;
        let sub = resolved.leaf().name.as_str();
        let name = resolved.attribute.name.as_str();
        let is_new = !self.container(resolved.extension).contains_key(name);
        if let (Some(part), true) = (&part, is_new) {
            let parts = Map::from_iter([(sub.to_owned(), part.clone())]);
            let created = self.read_new(&resolved.whole(), &Value::Object(parts))?;
            self.set(resolved, created);
            return Ok(());
        }
        let container = self.container(resolved.extension);
        if let Some(part) = part {
            let object = container
                .entry(name)
                .or_insert_with(|| Value::Object(Map::new()));
            let change = Value::Object(Map::from_iter([(sub.to_owned(), part)]));
            drop_stale_reference(object, &change);
            values::merge(object, change);
        } else if let Some(Value::Object(parts)) = container.get_mut(name) {
            parts.shift_remove(sub);
            if parts.is_empty() {
                container.shift_remove(name);
            }
        }
        Ok(())
    }

    /// A part of every value of a multi-valued attribute.
    pub(super) fn part_of_values(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let part = self.read_part(op, resolved, value)?;
        let whole = resolved.whole();
        let text = resolved.path().to_string();
        let sub = resolved.leaf().name.as_str();
        if self.list(&whole).is_empty()
            && let Some(part) = &part
        {
            let parts = Map::from_iter([(sub.to_owned(), part.clone())]);
            if let Some(created) = self.read_new(&whole, &Value::Object(parts))? {
                self.list(&whole).push(created);
            }
        }
        let list = self.list(&whole);
        let all = list.all();
        for at in &all {
            let count = list
                .change(*at, |value| set_part(op, value, sub, part.clone()))
                .unwrap_or_default();
            check_count(&text, count)?;
            if part.is_none() && list.get(*at).is_some_and(is_bare) {
                list.remove(*at);
            }
        }
        list.settle_primary(&whole.path().to_string(), &all)?;
        self.spend(&whole)
    }

    /// A value that a path or a filter describes, read as one that is sent whole is: a PATCH makes nothing that a POST
    /// would be refused.
    pub(super) fn read_new(
        &mut self,
        resolved: &Resolved<'r>,
        value: &Value,
    ) -> Result<Option<Value>, ScimError> {
        let text = resolved.path().to_string();
        Reader::new(&mut self.notes).read_one(resolved.attribute, &Place::new(&text), value)
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
        let read = Reader::new(&mut self.notes).read(resolved.leaf(), &Place::new(&text), value)?;
        if resolved.leaf().name == "value"
            && let Some(role) = described_role(resolved.attribute, read.as_ref())
        {
            self.notes
                .add(&dialect::JSON_IN_VALUE, format!("{text} holds JSON text"));
            return Ok(Some(role.value.into()));
        }
        Ok(read)
    }
}

/// Forgets the URI of a reference whose `value` becomes another one: it would point to somebody else.
fn drop_stale_reference(existing: &mut Value, change: &Value) {
    let Value::Object(parts) = existing else {
        return;
    };
    let moves = change
        .get("value")
        .is_some_and(|value| parts.get("value") != Some(value));
    if moves && change.get("$ref").is_none() {
        parts.shift_remove("$ref");
    }
}

/// Sets or removes a part of one value. Adding to a part that has several values keeps those it has. Returns how many
/// it has then.
pub(super) fn set_part(op: PatchOp, value: &mut Value, name: &str, part: Option<Value>) -> usize {
    let Value::Object(parts) = value else {
        return 0;
    };
    match (part, parts.get_mut(name)) {
        (Some(Value::Array(added)), Some(Value::Array(present))) if op == PatchOp::Add => {
            let known: HashSet<String> = present.iter().map(Value::to_string).collect();
            present.extend(
                added
                    .into_iter()
                    .filter(|value| !known.contains(&value.to_string())),
            );
        }
        (Some(part), _) => {
            parts.insert(name.to_owned(), part);
        }
        (None, _) => {
            parts.shift_remove(name);
        }
    }
    match parts.get(name) {
        Some(Value::Array(values)) => values.len(),
        Some(_) => 1,
        None => 0,
    }
}
