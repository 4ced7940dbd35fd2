//! The line above a list, a detail or an overlay: a rule with what it is and how it stands. The rule of what has the
//! keyboard is drawn in its own role, and its title has a mark, so that it is seen without colour, too.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{pieces_width, put_pieces};
use crate::console::theme::{Look, Role};
use crate::console::widgets::doc::Piece;
use crate::console::widgets::text;

/// Draws the line: `left` after the rule's beginning, `right` before its end where there is room for it.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    look: &Look,
    focused: bool,
    left: &[Piece],
    right: &[Piece],
) {
    let line = Rect { height: 1, ..area }.intersection(buf.area);
    if line.is_empty() {
        return;
    }
    let rule = if focused {
        Role::BorderFocused
    } else {
        Role::Border
    };
    let dashes = look.glyphs.rule.repeat(usize::from(line.width));
    text::put_left(buf, line, &dashes, look.style(rule), "");
    let mut pieces = Vec::with_capacity(left.len() + 2);
    let mark = if focused { look.glyphs.selector } else { " " };
    pieces.push(Piece::new(mark, rule));
    pieces.extend_from_slice(left);
    pieces.push(Piece::new(" ", rule));
    let room = Rect {
        x: line.x + 1.min(line.width),
        width: line.width.saturating_sub(2),
        ..line
    };
    let used = put_pieces(buf, room, &pieces, look);
    let wanted = pieces_width(right) + 2;
    let free = room.width.saturating_sub(used);
    if right.is_empty() || wanted + 1 > free {
        return;
    }
    let mut pieces = vec![Piece::new(" ", rule)];
    pieces.extend_from_slice(right);
    pieces.push(Piece::new(" ", rule));
    let place = Rect {
        x: room.right() - wanted,
        width: wanted,
        ..line
    };
    put_pieces(buf, place, &pieces, look);
}
