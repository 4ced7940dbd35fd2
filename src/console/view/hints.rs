//! The line at the bottom, with the keys of what has the keyboard, and above it what the console says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::put_pieces;
use crate::console::app::App;
use crate::console::command::{self, Command, Ctx};
use crate::console::overlays::Overlay;
use crate::console::regions::{Regions, Target};
use crate::console::theme::Role;
use crate::console::widgets::doc::{Piece, wrap};
use crate::console::widgets::text;

/// The most lines that a message takes.
const MESSAGE_LINES: usize = 3;

/// The commands that are hinted, in the order of the scopes: what is nearest comes first.
pub fn hinted(app: &App) -> Vec<&'static Command> {
    let ctx = Ctx::new(app);
    let scopes = app.scopes();
    let mut commands: Vec<&'static Command> = command::all()
        .filter(|command| !command.hint.is_empty() && scopes.contains(&command.scope))
        .filter(|command| command.check(ctx).is_ok())
        .collect();
    commands.sort_by_key(|command| scopes.iter().position(|scope| *scope == command.scope));
    commands
}

/// Draws the keys, or the rest of a chord that was begun.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer, regions: &mut Regions) {
    buf.set_style(area, app.look.style(Role::HintBar));
    if app.pending.is_begun() {
        chord(app, area, buf);
        return;
    }
    let mut commands = hinted(app);
    // Help stays at the right, whatever else finds no room.
    let help = commands
        .iter()
        .position(|command| command.id == "app.help")
        .map(|index| commands.remove(index));
    let mut room = area;
    if let Some(help) = help {
        let pieces = pieces_of(app, help);
        let width = super::pieces_width(&pieces) + 1;
        if width < area.width {
            let place = Rect {
                x: area.right() - width,
                width,
                ..area
            };
            put_pieces(buf, place, &pieces, &app.look);
            regions.add(place, Target::Command(help.id));
            room.width -= width + 1;
        }
    }
    let mut x = room.x + 1;
    for command in commands {
        let pieces = pieces_of(app, command);
        let width = super::pieces_width(&pieces);
        if x + width > room.right() {
            break;
        }
        let place = Rect { x, width, ..room };
        put_pieces(buf, place, &pieces, &app.look);
        regions.add(place, Target::Command(command.id));
        x += width + 2;
    }
}

fn pieces_of(app: &App, command: &Command) -> Vec<Piece> {
    vec![
        Piece::new(app.key(command.id), Role::Key),
        Piece::new(format!(" {}", command.hint), Role::HintBar),
    ]
}

/// What could follow the keys that were pressed.
fn chord(app: &App, area: Rect, buf: &mut Buffer) {
    let keys: String = app.pending.keys().iter().map(ToString::to_string).collect();
    let mut pieces = vec![Piece::new(
        format!(" {keys}{}", app.look.glyphs.ellipsis),
        Role::Accent,
    )];
    let scopes = app.scopes();
    for binding in app.keymap.continuations(&scopes, app.pending.keys()) {
        pieces.push(Piece::new(format!("  {}", binding.chord), Role::Key));
        pieces.push(Piece::new(
            format!(" {}", binding.command.title),
            Role::HintBar,
        ));
    }
    put_pieces(buf, area, &pieces, &app.look);
}

/// Draws what the console says over the last rows of the body.
pub fn message(app: &App, body: Rect, buf: &mut Buffer) {
    let Some(message) = app.messages.shown() else {
        return;
    };
    if matches!(app.overlays.last(), Some(Overlay::Messages(_))) {
        return;
    }
    let (glyph, word, role) = message.tone.shown(app.look.glyphs);
    let head = format!(" {glyph} {word}  ");
    let indent = u16::try_from(text::width(&head)).unwrap_or(0);
    let room = usize::from(body.width.saturating_sub(indent + 1));
    let said = if message.next.is_empty() {
        message.text.clone()
    } else {
        format!("{}. {}", message.text.trim_end_matches('.'), message.next)
    };
    let lines = wrap(&said, room.max(8));
    let shown = lines.len().min(MESSAGE_LINES);
    let height = u16::try_from(shown).unwrap_or(1);
    let area = Rect {
        y: body.bottom().saturating_sub(height),
        height,
        ..body
    };
    for (index, (row, line)) in area.rows().zip(&lines).enumerate() {
        buf.set_style(row, app.look.style(Role::HintBar));
        let blank = " ".repeat(usize::from(row.width));
        text::put_left(buf, row, &blank, app.look.style(Role::HintBar), "");
        let head = if index == 0 {
            Piece::new(head.clone(), role)
        } else {
            Piece::new(" ".repeat(usize::from(indent)), Role::HintBar)
        };
        let cut = index + 1 == shown && lines.len() > shown;
        let line = if cut {
            format!("{line}{}", app.look.glyphs.ellipsis)
        } else {
            line.clone()
        };
        put_pieces(
            buf,
            row,
            &[head, Piece::new(line, Role::HintBar)],
            &app.look,
        );
    }
}
