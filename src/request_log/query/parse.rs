//! Reads a query. Everything that can be wrong is told with its column and, where a word is mistyped, the nearest right
//! one; nothing is guessed.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::ast::{Key, Moment, Span, Term, Test};
use super::token::{Value, Word, words};
use super::{QueryError, RequestQuery};
use crate::directory::{ObjectKind, Outcome};
use crate::nearest::nearest;

/// How many characters a query has at most.
pub const MAX_LENGTH: usize = 1_000;
/// How many terms a query has at most.
pub const MAX_TERMS: usize = 32;
/// How many values a term has at most.
pub const MAX_VALUES: usize = 32;

/// Microseconds in a millisecond.
const US: u64 = 1_000;

impl RequestQuery {
    /// Reads a query. The empty text matches everything.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        // By bytes first: a hostile megabyte is not worth counting.
        if text.len() > MAX_LENGTH * 4 || text.chars().count() > MAX_LENGTH {
            return Err(QueryError {
                message: format!("the query is longer than {MAX_LENGTH} characters"),
                column: MAX_LENGTH + 1,
            });
        }
        let words = words(text)?;
        if let Some(word) = words.get(MAX_TERMS) {
            return Err(QueryError {
                message: format!("the query has more than {MAX_TERMS} terms"),
                column: word.column,
            });
        }
        let terms = words.into_iter().map(term).collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }
}

fn term(word: Word) -> Result<Term, QueryError> {
    let negated = word.negated;
    let test = match &word.key {
        Some(name) => keyed(name, &word)?,
        None => Test::Text(word.values.into_iter().map(|value| value.text).collect()),
    };
    Ok(Term { negated, test })
}

fn keyed(name: &str, word: &Word) -> Result<Test, QueryError> {
    let Some(key) = Key::parse(name) else {
        let known = Key::ALL.into_iter().map(Key::as_str);
        let message = match nearest(name, known) {
            Some(near) => format!("there is no key `{name}`; the nearest is `{near}`"),
            None => format!("there is no key `{name}`; text with a colon goes in quotes"),
        };
        let column = word.column + usize::from(word.negated);
        return Err(QueryError { message, column });
    };
    if let Some(value) = word.values.get(MAX_VALUES) {
        return Err(QueryError {
            message: format!("`{}` has more than {MAX_VALUES} values", key.as_str()),
            column: value.column,
        });
    }
    if let Some(empty) = word.values.iter().find(|value| value.text.is_empty()) {
        let (_, example) = key.about();
        return Err(wrong(
            empty,
            format!("`{}` needs a value, such as {example}", key.as_str()),
        ));
    }
    let values = &word.values;
    Ok(match key {
        Key::Status => Test::Status(spans(key, values, status_span)?),
        Key::Method => Test::Method(upper(values)),
        Key::User => Test::Subject {
            kind: Some(ObjectKind::Member),
            any: texts(values),
        },
        Key::Team => Test::Subject {
            kind: Some(ObjectKind::Team),
            any: texts(values),
        },
        Key::Subject => Test::Subject {
            kind: None,
            any: texts(values),
        },
        Key::Code => Test::Code(upper(values)),
        Key::Token => Test::Token(texts(values)),
        Key::Ua => Test::UserAgent(texts(values)),
        Key::Idp => Test::Idp(texts(values)),
        Key::Outcome => Test::Outcome(values.iter().map(outcome).collect::<Result<_, _>>()?),
        Key::Since => Test::Since(one_moment(key, values)?),
        Key::Until => Test::Until(one_moment(key, values)?),
        Key::Changed => Test::Changed(texts(values)),
        Key::Changes => Test::Changes(spans(key, values, plain_span)?),
        Key::Id => Test::Id(spans(key, values, id_span)?),
        Key::Ms => Test::Duration(spans(key, values, ms_span)?),
        Key::Path => Test::Path(texts(values)),
        Key::Resource => Test::Resource(texts(values)),
    })
}

fn wrong(value: &Value, message: String) -> QueryError {
    QueryError {
        message,
        column: value.column,
    }
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(|value| value.text.clone()).collect()
}

fn upper(values: &[Value]) -> Vec<String> {
    values
        .iter()
        .map(|value| value.text.to_ascii_uppercase())
        .collect()
}

fn outcome(value: &Value) -> Result<Outcome, QueryError> {
    let word = value.text.to_ascii_lowercase();
    Outcome::parse(&word).ok_or_else(|| {
        let known = OUTCOMES.map(Outcome::as_str);
        let hint = match nearest(&word, known) {
            Some(near) => format!("the nearest is `{near}`"),
            None => format!("there are {}", known.join(", ")),
        };
        wrong(value, format!("`{}` is no outcome; {hint}", value.text))
    })
}

