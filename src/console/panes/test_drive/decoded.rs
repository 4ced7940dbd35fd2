//! What a Response says, with the values that a check stumbled over marked; whose certificate signed it; how its clock
//! goes.

use crate::admin::sso::{Decoded, SignInRow};
use crate::console::app::App;
use crate::console::fingerprint::fingerprint;
use crate::console::theme::Role;
use crate::console::widgets::doc::{Act, Doc, Link, Piece};
use crate::console::words;

/// How far clocks may be apart, in seconds.
const TOLERATED: u64 = 60;
/// The longest name that stands beside its value.
const LONGEST_LABEL: usize = 10;
/// How many lines of the assertion are shown.
const MOST_LINES: usize = 400;

/// All of it.
pub fn decoded(doc: &mut Doc, app: &App, row: &SignInRow) {
    let Some(decoded) = &row.decoded else { return };
    certificate(doc, app, decoded);
    clock(doc, app, decoded);
    values(doc, app, row, decoded);
    assertion(doc, app, row, decoded);
}

/// The certificate it was signed with beside those that are believed.
fn certificate(doc: &mut Doc, app: &App, decoded: &Decoded) {
    let glyphs = app.look.glyphs;
    let known = app.sso.status.value();
    let known = known.map(|status| status.certificates.as_slice());
    let known = known.unwrap_or_default();
    let presented = decoded.certificate.as_deref().and_then(fingerprint);
    doc.heading("Certificate (SHA-256)");
    let believed = presented
        .as_ref()
        .is_some_and(|it| known.iter().any(|known| known.fingerprint == *it));
    match &presented {
        Some(print) => {
            let (mark, role) = if believed {
                (glyphs.ok, Role::Success)
            } else {
                (glyphs.failed, Role::Danger)
            };
            let word = if believed { "known" } else { "not known" };
            let copy = Link::Act(Act::Copy {
                what: "the fingerprint".to_owned(),
                text: print.clone(),
            });
            doc.line(vec![Piece::new(
                format!("  {mark} {word}: the one that came"),
                role,
            )]);
            doc.paragraph_linked(print, 4, role, Some(&copy));
        }
        None => {
            doc.paragraph("No certificate came with the signature.", 2, Role::Muted);
        }
    }
    for expected in known {
        if presented.as_ref() == Some(&expected.fingerprint) {
            continue;
        }
        doc.line(vec![Piece::new(
            format!("  {} one that is believed", glyphs.separator),
            Role::Muted,
        )]);
        doc.paragraph(&expected.fingerprint, 4, Role::Text);
    }
    if presented.is_some() && !believed && app.may_accept_certificate().is_ok() {
        let text = format!(
            "{} accepts the one that came, too. Anybody can put a certificate into a Response: compare its fingerprint with the one in the identity provider's admin console first.",
            app.key("sso.accept")
        );
        let mark = Piece::new(format!("  {}", glyphs.warning), Role::Warning);
        doc.marked(&mark, &text, Role::Text, Some(&Link::Command("sso.accept")));
    }
}

fn clock(doc: &mut Doc, app: &App, decoded: &Decoded) {
    let Some(skew) = decoded.clock_skew else {
        return;
    };
    let seconds = words::counted(skew.unsigned_abs(), "second");
    let text = match skew {
        0 => "the identity provider's clock goes as ours".to_owned(),
        1.. => format!(
            "the identity provider's clock is {seconds} behind ours, the way it took included"
        ),
        _ => format!("the identity provider's clock is {seconds} ahead of ours"),
    };
    let too_far = skew.unsigned_abs() > TOLERATED;
    let (glyph, role) = if too_far {
        (app.look.glyphs.failed, Role::Danger)
    } else {
        (app.look.glyphs.ok, Role::Success)
    };
    doc.heading("Clock");
    let mark = Piece::new(format!("  {glyph}"), role);
    let text = format!("{text}; {TOLERATED} seconds are tolerated");
    doc.marked(&mark, &text, Role::Text, None);
}

/// The checks that stumbled, and what they stumbled over.
fn stumbled(row: &SignInRow) -> Vec<(&str, &str)> {
    let bad = row
        .checks
        .iter()
        .filter(|check| check.state == "failed" || check.state == "warned");
    let received = bad.filter_map(|check| Some((check.id.as_str(), check.received.as_deref()?)));
    // A value of a character or two would be found everywhere.
    received.filter(|(_, value)| value.len() > 2).collect()
}

fn culprit<'a>(text: &str, stumbled: &[(&'a str, &str)]) -> Option<&'a str> {
    let found = stumbled.iter().find(|(_, value)| text.contains(value));
    found.map(|(check, _)| *check)
}

fn values(doc: &mut Doc, app: &App, row: &SignInRow, decoded: &Decoded) {
    if decoded.values.is_empty() {
        return;
    }
    let stumbled = stumbled(row);
    doc.heading("What came");
    for (name, value) in &decoded.values {
        let check = culprit(value, &stumbled);
        let role = check.map_or(Role::Text, |_| Role::Danger);
        let value = match check {
            Some(check) => format!(
                "{value}  {} {}",
                app.look.glyphs.failed,
                check.replace('_', " ")
            ),
            None => value.clone(),
        };
        // The names of attributes may be URLs: a value stands below a name that leaves it no room.
        if name.chars().count() > LONGEST_LABEL {
            doc.paragraph(name, 2, Role::Muted);
            doc.paragraph(&value, 13, role);
        } else {
            doc.field(&format!("  {name}"), &value, role);
        }
    }
}

fn assertion(doc: &mut Doc, app: &App, row: &SignInRow, decoded: &Decoded) {
    if decoded.xml.is_empty() {
        return;
    }
    let stumbled = stumbled(row);
    doc.heading("The assertion");
    for line in decoded.xml.lines().take(MOST_LINES) {
        match culprit(line, &stumbled) {
            Some(check) => {
                let text = format!("{line}  <- {}", check.replace('_', " "));
                let mark = Piece::new(app.look.glyphs.failed, Role::Danger);
                doc.marked(&mark, &text, Role::Danger, None);
            }
            None => {
                // Wrapping a line takes the blanks at its beginning away.
                let text = line.trim_start();
                let indent = (line.len() - text.len()).min(20);
                doc.paragraph(text, 2 + indent, Role::Muted);
            }
        }
    }
    let more = decoded.xml.lines().count().saturating_sub(MOST_LINES);
    if more > 0 {
        let more = words::counted(u64::try_from(more).unwrap_or(u64::MAX), "line");
        doc.paragraph(&format!("and {more} more"), 2, Role::Muted);
    }
}
