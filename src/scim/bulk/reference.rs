//! References by `bulkId` (RFC 7644 §3.7.2): a text `bulkId:qwerty` in place of an id, at the end of a `$ref`, or in the
//! quotes of a PATCH path such as `members[value eq "bulkId:qwerty"]`.

use serde_json::{Map, Value};

/// What every reference begins with.
const PREFIX: &str = "bulkId:";

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning<'i> {
    /// This id.
    Id(&'i str),
    /// Something that does not exist yet: the value that holds the reference is left out.
    Later,
}

/// The `bulkId` of a text that is a reference.
pub fn bulk_id(text: &str) -> Option<&str> {
    text.strip_prefix(PREFIX)
        .filter(|bulk_id| !bulk_id.is_empty())
}

/// What a stretch of data is, which decides whether a text in it may be a reference. A name or a title that happens to
/// begin with `bulkId:` is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Attributes by name: a resource, one of its extensions, the value of a PATCH operation without a path.
    Attributes,
    /// One operation of a PATCH.
    Operation,
    /// The value of an attribute that refers to resources.
    Reference,
    /// The value of any other one, in which a `$ref` may still refer.
    Other,
}

impl Place {
    /// What the value under a key is; `value` is that of a PATCH operation on an attribute that `path` names.
    fn inside(self, key: &str, of_operation: Self) -> Self {
        match self {
            Self::Attributes if key.eq_ignore_ascii_case("Operations") => Self::Operation,
            Self::Attributes if refers(key) => Self::Reference,
            // RFC 7643 §3.3: the attributes of an extension stand under its URN.
            Self::Attributes if key.contains(':') => Self::Attributes,
            Self::Operation if key.eq_ignore_ascii_case("value") => of_operation,
            Self::Reference if key.eq_ignore_ascii_case("value") => Self::Reference,
            Self::Attributes | Self::Operation | Self::Reference | Self::Other => Self::Other,
        }
    }

    /// What the value of a PATCH operation is, by its path.
    fn of_operation(operation: &Map<String, Value>) -> Self {
        let path = operation
            .iter()
            .find(|(key, _)| is_path(key))
            .and_then(|(_, path)| path.as_str());
        match path {
            None => Self::Attributes,
            Some(path) if refers(path) => Self::Reference,
            // It may name an extension as a whole.
            Some(path) if path.contains(':') => Self::Attributes,
            Some(_) => Self::Other,
        }
    }
}

/// Whether an attribute, or what a path begins with, refers to resources: `members` of a group, `manager` of a user
/// (RFC 7643 §4.2 and §4.3).
fn refers(name: &str) -> bool {
    let path = name.find(['[', ' ']).and_then(|end| name.get(..end));
    let last = path.unwrap_or(name).rsplit(':').next().unwrap_or(name);
    let attribute = last.split('.').next().unwrap_or(last);
    ["members", "manager"]
        .iter()
        .any(|it| attribute.eq_ignore_ascii_case(it))
}

/// Finds the references in data, in order. The depth of data is limited where it is parsed.
pub fn collect<'d>(data: &'d Value, found: &mut Vec<&'d str>) {
    collect_in(data, Place::Attributes, found);
}

fn collect_in<'d>(data: &'d Value, place: Place, found: &mut Vec<&'d str>) {
    match data {
        Value::Array(values) => values
            .iter()
            .for_each(|value| collect_in(value, place, found)),
        Value::Object(parts) => {
            let of_operation = Place::of_operation(parts);
            for (key, value) in parts {
                match value {
                    Value::String(text) if place == Place::Operation && is_path(key) => {
                        found.extend(pieces(text).filter_map(Piece::bulk_id));
                    }
                    Value::String(text) if is_uri(key) => found.extend(of_uri(text)),
                    other => collect_in(other, place.inside(key, of_operation), found),
                }
            }
        }
        Value::String(text) if place == Place::Reference => found.extend(bulk_id(text)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Data with ids in place of references; none where all of it is to come later.
pub fn substitute<'i>(data: &Value, meaning: &impl Fn(&str) -> Meaning<'i>) -> Option<Value> {
    substitute_in(data, Place::Attributes, meaning)
}

fn substitute_in<'i>(
    data: &Value,
    place: Place,
    meaning: &impl Fn(&str) -> Meaning<'i>,
) -> Option<Value> {
    match data {
        Value::Array(values) => Some(
            values
                .iter()
                .filter_map(|value| substitute_in(value, place, meaning))
                .collect(),
        ),
        Value::Object(parts) => object(parts, place, meaning).map(Value::Object),
        Value::String(text) if place == Place::Reference => match bulk_id(text).map(meaning) {
            None => Some(data.clone()),
            Some(Meaning::Id(id)) => Some(id.into()),
            Some(Meaning::Later) => None,
        },
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Some(data.clone()),
    }
}

