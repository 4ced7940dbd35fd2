//! The answer to a bulk request.

use serde_json::{Map, Value, json};

use super::operation::BulkMethod;

/// The schema URN of the answer to a bulk request.
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// What came of one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkResult {
    /// Its method.
    pub method: BulkMethod,
    /// The client's name for it.
    pub bulk_id: Option<String>,
    /// The URL of the resource; none where a POST created nothing.
    pub location: Option<String>,
    /// The entity tag of the resource after the operation.
    pub version: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The error, where it failed. A success has no body here: RFC 7644 §3.7 leaves that to the server, and a thousand
    /// resources that the client has just sent would tell it nothing.
    pub response: Option<Value>,
}

impl BulkResult {
    /// Whether the operation failed.
    pub fn is_error(&self) -> bool {
        self.status >= 300
    }

    /// What a bulk response, and a completion event, says of it.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                object.insert(name.to_owned(), value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::String);
        add("method", Some(self.method.as_str().into()));
        add("bulkId", text(&self.bulk_id));
        add("location", text(&self.location));
        add("version", text(&self.version));
        // RFC 7644 §3.7: a string.
        add("status", Some(self.status.to_string().into()));
        add("response", self.response.clone());
        Value::Object(object)
    }
}

/// The body. Operations that were not carried out because the request ended early are not in it.
pub fn response(results: &[BulkResult]) -> Value {
    let results: Vec<Value> = results.iter().map(BulkResult::to_json).collect();
    json!({ "schemas": [BULK_RESPONSE], "Operations": results })
}
