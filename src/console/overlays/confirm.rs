//! Whether to do something that changes or destroys.
//!
//! Says what changes, what does not and whether it can be undone. Cancel has the focus and Enter takes it: Enter is
//! never yes. What can be changed back needs `y`; what destroys needs the object's name, typed, and then `ctrl-y`, so
//! that neither a habit nor a repeated key does it.

use super::TextField;
use crate::console::command::{Danger, Reason};
use crate::console::effect::Effect;

/// A question before a change.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What it is about, as a question.
    pub question: String,
    /// What changes.
    pub changes: Vec<String>,
    /// What does not change.
    pub stays: Vec<String>,
    /// How it is undone, or that it cannot be.
    pub undo: String,
    /// The word for doing it.
    pub yes: &'static str,
    /// What is done on yes.
    pub then: Effect,
    /// How far the text is scrolled, where the screen is too small for it.
    pub top: usize,
    typed: Option<(String, TextField)>,
}

impl Confirm {
    /// A question. Where the danger is `Destructive`, `name` must be typed.
    pub fn new(
        danger: Danger,
        question: String,
        name: &str,
        yes: &'static str,
        then: Effect,
    ) -> Self {
        Self {
            question,
            changes: Vec::new(),
            stays: Vec::new(),
            undo: String::new(),
            yes,
            then,
            top: 0,
            typed: (danger == Danger::Destructive).then(|| (name.to_owned(), TextField::default())),
        }
    }

    /// The name that must be typed, and what is typed so far.
    pub fn typed(&self) -> Option<(&str, &TextField)> {
        self.typed
            .as_ref()
            .map(|(name, field)| (name.as_str(), field))
    }

    /// The field for the name.
    pub fn typed_mut(&mut self) -> Option<&mut TextField> {
        self.typed.as_mut().map(|(_, field)| field)
    }

    /// Whether yes may be said.
    pub fn can_confirm(&self) -> Result<(), Reason> {
        match self.typed() {
            Some((name, field)) if field.text().trim() != name => {
                Err(Reason(format!("type {name} first").into()))
            }
            _ => Ok(()),
        }
    }
}
