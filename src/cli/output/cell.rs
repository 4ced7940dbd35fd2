//! The parts of a list: columns, and what each row shows in them.

use jiff::Timestamp;

use super::time;

/// One column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The stable name, the header of the CSV.
    pub name: &'static str,
    /// The title over the table; empty where the column is for scripts only.
    pub title: &'static str,
    /// Where its values stand.
    pub align: Align,
    /// Its width in a list that grows while it is shown, where no value can be looked at beforehand.
    pub width: usize,
}

/// Where a value stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl Column {
    /// A column of words.
    pub const fn left(name: &'static str, title: &'static str, width: usize) -> Self {
        Self {
            name,
            title,
            align: Align::Left,
            width,
        }
    }

    /// A column of numbers.
    pub const fn right(name: &'static str, title: &'static str, width: usize) -> Self {
        Self {
            name,
            title,
            align: Align::Right,
            width,
        }
    }

    /// A column that only scripts see.
    pub const fn script(name: &'static str) -> Self {
        Self::left(name, "", 0)
    }

    /// Whether people see it.
    pub fn is_shown(&self) -> bool {
        !self.title.is_empty()
    }
}

/// What a value says beside its text. Never the only sign: the text says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Should be looked at.
    Warn,
    /// Does not work.
    Bad,
    /// Less important.
    Dim,
    /// More important.
    Strong,
}

/// One value of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// As people read it.
    pub shown: String,
    /// As scripts read it.
    pub raw: String,
    /// What it says beside its text.
    pub tone: Tone,
}

impl Cell {
    /// A text, the same for both.
    pub fn text(text: impl Into<String>) -> Self {
        let raw = text.into();
        Self {
            shown: raw.clone(),
            raw,
            tone: Tone::Plain,
        }
    }

    /// A text for people and another for scripts.
    pub fn both(shown: impl Into<String>, raw: impl Into<String>) -> Self {
        Self {
            shown: shown.into(),
            raw: raw.into(),
            tone: Tone::Plain,
        }
    }

    /// A text that may be missing: a dash for people, nothing for scripts.
    pub fn maybe(text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => Self::text(text),
            None => Self::both("–", "").tone(Tone::Dim),
        }
    }

    /// A moment: its age for people, RFC 3339 for scripts.
    pub fn moment(at: Timestamp, now: Timestamp) -> Self {
        Self::both(time::relative(at, now), at.to_string())
    }

    /// A moment that may never have come.
    pub fn maybe_moment(at: Option<Timestamp>, now: Timestamp, never: &str) -> Self {
        match at {
            Some(at) => Self::moment(at, now),
            None => Self::both(never, "").tone(Tone::Dim),
        }
    }

    /// The same with a tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// Something that is listed.
pub trait Row {
    /// Its columns, in order.
    const COLUMNS: &'static [Column];

    /// Its values, one for each column.
    fn cells(&self, now: Timestamp) -> Vec<Cell>;
}
