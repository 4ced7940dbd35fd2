//! Settings: flags over environment over file over default.
//!
//! [`KEYS`] names every key of the file with its kind and meaning; the reader, the error for a mistyped key and the
//! example file follow from it. [`ConfigFile`] is what a file says, [`Settings`] what holds after flags, environment
//! (both arrive as [`Overrides`]) and defaults are laid over it. Reads one file and nothing else; opens no directory.
//! Invariant: a file with any mistake is refused whole, with its line, key and what would be right.

pub mod database;
pub mod error;
pub mod file;
pub mod keys;
pub mod limits;
pub mod policy;
pub mod settings;
pub mod smtp;

pub use database::Database;
pub use error::ConfigError;
pub use file::{ConfigFile, Context, ScimTable, is_theme_file};
pub use keys::{KEYS, Key, Kind};
pub use limits::LimitsTable;
pub use policy::{PolicyEntry, PolicyTable};
pub use settings::{LogLevel, Overrides, Retention, Settings, TlsFiles};
pub use smtp::{SmtpSettings, SmtpTls};
