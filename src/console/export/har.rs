//! Exchanges as an HTTP Archive (HAR 1.2). What HAR has no place for stands under names that begin with `_`, as it asks.

use serde_json::{Value, json};

use super::url_of;
use crate::admin::types::{Exchange, Message};
use crate::console::redact::header_value;

/// Writes exchanges as one HAR document.
#[expect(clippy::missing_panics_doc, reason = "a JSON value always has a text")]
pub fn har(exchanges: &[Exchange], base_url: &str) -> String {
    let entries: Vec<Value> = exchanges
        .iter()
        .map(|exchange| entry(exchange, base_url))
        .collect();
    let document = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "provost", "version": env!("CARGO_PKG_VERSION") },
            "entries": entries,
        }
    });
    serde_json::to_string_pretty(&document).expect("a JSON value always has a text")
}

fn entry(exchange: &Exchange, base_url: &str) -> Value {
    let row = &exchange.row;
    let ms = row.duration_us as f64 / 1_000.0;
    let mut request = json!({
        "method": row.method,
        "url": url_of(exchange, base_url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&exchange.request),
        "queryString": query(exchange.query.as_deref().unwrap_or_default()),
        "headersSize": -1,
        "bodySize": exchange.request.body_bytes,
    });
    if let (Some(body), Some(request)) = (&exchange.request.body, request.as_object_mut()) {
        let post = json!({
            "mimeType": mime(&exchange.request),
            "params": [],
            "text": body,
            "_truncated": exchange.request.truncated,
        });
        request.insert("postData".into(), post);
    }
    let status_text = http::StatusCode::from_u16(row.status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default();
    json!({
        "startedDateTime": row.at.to_string(),
        "time": ms,
        "request": request,
        "response": {
            "status": row.status,
            "statusText": status_text,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&exchange.response),
            "content": {
                "size": exchange.response.body_bytes,
                "mimeType": mime(&exchange.response),
                "text": exchange.response.body.as_deref().unwrap_or_default(),
                "_truncated": exchange.response.truncated,
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": exchange.response.body_bytes,
        },
        "cache": {},
        "timings": { "send": 0, "wait": ms, "receive": 0 },
        "_requestId": row.id.0,
        "_outcome": row.outcome,
        "_code": row.code,
        "_detail": exchange.detail,
        "_trace": exchange.trace,
    })
}

fn headers(message: &Message) -> Vec<Value> {
    message
        .headers
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": header_value(name, value) }))
        .collect()
}

fn query(query: &str) -> Vec<Value> {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn mime(message: &Message) -> &str {
    message
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("", |(_, value)| value)
}
