//! One JSON object of a schema file, read key by key: every key is known, every value of its type and length.

use serde_json::{Map, Value};

use super::SchemaError;
use crate::nearest::nearest;
use crate::scim::limits;

/// An object and where it stands.
pub(super) struct Fields<'v> {
    pub(super) place: String,
    object: &'v Map<String, Value>,
}

impl<'v> Fields<'v> {
    pub(super) fn of(place: String, value: &'v Value) -> Result<Self, SchemaError> {
        match value {
            Value::Object(object) => Ok(Self { place, object }),
            _ => Err(SchemaError::Shape {
                place,
                expected: "an object",
            }),
        }
    }

    /// Refuses keys that mean nothing: a mistyped characteristic would silently be its default.
    pub(super) fn only(&self, known: &[&'static str]) -> Result<(), SchemaError> {
        match self
            .object
            .keys()
            .find(|key| !known.contains(&key.as_str()))
        {
            None => Ok(()),
            Some(key) => Err(SchemaError::UnknownKey {
                place: self.place.clone(),
                key: short(key),
                nearest: nearest(key, known.iter().copied()).map(str::to_owned),
            }),
        }
    }

    /// A value that is there and not null.
    pub(super) fn value(&self, key: &str) -> Option<&'v Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(
        &self,
        key: &'static str,
        limit: usize,
    ) -> Result<Option<String>, SchemaError> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let Value::String(text) = value else {
            return Err(self.shape(key, "a string"));
        };
        if text.len() > limit {
            return Err(SchemaError::TooMany {
                place: format!("{}: `{key}`", self.place),
                what: "bytes",
                limit,
            });
        }
        Ok(Some(text.clone()))
    }

    /// A text that must be there and not be empty.
    pub(super) fn required(&self, key: &'static str, limit: usize) -> Result<String, SchemaError> {
        self.text(key, limit)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| SchemaError::Missing {
                place: self.place.clone(),
                key,
            })
    }

    pub(super) fn flag(&self, key: &'static str) -> Result<Option<bool>, SchemaError> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.shape(key, "true or false")),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Result<Vec<String>, SchemaError> {
        let expected = "an array of strings";
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let Value::Array(list) = value else {
            return Err(self.shape(key, expected));
        };
        self.count(key, list.len(), limits::SCHEMA_WORDS)?;
        list.iter()
            .map(|value| match value {
                Value::String(text) if text.len() <= limits::SCHEMA_TEXT => Ok(text.clone()),
                _ => Err(self.shape(key, expected)),
            })
            .collect()
    }

    /// One of a closed set of words, whose case does not matter.
    pub(super) fn word<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Result<Option<T>, SchemaError> {
        let Some(found) = self.text(key, limits::SCHEMA_TEXT)? else {
            return Ok(None);
        };
        let meant = words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&found));
        match meant {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let allowed: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
                Err(SchemaError::UnknownWord {
                    place: self.place.clone(),
                    key,
                    nearest: nearest(&found, allowed.iter().copied()).map(str::to_owned),
                    found: short(&found),
                    allowed,
                })
            }
        }
    }

    /// The objects of a list, each at a place of its own.
    pub(super) fn objects(&self, key: &'static str) -> Result<Vec<Self>, SchemaError> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let Value::Array(list) = value else {
            return Err(self.shape(key, "an array"));
        };
        self.count(key, list.len(), limits::SCHEMA_ATTRIBUTES)?;
        list.iter()
            .enumerate()
            .map(|(at, value)| Self::of(format!("{}: {key}[{at}]", self.place), value))
            .collect()
    }

    pub(super) fn conflict(&self, why: &'static str) -> SchemaError {
        SchemaError::Conflict {
            place: self.place.clone(),
            why,
        }
    }

    fn count(&self, key: &str, count: usize, limit: usize) -> Result<(), SchemaError> {
        if count > limit {
            return Err(SchemaError::TooMany {
                place: format!("{}: `{key}`", self.place),
                what: "entries",
                limit,
            });
        }
        Ok(())
    }

    fn shape(&self, key: &str, expected: &'static str) -> SchemaError {
        SchemaError::Shape {
            place: format!("{}: `{key}`", self.place),
            expected,
        }
    }
}

/// What a message repeats of the file.
fn short(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .take(limits::QUOTE_LENGTH)
        .collect()
}
