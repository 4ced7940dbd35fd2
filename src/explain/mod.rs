//! The catalogue of failures: for each code what happened, why, what changed and what to do next
//! (`assets/explain.toml`), and the detectors that find the code of a request. Pure.

pub mod explanation;

pub use explanation::{Explanation, NextStep};

use crate::request_log::Exchange;

/// The code of a failed or remarkable exchange that has none yet.
pub fn detect(_exchange: &Exchange) -> Option<String> {
    None
}

/// What, why, what changed, what next.
pub fn explain(_exchange: &Exchange) -> Option<Explanation> {
    None
}
