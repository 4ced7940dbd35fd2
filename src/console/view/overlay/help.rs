//! All commands with their keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{RowStyle, field, first_row, frame};
use crate::console::app::App;
use crate::console::overlays::Help;
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::text::{self, Align};

/// A row on the screen: a heading, or a command by its index.
enum Line {
    Heading(&'static str),
    Command(usize),
}

pub(super) fn draw(
    app: &App,
    help: &Help,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Position {
    let look = &app.look;
    let inner = frame(look, screen, (84, 60), "Keys", buf, regions);
    let top = Rect { height: 1, ..inner };
    let cursor = field(look, &help.search, "find a key or a name: ", top, buf);
    let body = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let rows = help.rows(app);
    if rows.is_empty() {
        let said = "Nothing is called so, and no such key is bound.";
        text::put_left(
            buf,
            body,
            said,
            look.style(Role::Muted),
            look.glyphs.ellipsis,
        );
        return cursor;
    }
    let mut lines = Vec::new();
    let mut heading = None;
    let mut chosen_line = 0;
    for (index, row) in rows.iter().enumerate() {
        if heading != Some(row.command.scope) {
            heading = Some(row.command.scope);
            lines.push(Line::Heading(row.command.scope.title()));
        }
        if index == help.chosen {
            chosen_line = lines.len();
        }
        lines.push(Line::Command(index));
    }
    let first = first_row(chosen_line, lines.len(), body.height);
    for (place, line) in body.rows().zip(lines.iter().skip(first)) {
        match line {
            Line::Heading(name) => {
                text::put_left(buf, place, name, look.style(Role::Title), "");
            }
            Line::Command(index) => {
                let Some(row) = rows.get(*index) else {
                    continue;
                };
                let style = RowStyle::new(look, *index == help.chosen, place, buf);
                let usable = row.reason.is_none();
                let keys = Rect {
                    x: place.x + 2,
                    width: 18.min(place.width.saturating_sub(2)),
                    ..place
                };
                let shown = if row.keys.is_empty() { ":" } else { &row.keys };
                let role = if usable { Role::Key } else { Role::Muted };
                text::put_left(buf, keys, shown, style.of(role), look.glyphs.ellipsis);
                let title = Rect {
                    x: keys.right() + 1,
                    width: place.right().saturating_sub(keys.right() + 1),
                    ..place
                };
                let role = if usable { Role::Text } else { Role::Muted };
                let used = text::put_left(
                    buf,
                    title,
                    row.command.title,
                    style.of(role),
                    look.glyphs.ellipsis,
                );
                let rest = Rect {
                    x: title.x + used + 2,
                    width: title.width.saturating_sub(used + 2),
                    ..title
                };
                let aside = row
                    .reason
                    .as_ref()
                    .map_or(row.command.id, |reason| &reason.0);
                if usize::from(rest.width) >= text::width(aside).min(20) {
                    text::put(
                        buf,
                        rest,
                        aside,
                        style.of(Role::Muted),
                        Align::Right,
                        look.glyphs.ellipsis,
                    );
                }
                regions.add(place, Target::Choice(*index));
            }
        }
    }
    cursor
}
