//! What holds for a resource as a whole: required attributes, immutable ones, and their order.

use serde_json::{Map, Value};

use crate::scim::Attributes;
use crate::scim::date_time::parse_date_time;
use crate::scim::error::ScimError;
use crate::scim::schema::{Attribute, AttributeType, Mutability, Registry, ResourceKind, Schema};

/// The first required attribute without a value, by its path. `schemas` and server-given ones are not looked for.
pub(crate) fn check_required(
    registry: &Registry,
    kind: ResourceKind,
    attributes: &Attributes,
) -> Result<(), String> {
    let missing = |schema: &Schema, attributes: &Map<String, Value>| {
        let mut definitions = schema.attributes.iter();
        definitions.find_map(|attribute| match attributes.get(&attribute.name) {
            None => attribute.required.then(|| attribute.name.clone()),
            Some(Value::Object(parts)) => {
                let mut subs = attribute.sub_attributes.iter();
                subs.find(|sub| sub.required && !parts.contains_key(&sub.name))
                    .map(|sub| format!("{}.{}", attribute.name, sub.name))
            }
            Some(_) => None,
        })
    };
    if let Some(name) = missing(registry.core(kind), attributes) {
        return Err(name);
    }
    for extension in registry.extensions(kind) {
        if let Some(Value::Object(parts)) = attributes.get(extension.id.as_str())
            && let Some(name) = missing(extension, parts)
        {
            return Err(format!("{}:{name}", extension.id));
        }
    }
    Ok(())
}

/// Keeps immutable attributes as they are (RFC 7644 §3.5.1): another value is an error, none means the present one.
pub(crate) fn check_immutable(
    registry: &Registry,
    kind: ResourceKind,
    before: &Attributes,
    after: &mut Attributes,
) -> Result<(), ScimError> {
    let core = registry
        .common()
        .iter()
        .chain(&registry.core(kind).attributes);
    for attribute in core {
        keep_immutable(attribute, "", before, after)?;
    }
    for extension in registry.extensions(kind) {
        let urn = extension.id.as_str();
        let Some(Value::Object(before)) = before.get(urn) else {
            continue;
        };
        let has_immutable = |attribute: &Attribute| {
            attribute.mutability == Mutability::Immutable
                || (!attribute.multi_valued
                    && attribute
                        .sub_attributes
                        .iter()
                        .any(|sub| sub.mutability == Mutability::Immutable))
        };
        if !extension.attributes.iter().any(has_immutable) {
            continue;
        }
        let parts = after
            .entry(urn)
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(parts) = parts {
            for attribute in &extension.attributes {
                keep_immutable(attribute, urn, before, parts)?;
            }
        }
    }
    Ok(())
}

fn keep_immutable(
    attribute: &Attribute,
    urn: &str,
    before: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), ScimError> {
    let Some(old) = before.get(&attribute.name) else {
        return Ok(());
    };
    let path = |part: &str| {
        let separator = if urn.is_empty() { "" } else { ":" };
        format!("{urn}{separator}{}{part}", attribute.name)
    };
    let refuse = |path: String| {
        Err(ScimError::mutability(
            &path,
            "is immutable and has a value already",
        ))
    };
    if attribute.mutability == Mutability::Immutable {
        return match after.get(&attribute.name) {
            Some(new) if !is_same(attribute, new, old) => refuse(path("")),
            Some(_) => {
                // As it is spelled already.
                after.insert(attribute.name.clone(), old.clone());
                Ok(())
            }
            None => {
                after.insert(attribute.name.clone(), old.clone());
                Ok(())
            }
        };
    }
    if attribute.multi_valued {
        return Ok(());
    }
    let (Some(old), Some(Value::Object(new))) = (old.as_object(), after.get_mut(&attribute.name))
    else {
        return Ok(());
    };
    for sub in &attribute.sub_attributes {
        if sub.mutability != Mutability::Immutable {
            continue;
        }
        match (old.get(&sub.name), new.get(&sub.name)) {
            (Some(old), Some(new)) if !is_same(sub, old, new) => {
                return refuse(path(&format!(".{}", sub.name)));
            }
            (Some(old), None) => {
                new.insert(sub.name.clone(), old.clone());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether two values are one: times as points in time, whatever their offset (RFC 7643 §2.3.5).
fn is_same(attribute: &Attribute, one: &Value, other: &Value) -> bool {
    let instant = |value: &Value| value.as_str().and_then(parse_date_time);
    one == other
        || (attribute.kind == AttributeType::DateTime
            && instant(one).is_some()
            && instant(one) == instant(other))
}

/// The attributes in the order of the schemas, so that equal resources have equal text.
pub(crate) fn in_order(
    registry: &Registry,
    kind: ResourceKind,
    mut attributes: Attributes,
) -> Attributes {
    let mut ordered = Attributes::with_capacity(attributes.len());
    let core = registry
        .common()
        .iter()
        .chain(&registry.core(kind).attributes);
    for attribute in core {
        if let Some(mut value) = attributes.swap_remove(&attribute.name) {
            order_parts(attribute, &mut value);
            ordered.insert(attribute.name.clone(), value);
        }
    }
    for extension in registry.extensions(kind) {
        let urn = extension.id.as_str();
        let Some(Value::Object(mut parts)) = attributes.swap_remove(urn) else {
            continue;
        };
        let mut sorted = Map::with_capacity(parts.len());
        for attribute in &extension.attributes {
            if let Some(mut value) = parts.swap_remove(&attribute.name) {
                order_parts(attribute, &mut value);
                sorted.insert(attribute.name.clone(), value);
            }
        }
        if !sorted.is_empty() {
            ordered.insert(urn.to_owned(), Value::Object(sorted));
        }
    }
    // What a schema says that is not in force now is kept for when it is again.
    let mut dormant: Vec<(String, Value)> = attributes
        .into_iter()
        .filter(|(name, _)| is_dormant(registry, kind, name))
        .collect();
    dormant.sort_by(|(one, _), (other, _)| one.cmp(other));
    ordered.extend(dormant);
    ordered
}

/// Whether a stored name is that of an extension which no schema in force describes: the admin took its file away.
pub(crate) fn is_dormant(registry: &Registry, kind: ResourceKind, name: &str) -> bool {
    let is_urn = name
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("urn:"));
    is_urn && registry.extension(kind, name).is_none()
}

/// The parts of a complex value in the order of its definition.
fn order_parts(attribute: &Attribute, value: &mut Value) {
    match value {
        Value::Array(values) => {
            for value in values {
                order_parts(attribute, value);
            }
        }
        Value::Object(parts) => {
            let definitions = &attribute.sub_attributes;
            let position = |name: &String| definitions.iter().position(|sub| sub.name == *name);
            if parts.keys().map(position).is_sorted() {
                return;
            }
            let mut sorted = Map::with_capacity(parts.len());
            for sub in definitions {
                if let Some(part) = parts.swap_remove(&sub.name) {
                    sorted.insert(sub.name.clone(), part);
                }
            }
            *parts = sorted;
        }
        _ => {}
    }
}
