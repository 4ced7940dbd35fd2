//! The two messages of an exchange as one JSON text each: first line, headers, body. So they fold, scroll and are copied
//! like any other JSON. They were redacted when they were captured; credentials in headers are masked here once more.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::admin::types::{Exchange, Message};
use crate::console::redact::header_value;
use crate::console::words;

/// What was asked.
pub fn request(exchange: &Exchange) -> String {
    let row = &exchange.row;
    let query = match exchange.query.as_deref() {
        Some(query) if !query.is_empty() => format!("?{query}"),
        _ => String::new(),
    };
    message(
        "request",
        &format!("{} {}{query}", row.method, row.path),
        &exchange.request,
    )
}

/// What was answered.
pub fn response(exchange: &Exchange) -> String {
    message(
        "response",
        &format!("HTTP {}", exchange.row.status),
        &exchange.response,
    )
}

/// The body goes in as it came: nothing is parsed into memory, however long it is.
fn message(name: &str, first_line: &str, message: &Message) -> String {
    let mut headers = Map::new();
    for (name, value) in &message.headers {
        headers.insert(name.clone(), header_value(name, value).into());
    }
    let quoted = |text: &str| Value::from(text).to_string();
    let head = format!(
        "{{{}:{},\"headers\":{}",
        quoted(name),
        quoted(first_line),
        Value::Object(headers)
    );
    let Some(body) = &message.body else {
        return format!("{head},\"body\":null}}");
    };
    let is_json = serde_json::from_str::<IgnoredAny>(body).is_ok();
    let cut = if message.truncated {
        ", only its beginning was kept"
    } else {
        ""
    };
    let size = quoted(&format!("{}{cut}", words::bytes(message.body_bytes)));
    let body = if is_json {
        Cow::Borrowed(body.as_str())
    } else {
        Cow::Owned(quoted(body))
    };
    format!("{head},\"size\":{size},\"body\":{body}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_body(body: &str) -> String {
        let headers = vec![
            (
                "authorization".to_owned(),
                "Bearer prv_scim_secret".to_owned(),
            ),
            ("accept".to_owned(), "*/*".to_owned()),
        ];
        message(
            "request",
            "POST /scim/v2/Users",
            &Message {
                headers,
                body: Some(body.to_owned()),
                body_bytes: 3,
                truncated: false,
            },
        )
    }

    #[test]
    fn a_message_is_one_json_text_without_credentials() {
        let text = with_body(r#"{"userName":"ada"}"#);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["body"]["userName"], "ada");
        assert_eq!(value["headers"]["authorization"], "***");
        assert!(!text.contains("secret"));
    }

    #[test]
    fn a_body_that_is_no_json_is_a_string() {
        let value: Value = serde_json::from_str(&with_body("{\"userName\":")).unwrap();
        assert_eq!(value["body"], "{\"userName\":");
    }
}
