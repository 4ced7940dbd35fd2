//! A form to add something.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::frame;
use crate::console::app::App;
use crate::console::overlays::FormOverlay;
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::text;

pub(super) fn draw(
    app: &App,
    form: &FormOverlay,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let height = form.form.height() + 4;
    let inner = frame(look, screen, (68, height), &form.title, buf, regions);
    let fields = Rect {
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let drawn = form.form.render(fields, buf, look);
    for (index, area) in &drawn.fields {
        regions.add(*area, Target::Choice(*index));
    }
    let last = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1.min(inner.height),
        ..inner
    };
    let (said, role) = match (&form.error, form.sending) {
        (_, true) => (
            format!("{} Asking the engine.", look.glyphs.noted),
            Role::Info,
        ),
        (Some(error), false) => (
            format!("{} {}", look.glyphs.failed, error.detail),
            Role::Danger,
        ),
        (None, false) => (
            "tab next field, ctrl-s sends it, esc gives up".to_owned(),
            Role::Muted,
        ),
    };
    text::put_left(buf, last, &said, look.style(role), look.glyphs.ellipsis);
    drawn.cursor
}
