//! A query as zones are asked: what each of its terms needs to find in a zone.

use jiff::Timestamp;

use super::summary::{Column, Summary, triple_bits, word_bits};
use crate::directory::fold::fold;
use crate::request_log::RequestQuery;
use crate::request_log::query::{Span, Test};
use crate::store::sqlite::log_line::kind_word;
use crate::store::sqlite::values::nanos;

/// What a matching line needs. All of them must hold.
#[derive(Debug)]
pub struct Wanted {
    needs: Vec<Need>,
}

#[derive(Debug)]
enum Need {
    Status(Vec<Span>),
    Changes(Vec<Span>),
    Duration(Vec<Span>),
    Id(Vec<Span>),
    Since(i64),
    Until(i64),
    /// One of these words.
    Word(Vec<[usize; 2]>),
    /// One of these texts, or this request.
    Text(Vec<Vec<usize>>, Option<i64>),
}

impl Wanted {
    /// What a query needs, with `now` to resolve its ages. A term that must not hold needs nothing.
    pub fn of(query: &RequestQuery, now: Timestamp) -> Self {
        let mut needs = Vec::new();
        for term in query.terms.iter().filter(|term| !term.negated) {
            let need = match &term.test {
                Test::Status(spans) => Need::Status(spans.clone()),
                Test::Changes(spans) => Need::Changes(spans.clone()),
                Test::Duration(spans) => Need::Duration(spans.clone()),
                Test::Id(spans) => Need::Id(spans.clone()),
                Test::Since(moment) => Need::Since(nanos(moment.resolve(now))),
                Test::Until(moment) => Need::Until(nanos(moment.resolve(now))),
                Test::Method(methods) => words(Column::Method, methods.iter().map(String::as_str)),
                Test::Code(codes) => words(Column::Code, codes.iter().map(String::as_str)),
                Test::Token(names) => folded_words(Column::Token, names),
                Test::Idp(names) => folded_words(Column::Idp, names),
                Test::Resource(names) => folded_words(Column::Resource, names),
                Test::Outcome(outcomes) => words(
                    Column::Outcome,
                    outcomes.iter().map(|outcome| outcome.as_str()),
                ),
                Test::UserAgent(parts) | Test::Path(parts) | Test::Changed(parts) => texts(parts),
                Test::Subject { kind, any } => {
                    if let Some(kind) = kind {
                        needs.push(words(
                            Column::SubjectKind,
                            std::iter::once(kind_word(*kind)),
                        ));
                    }
                    // An id that is equal contains itself.
                    texts(any)
                }
                Test::Text(text) => Need::Text(
                    vec![triple_bits(&fold(text)).collect()],
                    text.parse::<u32>().ok().map(i64::from),
                ),
            };
            needs.push(need);
        }
        Self { needs }
    }

    /// Whether a line of a zone with these requests may match.
    pub fn may_match(&self, zone: &Summary, requests: (i64, i64)) -> bool {
        self.needs.iter().all(|need| need.may_hold(zone, requests))
    }
}

impl Need {
    fn may_hold(&self, zone: &Summary, requests: (i64, i64)) -> bool {
        match self {
            Self::Status(spans) => zone
                .statuses
                .iter()
                .any(|status| spans.iter().any(|span| span.contains(u64::from(*status)))),
            Self::Changes(spans) => overlap(spans, zone.changes),
            Self::Duration(spans) => overlap(spans, zone.duration),
            Self::Id(spans) => overlap(spans, requests),
            Self::Since(from) => zone.at.1 >= *from,
            Self::Until(to) => zone.at.0 < *to,
            Self::Word(words) => words.iter().any(|bits| zone.may_have(*bits)),
            Self::Text(texts, id) => {
                id.is_some_and(|id| (requests.0..=requests.1).contains(&id))
                    || texts.iter().any(|triples| zone.may_contain(triples))
            }
        }
    }
}

fn overlap(spans: &[Span], (least, greatest): (i64, i64)) -> bool {
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    least <= greatest
        && spans
            .iter()
            .any(|span| span.from <= number(greatest) && span.to >= number(least))
}

fn words<'w>(column: Column, words: impl Iterator<Item = &'w str>) -> Need {
    Need::Word(words.map(|word| word_bits(column, word)).collect())
}

fn folded_words(column: Column, words: &[String]) -> Need {
    Need::Word(
        words
            .iter()
            .map(|word| word_bits(column, &fold(word)))
            .collect(),
    )
}

fn texts(parts: &[String]) -> Need {
    let triples = parts.iter().map(|part| triple_bits(&fold(part)).collect());
    Need::Text(triples.collect(), None)
}
