//! A link as a QR code.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{boxed, frame};
use crate::console::app::App;
use crate::console::overlays::QrOverlay;
use crate::console::overlays::qr::is_coloured;
use crate::console::regions::Regions;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, DocCursor, Piece};
use crate::console::widgets::qr::Ink;

pub(super) fn draw(
    app: &App,
    overlay: &QrOverlay,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let code = match &overlay.code {
        _ if look.glyphs.ok.is_ascii() => {
            Err("ASCII has no characters to draw a QR code with.".to_owned())
        }
        None => Err("The link is too long for a QR code.".to_owned()),
        Some(code) => {
            let (width, height) = (code.size().0 + 4, code.size().1 + 2);
            if width > screen.width || height > screen.height {
                Err(format!(
                    "The QR code needs a terminal of {width}x{height}; this one has {}x{}.",
                    screen.width, screen.height
                ))
            } else {
                Ok(code)
            }
        }
    };
    let code = match code {
        Ok(code) => code,
        Err(text) => return instead(app, &text, &overlay.url, screen, buf, regions),
    };
    let style = look.style(Role::Code);
    let (title, ink) = if is_coloured(look) {
        ("QR code of the link".to_owned(), Ink::Dark)
    } else {
        let turns = app.key("qr.turn");
        (
            format!("QR code, {turns} swaps light and dark"),
            overlay.ink,
        )
    };
    let (columns, rows) = code.size();
    // It may take the whole screen: there is no row to spare at 80x24.
    let area = Rect {
        x: screen.x + (screen.width - columns - 4) / 2,
        y: screen.y + (screen.height - rows - 2) / 3,
        width: columns + 4,
        height: rows + 2,
    };
    let inner = boxed(look, area, &title, buf, regions);
    code.render(inner, buf, style, ink);
    None
}

/// Why there is no code, with the link itself.
fn instead(
    app: &App,
    why: &str,
    url: &str,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let mut doc = Doc::new(64.min(screen.width.saturating_sub(6)));
    let mark = Piece::new(look.glyphs.warning, Role::Warning);
    doc.marked(&mark, why, Role::Text, None);
    doc.blank();
    doc.paragraph(url, 0, Role::Accent);
    let lines = u16::try_from(doc.lines().len()).unwrap_or(8);
    let inner = frame(look, screen, (70, lines + 2), "QR code", buf, regions);
    doc.render(inner, buf, look, DocCursor::default(), false);
    None
}
