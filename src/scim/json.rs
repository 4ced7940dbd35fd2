//! JSON as a client sends it, read in one pass into a [`Value`].
//!
//! RFC 8259 §4 leaves open what two members of one name in an object mean. Who answers for identities does not guess:
//! such a text is refused, with the name. So are names that differ in case alone where names of messages are looked up
//! without it ([`check_names`]).

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::dialect::quoted;
use super::error::ScimError;

/// Why a text is no JSON that is worked with.
#[derive(Debug)]
pub enum Unreadable {
    /// It is not JSON, or nested deeper than 128 levels, which serde_json refuses.
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// An object holds two members of this name.
    Repeated(String),
}

/// Reads a text.
pub fn parse(text: &[u8]) -> Result<Value, Unreadable> {
    let repeated = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Strict {
        repeated: &repeated,
    }
    .deserialize(&mut reader)
    .and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| match repeated.take() {
        Some(name) => Unreadable::Repeated(name),
        None => Unreadable::Syntax {
            line: error.line(),
            column: error.column(),
        },
    })
}

/// Refuses a message two of whose fields have one name, whatever its case (RFC 7643 §2.1).
pub(super) fn check_names(fields: &Map<String, Value>) -> Result<(), ScimError> {
    let mut seen = HashSet::with_capacity(fields.len());
    for name in fields.keys() {
        if !seen.insert(name.to_ascii_lowercase()) {
            return Err(ScimError::invalid_syntax(format!(
                "{} is given twice, in another case",
                quoted(name)
            )));
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Strict<'s> {
    repeated: &'s RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                *self.repeated.borrow_mut() = Some(name);
                return Err(A::Error::custom("a name is given twice"));
            }
            let value = members.next_value_seed(self)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::at_the_top(r#"{"a":1,"b":2,"a":1}"#, "a")]
    #[case::within(r#"{"x":[{"y":{"b":1,"b":2}}]}"#, "b")]
    #[case::written_otherwise(r#"{"ab":1,"\u0061b":2}"#, "ab")]
    #[case::null(r#"{"a":null,"a":null}"#, "a")]
    fn a_name_is_given_once(#[case] text: &str, #[case] name: &str) {
        match parse(text.as_bytes()) {
            Err(Unreadable::Repeated(repeated)) => assert_eq!(repeated, name),
            other => panic!("{other:?}"),
        }
    }

    #[rstest]
    #[case("{\n  \"a\" 1}", 2)]
    #[case("{} {}", 1)]
    #[case("", 1)]
    fn the_place_of_a_fault_is_told(#[case] text: &str, #[case] expected: usize) {
        match parse(text.as_bytes()) {
            Err(Unreadable::Syntax { line, .. }) => assert_eq!(line.max(1), expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn depth_has_a_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(nested(127).as_bytes()).is_ok());
        assert!(parse(nested(128).as_bytes()).is_err());
        assert!(parse(nested(100_000).as_bytes()).is_err());
    }

    #[test]
    fn names_that_differ_in_case_are_one_in_a_message() {
        let fields = json!({ "Operations": [], "operations": [] });
        let refused = check_names(fields.as_object().unwrap()).unwrap_err();
        assert!(refused.detail.contains("operations"), "{}", refused.detail);
    }

    proptest! {
        #[test]
        fn what_has_no_name_twice_is_read_as_ever(text in r#"[\[\]{}:,"a-c0-9. \\eE-]{0,24}"#) {
            let expected = serde_json::from_str::<Value>(&text);
            match parse(text.as_bytes()) {
                Ok(value) => prop_assert_eq!(value, expected.unwrap()),
                Err(Unreadable::Syntax { .. }) => prop_assert!(expected.is_err()),
                Err(Unreadable::Repeated(_)) => {}
            }
        }
    }
}
