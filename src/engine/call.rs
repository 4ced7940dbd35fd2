//! A SCIM request as the edge hands it over, and the answer it gets back.

use std::time::Instant;

use bytes::Bytes;

use crate::directory::Actor;
use crate::request_log::Exchange;
use crate::scim::ResourceKind;

/// What is asked for, from method and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// POST on an endpoint.
    Create(ResourceKind),
    /// GET of one resource. The id is as the client wrote it, percent-decoded.
    Read(ResourceKind, String),
    /// GET on an endpoint.
    List(ResourceKind),
    /// POST on `.search` of an endpoint.
    Search(ResourceKind),
    /// POST on `.search` of the base URL.
    SearchAll,
    /// PUT.
    Replace(ResourceKind, String),
    /// PATCH.
    Patch(ResourceKind, String),
    /// DELETE.
    Delete(ResourceKind, String),
    /// GET `/ServiceProviderConfig`.
    ServiceProviderConfig,
    /// GET `/ResourceTypes` or one of them.
    ResourceTypes(Option<String>),
    /// GET `/Schemas` or one of them.
    Schemas(Option<String>),
    /// Any method on `/Me`.
    Me,
}

/// One authenticated SCIM request.
#[derive(Debug)]
pub struct ScimCall {
    /// What is asked for.
    pub operation: Operation,
    /// The query parameters, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body as it came, within the edge's limit.
    pub body: Bytes,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// The base URL this client uses, for `location` and `$ref`, without a trailing slash.
    pub base_url: String,
    /// Who asks.
    pub actor: Actor,
    /// What was captured so far: `row` with id, time, method, path, token, user agent and IdP; the redacted request; the
    /// trace up to authentication. The engine completes and logs it.
    pub exchange: Exchange,
    /// When the last byte of the request was read.
    pub started: Instant,
    /// Whether the client waits for the answer.
    pub asynchronous: Asynchronous,
}

/// Whether the client of a request waits for its answer (RFC 9967 §2.5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Asynchronous {
    /// It does.
    #[default]
    No,
    /// It prefers not to; a write is accepted and executed later.
    Wanted,
    /// It was told this transaction and has gone; this is the execution.
    Execution(String),
}

/// The answer. Already logged; with a write, already durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScimAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, `application/scim+json`.
    pub body: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// `Set-Txn`, where the request was accepted for later (RFC 9967 §3).
    pub set_txn: Option<String>,
}
