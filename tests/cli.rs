//! The command line as scripts and people meet it: the real binary, in a home of its own, one file a noun.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "cli/attach.rs"]
mod attach;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/generated.rs"]
mod generated;
#[path = "cli/home.rs"]
mod home;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/log.rs"]
mod log;
#[path = "cli/member.rs"]
mod member;
#[path = "cli/prompt.rs"]
mod prompt;
#[path = "cli/serve.rs"]
mod serve;
#[path = "cli/status.rs"]
mod status;
#[path = "cli/stream.rs"]
mod stream;
#[path = "cli/team.rs"]
mod team;
#[path = "cli/token.rs"]
mod token;