/// All outcomes, in the order in which they are told.
pub(super) const OUTCOMES: [Outcome; 6] = [
    Outcome::Applied,
    Outcome::NoOp,
    Outcome::Ignored,
    Outcome::Held,
    Outcome::Refused,
    Outcome::Error,
];

// ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Reads one number as the span of values it stands for.
type Number = fn(&str) -> Option<Span>;

fn spans(key: Key, values: &[Value], number: Number) -> Result<Vec<Span>, QueryError> {
    values
        .iter()
        .map(|value| {
            span(&value.text, number).ok_or_else(|| {
                let (_, example) = key.about();
                let message = format!(
                    "`{}` is no number for `{}`; write {example} or {}:100..200",
                    value.text,
                    key.as_str(),
                    key.as_str()
                );
                wrong(value, message)
            })
        })
        .collect()
}

/// Reads a comparison, a range or a number. `None` where it is none of them or nothing could ever match.
fn span(text: &str, number: Number) -> Option<Span> {
    let span = if let Some(least) = text.strip_prefix(">=") {
        Span {
            from: number(least)?.from,
            to: u64::MAX,
        }
    } else if let Some(most) = text.strip_prefix("<=") {
        // The first value of what the number stands for: `ms:<=5` is 5.000, not 5.999.
        Span {
            from: 0,
            to: number(most)?.from,
        }
    } else if let Some(below) = text.strip_prefix('>') {
        Span {
            from: number(below)?.from.checked_add(1)?,
            to: u64::MAX,
        }
    } else if let Some(above) = text.strip_prefix('<') {
        Span {
            from: 0,
            to: number(above)?.from.checked_sub(1)?,
        }
    } else if let Some((from, to)) = text.split_once("..") {
        Span {
            from: number(from)?.from,
            to: number(to)?.from,
        }
    } else {
        number(text.strip_prefix('=').unwrap_or(text))?
    };
    (span.from <= span.to).then_some(span)
}

fn plain_span(text: &str) -> Option<Span> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = digits.then(|| text.parse().ok()).flatten()?;
    Some(Span {
        from: number,
        to: number,
    })
}

fn status_span(text: &str) -> Option<Span> {
    let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
    let Some(class) = class else {
        return plain_span(text);
    };
    let class = plain_span(class).filter(|class| (1..=5).contains(&class.from))?;
    Some(Span {
        from: class.from * 100,
        to: class.from * 100 + 99,
    })
}

fn id_span(text: &str) -> Option<Span> {
    plain_span(text.strip_prefix('#').unwrap_or(text))
}

/// Milliseconds with up to three decimals, in microseconds. A number stands for all it could be the beginning of: `5` is
/// 5.000 to 5.999.
fn ms_span(text: &str) -> Option<Span> {
    let (whole, decimals) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, decimals)) => (whole, decimals),
        None => (text, ""),
    };
    let mut unit = US;
    let mut from = plain_span(whole)?.from.checked_mul(US)?;
    if !decimals.is_empty() {
        let places = u32::try_from(decimals.len())
            .ok()
            .filter(|places| *places <= 3)?;
        unit = 10_u64.pow(3 - places);
        from = from.checked_add(plain_span(decimals)?.from * unit)?;
    }
    Some(Span {
        from,
        to: from.checked_add(unit - 1)?,
    })
}

// ── times ───────────────────────────────────────────────────────────────────────────────────────────────────────────

fn one_moment(key: Key, values: &[Value]) -> Result<Moment, QueryError> {
    if let Some(second) = values.get(1) {
        return Err(wrong(second, format!("`{}` takes one time", key.as_str())));
    }
    let Some(value) = values.first() else {
        return Err(QueryError {
            message: format!("`{}` needs a time", key.as_str()),
            column: 1,
        });
    };
    moment(&value.text).ok_or_else(|| {
        let message = format!(
            "`{}` is no time; write an age such as 30m, 2h or 7d, or a date such as 2026-05-03 or 2026-05-03T14:30Z",
            value.text
        );
        wrong(value, message)
    })
}

fn moment(text: &str) -> Option<Moment> {
    age(text)
        .map(Moment::Ago)
        .or_else(|| text.parse::<Timestamp>().ok().map(Moment::At))
        .or_else(|| {
            let then = text
                .parse::<DateTime>()
                .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
                .ok()?;
            Some(Moment::At(then.to_zoned(TimeZone::UTC).ok()?.timestamp()))
        })
}

fn age(text: &str) -> Option<u64> {
    let unit = text.chars().next_back()?;
    let seconds = match unit.to_ascii_lowercase() {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let number = plain_span(text.strip_suffix(unit)?)?.from;
    number.checked_mul(seconds)
}
