//! Compares what a resource shows with the attributes it must show. Pure.
//!
//! The expected side is a sparse resource: attributes it does not name may have any value, and each element of an
//! expected array must be shown by some element of the actual one.

use serde_json::Value;

use super::answer::excerpt;

/// An attribute that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Dotted path of the attribute.
    pub attribute: String,
    /// Its value as it must be.
    pub expected: String,
    /// Its value as it is, or `none`.
    pub came: String,
}

/// Every attribute of `expected` that `actual` does not show. The depth is that of `expected`, which is ours.
pub fn lacks(expected: &Value, actual: &Value) -> Vec<Lack> {
    let mut found = Vec::new();
    compare("", expected, Some(actual), &mut found);
    found
}

fn compare(path: &str, expected: &Value, actual: Option<&Value>, found: &mut Vec<Lack>) {
    match (expected, actual) {
        (Value::Object(expected), Some(Value::Object(actual))) => {
            for (key, value) in expected {
                compare(&join(path, key), value, actual.get(key), found);
            }
        }
        (Value::Array(expected), Some(Value::Array(actual))) => {
            for value in expected {
                if !actual.iter().any(|one| lacks(value, one).is_empty()) {
                    found.push(lack(path, value, Some(&Value::Array(actual.clone()))));
                }
            }
        }
        _ if Some(expected) == actual => {}
        _ => found.push(lack(path, expected, actual)),
    }
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        // RFC 7644 §3.10: a schema URN is followed by a colon.
        urn if urn.starts_with("urn:") => format!("{urn}:{key}"),
        path => format!("{path}.{key}"),
    }
}

fn lack(path: &str, expected: &Value, actual: Option<&Value>) -> Lack {
    Lack {
        attribute: path.to_owned(),
        expected: excerpt(&expected.to_string()),
        came: actual.map_or_else(|| "none".into(), |actual| excerpt(&actual.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::more_is_fine(json!({"a": 1}), json!({"a": 1, "b": 2}), &[])]
    #[case::other_value(json!({"active": false}), json!({"active": true}), &["active"])]
    #[case::text_is_no_boolean(json!({"active": false}), json!({"active": "False"}), &["active"])]
    #[case::absent(json!({"name": {"givenName": "A"}}), json!({"name": {}}), &["name.givenName"])]
    #[case::extension(json!({"urn:x:User": {"role": "a"}}), json!({"urn:x:User": {}}), &["urn:x:User:role"])]
    #[case::one_of_many(json!({"emails": [{"value": "a"}]}), json!({"emails": [{"value": "b"}, {"value": "a"}]}), &[])]
    #[case::none_of_many(json!({"emails": [{"value": "a"}]}), json!({"emails": [{"value": "b"}]}), &["emails"])]
    fn what_must_be_shown_is_shown(
        #[case] expected: Value,
        #[case] actual: Value,
        #[case] attributes: &[&str],
    ) {
        let found = lacks(&expected, &actual);
        let found: Vec<&str> = found.iter().map(|lack| lack.attribute.as_str()).collect();
        assert_eq!(found, attributes);
    }
}
