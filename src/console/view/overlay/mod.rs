//! What lies over the panes, each drawn into a box of its own. Only the topmost one is drawn in full; those below it
//! keep their place.

mod forms;
mod help;
mod lists;
mod palette;
mod prompt;
mod qr;
mod questions;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use crate::console::app::App;
use crate::console::overlays::{Overlay, TextField};
use crate::console::regions::{Regions, Target};
use crate::console::theme::{Look, Role};
use crate::console::widgets::text;

/// Draws the overlays. Gives where the terminal's cursor belongs.
pub fn draw(app: &App, screen: Rect, buf: &mut Buffer, regions: &mut Regions) -> Option<Position> {
    let mut cursor = None;
    for overlay in &app.overlays {
        cursor = match overlay {
            Overlay::Help(help) => Some(help::draw(app, help, screen, buf, regions)),
            Overlay::Palette(palette) => Some(palette::draw(app, palette, screen, buf, regions)),
            Overlay::Prompt(prompt) => Some(prompt::draw(app, prompt, screen, buf, regions)),
            Overlay::Confirm(confirm) => questions::confirm(app, confirm, screen, buf, regions),
            Overlay::Secret(shown) => questions::secret(app, shown, screen, buf, regions),
            Overlay::Form(form) => forms::draw(app, form, screen, buf, regions),
            Overlay::Messages(chosen) => lists::messages(app, *chosen, screen, buf, regions),
            Overlay::Doctor(doctor) => lists::doctor(app, doctor, screen, buf, regions),
            Overlay::Views(picker) => lists::views(app, picker, screen, buf, regions),
            Overlay::Menu(menu) => lists::menu(app, menu, screen, buf, regions),
            Overlay::Qr(code) => qr::draw(app, code, screen, buf, regions),
        };
    }
    cursor
}

/// Clears a box in the middle of the screen, frames it, and gives the room in it.
fn frame(
    look: &Look,
    screen: Rect,
    (width, height): (u16, u16),
    title: &str,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Rect {
    let width = width.min(screen.width.saturating_sub(2));
    let height = height.min(screen.height.saturating_sub(2));
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 3,
        width,
        height,
    };
    boxed(look, area, title, buf, regions)
}

/// Clears a box, frames it, and gives the room in it.
fn boxed(look: &Look, area: Rect, title: &str, buf: &mut Buffer, regions: &mut Regions) -> Rect {
    Clear.render(area, buf);
    buf.set_style(area, look.style(Role::Text));
    let block = Block::bordered()
        .border_type(BorderType::Plain)
        .border_set(look.glyphs.border)
        .border_style(look.style(Role::BorderFocused))
        .title(format!(" {title} "))
        .title_style(look.style(Role::Title));
    let inner = block.inner(area);
    block.render(area, buf);
    regions.add(area, Target::Overlay);
    Rect {
        x: inner.x + 1.min(inner.width),
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// Draws a field with its mark. Gives where the cursor is.
fn field(look: &Look, field: &TextField, mark: &str, area: Rect, buf: &mut Buffer) -> Position {
    let used = text::put_left(buf, area, mark, look.style(Role::Accent), "");
    let room = Rect {
        x: area.x + used,
        width: area.width.saturating_sub(used),
        height: 1,
        ..area
    };
    let (shown, cursor) = field.visible(room.width.saturating_sub(1));
    text::put_left(buf, room, &shown, look.style(Role::Text), "");
    Position::new(
        (room.x + cursor).min(room.right().saturating_sub(1)),
        room.y,
    )
}

/// The first row to draw so that the chosen one is on the screen, near its middle.
fn first_row(chosen: usize, rows: usize, height: u16) -> usize {
    let height = usize::from(height);
    chosen
        .saturating_sub(height / 2)
        .min(rows.saturating_sub(height))
}

/// The styles of a row: all the same where it is chosen, else as each role is.
struct RowStyle<'a> {
    look: &'a Look,
    chosen: bool,
}

impl<'a> RowStyle<'a> {
    /// Paints the row where it is chosen.
    fn new(look: &'a Look, chosen: bool, row: Rect, buf: &mut Buffer) -> Self {
        if chosen {
            buf.set_style(row, look.style(Role::Selected));
        }
        Self { look, chosen }
    }

    fn of(&self, role: Role) -> Style {
        let role = if self.chosen { Role::Selected } else { role };
        self.look.style(role)
    }
}
