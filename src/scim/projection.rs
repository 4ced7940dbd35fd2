//! Which attributes an answer holds (RFC 7644 §3.9): `attributes`, `excludedAttributes`, and what `returned` says.
//!
//! Names that mean nothing are passed over: asking for what is not there is no error.

use serde_json::Value;

use super::Attributes;
use super::error::ScimError;
use super::limits;
use super::schema::{Attribute, Registry, Resolution, ResourceKind, Returned};

/// A selection of attributes of one resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// Those asked for; none where the client did not say.
    included: Option<Vec<Selector>>,
    excluded: Vec<Selector>,
    /// Those that the body of the write names which is answered.
    written: Vec<Selector>,
}

/// An attribute, one of its parts, or a whole schema.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Selector {
    /// The extension; none for core and common attributes.
    extension: Option<String>,
    /// The attribute; none for the whole schema.
    attribute: Option<String>,
    part: Option<String>,
}

/// How much of an attribute stays.
enum Keep {
    Nothing,
    Whole,
    Parts,
}

impl Projection {
    /// Everything that is returned by default.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Reads the two parameters, each a list of names between commas.
    pub fn parse(
        registry: &Registry,
        kind: ResourceKind,
        attributes: Option<&str>,
        excluded: Option<&str>,
    ) -> Result<Self, ScimError> {
        let split = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let attributes = attributes.map(split).unwrap_or_default();
        let excluded = excluded.map(split).unwrap_or_default();
        Self::from_names(registry, kind, &attributes, &excluded)
    }

    /// Reads two lists of names, as a search request holds them.
    pub fn from_names(
        registry: &Registry,
        kind: ResourceKind,
        attributes: &[String],
        excluded: &[String],
    ) -> Result<Self, ScimError> {
        for (parameter, names) in [("attributes", attributes), ("excludedAttributes", excluded)] {
            if names.len() > limits::PROJECTION_NAMES {
                return Err(ScimError::invalid_value(
                    parameter,
                    format!("more than {} names", limits::PROJECTION_NAMES),
                ));
            }
        }
        let resolve = |names: &[String]| -> Vec<Selector> {
            names
                .iter()
                .filter_map(|name| Selector::resolve(registry, kind, name.trim()))
                .collect()
        };
        let names_any = |names: &[String]| names.iter().any(|name| !name.trim().is_empty());
        let is_asked = names_any(attributes);
        // RFC 7644 §3.9: the two are mutually exclusive.
        if is_asked && names_any(excluded) {
            return Err(ScimError::invalid_value(
                "attributes",
                "attributes and excludedAttributes exclude each other; send one of them",
            ));
        }
        Ok(Self {
            included: is_asked.then(|| resolve(attributes)),
            excluded: resolve(excluded),
            written: Vec::new(),
        })
    }

    /// For the answer to a write: what its body names is returned as well where it is returned on request (RFC 7643 §7).
    #[must_use]
    pub fn after_write(mut self, registry: &Registry, kind: ResourceKind, body: &Value) -> Self {
        if self.included.is_none() {
            let mut named = Vec::new();
            names_in(registry, kind, body, &mut named);
            let selectors = named
                .iter()
                .filter_map(|name| Selector::resolve(registry, kind, name));
            self.written = selectors.collect();
        }
        self
    }

    /// Whether the client asked for nothing special, so that a stored answer can go out as it is.
    pub fn is_everything(&self) -> bool {
        self.included.is_none() && self.excluded.is_empty()
    }

    /// Whether the answer may hold this core attribute, such as `members` or `groups`, so that it need not be loaded
    /// otherwise.
    pub fn wants(&self, attribute: &str) -> bool {
        let is_named = |selector: &Selector| {
            selector.extension.is_none()
                && selector
                    .attribute
                    .as_deref()
                    .is_none_or(|name| name == attribute)
        };
        let is_excluded = self
            .excluded
            .iter()
            .any(|selector| is_named(selector) && selector.part.is_none());
        let is_included = self
            .included
            .as_ref()
            .is_none_or(|included| included.iter().any(is_named));
        is_included && !is_excluded
    }

