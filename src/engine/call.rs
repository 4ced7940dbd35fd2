//! A SCIM request as the edge hands it over, and the answer it gets back.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::directory::{Actor, MemberId};
use crate::request_log::{Exchange, Message};
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
    /// GET on the base URL, with a query.
    ListAll,
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
    /// A method on `/Me`, the alias of whoever asks (RFC 7644 §3.11).
    Me(MeMethod),
    /// POST `/Bulk`.
    Bulk,
}

/// The methods of `/Me`. HEAD is GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeMethod {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

/// What makes the parts of a request fit for the log. The edge has it, which redacts the whole request with it; the
/// engine logs the operations of a bulk request one by one.
pub trait Redact: Send + Sync {
    /// A body with nothing secret in it, cut at what the log keeps.
    fn body(&self, body: &[u8]) -> Message;
    /// A short text with nothing secret in it.
    fn text(&self, text: &str) -> String;
    /// A query string with nothing secret in it.
    fn query(&self, query: &str) -> String;
}

/// A [`Redact`] to share.
#[derive(Clone)]
pub struct Redactor(pub Arc<dyn Redact>);

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// One that keeps nothing, where there are no parts to log.
    pub(super) fn withholding() -> Self {
        struct Nothing;
        impl Redact for Nothing {
            fn body(&self, _: &[u8]) -> Message {
                Message::default()
            }

            fn text(&self, _: &str) -> String {
                String::new()
            }

            fn query(&self, _: &str) -> String {
                String::new()
            }
        }
        Self(Arc::new(Nothing))
    }
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
    /// The member whom the token belongs to; none for the token of an identity provider. Says whom `/Me` means.
    pub member: Option<MemberId>,
    /// Redacts what is logged of the parts of this request.
    pub redactor: Redactor,
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
    /// This is a step of a bulk request that is executed so.
    Part(Box<Part>),
}

impl Asynchronous {
    /// Whether this is the execution of something that was accepted before.
    pub(super) fn is_execution(&self) -> bool {
        match self {
            Self::Execution(_) | Self::Part(_) => true,
            Self::No | Self::Wanted => false,
        }
    }
}

/// A step of an operation of an asynchronous bulk request (RFC 9967 §2.5.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The transaction of the operation: that of the bulk request, a colon, and its place from zero.
    pub txn: String,
    /// What the client calls what it makes.
    pub bulk_id: Option<String>,
    /// The creation that this step completes: its status and where the resource is.
    pub completes: Option<(u16, Option<String>)>,
    /// Whether nothing more is to be done for the operation, unless this fails. Only then it is told of.
    pub is_last: bool,
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
