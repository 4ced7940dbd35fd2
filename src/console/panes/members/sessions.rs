//! The live sessions of a member: since when, from where, by which browser, and until when.

use crate::console::app::App;
use crate::console::remote::Standing;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Act, Doc, Link, Piece};
use crate::console::words;

/// All of them.
pub fn doc(app: &App, width: u16) -> Doc {
    let mut doc = Doc::new(width);
    let Some(all) = app.members.open_sessions() else {
        let (text, role) = match app.members.sessions.standing() {
            Standing::Failed(error) => (
                format!("Their sessions did not come: {}", error.detail),
                Role::Danger,
            ),
            _ => (
                "Asking the engine for their sessions.".to_owned(),
                Role::Muted,
            ),
        };
        doc.paragraph(&text, 0, role);
        return doc;
    };
    if all.is_empty() {
        doc.paragraph("They are not signed in anywhere.", 0, Role::Muted);
        return doc;
    }
    let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let text = format!(
        "{}; {} ends one, {} ends all.",
        words::counted(count, "session"),
        app.key("detail.open"),
        app.key("member.end_sessions")
    );
    doc.paragraph(&text, 0, Role::Muted);
    for session in all {
        let link = Link::Act(Act::EndSession(session.id));
        let live = app.look.glyphs.live;
        doc.blank();
        doc.link(
            vec![
                Piece::new(format!("{live} live "), Role::Success),
                Piece::new(
                    format!(
                        "since {}, by {}",
                        words::exact_moment(session.created, &app.zone),
                        session.how.as_str()
                    ),
                    Role::Text,
                ),
            ],
            link.clone(),
        );
        let used = format!(
            "used {}; ends {}; from a {} address",
            words::age(session.last_seen, app.now),
            words::until(session.expires, app.now),
            session.address
        );
        doc.paragraph_linked(&used, 2, Role::Text, Some(&link));
        doc.paragraph_linked(&session.user_agent, 2, Role::Muted, Some(&link));
    }
    doc
}
