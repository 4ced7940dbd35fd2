//! Bytes that must be in a document's text for a filter to match, so that a scan need not parse what cannot.

use memchr::memmem::Finder;

use crate::scim::filter::{Comparison, Filter, Literal, Operator};
use crate::scim::path::AttributePath;

/// Of these texts one must be there; without any, every document may match.
pub struct Necessary {
    any: Option<Vec<Finder<'static>>>,
}

impl Necessary {
    /// What a filter needs.
    pub fn of(filter: &Filter) -> Self {
        let any = necessary(filter).map(|texts| {
            texts
                .iter()
                .map(|text| Finder::new(text).into_owned())
                .collect()
        });
        Self { any }
    }

    /// Whether a document can match. `buffer` is memory to be used again.
    pub fn may_match(&self, document: &[u8], buffer: &mut Vec<u8>) -> bool {
        let Some(any) = &self.any else {
            return true;
        };
        // Beyond ASCII other characters fold to the same letters.
        if !document.is_ascii() {
            return true;
        }
        buffer.clear();
        buffer.extend_from_slice(document);
        buffer.make_ascii_lowercase();
        any.iter().any(|finder| finder.find(buffer).is_some())
    }
}

/// Texts in lower case of which one must be there; `None` where nothing is known.
fn necessary(filter: &Filter) -> Option<Vec<Vec<u8>>> {
    match filter {
        // The part that asks for the longest text rules out the most.
        Filter::And(parts) => parts
            .iter()
            .filter_map(necessary)
            .max_by_key(|texts| texts.iter().map(Vec::len).min()),
        Filter::Or(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(necessary(part)?);
            }
            Some(all)
        }
        Filter::Not(_) => None,
        Filter::Present(path) => in_document(path).then(|| vec![name(path)]),
        Filter::Compare(comparison) => of_comparison(comparison),
        Filter::ValuePath(value_path) => {
            if !in_document(&value_path.path) {
                return None;
            }
            // The value path needs the attribute, whatever it asks of its values.
            Some(necessary(&value_path.filter).unwrap_or_else(|| vec![name(&value_path.path)]))
        }
        Filter::Never => Some(Vec::new()),
    }
}

fn of_comparison(comparison: &Comparison) -> Option<Vec<Vec<u8>>> {
    if !in_document(&comparison.path) || comparison.operator == Operator::NotEqual {
        return None;
    }
    if let Literal::Text { key, .. } = &comparison.literal
        && !comparison.operator.is_ordering()
        && key.len() > 2
        // It stands in the manager's own document.
        && !comparison.path.is_manager_name()
        && is_plain(key)
    {
        return Some(vec![key.to_ascii_lowercase().into_bytes()]);
    }
    Some(vec![name(&comparison.path)])
}

/// The attribute as a key of the document's text.
fn name(path: &AttributePath) -> Vec<u8> {
    format!("\"{}\":", path.attribute.to_ascii_lowercase()).into_bytes()
}

/// Whether JSON writes a text as it is.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| (byte == b' ' || byte.is_ascii_graphic()) && byte != b'"' && byte != b'\\')
}

/// Whether the attribute is part of the stored text.
fn in_document(path: &AttributePath) -> bool {
    !["id", "schemas", "meta", "groups", "members"]
        .iter()
        .any(|outside| path.is_core(outside))
}
