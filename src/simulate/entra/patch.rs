//! Entra's PATCH bodies in both dialects. Pure.

use serde_json::{Map, Value, json};

use super::EntraMode;
use crate::simulate::wire::patch_body;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// The attribute was not there.
    Add,
    /// It had another value.
    Replace,
}

/// One attribute that changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    pub verb: Verb,
    /// As the attribute mapping names it: `name.givenName`, `emails[type eq "work"].value`.
    pub path: String,
    pub value: Value,
}

impl Operation {
    /// An operation on one attribute.
    pub fn new(verb: Verb, path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self {
            verb,
            path: path.into(),
            value: value.into(),
        }
    }
}

/// A body with one operation for each attribute, or, with the flag, one replace for all attributes that need no
/// filter and one operation for each of the others.
pub(crate) fn patch(mode: EntraMode, operations: Vec<Operation>) -> Value {
    let body: Vec<Value> = match mode {
        EntraMode::Legacy => operations.into_iter().map(legacy).collect(),
        EntraMode::Flagged => flagged(operations),
    };
    patch_body(&body)
}

fn legacy(operation: Operation) -> Value {
    let verb = match operation.verb {
        Verb::Add => "Add",
        Verb::Replace => "Replace",
    };
    let value = match operation.value {
        Value::Bool(true) => json!("True"),
        Value::Bool(false) => json!("False"),
        value => value,
    };
    json!({"op": verb, "path": operation.path, "value": value})
}

fn flagged(operations: Vec<Operation>) -> Vec<Value> {
    let (together, apart): (Vec<Operation>, Vec<Operation>) = operations
        .into_iter()
        .partition(|operation| operation.verb == Verb::Replace && !operation.path.contains('['));
    let mut body: Vec<Value> = apart.iter().map(with_path).collect();
    if together.len() < 2 {
        body.extend(together.iter().map(with_path));
        return body;
    }
    let attributes: Map<String, Value> = together
        .into_iter()
        .map(|operation| (operation.path, operation.value))
        .collect();
    body.push(json!({"op": "replace", "value": attributes}));
    body
}

fn with_path(operation: &Operation) -> Value {
    let verb = match operation.verb {
        Verb::Add => "add",
        Verb::Replace => "replace",
    };
    json!({"op": verb, "path": operation.path, "value": operation.value})
}

/// Puts members into a group: all in one operation without the flag, one operation each with it.
pub(crate) fn add_members(mode: EntraMode, ids: &[String]) -> Value {
    let member = |id: &String| json!({"$ref": null, "value": id});
    match mode {
        EntraMode::Legacy => {
            let members: Vec<Value> = ids.iter().map(member).collect();
            patch_body(&[json!({"op": "Add", "path": "members", "value": members})])
        }
        EntraMode::Flagged => {
            let operations: Vec<Value> = ids
                .iter()
                .map(|id| json!({"op": "add", "path": "members", "value": [member(id)]}))
                .collect();
            patch_body(&operations)
        }
    }
}

/// Takes members out of a group: by `value` without the flag, by a filter with it.
pub(super) fn remove_members(mode: EntraMode, ids: &[String]) -> Value {
    match mode {
        EntraMode::Legacy => {
            let members: Vec<Value> = ids
                .iter()
                .map(|id| json!({"$ref": null, "value": id}))
                .collect();
            patch_body(&[json!({"op": "Remove", "path": "members", "value": members})])
        }
        EntraMode::Flagged => {
            let operations: Vec<Value> = ids
                .iter()
                .map(|id| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}))
                .collect();
            patch_body(&operations)
        }
    }
}

/// A manager: the bare id without the flag, a list of references with it.
pub(super) fn manager(mode: EntraMode, verb: Verb, path: String, id: &str) -> Value {
    let value = match mode {
        EntraMode::Legacy => json!(id),
        EntraMode::Flagged => json!([{"$ref": null, "value": id}]),
    };
    let operation = Operation::new(verb, path, value);
    match mode {
        EntraMode::Legacy => patch_body(&[legacy(operation)]),
        EntraMode::Flagged => patch_body(&[with_path(&operation)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn move_and_disable() -> Vec<Operation> {
        vec![
            Operation::new(Verb::Replace, "displayName", "Pvlo"),
            Operation::new(Verb::Replace, "emails[type eq \"work\"].value", "t@x.io"),
            Operation::new(Verb::Replace, "name.givenName", "Gtfd"),
            Operation::new(Verb::Add, "nickName", "Babs"),
            Operation::new(Verb::Replace, "active", false),
        ]
    }

    #[test]
    fn without_the_flag_each_attribute_has_its_operation_and_booleans_are_text() {
        let body = patch(EntraMode::Legacy, move_and_disable());
        assert_eq!(
            body["Operations"],
            json!([
                {"op": "Replace", "path": "displayName", "value": "Pvlo"},
                {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "t@x.io"},
                {"op": "Replace", "path": "name.givenName", "value": "Gtfd"},
                {"op": "Add", "path": "nickName", "value": "Babs"},
                {"op": "Replace", "path": "active", "value": "False"},
            ])
        );
    }

    #[test]
    fn with_the_flag_replaces_without_a_filter_share_one_operation_without_a_path() {
        let body = patch(EntraMode::Flagged, move_and_disable());
        assert_eq!(
            body["Operations"],
            json!([
                {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "t@x.io"},
                {"op": "add", "path": "nickName", "value": "Babs"},
                {"op": "replace", "value": {"displayName": "Pvlo", "name.givenName": "Gtfd", "active": false}},
            ])
        );
    }

    #[test]
    fn with_the_flag_one_replace_keeps_its_path() {
        let disable = vec![Operation::new(Verb::Replace, "active", false)];
        assert_eq!(
            patch(EntraMode::Flagged, disable)["Operations"],
            json!([{"op": "replace", "path": "active", "value": false}])
        );
    }

    #[test]
    fn members_leave_by_value_or_by_filter() {
        let ids = ["u1".to_owned(), "u2".to_owned()];
        assert_eq!(
            remove_members(EntraMode::Legacy, &ids)["Operations"],
            json!([{"op": "Remove", "path": "members", "value": [
                {"$ref": null, "value": "u1"}, {"$ref": null, "value": "u2"}]}])
        );
        assert_eq!(
            remove_members(EntraMode::Flagged, &ids)["Operations"],
            json!([
                {"op": "remove", "path": "members[value eq \"u1\"]"},
                {"op": "remove", "path": "members[value eq \"u2\"]"},
            ])
        );
    }
}
