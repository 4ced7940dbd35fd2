//! Exchanges as JSON, the same as the admin API tells them.

use crate::admin::types::{Exchange, Message};
use crate::console::redact::header_value;

/// Writes exchanges as one JSON array.
#[expect(
    clippy::missing_panics_doc,
    reason = "exchanges have no keys but strings"
)]
pub fn json(exchanges: &[Exchange]) -> String {
    let masked: Vec<Exchange> = exchanges
        .iter()
        .map(|exchange| Exchange {
            request: masked(&exchange.request),
            response: masked(&exchange.response),
            ..exchange.clone()
        })
        .collect();
    serde_json::to_string_pretty(&masked).expect("exchanges have no keys but strings")
}

fn masked(message: &Message) -> Message {
    let headers = message
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), header_value(name, value).into_owned()))
        .collect();
    Message {
        headers,
        ..message.clone()
    }
}
