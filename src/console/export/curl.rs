//! An exchange as a curl command that sends the same again. The token is never in it: the command reads
//! `$PROVOST_TOKEN`.

use std::fmt::Write;

use super::url_of;
use crate::admin::types::Exchange;
use crate::console::redact::{MASK, is_secret_header};

/// Headers that curl makes itself.
const MADE_BY_CURL: [&str; 6] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "transfer-encoding",
];

/// Writes an exchange as a curl command over several lines, with a remark where it is not quite the same.
pub fn curl(exchange: &Exchange, base_url: &str) -> String {
    let row = &exchange.row;
    let body = exchange.request.body.as_deref();
    let mut text = format!(
        "# request {} of {}, answered with {}\n",
        row.id, row.at, row.status
    );
    if exchange.request.truncated {
        text.push_str("# the body was captured only in part\n");
    }
    if body.is_some_and(|body| body.contains(MASK)) {
        let _ = writeln!(text, "# what is secret in the body was replaced by {MASK}");
    }
    // Filters hold brackets, which curl would take for patterns.
    let _ = write!(
        text,
        "curl --globoff --request {} {}",
        quoted(&row.method),
        quoted(&url_of(exchange, base_url))
    );
    for (name, value) in &exchange.request.headers {
        let known = MADE_BY_CURL
            .iter()
            .any(|made| made.eq_ignore_ascii_case(name));
        if !known && !is_secret_header(name) {
            let _ = write!(
                text,
                " \\\n  --header {}",
                quoted(&format!("{name}: {value}"))
            );
        }
    }
    text.push_str(" \\\n  --header \"authorization: Bearer $PROVOST_TOKEN\"");
    if let Some(body) = body {
        let _ = write!(text, " \\\n  --data-raw {}", quoted(body));
    }
    text.push('\n');
    text
}

/// In single quotes for a POSIX shell, where nothing has a meaning but the quote itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
