//! Lists over the panes: what the console said, what the doctor finds, a short menu.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{RowStyle, first_row, frame};
use crate::admin::types::Severity;
use crate::console::app::App;
use crate::console::overlays::{Doctor, Menu, ViewPicker};
use crate::console::panes::rows::sort_name;
use crate::console::regions::{Regions, Target};
use crate::console::remote::Standing;
use crate::console::theme::Role;
use crate::console::view::notice::Notice;
use crate::console::widgets::doc::{Doc, Piece};
use crate::console::widgets::text;
use crate::console::words;

pub(super) fn messages(
    app: &App,
    chosen: usize,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let inner = frame(
        look,
        screen,
        (100, 30),
        "What the console said",
        buf,
        regions,
    );
    let rows = app.messages.all().count();
    if rows == 0 {
        Notice::empty(app, "Nothing yet.", "").draw(app, inner, buf);
        return None;
    }
    let first = first_row(chosen, rows, inner.height);
    let listed = app.messages.all().enumerate().skip(first);
    for (place, (index, message)) in inner.rows().zip(listed) {
        let style = RowStyle::new(look, index == chosen, place, buf);
        let (glyph, word, role) = message.tone.shown(look.glyphs);
        let mut x = place.x;
        for (text, role) in [
            (
                format!("{} ", words::clock(message.at, &app.zone)),
                Role::Muted,
            ),
            (format!("{glyph} {word:8}"), role),
            (message.text.clone(), Role::Text),
            (format!("  {}", message.next), Role::Muted),
        ] {
            let room = Rect {
                x,
                width: place.right().saturating_sub(x),
                ..place
            };
            if room.is_empty() {
                break;
            }
            x += text::put_left(buf, room, &text, style.of(role), look.glyphs.ellipsis);
        }
        regions.add(place, Target::Choice(index));
    }
    None
}

pub(super) fn doctor(
    app: &App,
    doctor: &Doctor,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let inner = frame(look, screen, (90, 30), "Doctor", buf, regions);
    let Some(findings) = doctor.findings.value() else {
        let notice = match doctor.findings.standing() {
            Standing::Failed(error) => Notice::failed(app, "The doctor's findings", error),
            _ => Notice::loading(app, "the doctor's findings"),
        };
        notice.draw(app, inner, buf);
        return None;
    };
    let mut doc = Doc::new(inner.width);
    for finding in findings {
        let (glyph, word, role) = match finding.severity {
            Severity::Ok => (look.glyphs.ok, "well", Role::Success),
            Severity::Warning => (look.glyphs.warning, "look", Role::Warning),
            Severity::Error => (look.glyphs.failed, "wrong", Role::Danger),
        };
        let mark = Piece::padded(&format!("{glyph} {word}"), 8, role);
        let text = format!("{}: {}", finding.check, finding.found);
        doc.marked(&mark, &text, Role::Text, None);
        if !finding.fix.is_empty() {
            doc.marked(
                &Piece::padded("", 8, Role::Muted),
                &finding.fix,
                Role::Muted,
                None,
            );
        }
    }
    if findings.is_empty() {
        doc.paragraph("Nothing was looked at.", 0, Role::Muted);
    }
    doc.render(inner, buf, look, doctor.cursor, false);
    None
}

pub(super) fn menu(
    app: &App,
    menu: &Menu,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let height = u16::try_from(menu.items.len()).unwrap_or(10) + 2;
    let longest = menu.items.iter().map(|(words, _)| text::width(words)).max();
    let width = u16::try_from(longest.unwrap_or(0) + 4).unwrap_or(u16::MAX);
    let size = (width.max(64), height);
    let inner = frame(look, screen, size, &menu.title, buf, regions);
    for (place, (index, (words, _))) in inner.rows().zip(menu.items.iter().enumerate()) {
        let style = RowStyle::new(look, index == menu.chosen, place, buf);
        text::put_left(
            buf,
            place,
            words,
            style.of(Role::Text),
            look.glyphs.ellipsis,
        );
        regions.add(place, Target::Choice(index));
    }
    None
}

pub(super) fn views(
    app: &App,
    picker: &ViewPicker,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let look = &app.look;
    let all = &app.views.all;
    let height = u16::try_from(all.len()).unwrap_or(20).clamp(3, 20) + 2;
    let title = format!("Saved views ({} deletes)", app.key("view.delete"));
    let inner = frame(look, screen, (76, height), &title, buf, regions);
    if all.is_empty() {
        let next = "In a list, `:view save` and a name keeps its filter and its order.";
        Notice::empty(app, "No view is saved yet.", next).draw(app, inner, buf);
        return None;
    }
    let first = first_row(picker.chosen, all.len(), inner.height);
    for (place, (index, view)) in inner.rows().zip(all.iter().enumerate().skip(first)) {
        let style = RowStyle::new(look, index == picker.chosen, place, buf);
        let shown = if view.query.is_empty() {
            "everything"
        } else {
            &view.query
        };
        let order = view.sort.map_or("", sort_name);
        let mut x = place.x;
        for (text, width, role) in [
            (view.name.as_str(), 22, Role::Text),
            (view.pane.title(), 10, Role::Muted),
            (shown, 22, Role::Text),
            (order, 20, Role::Muted),
        ] {
            let room = Rect {
                x,
                width: width.min(place.right().saturating_sub(x)),
                ..place
            };
            text::put_left(buf, room, text, style.of(role), look.glyphs.ellipsis);
            x = (x + width + 1).min(place.right());
        }
        regions.add(place, Target::Choice(index));
    }
    None
}
