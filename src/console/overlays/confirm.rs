//! Whether to do something that changes or destroys.
//!
//! Says what changes, what does not and whether it can be undone. Cancel has the focus and Enter takes it: Enter is
//! never yes. What can be changed back needs `y`; what destroys needs the object's name, typed, and then `ctrl-y`, so
//! that neither a habit nor a repeated key does it.

use super::TextField;
use crate::console::command::{Danger, Reason};
use crate::console::effect::Effect;
use crate::console::theme::{Look, Role};
use crate::console::widgets::doc::{Doc, Piece};

/// How wide the box is at most.
pub const WIDTH: u16 = 72;

/// A question before a change.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What it is about, as a question.
    pub question: String,
    /// What changes.
    pub changes: Vec<String>,
    /// More of what changes, under a heading each.
    pub groups: Vec<(String, Vec<String>)>,
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
            groups: Vec::new(),
            stays: Vec::new(),
            undo: String::new(),
            yes,
            then,
            top: 0,
            typed: (danger == Danger::Destructive).then(|| (name.to_owned(), TextField::default())),
        }
    }

    /// The text, and how many of its lines a screen of this size shows.
    pub fn text(&self, look: &Look, (width, height): (u16, u16)) -> (Doc, usize) {
        let glyphs = look.glyphs;
        let mut doc = Doc::new(WIDTH.min(width.saturating_sub(2)).saturating_sub(4));
        let warning = Piece::new(format!("  {}", glyphs.warning), Role::Warning);
        doc.heading("What changes");
        for line in &self.changes {
            doc.marked(&warning, line, Role::Text, None);
        }
        for (title, lines) in &self.groups {
            doc.heading(title);
            for line in lines {
                doc.marked(&warning, line, Role::Text, None);
            }
        }
        doc.heading("What does not");
        let stays = Piece::new(format!("  {}", glyphs.ok), Role::Success);
        for line in &self.stays {
            doc.marked(&stays, line, Role::Text, None);
        }
        doc.blank();
        doc.field("To undo", &self.undo, Role::Text);
        let shown = height.saturating_sub(4 + self.below());
        (doc, usize::from(shown))
    }

    /// How many lines are below the text: the buttons, and what is typed.
    pub fn below(&self) -> u16 {
        if self.typed.is_some() { 4 } else { 2 }
    }

    /// Scrolls the text, where the screen is too small for it.
    pub fn scroll(&mut self, look: &Look, screen: (u16, u16), by: isize) {
        let (doc, shown) = self.text(look, screen);
        let last = doc.lines().len().saturating_sub(shown);
        self.top = self.top.saturating_add_signed(by).min(last);
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
