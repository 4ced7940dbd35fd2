//! The filter of a list, at the bottom of the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{RowStyle, boxed, field, first_row};
use crate::console::app::App;
use crate::console::overlays::Prompt;
use crate::console::panes::PaneId;
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::text;

/// How many completions are on the screen.
const SHOWN: u16 = 6;

pub(super) fn draw(
    app: &App,
    prompt: &Prompt,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Position {
    let look = &app.look;
    let completions = prompt.completions();
    let most = SHOWN.min(screen.height.saturating_sub(7));
    let shown = u16::try_from(completions.len()).unwrap_or(most).min(most);
    let height = shown + 4;
    let area = Rect {
        x: screen.x,
        y: screen.bottom().saturating_sub(height + 1),
        width: screen.width,
        height,
    };
    let title = format!("Filter {}", prompt.pane.title());
    let inner = boxed(look, area, &title, buf, regions);
    let mut rows = inner.rows();
    let first = first_row(prompt.chosen, completions.len(), shown);
    let listed = completions
        .iter()
        .enumerate()
        .skip(first)
        .take(usize::from(shown));
    for (place, (index, completion)) in rows.by_ref().take(usize::from(shown)).zip(listed) {
        let style = RowStyle::new(look, index == prompt.chosen, place, buf);
        let used = text::put_left(
            buf,
            place,
            &completion.text,
            style.of(Role::Key),
            look.glyphs.ellipsis,
        );
        let column = used.max(18) + 2;
        let about = Rect {
            x: place.x + column,
            width: place.width.saturating_sub(column),
            ..place
        };
        text::put_left(
            buf,
            about,
            &completion.about,
            style.of(Role::Muted),
            look.glyphs.ellipsis,
        );
        regions.add(place, Target::Choice(index));
    }
    let line = rows.next().unwrap_or_default();
    let cursor = field(look, &prompt.input, "/ ", line, buf);
    let below = rows.next().unwrap_or_default();
    let (said, role) = match prompt.error() {
        Some(error) => {
            let column = u16::try_from(error.column).unwrap_or(0);
            let mark = Rect {
                x: line.x + 1 + column,
                width: 1,
                ..line
            };
            if line.contains(Position::new(mark.x, mark.y)) {
                buf.set_style(mark, look.style(Role::Danger));
            }
            (format!("{} {error}", look.glyphs.failed), Role::Danger)
        }
        None => (hint(prompt, !completions.is_empty()), Role::Muted),
    };
    text::put_left(buf, below, &said, look.style(role), look.glyphs.ellipsis);
    cursor
}

fn hint(prompt: &Prompt, completes: bool) -> String {
    let tab = if completes { "tab completes, " } else { "" };
    let words = match prompt.pane {
        PaneId::Requests => "words and key:value, - before one excludes it; ",
        PaneId::Members
        | PaneId::Teams
        | PaneId::Home
        | PaneId::Sso
        | PaneId::Scim
        | PaneId::Policy
        | PaneId::Incidents => "part of a name, e-mail or id; ",
    };
    format!("{words}{tab}enter keeps it, esc takes it back")
}
