//! Bulk requests (RFC 7644 §3.7), as far as they are protocol: read, put in order, and answered. Pure.
//!
//! [`BulkRequest`] is the message. [`plan`] puts its operations in an order in which every `bulkId` is known before it is
//! used, cutting circular references; [`reference`](mod@reference) finds the references and puts ids in their place. What an operation
//! does is the engine's business. Everything costs no more than the size of the message.

mod operation;
mod order;
pub mod reference;
mod request;
mod response;

pub use operation::{BulkMethod, BulkOperation, BulkTarget};
pub use order::{Node, Plan, Step, plan};
pub use request::{BULK_REQUEST, BulkRequest};
pub use response::{BULK_RESPONSE, BulkResult, response};
