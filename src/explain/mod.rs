//! The catalogue of failures: for each code what happened, why, what changed and what to do next
//! (`assets/explain.toml`), and the detectors that find the code of a request. Pure.

pub mod explanation;

pub use explanation::{Explanation, NextStep};
