//! An operation of a bulk request as a request of its own.

use std::collections::HashMap;
use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::directory::{RequestId, Stage, TraceStep};
use crate::engine::call::{Asynchronous, Operation, ScimCall};
use crate::request_log::{Exchange, Message, RequestRow};
use crate::scim::ScimError;
use crate::scim::bulk::reference::{self, Meaning};
use crate::scim::bulk::{BulkMethod, BulkOperation, BulkTarget};
use crate::scim::dialect::quoted;
use crate::scim::patch::PATCH_OP;

/// What became of the operation behind a `bulkId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// It made, or took up, the resource with this id.
    Id(String),
    /// It failed.
    Failed,
}

/// What the `bulkId`s stand for as far as is known.
pub(super) type Known = HashMap<String, Made>;

/// A request for one operation, before its operation and body are known: what is logged of it, and who asks.
pub(super) fn call(
    parent: &ScimCall,
    id: RequestId,
    operation: &BulkOperation,
    remark: String,
) -> ScimCall {
    let row = &parent.exchange.row;
    let base = row.path.trim_end_matches('/');
    let base = base.strip_suffix("/Bulk").unwrap_or(base);
    let (path, query) = logged_path(parent, operation);
    let resource = match &operation.target {
        Ok(target) => target.kind().endpoint().trim_start_matches('/'),
        Err(_) => "",
    };
    let exchange = Exchange {
        row: RequestRow {
            id,
            at: Timestamp::now(),
            duration_us: 0,
            method: operation.method.as_str().to_owned(),
            path: format!("{base}{path}"),
            resource: resource.to_owned(),
            subject: None,
            status: 0,
            outcome: row.outcome,
            code: None,
            token: row.token.clone(),
            user_agent: row.user_agent.clone(),
            idp: row.idp.clone(),
            changes: 0,
            retry_of: None,
            part_of: Some(row.id),
        },
        query,
        peer: parent.exchange.peer.clone(),
        request: Message::default(),
        response: Message::default(),
        trace: vec![TraceStep::passed(Stage::Parse, remark)],
        changed: Vec::new(),
        policy_key: None,
        detail: None,
    };
    ScimCall {
        operation: Operation::Bulk,
        query: Vec::new(),
        body: Bytes::new(),
        if_match: None,
        if_none_match: None,
        base_url: parent.base_url.clone(),
        actor: parent.actor.clone(),
        member: parent.member,
        redactor: parent.redactor.clone(),
        exchange,
        started: Instant::now(),
        asynchronous: Asynchronous::No,
    }
}

/// The path and the query of an operation as the log keeps those of any request. An operation has no query; one that has
/// is refused, and what it said may be as secret as elsewhere.
pub(super) fn logged_path(
    parent: &ScimCall,
    operation: &BulkOperation,
) -> (String, Option<String>) {
    let redactor = &parent.redactor.0;
    let (path, query) = operation.path_and_query();
    let query = query.map(|query| redactor.query(query));
    (redactor.text(path), query)
}

/// Gives a request its body and logs it, redacted.
pub(super) fn set_body(call: &mut ScimCall, data: &Value) {
    if data.is_null() {
        return;
    }
    call.body = Bytes::from(data.to_string());
    call.exchange.request = call.redactor.0.body(&call.body);
}

/// The operation and the body, with ids in place of references. References to `later` are left out.
pub(super) fn resolve(
    operation: &BulkOperation,
    known: &Known,
    later: &[&str],
) -> Result<(Operation, Value), ScimError> {
    let target = operation.target.clone()?;
    let references = operation.references();
    for bulk_id in references.iter().filter(|it| !later.contains(it)) {
        id_of(known, bulk_id)?;
    }
    let data = substituted(&operation.data, known);
    Ok((
        match target {
            BulkTarget::Endpoint(kind) => Operation::Create(kind),
            BulkTarget::Resource(kind, id) => on_resource(operation.method, kind, id),
            BulkTarget::Created(kind, bulk_id) => {
                let id = id_of(known, &bulk_id)?.to_owned();
                on_resource(operation.method, kind, id)
            }
        },
        data,
    ))
}

/// The PATCH that adds to a created resource the references it had to do without.
pub(super) fn completion(
    operation: &BulkOperation,
    id: &str,
    known: &Known,
    later: &[&str],
) -> Result<(Operation, Value), ScimError> {
    let kind = operation.target.clone()?.kind();
    for bulk_id in later {
        id_of(known, bulk_id)?;
    }
    let holding = reference::holders(&operation.data, &|bulk_id: &str| later.contains(&bulk_id));
    let body = json!({
        "schemas": [PATCH_OP],
        "Operations": [{ "op": "add", "value": substituted(&holding, known) }],
    });
    Ok((Operation::Patch(kind, id.to_owned()), body))
}

fn on_resource(method: BulkMethod, kind: crate::scim::ResourceKind, id: String) -> Operation {
    match method {
        BulkMethod::Put => Operation::Replace(kind, id),
        BulkMethod::Delete => Operation::Delete(kind, id),
        // A POST never names a resource.
        BulkMethod::Patch | BulkMethod::Post => Operation::Patch(kind, id),
    }
}

fn substituted(data: &Value, known: &Known) -> Value {
    let meaning = |bulk_id: &str| match known.get(bulk_id) {
        Some(Made::Id(id)) => Meaning::Id(id),
        Some(Made::Failed) | None => Meaning::Later,
    };
    reference::substitute(data, &meaning).unwrap_or_default()
}

/// The id behind a `bulkId`, or why there is none.
fn id_of<'k>(known: &'k Known, bulk_id: &str) -> Result<&'k str, ScimError> {
    match known.get(bulk_id) {
        Some(Made::Id(id)) => Ok(id),
        // RFC 7644 §3.7.1: 409 for a reference that cannot be resolved.
        Some(Made::Failed) => Err(ScimError::new(
            409,
            format!(
                "bulkId {} has no resource: its operation failed",
                quoted(bulk_id)
            ),
        )
        .with_code("BULK_REFERENCE")),
        None => Err(ScimError::invalid_value(
            "bulkId",
            format!("no POST of this request is called {}", quoted(bulk_id)),
        )),
    }
}
