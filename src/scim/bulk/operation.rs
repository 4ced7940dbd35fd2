//! One operation of a bulk request.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::reference;
use crate::scim::dialect::quoted;
use crate::scim::error::ScimError;
use crate::scim::json::check_names;
use crate::scim::limits;
use crate::scim::schema::ResourceKind;

/// The methods of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BulkMethod {
    /// Creates a resource.
    Post,
    /// Replaces one.
    Put,
    /// Changes one.
    Patch,
    /// Removes one.
    Delete,
}

impl BulkMethod {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str() == word)
    }
}

/// What the path of an operation names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkTarget {
    /// `/Users`, `/Groups`.
    Endpoint(ResourceKind),
    /// `/Users/{id}`.
    Resource(ResourceKind, String),
    /// `/Users/bulkId:{bulkId}`: what another operation creates.
    Created(ResourceKind, String),
}

impl BulkTarget {
    /// The type of the resource.
    pub fn kind(&self) -> ResourceKind {
        match self {
            Self::Endpoint(kind) | Self::Resource(kind, _) | Self::Created(kind, _) => *kind,
        }
    }
}

/// One operation, read. What is wrong with it alone is an error of its own and leaves the others alone.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// What to do.
    pub method: BulkMethod,
    /// The path as the client wrote it.
    pub path: String,
    /// The client's name for what a POST creates; others may have one, and it comes back with the answer.
    pub bulk_id: Option<String>,
    /// The version the client insists on, as in `If-Match`. A POST has none.
    pub version: Option<String>,
    /// The body; `Null` for DELETE.
    pub data: Value,
    /// What the path names, or why the operation cannot be carried out.
    pub target: Result<BulkTarget, ScimError>,
}

impl BulkOperation {
    /// Reads one entry of `Operations`. An error is one of the whole message: nobody could tell what it was to do.
    pub(super) fn read(entry: Value) -> Result<Self, ScimError> {
        let Value::Object(mut fields) = entry else {
            return Err(ScimError::invalid_syntax("must be a JSON object"));
        };
        check_names(&fields)?;
        let method = match take(&mut fields, "method") {
            Some(Value::String(word)) => BulkMethod::parse(&word).ok_or_else(|| {
                ScimError::invalid_syntax(format!(
                    "method {} is none of POST, PUT, PATCH, DELETE",
                    quoted(&word)
                ))
            })?,
            _ => {
                return Err(ScimError::invalid_syntax(
                    "method is missing; it is one of POST, PUT, PATCH, DELETE",
                ));
            }
        };
        let path = text(&mut fields, "path")?.ok_or_else(|| {
            ScimError::invalid_syntax("path is missing, such as /Users or /Users/{id}")
        })?;
        let bulk_id = text(&mut fields, "bulkId")?;
        let version = text(&mut fields, "version")?.filter(|_| method != BulkMethod::Post);
        let data = match method {
            BulkMethod::Delete => Value::Null,
            _ => take(&mut fields, "data").unwrap_or_default(),
        };
        let target = target(method, &path).and_then(|target| {
            if method != BulkMethod::Delete && !data.is_object() {
                return Err(ScimError::invalid_value(
                    "data",
                    "is required and must be a JSON object",
                ));
            }
            // RFC 7644 §3.7: bulkId is REQUIRED when the method is POST.
            if method == BulkMethod::Post && bulk_id.is_none() {
                return Err(ScimError::invalid_value("bulkId", "is required for POST"));
            }
            Ok(target)
        });
        Ok(Self {
            method,
            path,
            bulk_id,
            version,
            data,
            target,
        })
    }

    /// The path without the query that it must not have, and that query.
    pub fn path_and_query(&self) -> (&str, Option<&str>) {
        match self.path.split_once(['?', '#']) {
            Some((path, query)) => (path, Some(query)),
            None => (&self.path, None),
        }
    }

    /// The `bulkId`s it refers to, each once, in order: in its path and in its data.
    pub fn references(&self) -> Vec<&str> {
        let mut found = Vec::new();
        if let Ok(BulkTarget::Created(_, bulk_id)) = &self.target {
            found.push(bulk_id.as_str());
        }
        reference::collect(&self.data, &mut found);
        let mut seen = std::collections::HashSet::with_capacity(found.len());
        found.retain(|bulk_id| seen.insert(*bulk_id));
        found
    }
}

/// Takes a field, whatever the case of its name (RFC 7643 §2.1).
pub(super) fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if let Some(value) = fields.get_mut(name) {
        return Some(value.take());
    }
    fields
        .iter_mut()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.take())
}

/// A text that may be absent.
fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, ScimError> {
    match take(fields, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) if text.len() <= limits::KEY_LENGTH => Ok(Some(text)),
        Some(Value::String(_)) => Err(ScimError::invalid_syntax(format!(
            "{name} is longer than {} bytes",
            limits::KEY_LENGTH
        ))),
        Some(_) => Err(ScimError::invalid_syntax(format!(
            "{name} must be a string"
        ))),
    }
}