fn object<'i>(
    parts: &Map<String, Value>,
    place: Place,
    meaning: &impl Fn(&str) -> Meaning<'i>,
) -> Option<Map<String, Value>> {
    let of_operation = Place::of_operation(parts);
    let mut whole = Map::with_capacity(parts.len());
    for (key, value) in parts {
        let replaced = match value {
            Value::String(text) if place == Place::Operation && is_path(key) => {
                Some(path(text, meaning).into())
            }
            Value::String(text) if is_uri(key) => uri(text, meaning).map(Value::String),
            other => substitute_in(other, place.inside(key, of_operation), meaning),
        };
        match replaced {
            Some(value) => {
                whole.insert(key.clone(), value);
            }
            // A reference without what it refers to says nothing.
            None if is_uri(key) || key.eq_ignore_ascii_case("value") => return None,
            None => {}
        }
    }
    // An object of nothing but what comes later comes later, too.
    (!whole.is_empty() || parts.is_empty()).then_some(whole)
}

/// Of the attributes of a resource those that hold one of these references, to be added once they are known. Extensions
/// are looked into.
pub fn holders(data: &Value, is_wanted: &impl Fn(&str) -> bool) -> Value {
    let Value::Object(parts) = data else {
        return Value::Null;
    };
    let mut holding = Map::new();
    for (key, value) in parts {
        let is_extension = value.is_object() && key.contains(':');
        let place = Place::Attributes.inside(key, Place::Other);
        let mut found = Vec::new();
        collect_in(value, place, &mut found);
        if !found.into_iter().any(is_wanted) {
            continue;
        }
        let held = if is_extension {
            holders(value, is_wanted)
        } else {
            value.clone()
        };
        holding.insert(key.clone(), held);
    }
    Value::Object(holding)
}

fn is_path(key: &str) -> bool {
    key.eq_ignore_ascii_case("path")
}

fn is_uri(key: &str) -> bool {
    key == "$ref"
}

fn of_uri(text: &str) -> Option<&str> {
    bulk_id(text.rsplit('/').next()?)
}

fn uri<'i>(text: &str, meaning: &impl Fn(&str) -> Meaning<'i>) -> Option<String> {
    let Some(bulk_id) = of_uri(text) else {
        return Some(text.to_owned());
    };
    match meaning(bulk_id) {
        Meaning::Later => None,
        Meaning::Id(id) => {
            let before = text.len() - PREFIX.len() - bulk_id.len();
            Some(format!("{}{id}", text.get(..before).unwrap_or_default()))
        }
    }
}

/// A stretch of a path: a literal in quotes, or what is between two.
struct Piece<'t>(&'t str);

impl<'t> Piece<'t> {
    fn bulk_id(self) -> Option<&'t str> {
        bulk_id(self.0.strip_prefix('"')?.strip_suffix('"')?)
    }
}

/// Cuts a path at its literals, which keep their quotes.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.strip_prefix('"') {
            // A quote that never closes is the parser's to complain about.
            Some(inner) => closing(inner).map_or(rest.len(), |at| at + 2),
            None => rest.find('"').unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(Piece(piece))
    })
}

/// Where the quote is that ends a literal.
fn closing(inner: &str) -> Option<usize> {
    let mut is_escaped = false;
    inner.bytes().position(|byte| match byte {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        b'\\' => {
            is_escaped = true;
            false
        }
        byte => byte == b'"',
    })
}

