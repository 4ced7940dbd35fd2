//! The state of single sign-on: its three steps, what the next one changes and lacks, and what to do first where nothing
//! is set.

use std::cmp::Ordering;

use super::table::state;
use crate::admin::sso::{NextStep, SsoState, SsoStatus};
use crate::console::app::App;
use crate::console::command::CommandId;
use crate::console::place::Jump;
use crate::console::remote::Standing;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Act, Doc, Link, Piece};
use crate::console::words;

/// How many members without a password are named.
const NAMED: usize = 10;

/// Something that the next step needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Whether it is there.
    pub met: bool,
    /// What it is, and where it is not there, how to get it.
    pub text: String,
    /// The command that gets it.
    pub mend: Option<CommandId>,
}

/// How the status stands where it is not here: a text for the detail.
pub fn not_here(app: &App, doc: &mut Doc) {
    let (text, role) = match app.sso.status.standing() {
        Standing::Failed(error) => (
            format!(
                "{} How single sign-on stands did not come: {}. {} asks again.",
                app.look.glyphs.failed,
                error.detail.trim_end_matches('.'),
                app.key("app.refresh")
            ),
            Role::Danger,
        ),
        _ => (
            "Asking the engine how single sign-on stands.".to_owned(),
            Role::Muted,
        ),
    };
    doc.paragraph(&text, 0, role);
}

/// The state.
pub fn state_doc(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(status) = app.sso.status.value() else {
        not_here(app, &mut doc);
        return doc;
    };
    steps(&mut doc, app, status.state);
    if status.sso.is_none() {
        first_steps(&mut doc, app, status);
        return doc;
    }
    let meaning = match status.state {
        SsoState::Off => "Members sign in by password. It can be tried, and nobody notices.",
        SsoState::TestDrive => "It can be tried; nobody's sign-in has changed.",
        SsoState::Enabled => "Members sign in at the identity provider.",
    };
    doc.paragraph(meaning, 0, Role::Text);
    for next in &status.next {
        next_step(&mut doc, app, status, next);
    }
    about(&mut doc, app, status);
    without_password(&mut doc, status);
    doc
}

/// The three steps on a line, the present one in brackets.
fn steps(doc: &mut Doc, app: &App, present: SsoState) {
    let glyphs = app.look.glyphs;
    let mut pieces = Vec::new();
    let all = [SsoState::Off, SsoState::TestDrive, SsoState::Enabled];
    let here = all.iter().position(|it| *it == present).unwrap_or(0);
    for (index, it) in all.into_iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::new(format!(" {} ", glyphs.arrow), Role::Muted));
        }
        let word = it.as_str();
        let number = index + 1;
        pieces.push(match index.cmp(&here) {
            Ordering::Less => Piece::new(format!("{} {number} {word}", glyphs.ok), Role::Muted),
            Ordering::Equal => {
                let (glyph, _, role) = state(it, glyphs);
                Piece::new(format!("[{glyph} {number} {word}]"), role)
            }
            Ordering::Greater => Piece::new(format!("{number} {word}"), Role::Muted),
        });
    }
    doc.line(pieces);
    doc.blank();
}

fn first_steps(doc: &mut Doc, app: &App, status: &SsoStatus) {
    doc.paragraph("No identity provider is set up yet.", 0, Role::Text);
    doc.heading("What to do");
    let mark = |number: u8| Piece::new(format!("  {number}."), Role::Key);
    let text = format!(
        "At the identity provider, make a SAML 2.0 application and enter these ({} copies the line):",
        app.key("sso.copy")
    );
    doc.marked(&mark(1), &text, Role::Text, None);
    ours(doc, status);
    let text = format!(
        "{} takes its metadata: paste it, or write its URL or the path of a file.",
        app.key("sso.configure")
    );
    doc.marked(
        &mark(2),
        &text,
        Role::Text,
        Some(&Link::Command("sso.configure")),
    );
    let text = format!(
        "Where it has no metadata, {} takes its entity id, its sign-in URL and its certificate by hand.",
        app.key("sso.by_hand")
    );
    doc.marked(
        &Piece::new("    ", Role::Key),
        &text,
        Role::Muted,
        Some(&Link::Command("sso.by_hand")),
    );
    let text = format!(
        "{} tries it: everybody signs in as before while it is tried.",
        app.key("sso.test")
    );
    doc.marked(&mark(3), &text, Role::Text, None);
    let text = format!("{} enables it.", app.key("sso.switch"));
    doc.marked(&mark(4), &text, Role::Text, None);
}

