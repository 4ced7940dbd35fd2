//! Filters (RFC 7644 §3.4.2.2).

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter;
