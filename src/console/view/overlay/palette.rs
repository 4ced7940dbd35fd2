//! Commands by name.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{RowStyle, field, first_row, frame};
use crate::console::app::App;
use crate::console::overlays::Palette;
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::text::{self, Align};

pub(super) fn draw(
    app: &App,
    palette: &Palette,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Position {
    let look = &app.look;
    let rows = palette.rows(app);
    let wanted = u16::try_from(rows.len()).unwrap_or(20).clamp(1, 16) + 4;
    let inner = frame(look, screen, (76, wanted), "Commands", buf, regions);
    let top = Rect { height: 1, ..inner };
    let cursor = field(look, &palette.input, ": ", top, buf);
    let body = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if rows.is_empty() {
        let said = "No command is called so.";
        text::put_left(
            buf,
            body,
            said,
            look.style(Role::Muted),
            look.glyphs.ellipsis,
        );
    }
    let first = first_row(palette.chosen, rows.len(), body.height);
    for (place, (index, row)) in body.rows().zip(rows.iter().enumerate().skip(first)) {
        let chosen = index == palette.chosen;
        let style = RowStyle::new(look, chosen, place, buf);
        let role = if row.reason.is_some() {
            Role::Muted
        } else {
            Role::Text
        };
        let verb = row.command.verb;
        let title = match (&row.argument, verb) {
            (Some(argument), _) => format!("{}: {argument}", row.command.title),
            (None, Some(verb)) => {
                format!("{}  ({} <{}>)", row.command.title, verb.word, verb.argument)
            }
            (None, None) => row.command.title.to_owned(),
        };
        let mut x = place.x;
        for (at, character) in title.chars().enumerate() {
            let room = Rect {
                x,
                width: place.right().saturating_sub(x),
                ..place
            };
            if room.is_empty() {
                break;
            }
            let mut buffer = [0; 4];
            let matched = row.matched.contains(&at) && row.argument.is_none();
            let role = if matched && !chosen {
                Role::Accent
            } else {
                role
            };
            x += text::put_left(
                buf,
                room,
                character.encode_utf8(&mut buffer),
                style.of(role),
                "",
            );
        }
        let rest = Rect {
            x: x + 2,
            width: place.right().saturating_sub(x + 2),
            ..place
        };
        let (aside, role) = match &row.reason {
            Some(reason) => (reason.0.as_ref(), Role::Muted),
            None => (row.keys.as_str(), Role::Key),
        };
        if rest.width > 3 {
            text::put(
                buf,
                rest,
                aside,
                style.of(role),
                Align::Right,
                look.glyphs.ellipsis,
            );
        }
        regions.add(place, Target::Choice(index));
    }
    cursor
}
