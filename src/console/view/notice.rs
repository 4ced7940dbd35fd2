//! What stands where nothing can be shown: nothing here yet, on its way, or failed. Always with what to do next.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::admin::AdminError;
use crate::console::app::App;
use crate::console::overlays::messages::next_step;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, DocCursor, Piece};

/// Something to say instead of rows.
pub struct Notice {
    glyph: &'static str,
    role: Role,
    what: String,
    next: String,
}

impl Notice {
    /// On its way.
    pub fn loading(app: &App, what: &str) -> Self {
        Self {
            glyph: app.look.glyphs.noted,
            role: Role::Muted,
            what: format!("Asking the engine for {what}."),
            next: String::new(),
        }
    }

    /// Failed, with the way on.
    pub fn failed(app: &App, what: &str, error: &AdminError) -> Self {
        let again = format!(" {} asks again.", app.key("app.refresh"));
        Self {
            glyph: app.look.glyphs.failed,
            role: Role::Danger,
            what: format!(
                "{what} did not come: {}.",
                error.detail.trim_end_matches('.')
            ),
            next: format!("{}{again}", next_step(error)),
        }
    }

    /// Nothing here.
    pub fn empty(app: &App, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            glyph: app.look.glyphs.separator,
            role: Role::Muted,
            what: what.into(),
            next: next.into(),
        }
    }

    /// Draws it.
    pub fn draw(&self, app: &App, area: Rect, buf: &mut Buffer) {
        let mut doc = Doc::new(area.width.saturating_sub(2));
        let mark = Piece::new(self.glyph, self.role);
        doc.marked(&mark, &self.what, Role::Text, None);
        if !self.next.is_empty() {
            doc.marked(&Piece::new(" ", Role::Muted), &self.next, Role::Muted, None);
        }
        let lines = u16::try_from(doc.lines().len()).unwrap_or(u16::MAX);
        let above = area.height.saturating_sub(lines) / 4;
        let place = Rect {
            x: area.x + 1.min(area.width),
            y: area.y + above,
            width: area.width.saturating_sub(2),
            height: area.height - above,
        };
        doc.render(place, buf, &app.look, DocCursor::default(), false);
    }
}