    /// Whether the client named this part of an attribute, of the core schema or of an extension. Only then is one
    /// returned that is returned on request, such as `members.display`.
    pub fn names_part(&self, extension: Option<&str>, attribute: &str, part: &str) -> bool {
        self.included.iter().flatten().any(|selector| {
            selector.extension.as_deref() == extension
                && selector.attribute.as_deref() == Some(attribute)
                && selector.part.as_deref() == Some(part)
        })
    }

    /// Takes out of a rendered resource what it should not hold. Without a wish only what is never, or only on request,
    /// returned.
    pub fn apply(&self, registry: &Registry, kind: ResourceKind, resource: &mut Attributes) {
        let mut gone = Vec::new();
        resource.retain(|name, value| {
            if let Some(attribute) = registry.core_attribute(kind, name) {
                return self.filter(None, attribute, value);
            }
            let (Some(extension), Value::Object(parts)) = (registry.extension(kind, name), value)
            else {
                return false;
            };
            parts.retain(|name, value| {
                extension.attribute(name).is_some_and(|attribute| {
                    self.filter(Some(extension.id.as_str()), attribute, value)
                })
            });
            if parts.is_empty() {
                gone.push(name.clone());
            }
            !parts.is_empty()
        });
        if !gone.is_empty()
            && let Some(Value::Array(schemas)) = resource.get_mut("schemas")
        {
            // RFC 7643 §3: `schemas` names those whose attributes are there.
            schemas.retain(|urn| !gone.iter().any(|gone| urn.as_str() == Some(gone.as_str())));
        }
    }

    /// Whether the attribute stays; what should not be in it is taken out.
    fn filter(&self, extension: Option<&str>, attribute: &Attribute, value: &mut Value) -> bool {
        match self.keep(extension, attribute) {
            Keep::Nothing => false,
            Keep::Whole => {
                self.filter_parts(extension, attribute, value, false);
                true
            }
            Keep::Parts => {
                self.filter_parts(extension, attribute, value, true);
                !is_empty(value)
            }
        }
    }

    fn keep(&self, extension: Option<&str>, attribute: &Attribute) -> Keep {
        match attribute.returned {
            Returned::Always => return Keep::Whole,
            Returned::Never => return Keep::Nothing,
            Returned::Default | Returned::Request => {}
        }
        let of_attribute = |selector: &&Selector| selector.covers(extension, attribute);
        let is_excluded = self
            .excluded
            .iter()
            .filter(of_attribute)
            .any(|selector| selector.part.is_none());
        if is_excluded {
            return Keep::Nothing;
        }
        let Some(included) = &self.included else {
            return match attribute.returned {
                Returned::Request if !self.written.iter().any(|it| of_attribute(&it)) => {
                    Keep::Nothing
                }
                _ => Keep::Whole,
            };
        };
        let mut named = included.iter().filter(of_attribute).peekable();
        if named.peek().is_none() {
            return Keep::Nothing;
        }
        if named.all(|selector| selector.part.is_some()) {
            Keep::Parts
        } else {
            Keep::Whole
        }
    }

    fn filter_parts(
        &self,
        extension: Option<&str>,
        attribute: &Attribute,
        value: &mut Value,
        only_named: bool,
    ) {
        if !attribute.is_complex() {
            return;
        }
        let names = |list: &[Selector], part: &str| {
            list.iter().any(|selector| {
                selector.covers(extension, attribute) && selector.part.as_deref() == Some(part)
            })
        };
        let included = self.included.as_deref().unwrap_or_default();
        let stays = |part: &str| {
            let Some(definition) = attribute.sub_attribute(part) else {
                return false;
            };
            match definition.returned {
                Returned::Always => true,
                Returned::Never => false,
                Returned::Request => names(included, part) && !names(&self.excluded, part),
                Returned::Default => {
                    (!only_named || names(included, part)) && !names(&self.excluded, part)
                }
            }
        };
        match value {
            Value::Object(parts) => parts.retain(|part, _| stays(part)),
            Value::Array(values) => {
                for value in values.iter_mut() {
                    if let Value::Object(parts) = value {
                        parts.retain(|part, _| stays(part));
                    }
                }
                values.retain(|value| !is_empty(value));
            }
            _ => {}
        }
    }
}

