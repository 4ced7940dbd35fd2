//! The values of a multi-valued attribute: which are the same, and which is primary (RFC 7643 §2.4).

use serde_json::Value;

use super::place::Place;
use crate::scim::error::ScimError;
use crate::scim::fold::fold;
use crate::scim::schema::Attribute;

/// The key two values have in common when they are the same: the value itself, `type` and `value` of a complex one, or
/// the whole of a complex one that nothing identifies, such as an address.
///
/// Values are normalised, so that their parts are in the order of the schema.
pub(crate) fn element_key(attribute: &Attribute, value: &Value) -> String {
    match value {
        Value::String(text) => text_key(attribute, text),
        Value::Object(parts) => {
            let identity = attribute.identity();
            let text = identity.and_then(|part| Some((part, parts.get(&part.name)?.as_str()?)));
            let Some((part, text)) = text else {
                return value.to_string();
            };
            let kind = parts
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            // No text holds a NUL.
            format!("{}\0{}", fold(kind), text_key(part, text))
        }
        other => other.to_string(),
    }
}

fn text_key(attribute: &Attribute, text: &str) -> String {
    if attribute.case_exact {
        text.to_owned()
    } else {
        fold(text)
    }
}

/// Whether nothing but labels is left of a value.
pub(crate) fn is_bare(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|parts| parts.keys().all(|name| name == "type" || name == "primary"))
}

pub(crate) fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Refuses values of which several are primary.
pub(super) fn check_primary(place: &Place<'_>, values: &[Value]) -> Result<(), ScimError> {
    if values.iter().filter(|value| is_primary(value)).count() > 1 {
        return Err(ScimError::invalid_value(
            &place.part("primary").to_string(),
            "is true for several values; it may be for one",
        ));
    }
    Ok(())
}
