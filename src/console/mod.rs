//! The console room.

pub mod store;
pub mod theme;
pub mod widgets;
