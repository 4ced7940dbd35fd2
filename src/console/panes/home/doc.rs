//! The page, as two columns of lines. On a narrow screen the second stands below the first.

use super::advice::advice;
use crate::admin::types::{ConnectionRow, Overview, RateBucket};
use crate::console::app::App;
use crate::console::panes::requests::doc::jump_of;
use crate::console::place::Jump;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Link, Piece};
use crate::console::words;
use crate::counted;

/// From so many columns on there are two.
pub const TWO_COLUMNS: u16 = 96;

/// The page for an area of so many columns: one doc, or two.
pub fn page(app: &App, overview: &Overview, width: u16) -> Vec<Doc> {
    if width < TWO_COLUMNS {
        let mut doc = Doc::new(width);
        next(&mut doc, app, overview);
        connections(&mut doc, app, overview);
        traffic(&mut doc, app, overview);
        failures(&mut doc, overview);
        changes(&mut doc, app, overview);
        guards(&mut doc, app, overview);
        numbers(&mut doc, app, overview);
        return vec![doc];
    }
    let left_width = width / 2;
    let mut left = Doc::new(left_width);
    next(&mut left, app, overview);
    connections(&mut left, app, overview);
    traffic(&mut left, app, overview);
    failures(&mut left, overview);
    let mut right = Doc::new(width - left_width);
    numbers(&mut right, app, overview);
    guards(&mut right, app, overview);
    changes(&mut right, app, overview);
    vec![left, right]
}

fn next(doc: &mut Doc, app: &App, overview: &Overview) {
    doc.heading("What to do next");
    for advice in advice(app, overview) {
        let glyphs = app.look.glyphs;
        let glyph = match advice.role {
            Role::Danger => glyphs.failed,
            Role::Warning => glyphs.warning,
            Role::Success => glyphs.ok,
            _ => glyphs.folded,
        };
        let mark = Piece::new(format!("  {glyph}"), advice.role);
        doc.marked(&mark, &advice.text, Role::Text, advice.link.as_ref());
    }
}

fn connections(doc: &mut Doc, app: &App, overview: &Overview) {
    doc.heading("Link with the IdP");
    if overview.connections.is_empty() {
        let text = format!("None has called {} yet.", overview.scim_base_url);
        doc.paragraph(&text, 2, Role::Muted);
    }
    for connection in &overview.connections {
        self::connection(doc, app, connection);
    }
}

fn connection(doc: &mut Doc, app: &App, connection: &ConnectionRow) {
    let glyphs = app.look.glyphs;
    let ok = connection.failures * 2 < connection.requests.max(1);
    let (glyph, word, role) = match connection.last_success {
        None => (glyphs.failed, "never succeeded", Role::Danger),
        Some(_) if !ok => (glyphs.warning, "failing", Role::Danger),
        Some(_) if connection.requests == 0 => (glyphs.noted, "quiet", Role::Muted),
        Some(_) => (glyphs.live, "working", Role::Success),
    };
    let idp = connection.idp.as_deref().unwrap_or("unknown IdP");
    let name = format!("{idp} ({})", connection.token);
    let query = format!(
        "token:{}",
        crate::console::panes::scim::doc::quoted(&connection.token)
    );
    let link = || Link::Jump(Jump::Requests(query.clone()));
    doc.link(
        vec![
            Piece::padded(&format!("  {glyph} {word}"), 12, role),
            Piece::new("  ", Role::Text),
            Piece::new(name, Role::Text),
        ],
        link(),
    );
    let push = connection.last_push.map_or_else(
        || "nothing changed by it yet".to_owned(),
        |at| format!("last change {}", words::age(at, app.now)),
    );
    let text = format!(
        "last call {}, {push}; {} in the last hour, {} failed",
        words::age(connection.last_request, app.now),
        words::counted(connection.requests, "request"),
        words::count(connection.failures),
    );
    doc.paragraph_linked(&text, 4, Role::Muted, Some(&link()));
}

fn traffic(doc: &mut Doc, app: &App, overview: &Overview) {
    let span = u64::from(overview.rate_bucket_seconds) * overview.rates.len() as u64;
    doc.heading(&format!("Requests, {}", span_name(span)));
    let width = doc.width().saturating_sub(14);
    let sum = |of: fn(&RateBucket) -> u32| -> u64 {
        overview
            .rates
            .iter()
            .map(|bucket| u64::from(of(bucket)))
            .sum()
    };
    let (all, failed) = (sum(|bucket| bucket.requests), sum(|bucket| bucket.failures));
    if all == 0 {
        doc.paragraph("No request yet.", 2, Role::Muted);
        return;
    }
    for (label, of, total, role) in [
        (
            "all",
            (|bucket| bucket.requests) as fn(&RateBucket) -> u32,
            all,
            Role::Accent,
        ),
        ("failed", |bucket| bucket.failures, failed, Role::Danger),
    ] {
        let values: Vec<u64> = overview
            .rates
            .iter()
            .map(|bucket| u64::from(of(bucket)))
            .collect();
        doc.line(vec![
            Piece::padded(&format!("  {label}"), 9, Role::Muted),
            Piece::new(bars(&values, all_peak(overview), width, app), role),
            Piece::new(format!(" {}", words::count(total)), Role::Text),
        ]);
    }
    let text = format!(
        "half answered within {}, 95 of 100 within {}",
        words::duration(overview.p50_us),
        words::duration(overview.p95_us)
    );
    doc.paragraph(&text, 2, Role::Muted);
}

fn all_peak(overview: &Overview) -> u64 {
    overview
        .rates
        .iter()
        .map(|bucket| u64::from(bucket.requests))
        .max()
        .unwrap_or(0)
}

