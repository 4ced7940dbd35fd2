//! How an answer looks: aligned tables for people, one stable JSON document or CSV for scripts.
//!
//! Called by every noun. Nothing here knows what a member is: a noun says its columns through [`Row`] and its facts
//! through [`Sheet`]. Invariant: whatever an identity provider sent is made printable before it reaches a terminal.

mod cell;
mod csv;
mod out;
mod sheet;
pub mod stream;
pub mod style;
mod table;
pub mod text;
pub mod time;

pub use cell::{Cell, Column, Row, Tone};
pub use out::{Form, Out};
pub use sheet::Sheet;
pub use style::Style;
