//! The names of the panes: a rail at the left, or a line below the header where columns are few.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::console::app::App;
use crate::console::layout::Areas;
use crate::console::panes::PaneId;
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::text;

/// Draws the names.
pub fn draw(app: &App, areas: &Areas, buf: &mut Buffer, regions: &mut Regions) {
    if areas.rail {
        rail(app, areas.panes, buf, regions);
    } else {
        line(app, areas.panes, buf, regions);
    }
}

fn rail(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    let glyphs = app.look.glyphs;
    for row in area.rows() {
        let edge = Rect {
            x: row.right() - 1,
            width: 1,
            ..row
        };
        text::put_left(buf, edge, glyphs.divider, app.look.style(Role::Border), "");
    }
    for (pane, row) in PaneId::ALL.into_iter().zip(area.rows().skip(1)) {
        let row = Rect {
            width: row.width - 1,
            ..row
        };
        let here = pane == app.pane;
        let style = app.look.style(if here { Role::Accent } else { Role::Text });
        let mark = if here { glyphs.selector } else { " " };
        let name = format!("{mark}{} {}", pane.number(), pane.title());
        text::put_left(buf, row, &name, style, glyphs.ellipsis);
        regions.add(row, Target::Pane(pane));
    }
}

fn line(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    // Where not all names fit, only the one of the pane on the screen is written out.
    let long: usize = PaneId::ALL.iter().map(|pane| pane.title().len() + 4).sum();
    let brief = long > usize::from(area.width);
    let mut x = area.x;
    for pane in PaneId::ALL {
        let here = pane == app.pane;
        let name = match (here, brief) {
            (true, _) => format!("[{} {}]", pane.number(), pane.title()),
            (false, true) => format!(" {} ", pane.number()),
            (false, false) => format!(" {} {} ", pane.number(), pane.title()),
        };
        let room = Rect {
            x,
            width: area.right().saturating_sub(x),
            ..area
        };
        let style = app
            .look
            .style(if here { Role::Accent } else { Role::Muted });
        let used = text::put_left(buf, room, &name, style, app.look.glyphs.ellipsis);
        regions.add(
            Rect {
                width: used,
                ..room
            },
            Target::Pane(pane),
        );
        x += used;
    }
}
