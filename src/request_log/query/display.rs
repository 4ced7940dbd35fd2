//! Writes a query so that reading it gives the same query again.

use std::fmt::{self, Display, Formatter, Write};

use super::RequestQuery;
use super::ast::{Key, Moment, Span, Term, Test};
use crate::directory::{ObjectKind, Outcome};

impl Display for RequestQuery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            if index > 0 {
                f.write_char(' ')?;
            }
            term.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_char('-')?;
        }
        let texts = |f: &mut Formatter<'_>, key: Key, values: &[String]| {
            list(f, key, values, |f, value| quoted(f, value))
        };
        match &self.test {
            Test::Status(spans) => list(f, Key::Status, spans, |f, span| number(f, *span)),
            Test::Method(words) => texts(f, Key::Method, words),
            Test::Subject { kind, any } => {
                let key = match kind {
                    Some(ObjectKind::Member) => Key::User,
                    Some(ObjectKind::Team) => Key::Team,
                    // No key asks for anything else alone.
                    Some(
                        ObjectKind::Token
                        | ObjectKind::Client
                        | ObjectKind::Stream
                        | ObjectKind::SigningKey
                        | ObjectKind::Settings
                        | ObjectKind::Incident,
                    )
                    | None => Key::Subject,
                };
                texts(f, key, any)
            }
            Test::Code(words) => texts(f, Key::Code, words),
            Test::Token(words) => texts(f, Key::Token, words),
            Test::UserAgent(words) => texts(f, Key::Ua, words),
            Test::Idp(words) => texts(f, Key::Idp, words),
            Test::Outcome(outcomes) => list(f, Key::Outcome, outcomes, |f, outcome: &Outcome| {
                f.write_str(outcome.as_str())
            }),
            Test::Since(moment) => write!(f, "{}:{moment}", Key::Since.as_str()),
            Test::Until(moment) => write!(f, "{}:{moment}", Key::Until.as_str()),
            Test::Changed(paths) => texts(f, Key::Changed, paths),
            Test::Changes(spans) => list(f, Key::Changes, spans, |f, span| number(f, *span)),
            Test::Id(spans) => list(f, Key::Id, spans, |f, span| number(f, *span)),
            Test::Duration(spans) => list(f, Key::Ms, spans, |f, span| milliseconds(f, *span)),
            Test::Path(parts) => texts(f, Key::Path, parts),
            Test::Resource(words) => texts(f, Key::Resource, words),
            Test::Text(text) => {
                // Bare text must not look like a key or like a term turned round.
                if text.starts_with('-') || text.contains(':') {
                    in_quotes(f, text)
                } else {
                    quoted(f, text)
                }
            }
        }
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => write!(f, "{at}"),
            Self::Ago(seconds) => {
                let units = [(604_800, 'w'), (86_400, 'd'), (3_600, 'h'), (60, 'm')];
                let whole = units
                    .into_iter()
                    .find(|(unit, _)| *seconds >= *unit && seconds % unit == 0);
                let (unit, letter) = whole.unwrap_or((1, 's'));
                write!(f, "{}{letter}", seconds / unit)
            }
        }
    }
}

fn list<T>(
    f: &mut Formatter<'_>,
    key: Key,
    values: &[T],
    one: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    write!(f, "{}:", key.as_str())?;
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            f.write_char(',')?;
        }
        one(f, value)?;
    }
    Ok(())
}

fn number(f: &mut Formatter<'_>, span: Span) -> fmt::Result {
    match (span.from, span.to) {
        (from, to) if from == to => write!(f, "{from}"),
        (from, u64::MAX) => write!(f, ">={from}"),
        (0, to) => write!(f, "<={to}"),
        (from, to) => write!(f, "{from}..{to}"),
    }
}

fn milliseconds(f: &mut Formatter<'_>, span: Span) -> fmt::Result {
    let ms = |us: u64| format!("{}.{:03}", us / 1_000, us % 1_000);
    match (span.from, span.to) {
        (from, to) if from == to => f.write_str(&ms(from)),
        (from, u64::MAX) => write!(f, ">={}", short(&ms(from))),
        (0, to) => write!(f, "<={}", short(&ms(to))),
        (from, to) => write!(f, "{}..{}", short(&ms(from)), short(&ms(to))),
    }
}

/// Without zeros after the point, where they say nothing.
fn short(ms: &str) -> &str {
    ms.trim_end_matches('0').trim_end_matches('.')
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let bare = |character: char| {
        !(character.is_whitespace()
            || character.is_control()
            || matches!(character, '"' | ',' | '\\'))
    };
    if !text.is_empty() && text.chars().all(bare) {
        f.write_str(text)
    } else {
        in_quotes(f, text)
    }
}

fn in_quotes(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}
