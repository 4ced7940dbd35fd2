//! One field of a form: what it is called, what was entered, and what is wrong with that.

use tui_input::{Input as LineInput, InputRequest};
use tui_textarea::{Input, Key, TextArea};

/// How many characters a line holds at most.
pub(super) const LINE_LIMIT: usize = 1_024;
/// How many bytes a text of several lines holds at most: the metadata of an identity provider with many keys and claims.
pub(super) const AREA_LIMIT: usize = 512 << 10;

/// Says what is wrong with a value, in one sentence.
pub type Check = fn(&str) -> Result<(), String>;

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// What the values that come back are called by.
    pub id: &'static str,
    /// What stands above it.
    pub label: String,
    /// What stands below it while nothing is wrong.
    pub help: String,
    pub(super) required: bool,
    pub(super) check: Option<Check>,
    pub(super) entry: Entry,
    pub(super) error: Option<String>,
}

/// What is entered.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Line(LineInput),
    Area {
        text: Box<TextArea<'static>>,
        rows: u16,
    },
    Choice {
        options: Vec<String>,
        picked: usize,
    },
}

impl Field {
    fn new(id: &'static str, label: impl Into<String>, entry: Entry) -> Self {
        Self {
            id,
            label: label.into(),
            help: String::new(),
            required: false,
            check: None,
            entry,
            error: None,
        }
    }

    /// A field for one line.
    pub fn line(id: &'static str, label: impl Into<String>) -> Self {
        Self::new(id, label, Entry::Line(LineInput::default()))
    }

    /// A field for several lines, so many rows high.
    pub fn area(id: &'static str, label: impl Into<String>, rows: u16) -> Self {
        let entry = Entry::Area {
            text: Box::new(TextArea::default()),
            rows: rows.max(1),
        };
        Self::new(id, label, entry)
    }

    /// A field to pick one of some words; the first is picked.
    pub fn choice<T: Into<String>>(
        id: &'static str,
        label: impl Into<String>,
        options: impl IntoIterator<Item = T>,
    ) -> Self {
        let options = options.into_iter().map(Into::into).collect();
        Self::new(id, label, Entry::Choice { options, picked: 0 })
    }

    /// Must not be left empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Says what to enter.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Is looked at when it is left and when the form is sent. An empty field that is not required is always right.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Begins with a value.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        match &mut self.entry {
            Entry::Line(line) => *line = LineInput::from(value),
            Entry::Area { text, .. } => {
                **text = TextArea::new(value.lines().map(str::to_owned).collect());
            }
            Entry::Choice { options, picked } => {
                *picked = options
                    .iter()
                    .position(|option| option == value)
                    .unwrap_or(*picked);
            }
        }
        self
    }

    /// What is entered: of a line without the blanks around it.
    pub fn text(&self) -> String {
        match &self.entry {
            Entry::Line(line) => line.value().trim().to_owned(),
            Entry::Area { text, .. } => text.lines().join("\n"),
            Entry::Choice { options, picked } => options.get(*picked).cloned().unwrap_or_default(),
        }
    }

    /// What is wrong with it, as far as it was looked at.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Looks at the value. Returns whether it is right.
    pub(super) fn validate(&mut self) -> bool {
        let text = self.text();
        self.error = match (text.trim().is_empty(), self.check) {
            (true, _) if self.required => Some("This must not be empty.".into()),
            (true, _) | (false, None) => None,
            (false, Some(check)) => check(&text).err(),
        };
        self.error.is_none()
    }

    /// Whether Enter and the arrows mean something within the field.
    pub(super) fn is_area(&self) -> bool {
        matches!(self.entry, Entry::Area { .. })
    }

    /// Takes in a key. Returns whether the value changed.
    pub(super) fn press(&mut self, input: Input) -> bool {
        let changed = match &mut self.entry {
            Entry::Line(line) => {
                let full = line.value().chars().count() >= LINE_LIMIT;
                line_request(&input)
                    .filter(|request| !(full && matches!(request, InputRequest::InsertChar(_))))
                    .and_then(|request| line.handle(request))
                    .is_some_and(|change| change.value)
            }
            Entry::Area { text, .. } => {
                let grows = matches!(input.key, Key::Char(_) | Key::Enter | Key::Tab);
                !(grows && length(text) >= AREA_LIMIT) && text.input(input)
            }
            Entry::Choice { options, picked } => {
                let count = options.len().max(1);
                let next = match input.key {
                    Key::Right | Key::Char(' ') => (*picked + 1) % count,
                    Key::Left => (*picked + count - 1) % count,
                    _ => *picked,
                };
                std::mem::replace(picked, next) != next
            }
        };
        if changed {
            self.error = None;
        }
        changed
    }

    /// Takes in text that was pasted; into a line without its line breaks. Returns whether the value changed.
    pub(super) fn paste(&mut self, pasted: &str) -> bool {
        match &mut self.entry {
            Entry::Line(line) => {
                let room = LINE_LIMIT.saturating_sub(line.value().chars().count());
                let mut changed = false;
                for character in pasted
                    .chars()
                    .filter(|character| !character.is_control())
                    .take(room)
                {
                    changed |= line.handle(InputRequest::InsertChar(character)).is_some();
                }
                changed
            }
            Entry::Area { text, .. } => {
                length(text) + pasted.len() <= AREA_LIMIT && text.insert_str(pasted)
            }
            Entry::Choice { .. } => false,
        }
    }
}

fn length(text: &TextArea<'_>) -> usize {
    text.lines().iter().map(|line| line.len() + 1).sum()
}

/// What a key means in a line.
fn line_request(input: &Input) -> Option<InputRequest> {
    let word = input.ctrl || input.alt;
    Some(match input.key {
        Key::Char('a') if input.ctrl => InputRequest::GoToStart,
        Key::Char('e') if input.ctrl => InputRequest::GoToEnd,
        Key::Char('u') if input.ctrl => InputRequest::DeleteFromStart,
        Key::Char('k') if input.ctrl => InputRequest::DeleteTillEnd,
        Key::Char('w') if input.ctrl => InputRequest::DeletePrevWord,
        Key::Char('y') if input.ctrl => InputRequest::Yank,
        Key::Char('b') if input.alt => InputRequest::GoToPrevWord,
        Key::Char('f') if input.alt => InputRequest::GoToNextWord,
        Key::Char(character) if !word => InputRequest::InsertChar(character),
        Key::Backspace if word => InputRequest::DeletePrevWord,
        Key::Backspace => InputRequest::DeletePrevChar,
        Key::Delete if word => InputRequest::DeleteNextWord,
        Key::Delete => InputRequest::DeleteNextChar,
        Key::Left if word => InputRequest::GoToPrevWord,
        Key::Left => InputRequest::GoToPrevChar,
        Key::Right if word => InputRequest::GoToNextWord,
        Key::Right => InputRequest::GoToNextChar,
        Key::Home => InputRequest::GoToStart,
        Key::End => InputRequest::GoToEnd,
        _ => return None,
    })
}
