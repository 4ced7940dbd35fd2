//! The outcome of a test-drive as a sheet: each check, what the Response says, and who would be signed in.

use crate::admin::sso::{CheckRow, Decoded, SignInRow, Would};
use crate::cli::output::{Cell, Sheet, Tone, text};

/// The sheet.
pub fn sheet(row: &SignInRow) -> Sheet {
    let mut sheet = Sheet::new();
    let verdict = if row.ok {
        Cell::text("✓ every check went well").tone(Tone::Good)
    } else {
        Cell::text(format!("✗ {}", row.code.as_deref().unwrap_or("failed"))).tone(Tone::Bad)
    };
    sheet
        .title("Test-drive")
        .fact("outcome", verdict)
        .fact("detail", Cell::text(&row.detail));
    if let Some(would) = &row.would {
        who(&mut sheet, would);
    }
    sheet
        .title("Checks")
        .lines(row.checks.iter().flat_map(check).collect());
    if let Some(decoded) = &row.decoded {
        said(&mut sheet, decoded);
    }
    sheet
}

fn who(sheet: &mut Sheet, would: &Would) {
    let becomes = if would.is_new {
        "would become a member as"
    } else {
        "would sign in as"
    };
    sheet
        .fact(becomes, Cell::text(&would.user_name).tone(Tone::Strong))
        .maybe("role", would.role.as_deref());
    for (label, names) in [
        ("custom roles", &would.custom_roles),
        ("teams", &would.teams),
        ("SCIM overrides teams", &would.overridden_teams),
    ] {
        if !names.is_empty() {
            sheet.fact(label, Cell::text(names.join(", ")));
        }
    }
    for note in &would.notes {
        sheet.fact("note", Cell::text(note));
    }
}

fn check(check: &CheckRow) -> Vec<String> {
    let mark = match check.state.as_str() {
        "passed" => "✓ passed     ",
        "warned" => "! warned     ",
        "failed" => "✗ failed     ",
        _ => "· not reached",
    };
    let line = format!(
        "  {mark} {:<20} {}",
        check.id,
        text::printable(&check.detail)
    );
    let mut lines = vec![line];
    if matches!(check.state.as_str(), "failed" | "warned") {
        for (label, value) in [("expected", &check.expected), ("received", &check.received)] {
            if let Some(value) = value {
                lines.push(format!("      {label} {}", text::printable(value)));
            }
        }
    }
    lines
}

fn said(sheet: &mut Sheet, decoded: &Decoded) {
    sheet.title("What the Response says");
    for (name, value) in &decoded.values {
        sheet.fact(name.clone(), Cell::text(value));
    }
    if let Some(skew) = decoded.clock_skew {
        let side = if skew < 0 { "ahead" } else { "behind" };
        let seconds = text::counted(skew.unsigned_abs(), "second");
        sheet.fact("its clock", Cell::text(format!("{seconds} {side}")));
    }
}