/// What is entered at the identity provider.
pub fn ours(doc: &mut Doc, status: &SsoStatus) {
    for (label, value) in [
        ("entity id", &status.entity_id),
        ("ACS URL", &status.acs_url),
        ("metadata", &status.metadata_url),
        ("sign-in", &status.sign_in_url),
    ] {
        let link = Link::Act(Act::Copy {
            what: format!("our {label}"),
            text: value.clone(),
        });
        doc.field_linked(&format!("  {label}"), value, Role::Accent, Some(&link));
    }
}

fn next_step(doc: &mut Doc, app: &App, status: &SsoStatus, next: &NextStep) {
    let glyphs = app.look.glyphs;
    let verb = match next.to {
        SsoState::Off => "Disabling it",
        SsoState::TestDrive => "Going back to test-drives",
        SsoState::Enabled => "Enabling it",
    };
    doc.heading(&format!("{verb} ({})", app.key("sso.switch")));
    for change in &next.changes {
        let mark = Piece::new(format!("  {}", glyphs.arrow), Role::Warning);
        doc.marked(&mark, change, Role::Text, None);
    }
    if next.changes.is_empty() {
        doc.paragraph(
            "Members can sign in at the identity provider; passwords go on working.",
            2,
            Role::Text,
        );
    }
    doc.blank();
    for need in needs(app, status, next) {
        let (mark, role) = if need.met {
            (format!("  {} there", glyphs.ok), Role::Success)
        } else {
            (format!("  {} missing", glyphs.failed), Role::Danger)
        };
        let link = need.mend.map(Link::Command);
        let mark = Piece::padded(&mark, 11, role);
        doc.marked(&mark, &need.text, Role::Text, link.as_ref());
    }
}

/// What a step needs: what is there, and what is missing with the way to it.
pub fn needs(app: &App, status: &SsoStatus, next: &NextStep) -> Vec<Need> {
    if next.to != SsoState::Enabled {
        return Vec::new();
    }
    let mut all = vec![Need {
        met: true,
        text: "an identity provider is configured".to_owned(),
        mend: None,
    }];
    if let Some(at) = status.last_green {
        all.push(Need {
            met: true,
            text: format!(
                "a test-drive went well under this configuration, {}",
                words::age(at, app.now)
            ),
            mend: None,
        });
    }
    for (at, text) in next.missing.iter().enumerate() {
        let way = next.ways.get(at).map_or("", String::as_str);
        let (how, mend) = match way {
            "provost sso test" => (
                format!("{} runs one", app.key("sso.test")),
                Some("sso.test"),
            ),
            way => (way.to_owned(), None),
        };
        let text = if how.is_empty() {
            text.clone()
        } else {
            format!("{text}: {how}")
        };
        all.push(Need {
            met: false,
            text,
            mend,
        });
    }
    all
}

fn about(doc: &mut Doc, app: &App, status: &SsoStatus) {
    doc.heading("About it");
    if let Some(sso) = &status.sso {
        doc.field("IdP", &sso.identity_provider.entity_id, Role::Text);
    }
    let (jit, now) = &status.jit;
    let text = if *now {
        format!("somebody unknown who signs in becomes a member (sso.jit = {jit})")
    } else {
        format!("somebody unknown who signs in is turned away (sso.jit = {jit})")
    };
    doc.field("unknown", &text, Role::Text);
    let tested = status.last_green.map_or_else(
        || "not yet under this configuration".to_owned(),
        |at| {
            format!(
                "{}, {}",
                words::age(at, app.now),
                words::exact_moment(at, &app.zone)
            )
        },
    );
    doc.field("tried well", &tested, Role::Text);
    for remark in &status.remarks {
        let mark = Piece::new(app.look.glyphs.warning, Role::Warning);
        doc.marked(&mark, remark, Role::Text, None);
    }
}

fn without_password(doc: &mut Doc, status: &SsoStatus) {
    if status.without_password.is_empty() {
        return;
    }
    let all = &status.without_password;
    let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
    doc.heading(&format!(
        "{} without a password",
        words::counted(count, "member")
    ));
    doc.paragraph(
        "They came by single sign-on; while it is disabled they must set one first.",
        2,
        Role::Muted,
    );
    for (id, name) in all.iter().take(NAMED) {
        doc.link(
            vec![
                Piece::new("  ", Role::Text),
                Piece::new(name.as_str(), Role::Accent),
            ],
            Link::Jump(Jump::Member(*id)),
        );
    }
    let more = all.len().saturating_sub(NAMED);
    if more > 0 {
        let more = words::count(u64::try_from(more).unwrap_or(u64::MAX));
        doc.paragraph(&format!("and {more} more"), 2, Role::Muted);
    }
}
