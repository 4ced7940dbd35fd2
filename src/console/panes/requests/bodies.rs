//! The two messages of an exchange, as they were redacted when they were captured: first line, headers, body.

use crate::admin::types::{Exchange, Message};
use crate::console::theme::Role;
use crate::console::widgets::doc::{Doc, Piece};
use crate::console::words;

/// What was asked, without the body.
pub fn request_head(doc: &mut Doc, exchange: &Exchange) {
    let query = exchange
        .query
        .as_ref()
        .map_or_else(String::new, |query| format!("?{query}"));
    let line = format!("{}{query}", exchange.row.path);
    doc.marked(
        Piece::new(exchange.row.method.clone(), Role::Title),
        &line,
        Role::Text,
        None,
    );
    headers(doc, &exchange.request);
}

/// What was answered, without the body.
pub fn response_head(doc: &mut Doc, exchange: &Exchange) {
    doc.line(vec![
        Piece::new("HTTP ", Role::Title),
        Piece::new(
            exchange.row.status.to_string(),
            words::status_role(exchange.row.status),
        ),
    ]);
    headers(doc, &exchange.response);
}

fn headers(doc: &mut Doc, message: &Message) {
    for (name, value) in &message.headers {
        doc.marked(Piece::new(format!("{name}:"), Role::Key), value, Role::Text, None);
    }
    doc.blank();
    let size = words::bytes(message.body_bytes);
    let text = match (&message.body, message.truncated) {
        (None, _) => "No body.".to_owned(),
        (Some(_), false) => format!("Body, {size}"),
        (Some(_), true) => format!("Body, {size}; only its beginning was kept"),
    };
    doc.paragraph(&text, 0, Role::Muted);
}
