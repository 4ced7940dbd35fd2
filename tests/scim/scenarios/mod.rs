//! The acceptance scenarios, row by row under each preset, over real HTTP.
//!
//! A test is a row of the table: its name begins with the number, its cases are the columns. A case says in one line what
//! was answered, what the log says of it, and what it changed ([`seen::Seen`]):
//!
//! ```text
//! 409 uniqueness: member already exists | refused DUP_USER users.post_existing_active |
//! 200 ada inactive                      | applied users.on_inactive                   | ada@x.io: active=false
//! ```
//!
//! Of what an admin does it says so, too, beginning with `done` or the sort of refusal (`world.told(…)`).
//!
//! Of a sign-in it begins with `in` or `out`, of a test-drive with `drive ok` or `drive failed` (`door.sign_in(…)`).
//!
//! To add one: build a [`world::World`], do what the row does, compare with [`seen::Seen::is`], then look at what became
//! of it (`world.user("ada")`, `world.is_gone("ada")`, `world.members_of("Pay")`). A row that needs another policy than
//! its preset's says so with `world.set(key, value)`.

mod admin;
mod create;
mod deprovision;
mod door;
mod groups;
mod guards;
mod link;
mod seen;
mod sign_in;
mod sso;
mod sync;
mod update;
mod world;

const LD: &str = "launchdarkly";
const UN: &str = "unleash";
const FS: &str = "flagsmith";
const DD: &str = "datadog";
const SAFE: &str = "safe";
