//! The values of one multi-valued attribute while a PATCH works on them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::scim::error::ScimError;
use crate::scim::fold::fold;
use crate::scim::limits;
use crate::scim::normalise::{element_key, settle_primary};
use crate::scim::schema::Attribute;

/// Where each value is, by the key that makes values the same. Kept from one addition to the next, so that a thousand
/// additions look at each value once.
pub(super) type Index = HashMap<String, usize>;

/// The index of what is there.
pub(super) fn index(attribute: &Attribute, values: &[Value]) -> Index {
    values
        .iter()
        .enumerate()
        .map(|(at, value)| (element_key(attribute, value), at))
        .collect()
}

/// Adds values; one that is there already takes over what the new one says more (RFC 7644 §3.5.2.1).
pub(super) fn add(
    attribute: &Attribute,
    path: &str,
    values: &mut Vec<Value>,
    index: &mut Index,
    added: Vec<Value>,
) -> Result<(), ScimError> {
    let mut touched = HashSet::new();
    for value in added {
        let key = element_key(attribute, &value);
        let present = index.get(&key).copied();
        if let Some((at, existing)) = present.and_then(|at| Some((at, values.get_mut(at)?))) {
            merge(existing, value);
            touched.insert(at);
        } else {
            index.insert(key, values.len());
            touched.insert(values.len());
            values.push(value);
        }
    }
    check_count(path, values)?;
    if attribute.has_primary() {
        settle_primary(path, values, |at| touched.contains(&at))?;
    }
    Ok(())
}

/// Removes the values that equal one of these as far as these say: by `value` alone, or by whatever parts are given.
pub(super) fn remove(attribute: &Attribute, values: &mut Vec<Value>, removed: &[Value]) {
    let mut simple = HashSet::new();
    // By which parts values are compared, and the keys of those to remove. Clients send one or two such sets of parts,
    // so each value is looked at once or twice.
    let mut complex: HashMap<Vec<&str>, HashSet<String>> = HashMap::new();
    for value in removed {
        if let Value::Object(parts) = value {
            let mut names: Vec<&str> = parts.keys().map(String::as_str).collect();
            names.sort_unstable();
            let key = parts_key(attribute, &names, parts);
            complex.entry(names).or_default().extend(key);
        } else {
            simple.insert(element_key(attribute, value));
        }
    }
    values.retain(|value| match value {
        Value::Object(parts) => !complex.iter().any(|(names, keys)| {
            parts_key(attribute, names, parts).is_some_and(|key| keys.contains(&key))
        }),
        other => !simple.contains(&element_key(attribute, other)),
    });
}

/// What these parts together are compared by; none where one of them has no value.
fn parts_key(attribute: &Attribute, names: &[&str], parts: &Map<String, Value>) -> Option<String> {
    let keys: Option<Vec<String>> = names
        .iter()
        .map(|name| part_key(attribute, name, parts))
        .collect();
    // No text holds a NUL.
    Some(keys?.join("\0"))
}

/// What a part is compared by; none where it has no value.
fn part_key(attribute: &Attribute, name: &str, parts: &Map<String, Value>) -> Option<String> {
    let exact = attribute
        .sub_attribute(name)
        .is_some_and(|sub| sub.case_exact);
    match parts.get(name)? {
        Value::String(text) if !exact => Some(fold(text)),
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Lays the parts of a value over those of another.
pub(super) fn merge(into: &mut Value, value: Value) {
    match (into, value) {
        (Value::Object(into), Value::Object(parts)) => into.extend(parts),
        (into, value) => *into = value,
    }
}

/// Refuses more values than an attribute may have.
pub(super) fn check_count(path: &str, values: &[Value]) -> Result<(), ScimError> {
    if values.len() > limits::VALUES {
        return Err(ScimError::invalid_value(
            path,
            format!("would have more than {} values", limits::VALUES),
        ));
    }
    Ok(())
}
