//! The grammar of filters (RFC 7644 §3.4.2.2, figure 1), by descent with a counted depth.
//!
//! `or` binds weakest, then `and`, then `not`. Also serves PATCH paths, which share value paths with filters.

use super::leaf::{Leaf, RawLiteral, readable};
use super::{Fault, Filter, Lexer, Operator, Token, ValuePath};
use crate::scim::dialect::{self, Coercion, Notes, quoted};
use crate::scim::error::{MONO_FILTER, ScimError, ScimType};
use crate::scim::limits;
use crate::scim::schema::{Registry, Resolution, Resolved, ResourceKind};

/// What the names in a filter mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterScope {
    /// The type of the resources searched.
    pub kind: ResourceKind,
    /// What to do with a name that the type does not have.
    pub unknown: UnknownAttribute,
}

/// What to do with a name that the resource type does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownAttribute {
    /// `invalidFilter`: a search in one type.
    Refuse,
    /// It has no value: a search across types (RFC 7644 §3.4.2.1).
    NoValue,
}

/// A filter and what was tolerated in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedFilter {
    /// The tree.
    pub filter: Filter,
    /// The rules that fired.
    pub notes: Vec<Coercion>,
    /// The names that the resource type does not have, in lower case; only where they are not refused.
    pub unknown: Vec<String>,
}

impl Filter {
    /// Parses and resolves a filter over one resource type.
    ///
    /// ```
    /// use provost::scim::{Filter, Registry, ResourceKind};
    ///
    /// let registry = Registry::standard();
    /// let text = r#"USERNAME Eq "ada" and emails[type eq "work"]"#;
    /// let parsed = Filter::parse(&registry, ResourceKind::User, text).unwrap();
    /// assert_eq!(parsed.filter.to_string(), r#"userName eq "ada" and emails[type eq "work"]"#);
    ///
    /// let error = Filter::parse(&registry, ResourceKind::User, "usrName pr").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "filter, character 1: a User has no attribute 'usrName'; did you mean userName?"
    /// );
    /// ```
    pub fn parse(
        registry: &Registry,
        kind: ResourceKind,
        text: &str,
    ) -> Result<ParsedFilter, ScimError> {
        let scope = FilterScope {
            kind,
            unknown: UnknownAttribute::Refuse,
        };
        Self::parse_in(registry, scope, text)
    }

    /// Parses and resolves a filter.
    pub fn parse_in(
        registry: &Registry,
        scope: FilterScope,
        text: &str,
    ) -> Result<ParsedFilter, ScimError> {
        let mut notes = Notes::new();
        let parsed = parse_whole(registry, scope, text, &mut notes);
        let notes = notes.into_vec();
        match parsed {
            Ok((filter, unknown)) => Ok(ParsedFilter {
                filter,
                notes,
                unknown,
            }),
            Err(fault) => {
                let error = fault.into_error(ScimType::InvalidFilter, "filter", text);
                Err(error.after(notes))
            }
        }
    }
}

fn parse_whole(
    registry: &Registry,
    scope: FilterScope,
    text: &str,
    notes: &mut Notes,
) -> Result<(Filter, Vec<String>), Fault> {
    check_length(text)?;
    let mut parser = Parser::new(registry, scope, text, notes);
    let filter = parser.filter(None)?;
    match parser.lexer.next()? {
        None => Ok((filter, parser.unknown)),
        Some((at, token)) => Err(Fault::new(
            at,
            format!("'and', 'or' or the end expected, not {}", token.describe()),
        )),
    }
}

/// Refuses text that is longer than any filter or path needs to be.
pub(crate) fn check_length(text: &str) -> Result<(), Fault> {
    if text.len() > limits::FILTER_LENGTH {
        return Err(Fault::new(
            0,
            format!("longer than {} bytes", limits::FILTER_LENGTH),
        ));
    }
    Ok(())
}

/// Parses filters and value paths from one text.
pub(crate) struct Parser<'r, 't, 'n> {
    pub(crate) lexer: Lexer<'t>,
    registry: &'r Registry,
    scope: FilterScope,
    notes: &'n mut Notes,
    depth: usize,
    terms: usize,
    unknown: Vec<String>,
}