fn path<'i>(text: &str, meaning: &impl Fn(&str) -> Meaning<'i>) -> String {
    let mut whole = String::with_capacity(text.len());
    for Piece(piece) in pieces(text) {
        match Piece(piece).bulk_id().map(meaning) {
            Some(Meaning::Id(id)) => {
                whole.push('"');
                whole.push_str(id);
                whole.push('"');
            }
            Some(Meaning::Later) | None => whole.push_str(piece),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn meaning(bulk_id: &str) -> Meaning<'static> {
        if bulk_id == "later" {
            Meaning::Later
        } else {
            Meaning::Id("ID")
        }
    }

    #[rstest]
    #[case::member(
        json!({ "members": [{ "value": "bulkId:a", "type": "User" }, { "value": "x" }] }),
        &["a"],
        json!({ "members": [{ "value": "ID", "type": "User" }, { "value": "x" }] })
    )]
    #[case::plain_member(json!({ "members": ["bulkId:a"] }), &["a"], json!({ "members": ["ID"] }))]
    #[case::uri(
        json!({ "manager": { "value": "bulkId:a", "$ref": "../Users/bulkId:a" } }),
        &["a", "a"],
        json!({ "manager": { "value": "ID", "$ref": "../Users/ID" } })
    )]
    #[case::path(
        json!({ "Operations": [{ "op": "remove", "path": "members[value eq \"bulkId:a\" or value eq \"b\"]" }] }),
        &["a"],
        json!({ "Operations": [{ "op": "remove", "path": "members[value eq \"ID\" or value eq \"b\"]" }] })
    )]
    #[case::path_outside_quotes(json!({ "path": "bulkId:a" }), &[], json!({ "path": "bulkId:a" }))]
    #[case::escaped_quote(
        json!({ "path": "x[value eq \"\\\"bulkId:a\"]" }), &[], json!({ "path": "x[value eq \"\\\"bulkId:a\"]" })
    )]
    #[case::a_name_is_none(
        json!({ "displayName": "bulkId:a", "name": { "familyName": "bulkId:a" }, "nickName": "bulkId:a" }),
        &[],
        json!({ "displayName": "bulkId:a", "name": { "familyName": "bulkId:a" }, "nickName": "bulkId:a" })
    )]
    #[case::nor_is_what_a_member_is_called(
        json!({ "members": [{ "value": "x", "display": "bulkId:a" }] }),
        &[],
        json!({ "members": [{ "value": "x", "display": "bulkId:a" }] })
    )]
    #[case::operation_on_members(
        json!({ "Operations": [{ "op": "add", "value": [{ "value": "bulkId:a" }], "path": "members" }] }),
        &["a"],
        json!({ "Operations": [{ "op": "add", "value": [{ "value": "ID" }], "path": "members" }] })
    )]
    #[case::operation_on_a_manager(
        json!({ "Operations": [{ "op": "add", "path": "urn:x:User:manager.value", "value": "bulkId:a" }] }),
        &["a"],
        json!({ "Operations": [{ "op": "add", "path": "urn:x:User:manager.value", "value": "ID" }] })
    )]
    #[case::operation_on_an_extension(
        json!({ "Operations": [{ "op": "add", "path": "urn:x:User", "value": { "manager": "bulkId:a" } }] }),
        &["a"],
        json!({ "Operations": [{ "op": "add", "path": "urn:x:User", "value": { "manager": "ID" } }] })
    )]
    #[case::operation_without_a_path(
        json!({ "Operations": [{ "op": "add", "value": { "members": [{ "value": "bulkId:a" }], "title": "bulkId:b" } }] }),
        &["a"],
        json!({ "Operations": [{ "op": "add", "value": { "members": [{ "value": "ID" }], "title": "bulkId:b" } }] })
    )]
    #[case::operation_on_a_name(
        json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "bulkId:a" }] }),
        &[],
        json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "bulkId:a" }] })
    )]
    #[case::no_reference(json!({ "title": "my bulkId:a", "x": "bulkId:" }), &[], json!({ "title": "my bulkId:a", "x": "bulkId:" }))]
    fn references_are_found_and_replaced(
        #[case] data: Value,
        #[case] expected: &[&str],
        #[case] replaced: Value,
    ) {
        let mut found = Vec::new();
        collect(&data, &mut found);
        assert_eq!(found, expected);
        assert_eq!(substitute(&data, &meaning), Some(replaced));
    }

    #[rstest]
    #[case::member(
        json!({ "displayName": "G", "members": [{ "value": "bulkId:later" }, { "value": "bulkId:a" }] }),
        json!({ "displayName": "G", "members": [{ "value": "ID" }] })
    )]
    #[case::manager(
        json!({ "userName": "a", "urn:x:User": { "manager": { "value": "bulkId:later", "displayName": "B" } } }),
        json!({ "userName": "a" })
    )]
    fn what_comes_later_is_left_out(#[case] data: Value, #[case] expected: Value) {
        assert_eq!(substitute(&data, &meaning), Some(expected));
    }

    #[test]
    fn what_holds_a_reference_can_be_added_later() {
        let data = json!({
            "userName": "a",
            "urn:x:User": { "department": "D", "manager": { "value": "bulkId:later" } },
            "roles": [{ "value": "bulkId:a" }]
        });
        assert_eq!(
            holders(&data, &|bulk_id: &str| bulk_id == "later"),
            json!({ "urn:x:User": { "manager": { "value": "bulkId:later" } } })
        );
    }

    proptest! {
        #[test]
        fn a_path_without_references_stays_as_it_is(text in "[a-z\\[\\]\"\\\\ :é]{0,40}") {
            prop_assert_eq!(path(&text, &|_: &str| Meaning::Later), text);
        }
    }
}
