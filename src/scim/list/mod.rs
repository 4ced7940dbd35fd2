//! Lists (RFC 7644 §3.4.2): what a client asks for, and the answer.

mod query;
mod response;

pub use query::{ListQuery, SEARCH_REQUEST, SortOrder};
pub use response::{LIST_RESPONSE, ListResponse};