impl<'r, 't, 'n> Parser<'r, 't, 'n> {
    pub(crate) fn new(
        registry: &'r Registry,
        scope: FilterScope,
        text: &'t str,
        notes: &'n mut Notes,
    ) -> Self {
        Self {
            lexer: Lexer::new(text),
            registry,
            scope,
            notes,
            depth: 0,
            terms: 0,
            unknown: Vec::new(),
        }
    }

    /// A filter; within a value path, names are parts of `container`.
    pub(crate) fn filter(&mut self, container: Option<&Resolved<'r>>) -> Result<Filter, Fault> {
        let at = self.lexer.position()?;
        self.depth += 1;
        if self.depth > limits::FILTER_DEPTH {
            return Err(Fault::new(
                at,
                format!("nested deeper than {} levels", limits::FILTER_DEPTH),
            ));
        }
        let mut alternatives = vec![self.conjunction(container)?];
        while self.take_keyword("or")? {
            alternatives.push(self.conjunction(container)?);
        }
        self.depth -= 1;
        Ok(Filter::any(alternatives))
    }

    fn conjunction(&mut self, container: Option<&Resolved<'r>>) -> Result<Filter, Fault> {
        let mut parts = vec![self.term(container)?];
        while self.take_keyword("and")? {
            parts.push(self.term(container)?);
        }
        Ok(Filter::all(parts))
    }

    fn term(&mut self, container: Option<&Resolved<'r>>) -> Result<Filter, Fault> {
        let end = self.lexer.position()?;
        match self.lexer.next()? {
            None => Err(Fault::new(end, "an attribute is expected here")),
            Some((_, Token::Open)) => self.group(container),
            Some((at, Token::Word(word))) => {
                if word.eq_ignore_ascii_case("not") && self.lexer.take(&Token::Open)? {
                    return Ok(Filter::Not(Box::new(self.group(container)?)));
                }
                self.terms += 1;
                if self.terms > limits::FILTER_TERMS {
                    return Err(Fault::new(
                        at,
                        format!("more than {} comparisons", limits::FILTER_TERMS),
                    ));
                }
                match container {
                    None => self.attribute(at, word),
                    Some(container) => self.part(at, word, container),
                }
            }
            Some((at, token)) => Err(Fault::new(
                at,
                format!("an attribute is expected, not {}", token.describe()),
            )),
        }
    }

    fn group(&mut self, container: Option<&Resolved<'r>>) -> Result<Filter, Fault> {
        let filter = self.filter(container)?;
        self.expect(&Token::Close)?;
        Ok(filter)
    }

    /// An attribute, then an operator or a value path.
    fn attribute(&mut self, at: usize, word: &str) -> Result<Filter, Fault> {
        let Some(resolved) = self.resolve(at, word)? else {
            return self.skip_unknown();
        };
        if self.lexer.take(&Token::OpenBracket)? {
            return self.value_path(at, &resolved);
        }
        if self.take_keyword("pr")? {
            readable(at, &resolved)?;
            return Ok(Filter::Present(resolved.path()));
        }
        let leaf = Leaf::of(at, &resolved, self.notes)?;
        let (operator, literal) = self.operator_and_literal()?;
        leaf.compare(at, operator, literal, self.notes)
    }

    /// A part of the container of a value path, then an operator.
    fn part(&mut self, at: usize, word: &str, container: &Resolved<'r>) -> Result<Filter, Fault> {
        if matches!(self.lexer.peek()?, Some((_, Token::OpenBracket))) {
            return Err(Fault::new(
                at,
                "a value path cannot hold another value path",
            ));
        }
        if !container.attribute.is_complex() {
            if !word.eq_ignore_ascii_case("value") {
                return Err(Fault::new(
                    at,
                    format!(
                        "{} has simple values; only 'value' can be compared",
                        container.path()
                    ),
                ));
            }
            if self.take_keyword("pr")? {
                return Ok(Filter::Present(container.path()));
            }
            let (operator, literal) = self.operator_and_literal()?;
            return Leaf::element(container).compare(at, operator, literal, self.notes);
        }
        let Some(sub) = container.attribute.sub_attribute(word) else {
            let parts = container.attribute.sub_attributes.iter();
            let parts: Vec<&str> = parts.map(|sub| sub.name.as_str()).collect();
            return Err(Fault::new(
                at,
                format!(
                    "{} has no part {}; it has {}",
                    container.path(),
                    quoted(word),
                    parts.join(", ")
                ),
            ));
        };
        let resolved = container.with_sub(sub);
        if self.take_keyword("pr")? {
            return Ok(Filter::Present(resolved.path()));
        }
        let leaf = Leaf::of(at, &resolved, self.notes)?;
        let (operator, literal) = self.operator_and_literal()?;
        leaf.compare(at, operator, literal, self.notes)
    }

