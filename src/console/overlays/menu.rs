//! A short list of things to do, such as the formats of an export.

use crate::console::command::CommandId;
use crate::console::effect::Effect;

/// A short list of things to do.
#[derive(Debug)]
pub struct Menu {
    /// What it is about.
    pub title: String,
    /// What can be chosen: its words, and what is done.
    pub items: Vec<(String, Choice)>,
    /// The chosen one.
    pub chosen: usize,
}

/// What choosing a row does.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Has this happen.
    Effect(Effect),
    /// Runs a command.
    Command(CommandId),
    /// Nothing: it only tells something.
    Nothing,
}

impl From<Effect> for Choice {
    fn from(effect: Effect) -> Self {
        Self::Effect(effect)
    }
}
