//! The home page.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::notice::Notice;
use super::title;
use crate::console::app::App;
use crate::console::panes::home::doc;
use crate::console::regions::{Regions, Target};
use crate::console::remote::Standing;
use crate::console::theme::Role;
use crate::console::widgets::doc::{DocCursor, Piece};
use crate::console::words;

/// Draws the page.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    regions.add(area, Target::List);
    let mut right = Vec::new();
    if let (Some(overview), Some(error)) = (app.overview.value(), app.overview.error()) {
        let age = words::age(overview.now, app.now);
        let text = format!(
            "{} stale, as of {age}: {}",
            app.look.glyphs.warning, error.detail
        );
        right.push(Piece::new(text, Role::Warning));
    }
    let left = [Piece::new("Home", Role::Title)];
    title::draw(buf, area, &app.look, app.overlays.is_empty(), &left, &right);
    let body = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let Some(overview) = app.overview.value() else {
        let notice = match app.overview.standing() {
            Standing::Failed(error) => Notice::failed(app, "The state of the engine", error),
            _ => match app.overview.error() {
                Some(error) => Notice::failed(app, "The state of the engine", error),
                None => Notice::loading(app, "its state"),
            },
        };
        notice.draw(app, body, buf);
        return;
    };
    let docs = doc::page(app, overview, body.width);
    let links = app.home_links();
    let chosen = app.home.chosen.min(links.len().saturating_sub(1));
    let at = links.get(chosen).map(|(column, line, _)| (*column, *line));
    let mut x = body.x;
    let count = u16::try_from(docs.len()).unwrap_or(1).max(1);
    for (column, doc) in docs.iter().enumerate() {
        let width = if column + 1 == docs.len() {
            body.right() - x
        } else {
            body.width / count
        };
        let place = Rect { x, width, ..body };
        let here = at
            .filter(|(chosen, _)| *chosen == column)
            .map(|(_, line)| line);
        let cursor = cursor(here, doc.lines().len(), place.height);
        for (row, line) in doc.render(place, buf, &app.look, cursor, here.is_some()) {
            let index = links
                .iter()
                .rposition(|(c, first, link)| {
                    *c == column && *first <= line && doc.link_at(line) == Some(link)
                })
                .and_then(|index| u64::try_from(index).ok());
            if let Some(index) = index {
                regions.add(row, Target::Row(index));
            }
        }
        x += width;
    }
}

/// The chosen line in the middle of the screen, as far as the page reaches.
fn cursor(line: Option<usize>, lines: usize, height: u16) -> DocCursor {
    let line = line.unwrap_or(0);
    DocCursor {
        line,
        top: line.saturating_sub(usize::from(height) / 2),
    }
    .within(lines, height)
}
