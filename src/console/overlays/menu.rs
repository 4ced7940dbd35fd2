//! A short list of things to do, such as the formats of an export.

use crate::console::effect::Effect;

/// A short list of things to do.
#[derive(Debug)]
pub struct Menu {
    /// What it is about.
    pub title: String,
    /// What can be chosen: its words, and what is done.
    pub items: Vec<(String, Effect)>,
    /// The chosen one.
    pub chosen: usize,
}