fn target(method: BulkMethod, path: &str) -> Result<BulkTarget, ScimError> {
    // What is behind a question mark is as secret as any query, and told to nobody.
    if path.contains(['?', '#']) {
        return Err(ScimError::invalid_value("path", "must have no query"));
    }
    let bad = |detail: &str| ScimError::invalid_value("path", format!("{} {detail}", quoted(path)));
    let Some(inner) = path.strip_prefix('/') else {
        return Err(bad("must begin with a slash, such as /Users/{id}"));
    };
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let (endpoint, id) = match inner.split_once('/') {
        Some((endpoint, id)) => (endpoint, Some(id)),
        None => (inner, None),
    };
    let kind = match endpoint {
        "Users" => ResourceKind::User,
        "Groups" => ResourceKind::Group,
        "Bulk" => return Err(bad("is refused: a bulk request holds no other")),
        _ => {
            return Err(ScimError::not_found(format!(
                "path: {} is not /Users, /Groups, or a resource of them",
                quoted(path)
            )));
        }
    };
    match (method, id) {
        (BulkMethod::Post, None) => Ok(BulkTarget::Endpoint(kind)),
        // What the same request over HTTP is answered.
        (BulkMethod::Post, Some(_)) => Err(ScimError::new(
            405,
            format!("path: POST needs an endpoint, {}", kind.endpoint()),
        )),
        (_, None) => Err(ScimError::new(
            405,
            format!(
                "path: {} needs a resource, {}/{{id}}",
                method.as_str(),
                kind.endpoint()
            ),
        )),
        (_, Some(id)) => {
            let id = percent_decode_str(id)
                .decode_utf8()
                .map_err(|_| bad("is not UTF-8"))?;
            Ok(match reference::bulk_id(&id) {
                Some(bulk_id) => BulkTarget::Created(kind, bulk_id.to_owned()),
                None => BulkTarget::Resource(kind, id.into_owned()),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("POST", "/Users", Ok(BulkTarget::Endpoint(ResourceKind::User)))]
    #[case("POST", "/Groups/", Ok(BulkTarget::Endpoint(ResourceKind::Group)))]
    #[case("PUT", "/Users/a%20b", Ok(BulkTarget::Resource(ResourceKind::User, "a b".into())))]
    #[case("PATCH", "/Groups/bulkId:g", Ok(BulkTarget::Created(ResourceKind::Group, "g".into())))]
    #[case("POST", "/Users/1", Err(405))]
    #[case("DELETE", "/Users", Err(405))]
    #[case("PUT", "Users/1", Err(400))]
    #[case("PUT", "/Users/1?attributes=id", Err(400))]
    #[case("PUT", "/Users/%ff", Err(400))]
    #[case("POST", "/Bulk", Err(400))]
    #[case("PATCH", "/Schemas/1", Err(404))]
    #[case("POST", "/", Err(404))]
    fn a_path_names_a_target(
        #[case] method: &str,
        #[case] path: &str,
        #[case] expected: Result<BulkTarget, u16>,
    ) {
        let entry = json!({ "method": method, "path": path, "bulkId": "b", "data": {} });
        let operation = BulkOperation::read(entry).unwrap();
        assert_eq!(operation.target.map_err(|error| error.status), expected);
    }

    #[rstest]
    #[case(json!("x"))]
    #[case(json!({ "path": "/Users" }))]
    #[case(json!({ "method": "GET", "path": "/Users" }))]
    #[case(json!({ "method": "post", "path": "/Users" }))]
    #[case(json!({ "method": "POST" }))]
    #[case(json!({ "method": "POST", "path": 1 }))]
    #[case(json!({ "method": "POST", "path": "/Users", "bulkId": 1 }))]
    #[case(json!({ "method": "PUT", "path": "/Users/1", "version": [] }))]
    fn what_cannot_be_told_apart_is_no_operation(#[case] entry: Value) {
        let error = BulkOperation::read(entry).unwrap_err();
        assert_eq!(error.scim_type, Some(crate::scim::ScimType::InvalidSyntax));
    }

    #[rstest]
    #[case::no_data(json!({ "method": "POST", "path": "/Users", "bulkId": "b" }))]
    #[case::no_object(json!({ "method": "PATCH", "path": "/Users/1", "data": [] }))]
    #[case::no_bulk_id(json!({ "method": "POST", "path": "/Users", "data": {} }))]
    fn what_is_missing_is_an_error_of_the_operation(#[case] entry: Value) {
        let error = BulkOperation::read(entry).unwrap().target.unwrap_err();
        assert_eq!(error.scim_type, Some(crate::scim::ScimType::InvalidValue));
    }
}
