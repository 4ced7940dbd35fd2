//! Reads a whole list page by page, as an import does, and notes what would lose or double rows in one.

use std::collections::HashSet;

use serde_json::Value;

use super::call::Call;
use super::faults::Kind;
use super::session::Session;
use crate::simulate::error::SimulateError;

/// The page size of Okta's import.
const COUNT: u64 = 100;
/// Where reading stops in any case: a million rows.
const MOST_PAGES: usize = 10_000;

/// Reads every resource of `kind`.
pub async fn read_all(
    session: &mut Session,
    kind: Kind,
    note: &str,
) -> Result<Vec<Value>, SimulateError> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    let mut start_index = 1_u64;
    for _ in 0..MOST_PAGES {
        let answer = session.send(page(kind, start_index, COUNT), note).await?;
        let page = session.list(&answer)?;
        let length = u64::try_from(page.resources.len()).unwrap_or(u64::MAX);
        for resource in page.resources {
            match resource.get("id").and_then(Value::as_str) {
                // Unstable order between pages shows as a row that comes twice (snipe-it#19343).
                Some(id) if !seen.insert(id.to_owned()) => {
                    session.unexpected("each row once", format!("{id} on two pages"));
                }
                Some(_) => all.push(resource),
                None => session.unexpected("an `id` in each row", "none"),
            }
        }
        start_index = start_index.saturating_add(length);
        if length == 0 || start_index > page.total {
            let read = u64::try_from(all.len()).unwrap_or(u64::MAX);
            if read != page.total {
                session.unexpected(
                    format!("{} rows, as announced", page.total),
                    read.to_string(),
                );
            }
            break;
        }
    }
    Ok(all)
}

/// `GET` of one page.
pub fn page(kind: Kind, start_index: u64, count: u64) -> Call {
    Call::get(kind.endpoint())
        .with("startIndex", start_index.to_string())
        .with("count", count.to_string())
}
