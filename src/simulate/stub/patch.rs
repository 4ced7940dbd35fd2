//! PATCH operations in the dialects that identity providers speak.

use serde_json::{Map, Value, json};

use super::flaw::Flaw;
use super::resources::{Refusal, refuse};

const MULTI_VALUED: [&str; 5] = ["emails", "phoneNumbers", "addresses", "roles", "members"];

/// Applies one operation.
pub(super) fn apply(
    resource: &mut Value,
    operation: &Value,
    flaw: Option<Flaw>,
) -> Result<(), Refusal> {
    let op = operation["op"].as_str().unwrap_or_default().to_lowercase();
    let value = operation["value"].clone();
    if let Some(path) = operation["path"].as_str() {
        return at_path(resource, &op, path, value, flaw);
    }
    let Value::Object(attributes) = value else {
        return refuse(
            400,
            Some("invalidValue"),
            "a value without a path is an object",
        );
    };
    if attributes.contains_key("id") && flaw == Some(Flaw::ReadOnlyIdRefused) {
        return refuse(400, Some("mutability"), "id is read-only");
    }
    if flaw == Some(Flaw::ReplaceClearsMembers)
        && !attributes.contains_key("members")
        && resource.get("members").is_some()
    {
        resource["members"] = json!([]);
    }
    for (key, value) in attributes {
        match key.as_str() {
            "id" | "schemas" | "meta" => {}
            _ if flaw == Some(Flaw::DottedKeysStored) => resource[key] = value,
            _ => at_path(resource, &op, &key, value, flaw)?,
        }
    }
    Ok(())
}

fn at_path(
    resource: &mut Value,
    op: &str,
    path: &str,
    value: Value,
    flaw: Option<Flaw>,
) -> Result<(), Refusal> {
    if let Some(rest) = path.strip_prefix("urn:") {
        let (urn, attribute) = rest.rsplit_once(':').unwrap_or((rest, ""));
        // `…:2.0:User` alone names the whole extension.
        if attribute == "User" {
            resource[path] = value;
            return Ok(());
        }
        let extension = &mut resource[format!("urn:{urn}")];
        if extension.is_null() {
            *extension = json!({});
        }
        extension[attribute] = value;
        return Ok(());
    }
    if let Some((attribute, rest)) = path.split_once('[') {
        let (filter, sub) = rest.split_once(']').unwrap_or((rest, ""));
        if !MULTI_VALUED.contains(&attribute) {
            if flaw == Some(Flaw::MonoFilterAccepted) {
                resource[attribute] = value;
                return Ok(());
            }
            return refuse(
                400,
                Some("invalidPath"),
                "a filter on an attribute with one value",
            );
        }
        return filtered(
            resource,
            op,
            attribute,
            filter,
            sub.trim_start_matches('.'),
            &value,
            flaw,
        );
    }
    if path == "members" {
        return members(resource, op, &value, flaw);
    }
    if let Some((attribute, sub)) = path.split_once('.') {
        resource[attribute][sub] = value;
        return Ok(());
    }
    resource[path] = match (path, value.as_str()) {
        ("active", Some(_)) if flaw == Some(Flaw::TextBooleansIgnored) => return Ok(()),
        ("active", Some("True")) => json!(true),
        ("active", Some("False")) => json!(false),
        _ => value,
    };
    Ok(())
}

fn members(group: &mut Value, op: &str, value: &Value, flaw: Option<Flaw>) -> Result<(), Refusal> {
    let named = value.as_array().cloned().unwrap_or_default();
    if group["members"].is_null() {
        group["members"] = json!([]);
    }
    let Some(members) = group["members"].as_array_mut() else {
        return refuse(500, None, "members are an array");
    };
    match op {
        "add" => members.extend(named),
        "replace" if named.is_empty() && flaw == Some(Flaw::EmptyMembersIgnored) => {}
        "replace" => *members = named,
        _ if named.is_empty() || flaw == Some(Flaw::RemovesEverybody) => members.clear(),
        _ => members.retain(|member| !named.iter().any(|gone| gone["value"] == member["value"])),
    }
    Ok(())
}

fn filtered(
    resource: &mut Value,
    op: &str,
    attribute: &str,
    filter: &str,
    sub: &str,
    value: &Value,
    flaw: Option<Flaw>,
) -> Result<(), Refusal> {
    let Some((key, literal)) = filter.split_once(" eq ") else {
        return refuse(400, Some("invalidFilter"), "only eq");
    };
    let wanted = match serde_json::from_str::<Value>(literal).unwrap_or_default() {
        Value::String(text) if text == "True" => json!(true),
        other => other,
    };
    if resource[attribute].is_null() {
        resource[attribute] = json!([]);
    }
    let Some(values) = resource[attribute].as_array_mut() else {
        return refuse(500, None, "multi-valued");
    };
    if op == "remove" {
        if flaw != Some(Flaw::RemovesNobody) {
            values.retain(|one| one[key] != wanted);
        }
        return Ok(());
    }
    if !values.iter().any(|one| one[key] == wanted) {
        let mut fresh = Map::new();
        fresh.insert(key.to_owned(), wanted.clone());
        values.push(Value::Object(fresh));
    }
    for one in values.iter_mut().filter(|one| one[key] == wanted) {
        one[sub] = value.clone();
    }
    Ok(())
}
