//! The HTTP edge: listens, lets in, limits, captures, and hands on. Decides nothing about members or teams.
//!
//! A request's way: `listen` → `connection` (limits of time and size) → `dispatch` → `intake` (id, capture,
//! authentication, body) → `scim`, `oauth`, `sign_in` or `admin_api` → the engine. Whatever the edge itself turns away is a
//! `rejection`, told to the client and logged.
//!
//! Invariants: no input ends the process; every request is answered or cut off within its limits; what the log gets is
//! redacted (`capture`); stopping ends what is under way before it cuts it off.

mod admin_api;
mod bearer;
mod body;
mod callers;
mod capture;
mod connection;
mod dispatch;
mod edge;
mod error;
mod events;
mod health;
mod intake;
mod listen;
mod mail;
mod oauth;
mod peers;
mod rejection;
mod running;
mod scim;
mod settings;
mod sign_in;
mod told;

pub use bearer::authorization_shape;
pub use callers::Rate;
pub use error::ServerError;
pub use running::{RunningServer, Stopped, start};
pub use settings::{Limits, ServerSettings, Smtp, SsoWatch, TlsFiles};
