//! Schemas of an organisation's own, read from JSON as RFC 7643 §7 writes it: one schema, an array of them, or a
//! `ListResponse` such as `/Schemas` answers, so that what another provider announces can be taken over.
//!
//! Pure: whoever calls it reads the file. A mistake names the attribute and, for a word that nothing knows, the nearest
//! one. Attributes that nobody may read are refused: no secret is kept here, and an audit would show it.

mod error;
mod fields;
mod read;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::Schema;
use crate::scim::limits;

pub use error::SchemaError;

use fields::Fields;

/// Reads the schemas of a file.
///
/// ```
/// use provost::scim::schema::custom;
///
/// let schemas = custom::read(
///     r#"{ "id": "urn:example:acme:2.0:User", "name": "Acme",
///          "attributes": [{ "name": "badge", "type": "string", "uniqueness": "server" }] }"#,
/// )
/// .unwrap();
/// assert_eq!(schemas[0].attributes[0].name, "badge");
///
/// let error = custom::read(r#"{ "id": "urn:example:acme", "attributes": [{ "nmae": "badge" }] }"#).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "urn:example:acme: attributes[0]: unknown key `nmae`, did you mean `name`?"
/// );
/// ```
pub fn read(text: &str) -> Result<Vec<Schema>, SchemaError> {
    if text.len() > limits::SCHEMA_FILE {
        return Err(SchemaError::TooMany {
            place: "the file".into(),
            what: "bytes",
            limit: limits::SCHEMA_FILE,
        });
    }
    // serde_json refuses to nest deeper than 128 levels.
    let document: Value = serde_json::from_str(text).map_err(|error| SchemaError::Json {
        line: error.line(),
        column: error.column(),
    })?;
    let list = match &document {
        Value::Array(list) => list.as_slice(),
        Value::Object(object) => match object.get("Resources") {
            Some(Value::Array(list)) => list.as_slice(),
            _ => std::slice::from_ref(&document),
        },
        _ => std::slice::from_ref(&document),
    };
    if list.is_empty() {
        return Err(SchemaError::Shape {
            place: "the file".into(),
            expected: "a schema as RFC 7643 §7 writes it",
        });
    }
    if list.len() > limits::CUSTOM_SCHEMAS {
        return Err(SchemaError::TooMany {
            place: "the file".into(),
            what: "schemas",
            limit: limits::CUSTOM_SCHEMAS,
        });
    }
    list.iter()
        .enumerate()
        .map(|(at, value)| {
            let place = if list.len() == 1 {
                "the schema".to_owned()
            } else {
                format!("schema {}", at + 1)
            };
            read::schema(&Fields::of(place, value)?)
        })
        .collect()
}
