//! Lines of the request log as CSV (RFC 4180).
//!
//! A value that a spreadsheet would take for a formula gets an apostrophe before it: names come from the outside.

use crate::admin::types::{ObjectKind, RequestRow};

/// The names of the columns.
const COLUMNS: [&str; 17] = [
    "id",
    "at",
    "ms",
    "method",
    "path",
    "resource",
    "subject_kind",
    "subject_id",
    "subject",
    "status",
    "outcome",
    "code",
    "token",
    "user_agent",
    "idp",
    "changes",
    "retry_of",
];

/// Writes lines of the log as a table with a head.
pub fn csv<'a>(rows: impl IntoIterator<Item = &'a RequestRow>) -> String {
    let mut text = COLUMNS.join(",") + "\r\n";
    for row in rows {
        let subject = row.subject.as_ref();
        let kind = subject.map(|subject| match subject.kind {
            ObjectKind::Member => "member",
            ObjectKind::Team => "team",
            ObjectKind::Token => "token",
            ObjectKind::Client => "client",
            ObjectKind::Stream => "stream",
            ObjectKind::SigningKey => "signing key",
            ObjectKind::Settings => "settings",
            ObjectKind::Incident => "incident",
        });
        let or_empty = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let values = [
            row.id.0.to_string(),
            row.at.to_string(),
            format!("{}.{:03}", row.duration_us / 1_000, row.duration_us % 1_000),
            row.method.clone(),
            row.path.clone(),
            row.resource.clone(),
            or_empty(kind),
            or_empty(subject.and_then(|subject| subject.id.as_deref())),
            or_empty(subject.map(|subject| subject.label.as_str())),
            row.status.to_string(),
            row.outcome.as_str().to_owned(),
            or_empty(row.code.as_deref()),
            or_empty(row.token.as_deref()),
            or_empty(row.user_agent.as_deref()),
            or_empty(row.idp.as_deref()),
            row.changes.to_string(),
            row.retry_of.map(|id| id.0.to_string()).unwrap_or_default(),
        ];
        let line: Vec<String> = values.iter().map(|value| cell(value)).collect();
        text.push_str(&line.join(","));
        text.push_str("\r\n");
    }
    text
}

fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = if formula {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}
