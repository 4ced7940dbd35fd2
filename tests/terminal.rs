//! The console in a real terminal: the real binary in a pseudo-terminal, typed into, resized, signalled and read as a
//! person would read it. What one view looks like is the business of snapshots; here it is that everything works together,
//! and that the terminal is given back.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "terminal/changes.rs"]
mod changes;
#[path = "terminal/demo.rs"]
mod demo;
#[path = "cli/home.rs"]
#[expect(dead_code, reason = "shared with the tests of the command line")]
mod home;
#[path = "terminal/idp.rs"]
mod idp;
#[path = "terminal/incidents.rs"]
mod incidents;
#[path = "terminal/leaving.rs"]
mod leaving;
#[path = "terminal/log.rs"]
mod log;
#[path = "terminal/looks.rs"]
mod looks;
#[path = "terminal/policy.rs"]
mod policy;
#[path = "terminal/screen.rs"]
mod screen;
#[path = "terminal/sessions.rs"]
mod sessions;
#[path = "terminal/sso.rs"]
mod sso;
#[path = "terminal/start.rs"]
mod start;
#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of provisioning")]
mod support;
#[path = "terminal/team_sync.rs"]
mod team_sync;
#[path = "cli/walk.rs"]
#[expect(dead_code, reason = "shared with the tests of the command line")]
mod walk;
