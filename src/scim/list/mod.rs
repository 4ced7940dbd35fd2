//! Lists (RFC 7644 §3.4.2, RFC 9865): what a client asks for, and the answer.

mod place;
mod query;
mod response;
mod sort;
#[cfg(test)]
mod tests;

pub use place::Place;
pub use query::{ListQuery, Paging, SEARCH_REQUEST, is_list_parameter};
pub use response::{LIST_RESPONSE, ListResponse};
pub use sort::{SORT_KEY_BYTES, SortAttribute, SortBy, SortKey, SortOrder};
