//! The words of filters and paths. Never copies more than a string literal and looks at each byte once.

use super::Fault;
use crate::scim::dialect::quoted;

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    /// An attribute path, an operator, a number or a keyword.
    Word(&'t str),
    /// A string literal, unescaped.
    Text(String),
}

impl Token<'_> {
    /// How errors name it.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Open => "'('".to_owned(),
            Self::Close => "')'".to_owned(),
            Self::OpenBracket => "'['".to_owned(),
            Self::CloseBracket => "']'".to_owned(),
            Self::Word(word) => quoted(word),
            Self::Text(_) => "a string".to_owned(),
        }
    }
}

/// Reads tokens one after the other, with one to look ahead.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// The token looked at ahead of its turn; none at the end.
    ahead: Option<(usize, Token<'t>)>,
    looked_ahead: bool,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            ahead: None,
            looked_ahead: false,
        }
    }

    /// Where the next token begins, or the end.
    pub(crate) fn position(&mut self) -> Result<usize, Fault> {
        let end = self.text.len();
        Ok(self.peek()?.map_or(end, |(at, _)| *at))
    }

    /// The next token, left where it is.
    pub(crate) fn peek(&mut self) -> Result<Option<&(usize, Token<'t>)>, Fault> {
        if !self.looked_ahead {
            self.ahead = self.read()?;
            self.looked_ahead = true;
        }
        Ok(self.ahead.as_ref())
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Result<Option<(usize, Token<'t>)>, Fault> {
        if std::mem::take(&mut self.looked_ahead) {
            return Ok(self.ahead.take());
        }
        self.read()
    }

    /// Takes the next token if it is this one.
    pub(crate) fn take(&mut self, token: &Token<'_>) -> Result<bool, Fault> {
        let found = self.peek()?.is_some_and(|(_, next)| next == token);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    fn read(&mut self) -> Result<Option<(usize, Token<'t>)>, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start_matches(is_blank);
        let start = self.at + (rest.len() - trimmed.len());
        let Some(first) = trimmed.chars().next() else {
            self.at = start;
            return Ok(None);
        };
        let sign = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            '[' => Some(Token::OpenBracket),
            ']' => Some(Token::CloseBracket),
            _ => None,
        };
        if let Some(token) = sign {
            self.at = start + 1;
            return Ok(Some((start, token)));
        }
        if first == '"' {
            return self.read_string(start, trimmed).map(Some);
        }
        let length = trimmed
            .find(|c: char| is_blank(c) || matches!(c, '(' | ')' | '[' | ']' | '"'))
            .unwrap_or(trimmed.len());
        self.at = start + length;
        let word = trimmed.get(..length).unwrap_or_default();
        Ok(Some((start, Token::Word(word))))
    }

    fn read_string(&mut self, start: usize, text: &str) -> Result<(usize, Token<'t>), Fault> {
        let mut escaped = false;
        for (offset, byte) in text.bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    let literal = text.get(..=offset).unwrap_or_default();
                    let value = serde_json::from_str(literal).map_err(|_| {
                        Fault::new(
                            start,
                            "the string is not a JSON string; escape '\"' and '\\' with '\\'",
                        )
                    })?;
                    self.at = start + offset + 1;
                    return Ok((start, Token::Text(value)));
                }
                _ => {}
            }
        }
        Err(Fault::new(start, "the string has no closing '\"'"))
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