    /// The rest of `attribute[filter]`, and the `.value eq "x"` that Entra puts after it.
    fn value_path(&mut self, at: usize, resolved: &Resolved<'r>) -> Result<Filter, Fault> {
        let inner = self.selection(at, resolved)?;
        let path = resolved.path();
        let Some(sub) = self.trailing_sub_attribute(resolved)? else {
            return Ok(Filter::ValuePath(ValuePath {
                path,
                filter: Box::new(inner),
            }));
        };
        let condition = if self.take_keyword("pr")? {
            Filter::Present(sub.path())
        } else {
            let leaf = Leaf::of(at, &sub, self.notes)?;
            let (operator, literal) = self.operator_and_literal()?;
            leaf.compare(at, operator, literal, self.notes)?
        };
        self.notes.add(
            &dialect::VALUE_PATH_SUB_ATTRIBUTE,
            format!("{} after a value path", sub.path()),
        );
        Ok(Filter::ValuePath(ValuePath {
            path,
            filter: Box::new(Filter::all(vec![inner, condition])),
        }))
    }

    /// The filter between the brackets, after the opening one.
    pub(crate) fn selection(
        &mut self,
        at: usize,
        resolved: &Resolved<'r>,
    ) -> Result<Filter, Fault> {
        readable(at, resolved)?;
        if resolved.sub_attribute.is_some() {
            return Err(Fault::new(
                at,
                format!(
                    "a filter belongs behind {}, not behind its part",
                    resolved.whole().path()
                ),
            ));
        }
        if !resolved.attribute.multi_valued {
            return Err(Fault::new(
                at,
                format!(
                    "{} has one value, so there is nothing to select with [...]; name the attribute or its part alone",
                    resolved.path()
                ),
            )
            .with_code(MONO_FILTER));
        }
        let inner = self.filter(Some(resolved))?;
        self.expect(&Token::CloseBracket)?;
        Ok(inner)
    }

