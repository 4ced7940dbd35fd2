//! Things to draw with.
pub mod data_table;
pub mod diff_view;
pub mod doc;
pub mod form;
pub mod json_view;
pub mod qr;
pub mod sparkline;
pub mod text;