impl Selector {
    fn resolve(registry: &Registry, kind: ResourceKind, name: &str) -> Option<Self> {
        match registry.resolve(kind, name) {
            Resolution::Unknown => None,
            Resolution::Schema(schema) => Some(Self {
                extension: (schema.id != registry.core(kind).id)
                    .then(|| schema.id.as_str().to_owned()),
                attribute: None,
                part: None,
            }),
            Resolution::Attribute(resolved) => Some(Self {
                extension: resolved
                    .extension
                    .map(|schema| schema.id.as_str().to_owned()),
                attribute: Some(resolved.attribute.name.clone()),
                part: resolved.sub_attribute.map(|sub| sub.name.clone()),
            }),
        }
    }

    fn covers(&self, extension: Option<&str>, attribute: &Attribute) -> bool {
        self.extension.as_deref() == extension
            && self
                .attribute
                .as_ref()
                .is_none_or(|name| *name == attribute.name)
    }
}

/// The attributes that the body of a write names: those of a resource and its extensions, and those of PATCH operations.
fn names_in(registry: &Registry, kind: ResourceKind, body: &Value, named: &mut Vec<String>) {
    let Some(parts) = body.as_object() else {
        return;
    };
    for (key, value) in parts {
        if key.eq_ignore_ascii_case("Operations") {
            for operation in value.as_array().into_iter().flatten() {
                names_of_operation(registry, kind, operation, named);
            }
            continue;
        }
        match (registry.extension(kind, key), value.as_object()) {
            (Some(_), Some(inner)) => {
                named.extend(inner.keys().map(|inner| format!("{key}:{inner}")));
            }
            _ => named.push(key.clone()),
        }
    }
}

