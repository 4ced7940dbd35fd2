//! The body of a PATCH.

use serde_json::{Map, Value};

use super::operation::{Operation, field};
use crate::scim::dialect::{self, Coercion, Notes};
use crate::scim::error::ScimError;
use crate::scim::json::check_names;
use crate::scim::limits;

/// The schema URN of a PATCH body.
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The operations of a PATCH, read but not yet applied.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchRequest {
    /// In the order in which they are to be carried out; at least one.
    pub operations: Vec<Operation>,
    /// The rules that fired while reading.
    pub notes: Vec<Coercion>,
}

impl PatchRequest {
    /// Whether an operation is about a core attribute, by its path or, without one, in its value.
    pub fn names(&self, attribute: &str) -> bool {
        self.operations
            .iter()
            .any(|it| match (&it.path, &it.value) {
                (Some(path), _) => {
                    let name = path.rsplit(':').next().unwrap_or_default();
                    name.eq_ignore_ascii_case(attribute)
                }
                (None, Some(Value::Object(fields))) => fields
                    .keys()
                    .any(|name| name.eq_ignore_ascii_case(attribute)),
                _ => false,
            })
    }

    /// Reads a body.
    pub fn parse(body: &Value) -> Result<Self, ScimError> {
        let Value::Object(fields) = body else {
            return Err(ScimError::invalid_syntax(
                "the body must be a JSON object with 'Operations'",
            ));
        };
        let mut notes = Notes::new();
        match operations(fields, &mut notes) {
            Ok(operations) => Ok(Self {
                operations,
                notes: notes.into_vec(),
            }),
            Err(error) => Err(error.after(notes.into_vec())),
        }
    }
}

fn operations(fields: &Map<String, Value>, notes: &mut Notes) -> Result<Vec<Operation>, ScimError> {
    check_names(fields)?;
    check_schemas(field(fields, "schemas"), notes)?;
    let Some(Value::Array(list)) = field(fields, "Operations") else {
        return Err(ScimError::invalid_syntax(
            "Operations must be an array of operations",
        ));
    };
    if list.is_empty() {
        return Err(ScimError::invalid_syntax("Operations is empty"));
    }
    if list.len() > limits::PATCH_OPERATIONS {
        return Err(ScimError {
            status: 413,
            scim_type: None,
            detail: format!(
                "Operations has {} entries; at most {} are accepted, send several requests",
                list.len(),
                limits::PATCH_OPERATIONS
            ),
            code: None,
            notes: Vec::new(),
        });
    }
    list.iter()
        .enumerate()
        .map(|(index, operation)| {
            Operation::read(operation, notes)
                .map_err(|error| error.within(&format!("operation {}", index + 1)))
        })
        .collect()
}

fn check_schemas(schemas: Option<&Value>, notes: &mut Notes) -> Result<(), ScimError> {
    let names = |value: &Value| {
        value
            .as_str()
            .is_some_and(|urn| urn.eq_ignore_ascii_case(PATCH_OP))
    };
    match schemas {
        None | Some(Value::Null) => {
            notes.add(&dialect::MISSING_SCHEMAS, "no schemas; read as a PatchOp");
            Ok(())
        }
        Some(Value::Array(urns)) if urns.iter().any(names) => Ok(()),
        Some(single) if names(single) => {
            notes.add(
                &dialect::SINGLE_FOR_ARRAY,
                "schemas given as a single value",
            );
            Ok(())
        }
        Some(_) => Err(ScimError::invalid_value(
            "schemas",
            format!("must be an array that contains {PATCH_OP}"),
        )),
    }
}
