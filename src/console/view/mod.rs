//! Draws the state. Reads it and changes nothing; what it notes down is where things can be clicked.
//!
//! Styles come from roles, states are told in words beside their glyphs, and whatever came from outside is made printable
//! before it is drawn.

mod detail;
mod header;
mod hints;
mod home;
mod list;
mod notice;
mod overlay;
mod rail;
mod title;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::App;
use super::layout::{LEAST_HEIGHT, LEAST_WIDTH};
use super::panes::PaneId;
use super::regions::{Regions, Target};
use super::theme::{Look, Role};
use super::widgets::doc::Piece;
use super::widgets::text;

/// Draws one frame.
pub fn view(app: &App, frame: &mut Frame<'_>, regions: &mut Regions) {
    regions.clear();
    let screen = frame.area();
    regions.add(screen, Target::Backdrop);
    let buf = frame.buffer_mut();
    buf.set_style(screen, app.look.style(Role::Text));
    let Some(areas) = app.areas() else {
        too_small(app, screen, buf);
        return;
    };
    if areas.hints.bottom() > screen.bottom() || areas.hints.width > screen.width {
        // The terminal shrank and its message is not here yet.
        return;
    }
    header::draw(app, areas.header, buf);
    rail::draw(app, &areas, buf, regions);
    if app.pane == PaneId::Home {
        home::draw(app, areas.body, buf, regions);
    } else {
        if let Some(list) = areas.list {
            list::draw(app, list, buf, regions);
        }
        if let Some(detail) = areas.detail {
            detail::draw(app, detail, buf, regions);
        }
    }
    hints::draw(app, areas.hints, buf, regions);
    hints::message(app, areas.body, buf);
    let cursor = overlay::draw(app, screen, buf, regions);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn too_small(app: &App, screen: Rect, buf: &mut Buffer) {
    let lines = [
        format!("{}x{} is too small.", screen.width, screen.height),
        format!("At least {LEAST_WIDTH}x{LEAST_HEIGHT}."),
        "ctrl-c quits.".to_owned(),
    ];
    for (row, line) in screen.rows().zip(lines) {
        text::put_left(buf, row, &line, app.look.style(Role::Text), "");
    }
}

/// Writes pieces one after the other. Gives how many cells they took.
fn put_pieces(buf: &mut Buffer, area: Rect, pieces: &[Piece], look: &Look) -> u16 {
    let mut x = area.x;
    for piece in pieces {
        let room = Rect {
            x,
            width: area.right().saturating_sub(x),
            height: 1,
            y: area.y,
        };
        if room.is_empty() {
            break;
        }
        x += text::put_left(
            buf,
            room,
            &piece.text,
            look.style(piece.role),
            look.glyphs.ellipsis,
        );
    }
    x - area.x
}

/// How many cells pieces take.
fn pieces_width(pieces: &[Piece]) -> u16 {
    let width: usize = pieces.iter().map(|piece| text::width(&piece.text)).sum();
    u16::try_from(width).unwrap_or(u16::MAX)
}