/// Values as bars, the newest at the right; neighbours are added up where there are too many for the room.
fn bars(values: &[u64], peak: u64, width: usize, app: &App) -> String {
    let glyphs = &app.look.glyphs.bars;
    let group = values.len().div_ceil(width.max(1)).max(1);
    let peak = peak.saturating_mul(group as u64).max(1);
    values
        .rchunks(group)
        .rev()
        .map(|chunk| {
            let value: u64 = chunk.iter().sum();
            if value == 0 {
                return " ";
            }
            let steps = glyphs.len() as u64;
            let step = (value * steps).div_ceil(peak).clamp(1, steps) - 1;
            usize::try_from(step)
                .ok()
                .and_then(|step| glyphs.get(step))
                .copied()
                .unwrap_or(" ")
        })
        .collect()
}

fn span_name(seconds: u64) -> String {
    match seconds {
        0..120 => format!("last {seconds} seconds"),
        120..7_200 => format!("last {} minutes", seconds / 60),
        _ => format!("last {} hours", seconds / 3_600),
    }
}

fn failures(doc: &mut Doc, overview: &Overview) {
    doc.heading("Failures, last 24 hours");
    if overview.failures.is_empty() {
        doc.paragraph("None.", 2, Role::Muted);
    }
    for failure in &overview.failures {
        doc.link(
            vec![
                Piece::padded(&format!("  {}", failure.code), 22, Role::Warning),
                Piece::new(format!("{:>7}", words::count(failure.count)), Role::Text),
                Piece::new(format!("   last {}", failure.last), Role::Muted),
            ],
            Link::Jump(Jump::Request(failure.last)),
        );
    }
}

fn changes(doc: &mut Doc, app: &App, overview: &Overview) {
    doc.heading("Last changes");
    if overview.last_changes.is_empty() {
        doc.paragraph("Nothing has changed yet.", 2, Role::Muted);
    }
    for row in &overview.last_changes {
        let moment = words::short_moment(row.at, app.now, &app.zone);
        let pieces = vec![
            Piece::padded(&format!("  {moment}"), 12, Role::Muted),
            Piece::new(format!("{} ", row.change.label), Role::Text),
            Piece::new(
                words::change_summary(&row.change, app.look.glyphs),
                words::change_role(row.change.op),
            ),
            Piece::new(format!(" by {}", words::actor(&row.actor)), Role::Muted),
        ];
        let jump = row
            .request
            .map(Jump::Request)
            .or_else(|| jump_of(&row.change));
        match jump {
            Some(jump) => doc.link(pieces, Link::Jump(jump)),
            None => doc.line(pieces),
        };
    }
}

/// Who can let the others in, and what waits for a word.
fn guards(doc: &mut Doc, app: &App, overview: &Overview) {
    let guard = &overview.guard;
    doc.heading("Guards");
    let (text, role) = match (guard.incidents, guard.holds) {
        (0, _) => ("none".to_owned(), Role::Text),
        (open, 0) => (format!("{} open", words::count(open)), Role::Warning),
        (open, holds) => (
            format!(
                "{} open, {} for a word",
                words::count(open),
                counted::count(holds, "hold waits", "holds wait")
            ),
            Role::Danger,
        ),
    };
    doc.field_linked(
        "  incidents",
        &text,
        role,
        Some(&Link::Command("pane.incidents")),
    );
    let role = if overview.admins_who_can_sign_in < 2 {
        Role::Warning
    } else {
        Role::Text
    };
    doc.field("  admins", &overview.ways_to_admin(), role);
    for path in &guard.paths {
        doc.field("  admin", &path.to_string(), Role::Text);
        if let Some(why) = &path.why_not {
            doc.field("", &format!("cannot sign in: {why}"), Role::Warning);
        }
    }
    let more = overview
        .admins
        .saturating_sub(u64::try_from(guard.paths.len()).unwrap_or(u64::MAX));
    if more > 0 {
        let text = format!("and {} more", words::count(more));
        doc.field("  admin", &text, Role::Muted);
    }
    for remark in &guard.remarks {
        let mark = Piece::new(format!("  {}", app.look.glyphs.warning), Role::Warning);
        doc.marked(&mark, remark, Role::Text, None);
    }
}

fn numbers(doc: &mut Doc, app: &App, overview: &Overview) {
    doc.heading("What is here");
    let inactive = overview.members.saturating_sub(overview.active_members);
    let members = format!(
        "{}, {} active, {} inactive",
        words::count(overview.members),
        words::count(overview.active_members),
        words::count(inactive)
    );
    let go = |id| Some(Link::Command(id));
    doc.field_linked(
        "  members",
        &members,
        Role::Text,
        go("pane.members").as_ref(),
    );
    let local = overview.teams.saturating_sub(overview.synced_teams);
    let teams = format!(
        "{}, {} synced, {} local",
        words::count(overview.teams),
        words::count(overview.synced_teams),
        words::count(local)
    );
    doc.field_linked("  teams", &teams, Role::Text, go("pane.teams").as_ref());
    doc.field_linked(
        "  log",
        &words::counted(overview.log_rows, "request"),
        Role::Text,
        go("pane.requests").as_ref(),
    );
    doc.field(
        "  database",
        &words::bytes(overview.database_bytes),
        Role::Text,
    );
    doc.field_linked(
        "  base URL",
        &overview.scim_base_url,
        Role::Accent,
        go("pane.scim").as_ref(),
    );
    doc.field("  engine", &app.context.place, Role::Text);
    let since = format!(
        "{}, up since {}",
        overview.version,
        words::moment(overview.started, app.now, &app.zone)
    );
    doc.field("  version", &since, Role::Muted);
}
