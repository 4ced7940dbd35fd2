//! The people and teams of a simulation, as the identity provider knows them: its side is the truth, and what the
//! server shows is measured against it.
//!
//! Names come from `assets/demo.toml`. Nothing here knows HTTP or JSON.

mod casting;
mod names;
mod person;
mod roster;
mod team;

pub use casting::{Casting, Provider};
pub use names::{Names, Place};
pub use person::{Person, PersonKey, Role, Standing};
pub use roster::Roster;
pub use team::{PushedTeam, TeamKey};
