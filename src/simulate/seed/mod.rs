//! Fills a fresh server over HTTP: people of a whole company, each created as their provider would create them, then
//! the teams, pushed in batches.
//!
//! This is no day: nothing is looked up first and answers are only checked for their status, since speed matters
//! here. What comes back ([`Seeded`]) lets `traffic` go on with the same people.

mod directory;
mod population;

pub use directory::{SeedProgress, SeedStage, Seeding, seed_directory};
pub use population::{Population, Seeded};
