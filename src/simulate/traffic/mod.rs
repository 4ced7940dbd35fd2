//! An endless stream of requests at a pace a person can watch, for the demo.
//!
//! Okta and Entra take turns: look-ups, joiners, movers, leavers, people who come back, group pushes, and every so
//! often a mistake, so that there is always something to look into. Not a test: answers are judged as in a day, but
//! the verdicts are only counted. The stream outlives a server that is slow or gone.

mod pace;
mod plan;
mod stream;

pub use pace::Pace;
pub use stream::{Traffic, TrafficTotals};
