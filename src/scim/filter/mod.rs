//! Filters (RFC 7644 §3.4.2.2): text to a resolved tree, and the tree's truth about a resource.
//!
//! [`Filter::parse`] resolves every attribute against the schemas, so that the tree holds canonical paths and typed
//! literals and whoever walks it (the store compiles it to SQL) needs no schema. [`Filter::matches`] is the truth;
//! whatever else answers a filter must agree with it. Parsing and matching recurse at most
//! [`FILTER_DEPTH`](crate::scim::limits::FILTER_DEPTH) levels.

mod display;
mod evaluate;
mod fault;
mod leaf;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod tree;

pub use parser::{FilterScope, ParsedFilter, UnknownAttribute};
pub use tree::{Comparison, Filter, Literal, Operator, ValuePath};

pub(crate) use fault::Fault;
pub(crate) use leaf::boolean_from_text;
pub(crate) use lexer::{Lexer, Token};
pub(crate) use parser::{Parser, check_length, unknown_attribute};
