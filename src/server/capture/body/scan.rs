//! The tokens of a JSON text with their places, checked against the grammar as far as redaction relies on it: what is
//! told to be a key is one, and every bracket closes its own.

/// The deepest nesting that is followed.
const DEPTH: usize = 512;

/// One token. Commas and colons are checked and not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `{` or `[`.
    Open {
        /// Whether it is `{`.
        object: bool,
    },
    /// `}` or `]`.
    Close,
    /// A string before a colon.
    Key,
    /// A string that is a value.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Start,
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
    End,
}

/// The scanner.
pub(super) struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    expect: Expect,
    /// The open brackets; `true` is an object.
    open: Vec<bool>,
}

/// A token with where it begins and ends, or where the text ceases to be JSON.
pub(super) type Item = Result<(Token, usize, usize), usize>;

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            expect: Expect::Start,
            open: Vec::new(),
        }
    }

    /// The next token; `None` after a whole text.
    pub(super) fn next(&mut self) -> Option<Item> {
        loop {
            self.skip_blanks();
            let start = self.at;
            let Some(&byte) = self.bytes.get(start) else {
                return (self.expect != Expect::End).then_some(Err(start));
            };
            match (byte, self.expect) {
                (b':', Expect::Colon) => {
                    self.at += 1;
                    self.expect = Expect::Value;
                }
                (b',', Expect::CommaOrClose) => {
                    self.at += 1;
                    self.expect = if self.open.last() == Some(&true) {
                        Expect::Key
                    } else {
                        Expect::Value
                    };
                }
                _ => return Some(self.token(byte, start)),
            }
        }
    }

    fn token(&mut self, byte: u8, start: usize) -> Item {
        let is_value = matches!(self.expect, Expect::Value | Expect::ValueOrClose);
        let token = match byte {
            b'{' | b'[' if is_value || self.expect == Expect::Start => {
                if self.open.len() >= DEPTH {
                    return Err(start);
                }
                let object = byte == b'{';
                self.open.push(object);
                self.at += 1;
                self.expect = if object {
                    Expect::KeyOrClose
                } else {
                    Expect::ValueOrClose
                };
                return Ok((Token::Open { object }, start, self.at));
            }
            b'}' | b']' => {
                let fits = self.open.last() == Some(&(byte == b'}'))
                    && matches!(
                        self.expect,
                        Expect::CommaOrClose | Expect::KeyOrClose | Expect::ValueOrClose
                    );
                if !fits {
                    return Err(start);
                }
                self.open.pop();
                self.at += 1;
                Token::Close
            }
            b'"' if matches!(self.expect, Expect::Key | Expect::KeyOrClose) => {
                self.string(start)?;
                let end = self.at;
                // A key only counts with its colon: `{"password" "x"}` must not be taken for one.
                self.skip_blanks();
                if self.bytes.get(self.at) != Some(&b':') {
                    return Err(start);
                }
                self.expect = Expect::Colon;
                return Ok((Token::Key, start, end));
            }
            b'"' if is_value => {
                self.string(start)?;
                Token::Text
            }
            b'-' | b'0'..=b'9' if is_value => {
                self.run(|c| c.is_ascii_digit() || b"+-.eE".contains(&c));
                Token::Number
            }
            b't' | b'f' | b'n' if is_value => {
                self.run(|c| c.is_ascii_alphanumeric());
                match self.bytes.get(start..self.at) {
                    Some(b"true" | b"false" | b"null") => Token::Word,
                    _ => return Err(start),
                }
            }
            _ => return Err(start),
        };
        self.expect = if self.open.is_empty() {
            Expect::End
        } else {
            Expect::CommaOrClose
        };
        Ok((token, start, self.at))
    }

    /// Reads a string. Escapes are skipped and not judged.
    fn string(&mut self, start: usize) -> Result<(), usize> {
        let mut at = start + 1;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                return Err(start);
            };
            at += found;
            if self.bytes.get(at) == Some(&b'"') {
                self.at = at + 1;
                return Ok(());
            }
            at += 2;
        }
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|&byte| belongs(byte)) {
            self.at += 1;
        }
    }

    fn skip_blanks(&mut self) {
        self.run(|c| matches!(c, b' ' | b'\t' | b'\r' | b'\n'));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// Where the scanner stops: `None` where the whole text is JSON.
    fn fault(text: &str) -> Option<usize> {
        let mut scan = Scan::new(text);
        while let Some(item) = scan.next() {
            if let Err(at) = item {
                return Some(at);
            }
        }
        None
    }

    #[rstest]
    #[case::empty("", 0)]
    #[case::bare_text("\"x\"", 0)]
    #[case::no_colon("{\"a\" \"b\"}", 1)]
    #[case::no_comma("{\"a\":\"b\"\"c\":1}", 8)]
    #[case::bare_key("{a:1}", 1)]
    #[case::bare_word("[hunter2]", 1)]
    #[case::wrong_bracket("[1}", 2)]
    #[case::open_text("{\"a\":\"b", 5)]
    #[case::escape_at_end("[\"\\", 1)]
    #[case::after_the_end("{} x", 3)]
    #[case::trailing_comma("{\"a\":1,}", 7)]
    #[case::trailing_comma_in_array("[1,]", 3)]
    #[case::number_run_on("[1x]", 2)]
    #[case::open("[[", 2)]
    fn the_first_fault_is_found(#[case] text: &str, #[case] at: usize) {
        assert_eq!(fault(text), Some(at));
    }

    #[test]
    fn depth_is_limited_and_costs_no_stack() {
        assert_eq!(fault(&"[".repeat(100_000)), Some(DEPTH));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".*".prop_map(serde_json::Value::from),
        ];
        let any = leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        });
        any.prop_filter("a body is an object or an array", |value| {
            value.is_object() || value.is_array()
        })
    }

    proptest! {
        #[test]
        fn all_json_is_understood(value in json(), pretty: bool) {
            let text = if pretty {
                serde_json::to_string_pretty(&value).unwrap()
            } else {
                value.to_string()
            };
            prop_assert_eq!(fault(&text), None);
        }

        #[test]
        fn no_text_breaks_it(text in ".*") {
            if let Some(at) = fault(&text) {
                prop_assert!(text.is_char_boundary(at));
            }
        }
    }
}
