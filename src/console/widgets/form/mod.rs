//! A few fields to fill in, one below the other. What came of a key is returned as a value ([`FormEvent`]); the form
//! itself does nothing.
//!
//! Tab and Shift-Tab go from field to field, so do the arrows where they mean nothing within one; Enter goes on, and
//! sends the form from its last field; Ctrl-S sends it from anywhere; Esc gives up. These keys are not in the command
//! table: text fields are the one exception to it.

mod field;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use tui_textarea::{Input, Key};

use self::field::Entry;
pub use self::field::{Check, Field};
use super::text;
use crate::console::theme::{Look, Role};

/// What came of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormEvent {
    /// Nothing that anybody else need know.
    Nothing,
    /// A value changed.
    Edited,
    /// It cannot be sent as it is; the first field that is wrong has the keyboard now.
    Invalid,
    /// It is to be sent: the id and the value of each field.
    Submitted(Vec<(&'static str, String)>),
    /// Given up.
    Cancelled,
}

/// Where things were drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormRegions {
    /// The index of each field on the screen and where it is.
    pub fields: Vec<(usize, Rect)>,
    /// Where the terminal's cursor belongs.
    pub cursor: Option<Position>,
}

/// Some fields, one of which has the keyboard.
#[derive(Clone, Debug)]
pub struct Form {
    fields: Vec<Field>,
    focus: usize,
}

impl Form {
    /// A form of these fields, the first of which has the keyboard.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, focus: 0 }
    }

    /// The fields.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The index of the field that has the keyboard.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// The value of a field.
    pub fn text(&self, id: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|field| field.id == id)
            .map(Field::text)
    }

    /// Shows below a field what is wrong with it, as the engine said, and goes there. Returns whether there is such a
    /// field.
    pub fn set_error(&mut self, id: &str, error: impl Into<String>) -> bool {
        let Some(index) = self.fields.iter().position(|field| field.id == id) else {
            return false;
        };
        if let Some(field) = self.fields.get_mut(index) {
            field.error = Some(error.into());
        }
        self.focus = index;
        true
    }

    /// Gives a field the keyboard, as a click does.
    pub fn set_focus(&mut self, index: usize) {
        self.leave();
        self.focus = index.min(self.fields.len().saturating_sub(1));
    }

    /// Takes in a key.
    pub fn press(&mut self, input: impl Into<Input>) -> FormEvent {
        let input = input.into();
        let is_area = self.fields.get(self.focus).is_some_and(Field::is_area);
        match input.key {
            Key::Esc => return FormEvent::Cancelled,
            Key::Char('s') | Key::Enter if input.ctrl => return self.submit(),
            Key::Enter if !is_area && self.focus + 1 >= self.fields.len() => return self.submit(),
            Key::Tab if input.shift => self.step_back(),
            Key::Up if !is_area => self.step_back(),
            Key::Tab => self.step_on(),
            Key::Enter | Key::Down if !is_area => self.step_on(),
            _ => return self.edit(|field| field.press(input)),
        }
        FormEvent::Nothing
    }

    /// Takes in text that was pasted.
    pub fn paste(&mut self, pasted: &str) -> FormEvent {
        self.edit(|field| field.paste(pasted))
    }

    fn edit(&mut self, edit: impl FnOnce(&mut Field) -> bool) -> FormEvent {
        if self.fields.get_mut(self.focus).is_some_and(edit) {
            FormEvent::Edited
        } else {
            FormEvent::Nothing
        }
    }

    fn step_on(&mut self) {
        let count = self.fields.len().max(1);
        self.set_focus((self.focus + 1) % count);
    }

    fn step_back(&mut self) {
        let count = self.fields.len().max(1);
        self.set_focus((self.focus + count - 1) % count);
    }

    /// A field is looked at when it is left, but an empty one only when the form is sent.
    fn leave(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus)
            && !field.text().trim().is_empty()
        {
            field.validate();
        }
    }

    fn submit(&mut self) -> FormEvent {
        // Each is looked at, so that all that is wrong is seen at once.
        let wrong: Vec<usize> = self
            .fields
            .iter_mut()
            .enumerate()
            .filter_map(|(index, field)| (!field.validate()).then_some(index))
            .collect();
        if let Some(first) = wrong.first() {
            self.focus = *first;
            return FormEvent::Invalid;
        }
        FormEvent::Submitted(
            self.fields
                .iter()
                .map(|field| (field.id, field.text()))
                .collect(),
        )
    }

    // ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────
    /// How many rows the whole form takes.
    pub fn height(&self) -> u16 {
        self.fields.iter().map(rows).fold(0, u16::saturating_add)
    }

    /// Draws the form. Where there is no room for all of it, what is above the field with the keyboard gives way.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) -> FormRegions {
        let area = area.intersection(buf.area);
        let mut regions = FormRegions::default();
        if area.is_empty() {
            return regions;
        }
        let up_to_focus = self
            .fields
            .iter()
            .take(self.focus + 1)
            .map(rows)
            .fold(0, u16::saturating_add);
        let mut hidden = up_to_focus.saturating_sub(area.height);
        let mut y = area.y;
        for (index, field) in self.fields.iter().enumerate() {
            let height = rows(field);
            if hidden > 0 && index < self.focus {
                hidden = hidden.saturating_sub(height);
                continue;
            }
            let place = Rect { y, height, ..area }.intersection(area);
            if place.is_empty() {
                break;
            }
            let cursor = draw(field, place, buf, look, index == self.focus);
            regions.cursor = regions.cursor.or(cursor);
            regions.fields.push((index, place));
            y = y.saturating_add(height);
        }
        regions
    }
}

