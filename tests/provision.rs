//! The real program on a real database: provisioned over HTTP, killed, and looked at afterwards.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "provision/bulk_crash.rs"]
mod bulk_crash;
#[path = "provision/crash.rs"]
mod crash;
#[path = "provision/days.rs"]
mod days;
#[path = "provision/events_crash.rs"]
mod events_crash;
#[path = "provision/rehearse.rs"]
mod rehearse;
#[path = "support/mod.rs"]
mod support;
