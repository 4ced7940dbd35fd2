//! One operation of a PATCH.

use serde_json::{Map, Value};

use crate::scim::dialect::{self, Notes, quoted};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::json::check_names;

/// The three operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatchOp {
    /// Adds values, or sets what has none.
    Add,
    /// Takes values away.
    Remove,
    /// Sets values, or adds them where there are none.
    Replace,
}

impl PatchOp {
    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
        }
    }

    /// Reads the keyword, whatever its case.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Add, Self::Remove, Self::Replace]
            .into_iter()
            .find(|op| op.as_str().eq_ignore_ascii_case(word))
    }
}

/// One operation as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What to do.
    pub op: PatchOp,
    /// Where; none means the resource.
    pub path: Option<String>,
    /// With what. Present and null is a value: the absence of one.
    pub value: Option<Value>,
}

impl Operation {
    pub(super) fn read(value: &Value, notes: &mut Notes) -> Result<Self, ScimError> {
        let Value::Object(fields) = value else {
            return Err(ScimError::invalid_syntax("must be a JSON object with 'op'"));
        };
        check_names(fields)?;
        let op = match field(fields, "op") {
            Some(Value::String(word)) => {
                let op = PatchOp::parse(word).ok_or_else(|| {
                    ScimError::invalid_syntax(format!(
                        "op {} is none of 'add', 'remove', 'replace'",
                        quoted(word)
                    ))
                })?;
                if op.as_str() != word {
                    notes.add(&dialect::OPERATION_CASE, format!("op {}", quoted(word)));
                }
                op
            }
            _ => {
                return Err(ScimError::invalid_syntax(
                    "op is missing; it is one of 'add', 'remove', 'replace'",
                ));
            }
        };
        let path = match field(fields, "path") {
            None => None,
            Some(Value::String(path)) if !path.trim().is_empty() => Some(path.clone()),
            Some(Value::String(_) | Value::Null) => {
                notes.add(&dialect::EMPTY_PATH, "an empty path is none");
                None
            }
            Some(_) => {
                return Err(ScimError::bad_request(
                    ScimType::InvalidPath,
                    "path must be a string",
                ));
            }
        };
        Ok(Self {
            op,
            path,
            value: field(fields, "value").cloned(),
        })
    }
}

/// A field of a message, whatever the case of its name.
pub(super) fn field<'v>(fields: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    fields.get(name).or_else(|| {
        fields
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}
