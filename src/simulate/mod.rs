//! Identity providers to rehearse with: Okta, Microsoft Entra ID and OneLogin as HTTP clients that behave as the real ones
//! do.
//!
//! [`okta::run_day`], [`entra::run_day`] and [`onelogin::run_day`] play a scripted day of joiners, movers, leavers and
//! group pushes, with the usual mistakes, and compare what the server shows afterwards with what the script says
//! ([`day::DayReport`]).
//! [`rehearsal::Rehearsal`] plays the same under a policy, step by step, so that somebody can look at each.
//! [`seed::seed_directory`] fills a fresh server, and [`traffic::Traffic`] keeps requests flowing for the demo.
//!
//! This room knows nothing of the engine: it sees a base URL and a bearer token, and speaks real HTTP. What a
//! provider sends, and what it must get back, follows the providers' own documents; `faults` and the providers
//! name them. The same seed plays the same day.

mod cast;
mod client;
pub mod day;
mod dice;
pub mod entra;
mod error;
pub mod idp;
pub mod okta;
pub mod onelogin;
mod provider;
pub mod rehearsal;
pub mod seed;
mod target;
pub mod traffic;
mod wire;

#[cfg(test)]
mod stub;

pub use client::{Exchange, Unexpected};
pub use error::SimulateError;
pub use target::{Target, Targets};
