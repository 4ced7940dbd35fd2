//! The message of a bulk request.

use std::collections::HashSet;

use serde_json::Value;

use super::operation::{BulkOperation, take};
use crate::scim::dialect::{self, Coercion, Notes, quoted};
use crate::scim::error::ScimError;
use crate::scim::json::check_names;
use crate::scim::limits::Limits;

/// The schema URN of a bulk request.
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A bulk request, read but not carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkRequest {
    /// After how many errors to stop; none goes on to the end.
    pub fail_on_errors: Option<u64>,
    /// In the order of the request; at least one.
    pub operations: Vec<BulkOperation>,
    /// The rules that fired while reading.
    pub notes: Vec<Coercion>,
}

impl BulkRequest {
    /// Reads a body. An error means that the message as a whole makes no sense and nothing of it is done.
    pub fn parse(body: Value, limits: &Limits) -> Result<Self, ScimError> {
        let mut notes = Notes::new();
        match Self::read(body, limits, &mut notes) {
            Ok(read) => Ok(Self {
                notes: notes.into_vec(),
                ..read
            }),
            Err(error) => Err(error.after(notes.into_vec())),
        }
    }

    fn read(body: Value, limits: &Limits, notes: &mut Notes) -> Result<Self, ScimError> {
        let Value::Object(mut fields) = body else {
            return Err(ScimError::invalid_syntax(
                "the body must be a JSON object with 'Operations'",
            ));
        };
        check_names(&fields)?;
        check_schemas(take(&mut fields, "schemas").as_ref(), notes)?;
        let fail_on_errors = match take(&mut fields, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(value) => Some(value.as_u64().filter(|count| *count > 0).ok_or_else(|| {
                ScimError::invalid_value("failOnErrors", "must be an integer of at least 1")
            })?),
        };
        let Some(Value::Array(list)) = take(&mut fields, "Operations") else {
            return Err(ScimError::invalid_syntax(
                "Operations must be an array of operations",
            ));
        };
        if list.is_empty() {
            return Err(ScimError::invalid_value("Operations", "is empty"));
        }
        let count = u64::try_from(list.len()).unwrap_or(u64::MAX);
        if count > limits.bulk_max_operations {
            // RFC 7644 §3.7.4.
            return Err(ScimError::new(
                413,
                format!(
                    "Operations has {count} entries, more than maxOperations ({}); send several requests",
                    limits.bulk_max_operations
                ),
            ));
        }
        let operations: Vec<BulkOperation> = list
            .into_iter()
            .enumerate()
            .map(|(index, entry)| {
                BulkOperation::read(entry)
                    .map_err(|error| error.within(&format!("operation {}", index + 1)))
            })
            .collect::<Result<_, _>>()?;
        // With two of a name no reference would say which is meant.
        let mut seen = HashSet::with_capacity(operations.len());
        for bulk_id in operations.iter().filter_map(|it| it.bulk_id.as_deref()) {
            if !seen.insert(bulk_id) {
                return Err(ScimError::invalid_value(
                    "bulkId",
                    format!(
                        "{} names two operations; each needs its own",
                        quoted(bulk_id)
                    ),
                ));
            }
        }
        Ok(Self {
            fail_on_errors,
            operations,
            notes: Vec::new(),
        })
    }
}

fn check_schemas(schemas: Option<&Value>, notes: &mut Notes) -> Result<(), ScimError> {
    let names = |value: &Value| {
        value
            .as_str()
            .is_some_and(|urn| urn.eq_ignore_ascii_case(BULK_REQUEST))
    };
    match schemas {
        None | Some(Value::Null) => {
            notes.add(
                &dialect::MISSING_SCHEMAS,
                "no schemas; read as a BulkRequest",
            );
            Ok(())
        }
        Some(Value::Array(urns)) if urns.iter().any(names) => Ok(()),
        Some(single) if names(single) => Ok(()),
        Some(_) => Err(ScimError::invalid_value(
            "schemas",
            format!("must be an array that contains {BULK_REQUEST}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::scim::ScimType::{self, InvalidSyntax, InvalidValue};

    fn parse(mut body: Value) -> Result<BulkRequest, ScimError> {
        body["schemas"] = json!([BULK_REQUEST]);
        let limits = Limits {
            bulk_max_operations: 3,
            ..Limits::default()
        };
        BulkRequest::parse(body, &limits)
    }

    fn delete() -> Value {
        json!({ "method": "DELETE", "path": "/Users/1" })
    }

    #[rstest]
    #[case::no_operations(json!({}), 400, Some(InvalidSyntax))]
    #[case::no_array(json!({ "Operations": {} }), 400, Some(InvalidSyntax))]
    #[case::empty(json!({ "Operations": [] }), 400, Some(InvalidValue))]
    #[case::too_many(json!({ "Operations": [delete(), delete(), delete(), delete()] }), 413, None)]
    #[case::no_operation(json!({ "Operations": [1] }), 400, Some(InvalidSyntax))]
    #[case::zero_errors(json!({ "failOnErrors": 0, "Operations": [delete()] }), 400, Some(InvalidValue))]
    #[case::half_an_error(json!({ "failOnErrors": 0.5, "Operations": [delete()] }), 400, Some(InvalidValue))]
    #[case::twice(json!({ "Operations": [
        { "method": "POST", "path": "/Users", "bulkId": "a", "data": {} },
        { "method": "POST", "path": "/Groups", "bulkId": "a", "data": {} },
    ] }), 400, Some(InvalidValue))]
    fn what_makes_no_sense_is_refused_as_a_whole(
        #[case] body: Value,
        #[case] status: u16,
        #[case] scim_type: Option<ScimType>,
    ) {
        let error = parse(body).unwrap_err();
        assert_eq!((error.status, error.scim_type), (status, scim_type));
    }

    #[test]
    fn fields_are_found_in_any_case_and_a_limit_is_inclusive() {
        let read =
            parse(json!({ "failonerrors": 2, "operations": [delete(), delete(), delete()] }))
                .unwrap();
        assert_eq!((read.fail_on_errors, read.operations.len()), (Some(2), 3));
        assert!(read.notes.is_empty());
    }
}
