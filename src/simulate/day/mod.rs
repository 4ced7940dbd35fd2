//! A day: a list of named steps over a cast of people, played against a server and read back afterwards.
//!
//! The script is data (`Step` with an `Act`); `perform` changes the provider's roster and has the provider send
//! what goes with it; `verify` compares everything the server shows with the roster and with what the server showed
//! before. A day must have the server to itself while it runs: whatever else changes there is reported as a
//! difference. Several days may run one after the other on one server, as their casts differ by seed and mode.

mod act;
mod perform;
mod play;
mod report;
mod snapshot;
mod verify;

pub(crate) use act::{Act, Edit, Step};
pub(crate) use perform::perform;
pub(crate) use play::{Script, play};
pub use report::{DayReport, StepReport};
pub use verify::Difference;
