//! Questions before a change, and the secret of a new token.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{field, frame};
use crate::admin::sso::PasswordLinkKind;
use crate::console::app::App;
use crate::console::command::CommandId;
use crate::console::overlays::confirm::WIDTH;
use crate::console::overlays::{Confirm, SecretOf, SecretOverlay};
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, DocCursor, Piece};
use crate::console::widgets::text;
use crate::console::words;

pub(super) fn confirm(
    app: &App,
    confirm: &Confirm,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let glyphs = app.look.glyphs;
    let (doc, _) = confirm.text(&app.look, (screen.width, screen.height));
    let below = confirm.below();
    let lines = u16::try_from(doc.lines().len()).unwrap_or(u16::MAX);
    let inner = frame(
        &app.look,
        screen,
        (WIDTH, lines.saturating_add(below + 2)),
        &confirm.question,
        buf,
        regions,
    );
    let room = Rect {
        height: inner.height.saturating_sub(below),
        ..inner
    };
    // A cursor on the last line of the screen scrolls the text to where it is wanted.
    let wanted = DocCursor {
        line: confirm.top + usize::from(room.height.saturating_sub(1)),
        top: confirm.top,
    };
    doc.render(room, buf, &app.look, wanted, false);
    let more = doc
        .lines()
        .len()
        .saturating_sub(confirm.top + usize::from(room.height));
    if more > 0 {
        let said = format!(
            "{} and {} more below, {} shows them",
            glyphs.unfolded,
            words::counted(more as u64, "line"),
            app.key("dialog.down")
        );
        let line = Rect {
            y: room.bottom(),
            height: 1,
            ..room
        };
        text::put_left(
            buf,
            line,
            &said,
            app.look.style(Role::Muted),
            glyphs.ellipsis,
        );
    }
    let mut cursor = None;
    let last = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1,
        ..inner
    };
    if let Some((name, typed)) = confirm.typed() {
        let line = Rect {
            y: last.y.saturating_sub(2),
            ..last
        };
        cursor = Some(field(
            &app.look,
            typed,
            &format!("Type {name}: "),
            line,
            buf,
        ));
    }
    let (yes, no): (CommandId, CommandId) = match confirm.typed() {
        Some(_) => ("dialog.yes_typed", "dialog.close"),
        None => ("confirm.yes", "confirm.no"),
    };
    let ready = confirm.can_confirm().is_ok();
    let yes_role = if ready { Role::Danger } else { Role::Muted };
    let cancel = format!("[ Cancel {} ]", app.key("dialog.accept"));
    let does = format!("  {} {}  ", confirm.yes, app.key(yes));
    let mut x = last.x;
    for (label, role, id) in [(cancel, Role::Selected, no), (does, yes_role, yes)] {
        let room = Rect {
            x,
            width: last.right().saturating_sub(x),
            ..last
        };
        let used = text::put_left(buf, room, &label, app.look.style(role), glyphs.ellipsis);
        regions.add(
            Rect {
                width: used,
                ..room
            },
            Target::Command(id),
        );
        x += used + 2;
    }
    cursor
}

pub(super) fn secret(
    app: &App,
    shown: &SecretOverlay,
    screen: Rect,
    buf: &mut Buffer,
    regions: &mut Regions,
) -> Option<Position> {
    let glyphs = app.look.glyphs;
    let mut doc = Doc::new(WIDTH.min(screen.width.saturating_sub(2)).saturating_sub(4));
    let title = match &shown.of {
        SecretOf::Token(token) => {
            doc.paragraph(
                "This is the only time it is shown. Put it into the IdP now.",
                0,
                Role::Text,
            );
            doc.blank();
            if let Some(client) = token.client {
                doc.paragraph(&format!("client_id: {client}"), 0, Role::Text);
                doc.paragraph("client_secret:", 0, Role::Text);
            }
            format!("Token {}", token.name)
        }
        SecretOf::Link(link) => {
            doc.paragraph(
                &format!(
                    "This is the only time it is shown. Give it to {} alone: whoever has it can set their password. It works once, until {}.",
                    link.name,
                    words::exact_moment(link.expires, &app.zone)
                ),
                0,
                Role::Text,
            );
            if let Some(address) = &link.mailed_to {
                doc.paragraph(&format!("It is mailed to {address}, too."), 0, Role::Text);
            }
            doc.blank();
            match link.kind {
                PasswordLinkKind::Invitation => format!("Invitation of {}", link.name),
                PasswordLinkKind::Reset => format!("Password link of {}", link.name),
            }
        }
    };
    doc.paragraph(shown.secret.expose(), 0, Role::Accent);
    doc.blank();
    let (mark, said) = if shown.copied {
        let mark = Piece::new(glyphs.ok, Role::Success);
        (
            mark,
            format!(
                "It is on the clipboard. {} closes this.",
                app.key("dialog.close")
            ),
        )
    } else if shown.asked_to_close {
        let mark = Piece::new(glyphs.warning, Role::Warning);
        let said = format!(
            "It was not copied. {} copies it; {} again forgets it for good.",
            app.key("secret.copy"),
            app.key("dialog.close")
        );
        (mark, said)
    } else {
        let mark = Piece::new(glyphs.noted, Role::Info);
        (mark, format!("{} copies it.", app.key("secret.copy")))
    };
    doc.marked(&mark, &said, Role::Text, None);
    let lines = u16::try_from(doc.lines().len()).unwrap_or(10);
    let inner = frame(&app.look, screen, (WIDTH, lines + 2), &title, buf, regions);
    doc.render(inner, buf, &app.look, DocCursor::default(), false);
    None
}