fn names_of_operation(
    registry: &Registry,
    kind: ResourceKind,
    operation: &Value,
    named: &mut Vec<String>,
) {
    let part = |wanted: &str| {
        let mut parts = operation.as_object().into_iter().flatten();
        parts
            .find(|(key, _)| key.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value)
    };
    let value = part("value").unwrap_or(&Value::Null);
    let Some(path) = part("path").and_then(Value::as_str) else {
        // Without a path the value is a piece of the resource.
        if let Some(parts) = value.as_object() {
            let parts = parts
                .iter()
                .filter(|(key, _)| !key.eq_ignore_ascii_case("Operations"));
            let piece = parts
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            names_in(registry, kind, &Value::Object(piece), named);
        }
        return;
    };
    let path = path.split(['[', ' ']).next().unwrap_or(path);
    match (registry.extension(kind, path), value.as_object()) {
        (Some(_), Some(inner)) => {
            named.extend(inner.keys().map(|inner| format!("{path}:{inner}")));
        }
        _ => named.push(path.to_owned()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(parts) => parts.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::scim::schema::ENTERPRISE_USER;

    fn user() -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE_USER],
            "id": "1",
            "userName": "ada",
            "name": { "givenName": "Ada", "familyName": "L" },
            "emails": [{ "value": "a@x", "type": "work" }, { "value": "b@x" }],
            "groups": [{ "value": "g" }],
            ENTERPRISE_USER: { "department": "D", "manager": { "value": "M", "displayName": "B" } },
            "meta": { "version": "W/\"1\"" }
        })
    }

    fn project(kind: ResourceKind, resource: Value, attributes: &str, excluded: &str) -> Value {
        let registry = Registry::standard();
        let projection = Projection::parse(&registry, kind, Some(attributes), Some(excluded))
            .expect("a valid projection");
        let Value::Object(mut resource) = resource else {
            panic!("not an object");
        };
        projection.apply(&registry, kind, &mut resource);
        Value::Object(resource)
    }

    #[rstest]
    #[case::one("userName", json!({ "id": "1", "userName": "ada" }))]
    #[case::entra_reference_query("id", json!({ "id": "1" }))]
    #[case::case_and_blanks(" USERNAME , meta ", json!({ "id": "1", "userName": "ada", "meta": { "version": "W/\"1\"" } }))]
    #[case::a_part("name.givenName", json!({ "id": "1", "name": { "givenName": "Ada" } }))]
    #[case::a_part_of_several("emails.type", json!({ "id": "1", "emails": [{ "type": "work" }] }))]
    #[case::whole_and_part("emails,emails.type", json!({ "id": "1", "emails": [{ "value": "a@x", "type": "work" }, { "value": "b@x" }] }))]
    #[case::core_urn("urn:ietf:params:scim:schemas:core:2.0:User:userName", json!({ "id": "1", "userName": "ada" }))]
    #[case::unknown("shoeSize", json!({ "id": "1" }))]
    fn only_what_is_asked_for(#[case] attributes: &str, #[case] mut expected: Value) {
        expected["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
        assert_eq!(
            project(ResourceKind::User, user(), attributes, ""),
            expected
        );
    }

    #[rstest]
    #[case::extension(ENTERPRISE_USER, json!({ "department": "D", "manager": { "value": "M" } }))]
    #[case::extension_attribute("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", json!({ "department": "D" }))]
    #[case::extension_part("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", json!({ "manager": { "value": "M" } }))]
    fn extensions_are_asked_for_by_urn(#[case] attributes: &str, #[case] extension: Value) {
        let found = project(ResourceKind::User, user(), attributes, "");
        assert_eq!(found[ENTERPRISE_USER], extension);
        assert_eq!(found["schemas"].as_array().map(Vec::len), Some(2));
        assert_eq!(found.get("userName"), None);
    }

    #[test]
    fn excluded_attributes_are_left_out_except_those_always_returned() {
        let found = project(
            ResourceKind::User,
            user(),
            "",
            "id,emails,name.familyName,groups,meta,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        );
        assert_eq!(
            found,
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "id": "1",
                "userName": "ada",
                "name": { "givenName": "Ada" }
            })
        );
    }

    #[rstest]
    #[case::by_default("", json!([{ "value": "u" }]))]
    #[case::whole("members", json!([{ "value": "u" }]))]
    #[case::named("members.display,members.value", json!([{ "value": "u", "display": "Ada" }]))]
    fn what_is_returned_on_request_must_be_named(#[case] attributes: &str, #[case] members: Value) {
        let group = json!({ "id": "g", "displayName": "G", "members": [{ "value": "u", "display": "Ada" }] });
        let found = project(ResourceKind::Group, group, attributes, "");
        assert_eq!(found["members"], members);
    }

    #[rstest]
    #[case("", "", true)]
    #[case("", "members", false)]
    #[case("", "MEMBERS", false)]
    #[case("", "members.value", true)]
    #[case("displayName", "", false)]
    #[case("members.value", "", true)]
    #[case("urn:ietf:params:scim:schemas:core:2.0:Group", "", true)]
    fn members_are_loaded_only_when_wanted(
        #[case] attributes: &str,
        #[case] excluded: &str,
        #[case] wanted: bool,
    ) {
        let projection = Projection::parse(
            &Registry::standard(),
            ResourceKind::Group,
            Some(attributes),
            Some(excluded),
        )
        .expect("a valid projection");
        assert_eq!(projection.wants("members"), wanted);
        assert_eq!(
            projection.is_everything(),
            attributes.is_empty() && excluded.is_empty()
        );
    }

    #[test]
    fn too_many_names_are_refused() {
        let names = "x,".repeat(limits::PROJECTION_NAMES);
        let parsed = Projection::parse(
            &Registry::standard(),
            ResourceKind::User,
            Some(&names),
            None,
        );
        assert!(parsed.is_err());
    }
}