    /// The `.part` right after a closing bracket.
    pub(crate) fn trailing_sub_attribute(
        &mut self,
        resolved: &Resolved<'r>,
    ) -> Result<Option<Resolved<'r>>, Fault> {
        let Some((_, Token::Word(word))) = self.lexer.peek()? else {
            return Ok(None);
        };
        let Some(name) = word.strip_prefix('.') else {
            return Ok(None);
        };
        let Some((at, _)) = self.lexer.next()? else {
            return Ok(None);
        };
        match resolved.attribute.sub_attribute(name) {
            Some(sub) => Ok(Some(resolved.with_sub(sub))),
            None => Err(Fault::new(
                at,
                format!("{} has no part {}", resolved.path(), quoted(name)),
            )),
        }
    }

    fn resolve(&mut self, at: usize, word: &str) -> Result<Option<Resolved<'r>>, Fault> {
        match self.registry.resolve(self.scope.kind, word) {
            Resolution::Attribute(resolved) => {
                if resolved.unqualified {
                    self.notes.add(
                        &dialect::UNQUALIFIED_EXTENSION,
                        format!("{} read as {}", quoted(word), resolved.path()),
                    );
                }
                Ok(Some(resolved))
            }
            Resolution::Schema(_) => Err(Fault::new(at, "a schema URN needs ':' and an attribute")),
            Resolution::Unknown
                if self.scope.unknown == UnknownAttribute::NoValue && is_attribute_path(word) =>
            {
                self.unknown.push(word.to_ascii_lowercase());
                Ok(None)
            }
            Resolution::Unknown => Err(unknown_attribute(self.registry, self.scope.kind, at, word)),
        }
    }

    /// Reads over the comparison of an attribute that the resource type does not have.
    fn skip_unknown(&mut self) -> Result<Filter, Fault> {
        if self.lexer.take(&Token::OpenBracket)? {
            self.skip_brackets()?;
            let trailing =
                matches!(self.lexer.peek()?, Some((_, Token::Word(word))) if word.starts_with('.'));
            if !trailing {
                return Ok(Filter::Never);
            }
            self.lexer.next()?;
        }
        if self.take_keyword("pr")? {
            return Ok(Filter::Never);
        }
        let (operator, literal) = self.operator_and_literal()?;
        // Nothing is there, so everything differs from it: as if the attribute were known and unassigned.
        Ok(match (operator, literal) {
            (Operator::NotEqual, RawLiteral::Null) => Filter::Never,
            (Operator::NotEqual, _) | (Operator::Equal, RawLiteral::Null) => {
                Filter::Not(Box::new(Filter::Never))
            }
            _ => Filter::Never,
        })
    }

    fn skip_brackets(&mut self) -> Result<(), Fault> {
        loop {
            let end = self.lexer.position()?;
            match self.lexer.next()? {
                Some((_, Token::CloseBracket)) => return Ok(()),
                Some((at, Token::OpenBracket)) => {
                    return Err(Fault::new(
                        at,
                        "a value path cannot hold another value path",
                    ));
                }
                Some(_) => {}
                None => return Err(Fault::new(end, "']' is missing")),
            }
        }
    }

    fn operator_and_literal(&mut self) -> Result<(Operator, RawLiteral), Fault> {
        let end = self.lexer.position()?;
        let operator = match self.lexer.next()? {
            Some((at, Token::Word(word))) => Operator::parse(word).ok_or_else(|| {
                Fault::new(
                    at,
                    format!(
                        "{} is no operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr",
                        quoted(word)
                    ),
                )
            })?,
            Some((at, token)) => {
                return Err(Fault::new(
                    at,
                    format!("an operator is expected, not {}", token.describe()),
                ));
            }
            None => return Err(Fault::new(end, "an operator is expected here")),
        };
        let end = self.lexer.position()?;
        let literal = match self.lexer.next()? {
            Some((_, Token::Text(text))) => RawLiteral::Text(text),
            Some((at, Token::Word(word))) => RawLiteral::from_word(word).ok_or_else(|| {
                Fault::new(at, "this is no value; put strings into double quotes")
            })?,
            Some((at, token)) => {
                return Err(Fault::new(
                    at,
                    format!("a value is expected, not {}", token.describe()),
                ));
            }
            None => return Err(Fault::new(end, "a value is expected here")),
        };
        Ok((operator, literal))
    }

    fn take_keyword(&mut self, keyword: &str) -> Result<bool, Fault> {
        let found = matches!(
            self.lexer.peek()?,
            Some((_, Token::Word(word))) if word.eq_ignore_ascii_case(keyword)
        );
        if found {
            self.lexer.next()?;
        }
        Ok(found)
    }

    fn expect(&mut self, token: &Token<'_>) -> Result<(), Fault> {
        let end = self.lexer.position()?;
        match self.lexer.next()? {
            Some((_, found)) if found == *token => Ok(()),
            Some((at, found)) => Err(Fault::new(
                at,
                format!("{} is expected, not {}", token.describe(), found.describe()),
            )),
            None => Err(Fault::new(end, format!("{} is missing", token.describe()))),
        }
    }
}

/// The fault for a name nothing has, with the nearest one that exists.
pub(crate) fn unknown_attribute(
    registry: &Registry,
    kind: ResourceKind,
    at: usize,
    word: &str,
) -> Fault {
    let hint = registry
        .nearest(kind, word)
        .map(|path| format!("; did you mean {path}?"))
        .unwrap_or_default();
    Fault::new(
        at,
        format!("a {kind} has no attribute {}{hint}", quoted(word)),
    )
}

/// Whether the word could name an attribute of some schema (RFC 7644 §3.4.2.2, `attrPath`).
fn is_attribute_path(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$' | '.' | ':' | '/'))
}
