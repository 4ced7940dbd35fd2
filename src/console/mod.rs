//! The console: what an admin sees of members, teams, tokens and the live request log, from one keyboard-driven screen.
//!
//! An Elm loop. Whatever happens (a key, an answer of the engine, new log lines, a signal, a timer) becomes a
//! [`Msg`](msg::Msg); [`App::update`](app::App::update) takes it in, pure and without a clock, and gives
//! [`Effect`](effect::Effect)s; the [`runtime`] carries them out and turns their answers into messages again.
//! [`view`] draws the state. One thread owns the state; there are no locks. Every action of the admin is a
//! [`Command`](command::Command) of one table, from which keys, hints, help and palette derive.
//!
//! It talks to the engine through [`AdminRead`](crate::admin::AdminRead) and [`AdminWrite`](crate::admin::AdminWrite)
//! alone. In a read-only console there is no `AdminWrite` at all.

pub mod app;
pub mod clipboard;
pub mod command;
pub mod effect;
pub mod error;
pub mod export;
pub mod fingerprint;
pub mod history;
pub mod input;
pub mod keymap;
pub mod layout;
pub mod msg;
pub mod options;
pub mod overlays;
pub mod panes;
pub mod panic_report;
pub mod place;
pub mod private_file;
pub mod redact;
pub mod regions;
pub mod remote;
pub mod runtime;
pub mod session;
pub mod sso_deed;
pub mod steady;
pub mod store;
pub mod terminal;
pub mod theme;
pub mod view;
pub mod views;
pub mod widgets;
pub mod words;

pub use error::{ConsoleError, Exit};
pub use options::{Client, ConsoleOptions};
pub use runtime::run;
