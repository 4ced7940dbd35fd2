//! Provost: the place where an identity provider meets an organisation's members and teams.
//!
//! The rooms, top floor first; imports only go down (`tests/architecture` reads the `use crate::` lines):
//! `cli` → `console` → `server` → `admin` → `engine` → `explain` → `simulate` → `store` → `request_log` → `directory` → `scim`
//! → `saml` → the ground floor (`config`, `paths`, `secret`, `nearest`, `counted`). `docs/architecture.md` tells what each is for and how a
//! request travels through them.

pub mod admin;
pub mod cli;
pub mod config;
pub mod console;
pub mod counted;
pub mod directory;
pub mod engine;
pub mod explain;
pub mod nearest;
pub mod paths;
pub mod request_log;
pub mod saml;
pub mod scim;
pub mod secret;
pub mod server;
pub mod simulate;
pub mod store;
