//! The operations of one request, carried out on a copy of the resource.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::schemas;
use super::selection::Selection;
use super::values::ValueList;
use super::{MembersPatch, Operation, PasswordEdit, PatchOp, PatchRequest, PatchTarget, Patched};
use crate::scim::Attributes;
use crate::scim::dialect::{self, Notes, quoted};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::limits;
use crate::scim::normalise::{
    check_immutable, check_required, in_order, is_password, note_unknown, read_password, writable,
};
use crate::scim::path::{AttributePath, PatchPath};
use crate::scim::schema::{Mutability, Registry, Resolution, Resolved, ResourceKind, Schema};

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
    /// The values of multi-valued attributes that were touched, taken out of the document until the end.
    lists: HashMap<AttributePath, ValueList<'r>>,
    /// How many values were looked at.
    steps: u64,
    password: Option<PasswordEdit>,
    /// What the value of this operation has named so far.
    named: HashSet<AttributePath>,
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
        lists: HashMap::new(),
        steps: 0,
        password: None,
        named: HashSet::new(),
    };
    for (index, operation) in request.operations.iter().enumerate() {
        let place = || format!("operation {} ({})", index + 1, operation.op.as_str());
        if let Err(error) = application.operate(operation) {
            return Err(error.within(&place()).after(application.notes.into_vec()));
        }
    }
    application.finish(request.operations.iter().any(unassigns))
}

/// Whether an operation takes a value away and says so. RFC 7643 §2.5: null is no value.
fn unassigns(operation: &Operation) -> bool {
    operation.op == PatchOp::Remove
        || match &operation.value {
            Some(Value::Null) => true,
            Some(Value::Object(parts)) => parts.values().any(Value::is_null),
            _ => false,
        }
}

