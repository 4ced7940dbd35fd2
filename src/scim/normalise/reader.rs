//! One value against its definition: checked, made canonical, or refused with its path.
//!
//! `None` means unassigned: null, an empty array, an object without parts (RFC 7643 §2.5).

use std::collections::HashSet;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::element::{check_primary, element_key, is_bare};
use super::place::Place;
use crate::scim::date_time::parse_date_time;
use crate::scim::dialect::{self, Notes, quoted};
use crate::scim::error::ScimError;
use crate::scim::filter::boolean_from_text;
use crate::scim::fold::fold;
use crate::scim::limits;
use crate::scim::schema::{Attribute, AttributeType, Mutability, Uniqueness};

/// Reads values, noting what it tolerates.
pub(crate) struct Reader<'n> {
    notes: &'n mut Notes,
}

impl<'n> Reader<'n> {
    pub(crate) fn new(notes: &'n mut Notes) -> Self {
        Self { notes }
    }

    /// Reads the whole value of an attribute or part.
    pub(crate) fn read(
        &mut self,
        attribute: &Attribute,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<Option<Value>, ScimError> {
        if attribute.multi_valued {
            let values = self.read_values(attribute, place, value)?;
            return Ok((!values.is_empty()).then_some(Value::Array(values)));
        }
        match value {
            Value::Array(values) => match values.as_slice() {
                [] => Ok(None),
                [single] => {
                    self.notes.add(
                        &dialect::ARRAY_FOR_SINGLE,
                        format!("{place} given as an array of one"),
                    );
                    self.read_one(attribute, place, single)
                }
                _ => Err(misfit(
                    place,
                    "has one value; an array of several does not fit",
                )),
            },
            single => self.read_one(attribute, place, single),
        }
    }

    /// Reads the values of a multi-valued attribute, each kept once.
    pub(crate) fn read_values(
        &mut self,
        attribute: &Attribute,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<Vec<Value>, ScimError> {
        let given = match value {
            Value::Null => return Ok(Vec::new()),
            Value::Array(values) => values.as_slice(),
            single => {
                self.notes.add(
                    &dialect::SINGLE_FOR_ARRAY,
                    format!("{place} given as a single value"),
                );
                std::slice::from_ref(single)
            }
        };
        if given.len() > limits::VALUES {
            return Err(misfit(
                place,
                &format!("has more than {} values", limits::VALUES),
            ));
        }
        let mut values = Vec::with_capacity(given.len());
        let mut seen = HashSet::with_capacity(given.len());
        for value in given {
            let Some(value) = self.read_one(attribute, place, value)? else {
                continue;
            };
            if seen.insert(element_key(attribute, &value)) {
                values.push(value);
            } else {
                self.notes.add(
                    &dialect::DUPLICATE_VALUE,
                    format!("{place} holds a value twice"),
                );
            }
        }
        check_primary(place, &values)?;
        Ok(values)
    }

    /// Reads one value: of a singular attribute, or one of several.
    pub(crate) fn read_one(
        &mut self,
        attribute: &Attribute,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<Option<Value>, ScimError> {
        if value.is_null() {
            return Ok(None);
        }
        if attribute.kind != AttributeType::Boolean && value.as_str() == Some("") {
            self.notes
                .add(&dialect::EMPTY_STRING, format!("{place} is empty"));
            return Ok(None);
        }
        let accepted = match attribute.kind {
            AttributeType::Complex => return self.read_complex(attribute, place, value),
            AttributeType::Boolean => self.read_boolean(place, value)?,
            AttributeType::Integer => match value {
                Value::Number(number) if number.is_i64() || number.is_u64() => value.clone(),
                _ => return Err(misfit(place, "must be an integer")),
            },
            AttributeType::Decimal => match value {
                Value::Number(_) => value.clone(),
                _ => return Err(misfit(place, "must be a number")),
            },
            AttributeType::String
            | AttributeType::DateTime
            | AttributeType::Binary
            | AttributeType::Reference => read_text(attribute, place, value)?,
        };
        Ok(Some(accepted))
    }

    fn read_boolean(&mut self, place: &Place<'_>, value: &Value) -> Result<Value, ScimError> {
        match value {
            Value::Bool(_) => Ok(value.clone()),
            Value::String(text) => match boolean_from_text(text) {
                Some(truth) => {
                    self.notes.add(
                        &dialect::STRING_BOOLEAN,
                        format!("{place} given as a string"),
                    );
                    Ok(Value::Bool(truth))
                }
                None => Err(misfit(place, "must be true or false")),
            },
            _ => Err(misfit(place, "must be true or false")),
        }
    }

    fn read_complex(
        &mut self,
        attribute: &Attribute,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<Option<Value>, ScimError> {
        let bare;
        let parts = match value {
            Value::Object(parts) => parts,
            Value::String(_) if attribute.sub_attribute("value").is_some() => {
                self.notes.add(
                    &dialect::BARE_VALUE,
                    format!("{place} given as a plain string"),
                );
                bare = Map::from_iter([("value".to_owned(), value.clone())]);
                &bare
            }
            _ => return Err(misfit(place, "must be an object")),
        };
        self.read_parts(attribute, place, parts)
    }

    fn read_parts(
        &mut self,
        attribute: &Attribute,
        place: &Place<'_>,
        parts: &Map<String, Value>,
    ) -> Result<Option<Value>, ScimError> {
        let definitions = &attribute.sub_attributes;
        let mut read: Vec<Option<Value>> = vec![None; definitions.len()];
        let mut dropped_value = false;
        for (key, value) in parts {
            let position = definitions
                .iter()
                .position(|sub| sub.name.eq_ignore_ascii_case(key));
            let found = position.and_then(|at| Some((definitions.get(at)?, read.get_mut(at)?)));
            let Some((sub, slot)) = found else {
                self.notes.add(
                    &dialect::UNKNOWN_ATTRIBUTE,
                    format!("{} of {place} ignored", quoted(key)),
                );
                continue;
            };
            if sub.mutability == Mutability::ReadOnly {
                self.notes.add(
                    &dialect::READ_ONLY,
                    format!("{place}.{} is readOnly and ignored", sub.name),
                );
                continue;
            }
            let place = place.part(&sub.name);
            if slot.is_some() {
                return Err(misfit(&place, "is given twice"));
            }
            *slot = self.read(sub, &place, value)?;
            dropped_value |= slot.is_none() && sub.name == "value";
        }
        let mut object = Map::new();
        for (sub, value) in definitions.iter().zip(read) {
            if let Some(value) = value {
                object.insert(sub.name.clone(), value);
            }
        }
        if let Some(role) = described_role(attribute, object.get("value")) {
            self.notes
                .add(&dialect::JSON_IN_VALUE, format!("{place} holds JSON text"));
            object.insert("value".to_owned(), role.value.into());
            if let Some(display) = role.display
                && !object.contains_key("display")
            {
                object.insert("display".to_owned(), display.into());
            }
        }
        let object = Value::Object(object);
        if is_empty(&object) || (dropped_value && is_bare(&object)) {
            return Ok(None);
        }
        if let Some(missing) = definitions
            .iter()
            .find(|sub| sub.required && object.get(&sub.name).is_none())
        {
            return Err(misfit(&place.part(&missing.name), "is required"));
        }
        Ok(Some(object))
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

fn read_text(attribute: &Attribute, place: &Place<'_>, value: &Value) -> Result<Value, ScimError> {
    let Value::String(text) = value else {
        return Err(misfit(place, "must be a string"));
    };
    // PostgreSQL keeps no NUL in text, and no attribute means anything by one.
    if text.contains('\0') {
        return Err(misfit(place, "contains a NUL character"));
    }
    let is_key = attribute.uniqueness != Uniqueness::None || attribute.name == "externalId";
    let (length, limit) = if is_key {
        (fold(text).len().max(text.len()), limits::KEY_LENGTH)
    } else {
        (text.len(), limits::STRING_LENGTH)
    };
    if length > limit {
        return Err(misfit(place, &format!("is longer than {limit} bytes")));
    }
    match attribute.kind {
        AttributeType::DateTime if parse_date_time(text).is_none() => Err(misfit(
            place,
            "must be a dateTime such as 2026-01-31T12:00:00Z",
        )),
        AttributeType::Binary if !is_base64(text) => Err(misfit(place, "must be Base64 text")),
        _ => Ok(value.clone()),
    }
}

/// Base64 of either alphabet, padded or not; certificates come with line breaks.
fn is_base64(text: &str) -> bool {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let standard = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    let url_safe = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);
    standard.decode(&compact).is_ok() || url_safe.decode(&compact).is_ok()
}

/// A role as Entra describes it in JSON text.
pub(crate) struct DescribedRole {
    pub value: String,
    pub display: Option<String>,
}

/// Entra puts an app role into `value` as JSON text: `{"id":…,"value":…,"displayName":…}`.
pub(crate) fn described_role(
    attribute: &Attribute,
    value: Option<&Value>,
) -> Option<DescribedRole> {
    if attribute.name != "roles" && attribute.name != "entitlements" {
        return None;
    }
    let text = value?.as_str().filter(|text| text.starts_with('{'))?;
    let inner: Map<String, Value> = serde_json::from_str(text).ok()?;
    let part = |name: &str| {
        let text = inner.get(name)?.as_str()?;
        (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
    };
    // Text within text is nothing Entra sends; it stays what it is.
    let value = part("value").filter(|value| !value.starts_with('{'))?;
    Some(DescribedRole {
        value,
        display: part("displayName"),
    })
}

fn misfit(place: &Place<'_>, detail: &str) -> ScimError {
    ScimError::invalid_value(&place.to_string(), detail)
}
