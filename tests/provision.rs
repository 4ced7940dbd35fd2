//! The real program on a real database: provisioned over HTTP, killed, and looked at afterwards.

#[path = "provision/crash.rs"]
mod crash;
#[path = "provision/days.rs"]
mod days;
#[path = "support/mod.rs"]
mod support;