impl<'r> Application<'r, '_> {
    /// Looks at the whole of it once more. `is_unassigned` says whether anything was to go.
    fn finish(mut self, is_unassigned: bool) -> Result<Patched, ScimError> {
        let kind = self.target.kind;
        for (path, list) in std::mem::take(&mut self.lists) {
            self.put_back(&path, list.into_values());
        }
        let mut attributes = self.document;
        let registry = self.registry;
        let checked = check_immutable(registry, kind, self.target.attributes, &mut attributes)
            .and_then(|()| {
                check_required(registry, kind, &attributes).map_err(|path| {
                    let detail = "is required and cannot be left without a value";
                    // RFC 7644 §3.5.2.2: that a required attribute becomes unassigned is a matter of mutability. An empty
                    // text is a value that it cannot have.
                    if is_unassigned {
                        ScimError::mutability(&path, detail)
                    } else {
                        ScimError::invalid_value(&path, detail)
                    }
                })
            })
            .and_then(|()| self.members.check_limit());
        if let Err(error) = checked {
            return Err(error.after(self.notes.into_vec()));
        }
        Ok(Patched {
            attributes: in_order(registry, kind, attributes),
            members: self.members,
            password: self.password,
            notes: self.notes.into_vec(),
            steps: self.steps,
        })
    }

    fn operate(&mut self, operation: &Operation) -> Result<(), ScimError> {
        self.named.clear();
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
            if !self.is_known(key) {
                self.unknown(key);
                continue;
            }
            let path = PatchPath::parse(self.registry, self.target.kind, key, &mut self.notes)?;
            self.once(&path)?;
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

    /// Whether a key of a value names something. What a body names without its URN is unknown in a POST too.
    fn is_known(&self, key: &str) -> bool {
        match self.registry.resolve(self.target.kind, key) {
            Resolution::Attribute(resolved) => !resolved.unqualified,
            Resolution::Schema(_) => true,
            Resolution::Unknown => key.contains('['),
        }
    }

    /// Refuses a value that names one attribute twice, in another case or with and without its URN, as a POST does. What
    /// a filter selects is left to the order of the keys: two filters may well mean different values.
    fn once(&mut self, path: &PatchPath<'_>) -> Result<(), ScimError> {
        let (path, name) = match path {
            PatchPath::Attribute(resolved) => (resolved.path(), resolved.path().to_string()),
            PatchPath::Extension(schema) => {
                let path = AttributePath {
                    schema: Some(schema.id.clone()),
                    ..AttributePath::core("")
                };
                (path, schema.id.to_string())
            }
            PatchPath::Resource | PatchPath::Selection { .. } => return Ok(()),
        };
        if self.named.insert(path) {
            return Ok(());
        }
        Err(ScimError::invalid_value(&name, "is given twice"))
    }

    fn unknown(&mut self, key: &str) {
        note_unknown(self.registry, self.target.kind, key, &mut self.notes);
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
                self.lists
                    .retain(|path, _| path.schema.as_ref() != Some(&schema.id));
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
            self.once(&PatchPath::Attribute(resolved))?;
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
        let is_schemas = resolved.extension.is_none() && resolved.attribute.name == "schemas";
        if is_schemas && aim == Aim::Path {
            return schemas::name(self.registry, self.target.kind, &self.document, op, value);
        }
        if !self.may_write(resolved, None, aim)? {
            return Ok(());
        }
        if self.is_members(resolved) {
            return self.members.record(op, None, value, &mut self.notes);
        }
        if is_password(resolved.extension.is_some(), resolved.attribute) {
            return self.set_password(op, resolved, value);
        }
        match (resolved.sub_attribute, resolved.attribute.multi_valued) {
            (None, true) => self.all_values(op, resolved, value),
            (None, false) => self.single_value(op, resolved, value),
            (Some(_), true) => self.part_of_values(op, resolved, value),
            (Some(_), false) => self.part_of_single(op, resolved, value),
        }
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
        Ok(is_password(resolved.extension.is_some(), leaf.leaf())
            || writable(leaf.leaf(), &mut self.notes))
    }

    fn is_members(&self, resolved: &Resolved<'_>) -> bool {
        self.target.kind == ResourceKind::Group
            && resolved.extension.is_none()
            && resolved.attribute.name == "members"
    }

    /// The object that holds the attributes of an extension, or the resource.
    pub(super) fn container(&mut self, extension: Option<&Schema>) -> &mut Map<String, Value> {
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
    pub(super) fn list(&mut self, resolved: &Resolved<'r>) -> &mut ValueList<'r> {
        let path = resolved.path();
        if !self.lists.contains_key(&path) {
            let name = resolved.attribute.name.as_str();
            let values = match self.container(resolved.extension).get_mut(name) {
                Some(Value::Array(values)) => std::mem::take(values),
                _ => Vec::new(),
            };
            let list = ValueList::new(resolved.attribute, values);
            self.lists.insert(path.clone(), list);
        }
        self.lists.get_mut(&path).expect("it was just put there")
    }

    /// Gives a multi-valued attribute other values.
    pub(super) fn replace_list(&mut self, resolved: &Resolved<'r>, values: Vec<Value>) {
        self.lists
            .insert(resolved.path(), ValueList::new(resolved.attribute, values));
    }

    /// Counts what an operation on a list cost. Filters of anything but `eq` look at every value, and nobody may make
    /// a server look at a thousand values a thousand times.
    pub(super) fn spend(&mut self, resolved: &Resolved<'r>) -> Result<(), ScimError> {
        let steps = self.list(resolved).take_steps();
        self.steps = self.steps.saturating_add(steps);
        if self.steps > limits::PATCH_STEPS {
            return Err(ScimError::bad_request(
                ScimType::TooMany,
                format!(
                    "the operations look at more than {} values; send several requests, or select by eq",
                    limits::PATCH_STEPS
                ),
            ));
        }
        Ok(())
    }

    /// Puts the values of a list back into the document.
    fn put_back(&mut self, path: &AttributePath, values: Vec<Value>) {
        let container = match &path.schema {
            None => &mut self.document,
            Some(urn) => {
                let object = self
                    .document
                    .entry(urn.as_str())
                    .or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(parts) = object else {
                    return;
                };
                parts
            }
        };
        if values.is_empty() {
            container.shift_remove(&path.attribute);
        } else {
            container.insert(path.attribute.clone(), Value::Array(values));
        }
    }

    /// A password is kept apart from everything that is shown. Removing it leaves the member without one.
    fn set_password(
        &mut self,
        op: PatchOp,
        resolved: &Resolved<'r>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let given = value.filter(|_| op != PatchOp::Remove);
        let password = match given {
            None => None,
            Some(value) => read_password(resolved.attribute, value, &mut self.notes)?,
        };
        self.password = Some(password.map_or(PasswordEdit::Clear, PasswordEdit::Set));
        Ok(())
    }

    pub(super) fn set(&mut self, resolved: &Resolved<'r>, value: Option<Value>) {
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
