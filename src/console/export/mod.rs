//! Logged exchanges as files that other programs read: JSON, HAR 1.2, curl commands, and CSV of the lines of the log.
//!
//! One format, one file. All but [`write_private`] is pure. Exchanges are redacted when they are captured, and the
//! headers that carry credentials are masked here once more.

mod csv;
mod curl;
mod file;
mod har;
mod json;

pub use csv::csv;
pub use curl::curl;
pub use file::{file_name, write_private};
pub use har::har;
pub use json::json;

use crate::admin::types::Exchange;

/// The formats of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// The exchanges whole, as the admin API tells them.
    Json,
    /// HTTP Archive 1.2, which browsers and proxies open.
    Har,
    /// A shell script of curl commands.
    Curl,
    /// The lines of the log as a table.
    Csv,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Json, Self::Har, Self::Curl, Self::Csv];

    /// The word a person picks it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Har => "har",
            Self::Curl => "curl",
            Self::Csv => "csv",
        }
    }

    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Har => "har",
            Self::Curl => "sh",
            Self::Csv => "csv",
        }
    }

    /// Writes exchanges in this format. `base_url` is any URL of the engine; of it only scheme, host and port count.
    pub fn render(self, exchanges: &[Exchange], base_url: &str) -> String {
        match self {
            Self::Json => json(exchanges),
            Self::Har => har(exchanges, base_url),
            Self::Curl => exchanges
                .iter()
                .map(|exchange| curl(exchange, base_url))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::Csv => csv(exchanges.iter().map(|exchange| &exchange.row)),
        }
    }
}

/// The URL an exchange was sent to.
fn url_of(exchange: &Exchange, base_url: &str) -> String {
    let origin = url::Url::parse(base_url).map_or_else(
        |_| base_url.trim_end_matches('/').to_owned(),
        |url| url.origin().ascii_serialization(),
    );
    match exchange.query.as_deref() {
        Some(query) if !query.is_empty() => format!("{origin}{}?{query}", exchange.row.path),
        _ => format!("{origin}{}", exchange.row.path),
    }
}

#[cfg(test)]
mod tests;
