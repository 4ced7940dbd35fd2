//! The line at the top: which organisation under which rules, how the link with each IdP stands, what fails, and which
//! engine this is. What matters least goes first where room is short; the context never goes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{pieces_width, put_pieces};
use crate::admin::types::{Overview, Provisioning};
use crate::console::app::{Access, App, Link};
use crate::console::theme::Role;
use crate::console::widgets::doc::Piece;
use crate::console::words;

/// Draws the line.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer) {
    buf.set_style(area, app.look.style(Role::HeaderBar));
    let right = context(app);
    let right_width = pieces_width(&right).min(area.width);
    let room = area.width.saturating_sub(right_width + 1);
    let mut pieces = Vec::new();
    let mut used = 0;
    for mut part in parts(app) {
        let width = pieces_width(&part) + 3;
        if used + width > room + 2 {
            continue;
        }
        if pieces.is_empty() {
            pieces.push(Piece::new(" ", Role::HeaderBar));
        } else {
            let separator = format!(" {} ", app.look.glyphs.separator);
            pieces.push(Piece::new(separator, Role::Muted));
        }
        pieces.append(&mut part);
        used += width;
    }
    put_pieces(
        buf,
        Rect {
            width: room,
            ..area
        },
        &calm(pieces),
        &app.look,
    );
    let place = Rect {
        x: area.right() - right_width,
        width: right_width,
        ..area
    };
    put_pieces(buf, place, &calm(right), &app.look);
}

/// On the bar only what needs attention has a colour of its own.
fn calm(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut pieces = pieces;
    for piece in &mut pieces {
        if matches!(piece.role, Role::Text | Role::Success | Role::Info) {
            piece.role = Role::HeaderBar;
        }
    }
    pieces
}

/// Which engine this is, and whether it may be changed.
fn context(app: &App) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if app.access == Access::ReadOnly {
        pieces.push(Piece::new("read-only ", Role::Warning));
    }
    pieces.push(Piece::new(
        format!("[{}] ", app.context.name),
        app.context.role,
    ));
    pieces
}

fn parts(app: &App) -> Vec<Vec<Piece>> {
    let glyphs = app.look.glyphs;
    let Some(overview) = app.overview.value() else {
        let (glyph, text, role) = match app.link() {
            Link::Down => (glyphs.failed, "the engine cannot be reached", Role::Danger),
            Link::Troubled => (
                glyphs.warning,
                "the engine does not answer as it should",
                Role::Danger,
            ),
            Link::Connecting | Link::Up => (glyphs.noted, "connecting", Role::Muted),
        };
        return vec![
            vec![Piece::new("Provost", Role::Title)],
            vec![Piece::new(format!("{glyph} {text}"), role)],
        ];
    };
    let mut parts = vec![vec![Piece::new(overview.organisation.clone(), Role::Title)]];
    match app.link() {
        Link::Down => {
            let text = format!("{} unreachable, trying again", glyphs.failed);
            parts.push(vec![Piece::new(text, Role::Danger)]);
        }
        Link::Troubled => {
            let text = format!("{} the engine is in trouble", glyphs.warning);
            parts.push(vec![Piece::new(text, Role::Danger)]);
        }
        Link::Connecting | Link::Up => {}
    }
    parts.push(idp(app, overview));
    let failing: u64 = overview.connections.iter().map(|c| c.failures).sum();
    if failing > 0 {
        let text = format!("{} {} failed in 1 h", glyphs.warning, words::count(failing));
        parts.push(vec![Piece::new(text, Role::Warning)]);
    }
    let guard = &overview.guard;
    if guard.incidents > 0 {
        let text = words::counted(guard.incidents, "incident");
        let role = if guard.holds > 0 {
            Role::Danger
        } else {
            Role::Warning
        };
        parts.push(vec![Piece::new(format!("! {text}"), role)]);
    }
    match overview.provisioning {
        Provisioning::On => {}
        Provisioning::Paused | Provisioning::Off => {
            let state = overview.provisioning.as_str();
            let text = format!("{} provisioning {state}", glyphs.paused);
            parts.push(vec![Piece::new(text, Role::Warning)]);
        }
    }
    parts.push(vec![team_sync(overview)]);
    let role = if overview.admins < 2 {
        Role::Warning
    } else {
        Role::Text
    };
    let paths = words::counted(overview.admins, "path");
    parts.push(vec![Piece::new(format!("admins {paths}"), role)]);
    let (text, role) = if guard.armed {
        ("guard armed", Role::Text)
    } else {
        ("guard off", Role::Warning)
    };
    parts.push(vec![Piece::new(text, role)]);
    parts.push(vec![Piece::new(
        match overview.policy_overrides {
            0 => format!("preset {}", overview.preset),
            set => format!("preset {} ({set} set)", overview.preset),
        },
        Role::Muted,
    )]);
    parts
}

/// Whether groups become teams, and how many teams are an IdP's.
fn team_sync(overview: &Overview) -> Piece {
    let local = overview.teams.saturating_sub(overview.synced_teams);
    let counts = format!(
        "({} synced/{} local)",
        words::count(overview.synced_teams),
        words::count(local)
    );
    if overview.team_sync {
        Piece::new(format!("team sync ON {counts}"), Role::Text)
    } else {
        Piece::new(format!("team sync off {counts}"), Role::Muted)
    }
}

/// The IdP that called last, and how many others there are.
fn idp(app: &App, overview: &Overview) -> Vec<Piece> {
    let glyphs = app.look.glyphs;
    let Some(connection) = overview.connections.first() else {
        return vec![Piece::new(
            format!("{} no IdP yet", glyphs.noted),
            Role::Muted,
        )];
    };
    let works = connection.failures * 2 < connection.requests.max(1);
    let (glyph, role) = if works && connection.last_success.is_some() {
        (glyphs.live, Role::Success)
    } else {
        (glyphs.warning, Role::Danger)
    };
    let name = connection.idp.as_deref().unwrap_or(&connection.token);
    let push = connection.last_push.map_or_else(
        || "nothing pushed yet".to_owned(),
        |at| format!("pushed {}", words::age(at, app.now)),
    );
    let mut pieces = vec![
        Piece::new(format!("{glyph} "), role),
        Piece::new(format!("{name} {push}"), Role::Text),
    ];
    let others = overview.connections.len() - 1;
    if others > 0 {
        pieces.push(Piece::new(format!(" +{others}"), Role::Muted));
    }
    pieces
}
