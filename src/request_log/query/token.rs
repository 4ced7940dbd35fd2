//! Splits the text of a query into words, and words into values. Knows quotes, commas and the minus; nothing of keys.

use super::QueryError;

/// A word of a query as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it begins, counted in characters from 1.
    pub(super) column: usize,
    /// Whether a minus stands before it.
    pub(super) negated: bool,
    /// What stands before the first colon outside of quotes, if there is one.
    pub(super) key: Option<String>,
    /// The values, between commas where there is a key.
    pub(super) values: Vec<Value>,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Where it begins, counted in characters from 1.
    pub(super) column: usize,
    /// Without its quotes.
    pub(super) text: String,
}

/// The characters of a query, one after the other.
struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    column: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.column += usize::from(next.is_some());
        next
    }

    fn next_if(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        if is {
            self.next();
        }
        is
    }
}

/// Splits a query into its words.
pub(super) fn words(text: &str) -> Result<Vec<Word>, QueryError> {
    let mut reader = Reader {
        rest: text.chars().peekable(),
        column: 1,
    };
    let mut words = Vec::new();
    loop {
        while reader.peek().is_some_and(char::is_whitespace) {
            reader.next();
        }
        if reader.peek().is_none() {
            return Ok(words);
        }
        words.push(word(&mut reader)?);
    }
}

fn word(reader: &mut Reader<'_>) -> Result<Word, QueryError> {
    let column = reader.column;
    let negated = reader.next_if('-');
    let first = value(reader, None)?;
    if reader.next_if(':') {
        let key = first.text;
        let mut values = vec![value(reader, Some(','))?];
        while reader.next_if(',') {
            values.push(value(reader, Some(','))?);
        }
        return Ok(Word {
            column,
            negated,
            key: Some(key),
            values,
        });
    }
    if first.text.is_empty() {
        return Err(QueryError {
            message: if negated {
                "`-` needs a word after it".into()
            } else {
                "there is no text between the quotes".into()
            },
            column,
        });
    }
    Ok(Word {
        column,
        negated,
        key: None,
        values: vec![first],
    })
}

/// Reads a value: to the end of its quotes, or to a blank, or to `end`. Without an `end` it is the beginning of a word,
/// which a colon ends.
fn value(reader: &mut Reader<'_>, end: Option<char>) -> Result<Value, QueryError> {
    let column = reader.column;
    let mut text = String::new();
    if reader.next_if('"') {
        loop {
            match reader.next() {
                None => {
                    return Err(QueryError {
                        message: "the quote that begins here is never closed".into(),
                        column,
                    });
                }
                Some('"') => break,
                Some('\\') if matches!(reader.peek(), Some('"' | '\\')) => {
                    text.extend(reader.next());
                }
                Some(other) => text.push(other),
            }
        }
        return match reader.peek() {
            None => Ok(Value { column, text }),
            Some(next) if next.is_whitespace() || Some(next) == end => Ok(Value { column, text }),
            Some(_) => Err(QueryError {
                message: "a blank must follow the closing quote".into(),
                column: reader.column,
            }),
        };
    }
    while let Some(next) = reader.peek() {
        if next.is_whitespace() || Some(next) == end || (end.is_none() && next == ':') {
            break;
        }
        if next == '"' {
            return Err(QueryError {
                message: "a quote must stand at the beginning of a value".into(),
                column: reader.column,
            });
        }
        text.push(next);
        reader.next();
    }
    Ok(Value { column, text })
}