/// Label, entry, and a row for help or what is wrong.
fn rows(field: &Field) -> u16 {
    match &field.entry {
        Entry::Area { rows, .. } => rows + 2,
        Entry::Line(_) | Entry::Choice { .. } => 3,
    }
}

/// Draws a field. Returns where the terminal's cursor belongs, if in here.
fn draw(
    field: &Field,
    place: Rect,
    buf: &mut Buffer,
    look: &Look,
    focused: bool,
) -> Option<Position> {
    let ellipsis = look.glyphs.ellipsis;
    let row = |offset: u16, height: u16| {
        Rect {
            y: place.y.saturating_add(offset),
            height,
            ..place
        }
        .intersection(place)
    };
    let label_style = look.style(if focused { Role::Accent } else { Role::Title });
    let mark = if focused { look.glyphs.selector } else { " " };
    let required = if field.required { " (required)" } else { "" };
    let label = format!("{mark} {}{required}", field.label);
    text::put_left(buf, row(0, 1), &label, label_style, ellipsis);

    let height = rows(field) - 2;
    let inner = Rect {
        x: place.x.saturating_add(2),
        width: place.width.saturating_sub(2),
        ..row(1, height)
    };
    let style = look.style(Role::Text).add_modifier(Modifier::UNDERLINED);
    let cursor = match &field.entry {
        Entry::Line(line) => {
            buf.set_style(inner, style);
            let width = usize::from(inner.width.max(1)) - 1;
            let scroll = line.visual_scroll(width);
            let shown = skip_cells(line.value(), scroll);
            text::put_left(buf, inner, shown, style, "");
            let x = u16::try_from(line.visual_cursor().saturating_sub(scroll)).unwrap_or(u16::MAX);
            let at = Position::new(inner.x.saturating_add(x), inner.y);
            (focused && inner.contains(at)).then_some(at)
        }
        Entry::Area { text: area, .. } => {
            let mut area = area.clone();
            area.set_style(look.style(Role::Text));
            area.set_cursor_line_style(Style::new());
            let cursor = if focused {
                look.style(Role::Selected)
            } else {
                Style::new()
            };
            area.set_cursor_style(cursor);
            (&*area).render(inner, buf);
            None
        }
        Entry::Choice { options, picked } => {
            draw_options(options, *picked, inner, buf, look);
            None
        }
    };
    let (note, role) = match field.error() {
        Some(error) => (format!("  {} {error}", look.glyphs.failed), Role::Danger),
        None => (format!("  {}", field.help), Role::Muted),
    };
    text::put_left(buf, row(1 + height, 1), &note, look.style(role), ellipsis);
    cursor
}

fn draw_options(options: &[String], picked: usize, inner: Rect, buf: &mut Buffer, look: &Look) {
    let mut x = inner.x;
    for (index, option) in options.iter().enumerate() {
        let room = Rect {
            x,
            width: inner.right().saturating_sub(x),
            ..inner
        };
        if room.is_empty() {
            break;
        }
        // Brackets tell which is picked without any colour.
        let (shown, role) = if index == picked {
            (format!("[{option}]"), Role::Accent)
        } else {
            (format!(" {option} "), Role::Text)
        };
        x += text::put_left(buf, room, &shown, look.style(role), look.glyphs.ellipsis);
    }
}

/// The text without its first cells.
fn skip_cells(text: &str, cells: usize) -> &str {
    let mut skipped = 0;
    for (at, character) in text.char_indices() {
        if skipped >= cells {
            return text.get(at..).unwrap_or_default();
        }
        skipped += unicode_width::UnicodeWidthChar::width(character).unwrap_or(0);
    }
    if skipped >= cells && cells > 0 {
        ""
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
