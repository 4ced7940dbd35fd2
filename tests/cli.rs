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
#[path = "cli/client.rs"]
mod client;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/connection.rs"]
mod connection;
#[path = "cli/database.rs"]
mod database;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/dry_run.rs"]
mod dry_run;
#[path = "cli/edge_of_terminal.rs"]
mod edge_of_terminal;
#[path = "cli/full_disk.rs"]
mod full_disk;
#[path = "cli/generated.rs"]
mod generated;
#[path = "cli/guard.rs"]
mod guard;
#[path = "cli/home.rs"]
mod home;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/log.rs"]
mod log;
#[path = "cli/member.rs"]
mod member;
#[path = "cli/policy.rs"]
mod policy;
#[path = "cli/prompt.rs"]
mod prompt;
#[path = "cli/pty.rs"]
mod pty;
#[path = "cli/scim.rs"]
mod scim;
#[path = "cli/secret_file.rs"]
mod secret_file;
#[path = "cli/serve.rs"]
mod serve;
#[path = "cli/sso.rs"]
mod sso;
#[path = "cli/status.rs"]
mod status;
#[path = "cli/stream.rs"]
mod stream;
#[path = "cli/sync.rs"]
mod sync;
#[path = "cli/team.rs"]
mod team;
#[path = "cli/token.rs"]
mod token;
#[path = "cli/walk.rs"]
mod walk;
