//! Things to draw with.
pub mod data_table;
pub mod text;
