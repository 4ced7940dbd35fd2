//! The line at the top: which organisation under which rules, how the link with each IdP stands, what fails, and which
//! engine this is. What matters least goes first where room is short; the context never goes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{pieces_width, put_pieces};
use crate::admin::sso::SsoState;
use crate::admin::types::{Overview, Provisioning};
use crate::console::app::{Access, App, Link};
use crate::console::theme::Role;
use crate::console::widgets::doc::Piece;
use crate::console::words;

/// The rank from which on a part only has the room that all words of the others leave.
const FIRST_OF_THE_REST: u8 = 9;

/// One thing that the line says.
struct Part {
    /// What is left out last has the lowest.
    rank: u8,
    /// In few words, for a narrow screen.
    brief: Vec<Piece>,
    /// With all there is to say.
    full: Vec<Piece>,
}

impl Part {
    fn new(rank: u8, full: Vec<Piece>) -> Self {
        let brief = full.clone();
        Self { rank, brief, full }
    }

    fn of(rank: u8, text: impl Into<String>, role: Role) -> Self {
        Self::new(rank, vec![Piece::new(text, role)])
    }
}

/// Draws the line.
pub fn draw(app: &App, area: Rect, buf: &mut Buffer) {
    buf.set_style(area, app.look.style(Role::HeaderBar));
    let right = context(app);
    let right_width = pieces_width(&right).min(area.width);
    let room = area.width.saturating_sub(right_width + 1);
    let mut pieces = Vec::new();
    for mut part in fitting(parts(app), room) {
        if pieces.is_empty() {
            pieces.push(Piece::new(" ", Role::HeaderBar));
        } else {
            let separator = format!(" {} ", app.look.glyphs.separator);
            pieces.push(Piece::new(separator, Role::Muted));
        }
        pieces.append(&mut part);
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

/// As many parts as there is room for: those of rank in few words, while there is room with all their words, and then the
/// rest.
fn fitting(parts: Vec<Part>, room: u16) -> Vec<Vec<Piece>> {
    let mut ranked: Vec<(usize, Part)> = parts.into_iter().enumerate().collect();
    ranked.sort_by_key(|(_, part)| part.rank);
    // A separator is three columns wide; the first part has one column before it.
    let mut left = room + 2;
    let mut shown: Vec<(usize, Vec<Piece>)> = Vec::with_capacity(ranked.len());
    let rest = ranked.partition_point(|(_, part)| part.rank < FIRST_OF_THE_REST);
    let rest = ranked.split_off(rest);
    for tier in [ranked, rest] {
        let mut fit = Vec::with_capacity(tier.len());
        for (index, part) in tier {
            let width = pieces_width(&part.brief) + 3;
            if width <= left {
                left -= width;
                fit.push((index, part));
            }
        }
        for (index, part) in fit {
            let more = pieces_width(&part.full).saturating_sub(pieces_width(&part.brief));
            if more <= left {
                left -= more;
                shown.push((index, part.full));
            } else {
                shown.push((index, part.brief));
            }
        }
    }
    shown.sort_by_key(|(index, _)| *index);
    shown.into_iter().map(|(_, pieces)| pieces).collect()
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

/// What there is to say, in the order of the screen.
fn parts(app: &App) -> Vec<Part> {
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
            Part::of(0, "Provost", Role::Title),
            Part::of(1, format!("{glyph} {text}"), role),
        ];
    };
    let mut parts = vec![Part::of(0, overview.organisation.clone(), Role::Title)];
    match app.link() {
        Link::Down => {
            let text = format!("{} unreachable, trying again", glyphs.failed);
            parts.push(Part::of(1, text, Role::Danger));
        }
        Link::Troubled => {
            let text = format!("{} the engine is in trouble", glyphs.warning);
            parts.push(Part::of(1, text, Role::Danger));
        }
        Link::Connecting | Link::Up => {}
    }
    parts.push(preset(overview));
    parts.push(idp(app, overview));
    let failing: u64 = overview.connections.iter().map(|c| c.failures).sum();
    if failing > 0 {
        let text = format!("{} {} failed in 1 h", glyphs.warning, words::count(failing));
        parts.push(Part::of(9, text, Role::Warning));
    }
    match overview.provisioning {
        Provisioning::On => {}
        Provisioning::Paused | Provisioning::Off => {
            let state = overview.provisioning.as_str();
            let text = format!("{} provisioning {state}", glyphs.paused);
            parts.push(Part::of(2, text, Role::Warning));
        }
    }
    parts.push(sso(overview));
    parts.push(team_sync(overview));
    let guard = &overview.guard;
    parts.push(if guard.armed {
        Part::of(7, "guard armed", Role::Text)
    } else {
        Part::of(7, "guard off", Role::Warning)
    });
    let (can, all) = (overview.admins_who_can_sign_in, overview.admins);
    let role = if can < 2 { Role::Warning } else { Role::Text };
    // How many ways there are back in is told wherever there is room for more than the rules.
    parts.push(Part {
        rank: 5,
        brief: vec![Piece::new(
            format!("admins {} of {}", words::count(can), words::count(all)),
            role,
        )],
        full: vec![Piece::new(
            format!("admins {}", overview.ways_to_admin()),
            role,
        )],
    });
    if guard.incidents > 0 {
        let text = words::counted(guard.incidents, "incident");
        let role = if guard.holds > 0 {
            Role::Danger
        } else {
            Role::Warning
        };
        parts.push(Part::of(3, format!("{} {text}", glyphs.warning), role));
    }
    parts
}

/// By which rules it is decided, and how many of them were set otherwise.
fn preset(overview: &Overview) -> Part {
    let brief = format!("preset {}", overview.preset);
    let full = match overview.policy_overrides {
        0 => brief.clone(),
        set => format!("{brief} ({set} set)"),
    };
    Part {
        rank: 4,
        brief: vec![Piece::new(brief, Role::Text)],
        full: vec![Piece::new(full, Role::Text)],
    }
}

/// Whether members sign in by single sign-on.
fn sso(overview: &Overview) -> Part {
    match overview.sso {
        SsoState::Off => Part::of(8, "SSO off", Role::Muted),
        SsoState::TestDrive => Part::of(5, "SSO test-drive", Role::Accent),
        SsoState::Enabled => Part::of(6, "SSO enabled", Role::Text),
    }
}

/// Whether groups become teams, and how many teams are an IdP's.
fn team_sync(overview: &Overview) -> Part {
    let local = overview.teams.saturating_sub(overview.synced_teams);
    let counts = format!(
        "({} synced/{} local)",
        words::count(overview.synced_teams),
        words::count(local)
    );
    let (brief, role) = if overview.team_sync {
        ("team sync ON", Role::Text)
    } else {
        ("team sync off", Role::Muted)
    };
    Part {
        rank: 6,
        brief: vec![Piece::new(brief, role)],
        full: vec![Piece::new(format!("{brief} {counts}"), role)],
    }
}

/// The IdP that called last, and how many others there are.
fn idp(app: &App, overview: &Overview) -> Part {
    let glyphs = app.look.glyphs;
    let Some(connection) = overview.connections.first() else {
        let text = format!("{} no IdP yet", glyphs.noted);
        return Part::of(8, text, Role::Muted);
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
    let brief = vec![
        Piece::new(format!("{glyph} "), role),
        Piece::new(name, Role::Text),
    ];
    let mut full = brief.clone();
    full.push(Piece::new(format!(" {push}"), Role::Text));
    let others = overview.connections.len() - 1;
    if others > 0 {
        full.push(Piece::new(format!(" +{others}"), Role::Muted));
    }
    Part {
        rank: 8,
        brief,
        full,
    }
}
