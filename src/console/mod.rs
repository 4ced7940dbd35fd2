//! The console room.

pub mod clipboard;
pub mod export;
pub mod redact;
pub mod store;
pub mod theme;
pub mod widgets;
