//! The keys of unique values: two values have the same key where `eq` holds between them.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use serde_json::{Number, Value};

use crate::directory::fold::fold;
use crate::scim::date_time::parse_date_time;
use crate::scim::filter::Literal;
use crate::store::Compared;

/// Of a value with a longer key the digest is kept.
const KEY_BYTES: usize = 256;

/// The key of a stored value; nothing for what is no simple value.
pub fn of_value(compared: Compared, value: &Value) -> Option<Vec<u8>> {
    Some(match value {
        Value::String(text) => match compared {
            Compared::Exactly => of_text(text),
            Compared::WithoutCase => of_text(&fold(text)),
            Compared::AsTime => parse_date_time(text).map_or_else(|| of_text(text), of_time),
        },
        Value::Number(number) => of_number(number),
        Value::Bool(value) => of_flag(*value),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    })
}

/// The key of the values that are equal to what a filter names.
pub fn of_literal(literal: &Literal) -> Vec<u8> {
    match literal {
        Literal::Text { key, .. } => of_text(key),
        Literal::DateTime { at, .. } => of_time(*at),
        Literal::Number(number) => of_number(number),
        Literal::Boolean(value) => of_flag(*value),
    }
}

fn of_text(text: &str) -> Vec<u8> {
    if text.len() <= KEY_BYTES {
        tagged(b's', text.as_bytes())
    } else {
        tagged(b'h', digest(&SHA256, text.as_bytes()).as_ref())
    }
}

fn of_time(at: Timestamp) -> Vec<u8> {
    tagged(b't', at.as_nanosecond().to_string().as_bytes())
}

fn of_flag(value: bool) -> Vec<u8> {
    tagged(b'b', &[u8::from(value)])
}

/// Numbers are the same where their values are: `7`, `7.0` and `70e-1`.
fn of_number(number: &Number) -> Vec<u8> {
    let text = match number.as_f64() {
        // The shortest text of a double is another for each double; a whole one is written as an integer is.
        Some(float) if !number.is_i64() && !number.is_u64() => format!("{float}"),
        _ => number.to_string(),
    };
    // What is zero has no sign.
    let text = if text == "-0" { "0" } else { &text };
    tagged(b'n', text.as_bytes())
}

fn tagged(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(bytes.len() + 1);
    key.push(tag);
    key.extend_from_slice(bytes);
    key
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::case_aside(Compared::WithoutCase, json!("Straße"), json!("STRASSE"), true)]
    #[case::case_exact(Compared::Exactly, json!("a"), json!("A"), false)]
    #[case::integers(Compared::WithoutCase, json!(7), json!(7.0), true)]
    #[case::fractions(Compared::WithoutCase, json!(7.5), json!(75e-1), true)]
    #[case::no_sign_of_zero(Compared::WithoutCase, json!(-0.0), json!(0), true)]
    #[case::other_types(Compared::WithoutCase, json!(7), json!("7"), false)]
    #[case::flag_and_text(Compared::Exactly, json!(true), json!("true"), false)]
    #[case::times(Compared::AsTime, json!("2026-01-31T12:00:00Z"), json!("2026-01-31T13:00:00+01:00"), true)]
    #[case::long(Compared::Exactly, json!("a".repeat(300)), json!("a".repeat(301)), false)]
    fn keys_are_the_same_where_values_are(
        #[case] compared: Compared,
        #[case] one: Value,
        #[case] other: Value,
        #[case] same: bool,
    ) {
        let (one, other) = (of_value(compared, &one), of_value(compared, &other));
        assert!(one.is_some() && other.is_some());
        assert_eq!(one == other, same, "{one:?} {other:?}");
    }

    #[test]
    fn keys_are_short() {
        let key = of_value(Compared::Exactly, &json!("a".repeat(100_000))).expect("a key");
        assert!(key.len() <= KEY_BYTES + 1);
    }
}
