//! The members a request names. They are references, never documents: whether they exist is not known here.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::scim::dialect::{self, Notes};
use crate::scim::error::ScimError;
use crate::scim::limits;

/// One member as a client names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberReference {
    /// The id. Any text: a client may name somebody who is not here.
    pub value: String,
    /// The `type`, if the client said one: `User` or `Group`.
    pub kind: Option<String>,
    /// The name the client knows them by; good for messages, never stored.
    pub display: Option<String>,
}

impl MemberReference {
    /// A member by id alone.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            kind: None,
            display: None,
        }
    }
}

/// Reads `members`: a list of objects, ids or both, each kept once.
pub(crate) fn read_members(
    value: &Value,
    notes: &mut Notes,
) -> Result<Vec<MemberReference>, ScimError> {
    let given = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(values) => values.as_slice(),
        single => {
            notes.add(
                &dialect::SINGLE_FOR_ARRAY,
                "members given as a single value",
            );
            std::slice::from_ref(single)
        }
    };
    if given.len() > limits::MEMBERS {
        return Err(ScimError::invalid_value(
            "members",
            format!("more than {} in one request", limits::MEMBERS),
        ));
    }
    let mut seen = HashSet::with_capacity(given.len());
    let mut members = Vec::with_capacity(given.len());
    for value in given {
        if let Some(member) = read_member(value, notes)?
            && seen.insert(member.value.clone())
        {
            members.push(member);
        }
    }
    Ok(members)
}

fn read_member(value: &Value, notes: &mut Notes) -> Result<Option<MemberReference>, ScimError> {
    let member = match value {
        Value::Null => return Ok(None),
        Value::String(id) => {
            notes.add(&dialect::MEMBER_SHAPE, "a member given as a plain id");
            MemberReference::new(id.as_str())
        }
        Value::Object(parts) => {
            let text = |name: &str| part(parts, name).and_then(Value::as_str);
            let value = match part(parts, "value") {
                Some(Value::String(id)) => id.clone(),
                None | Some(Value::Null) => {
                    match text("$ref").and_then(|uri| uri.rsplit('/').next()) {
                        Some(id) => {
                            notes.add(&dialect::MEMBER_SHAPE, "a member given by $ref alone");
                            id.to_owned()
                        }
                        None => String::new(),
                    }
                }
                Some(_) => {
                    return Err(ScimError::invalid_value(
                        "members.value",
                        "must be a string",
                    ));
                }
            };
            MemberReference {
                value,
                kind: text("type").map(str::to_owned),
                display: text("display").map(str::to_owned),
            }
        }
        _ => {
            return Err(ScimError::invalid_value(
                "members",
                "each must be an object with a value, the id of a user",
            ));
        }
    };
    if member.value.is_empty() {
        return Err(ScimError::invalid_value(
            "members.value",
            "is required: the id of a user",
        ));
    }
    if member.value.len() > limits::KEY_LENGTH || member.value.contains('\0') {
        return Err(ScimError::invalid_value(
            "members.value",
            format!("must be at most {} bytes without NUL", limits::KEY_LENGTH),
        ));
    }
    Ok(Some(member))
}

fn part<'v>(parts: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    parts.get(name).or_else(|| {
        parts
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}
