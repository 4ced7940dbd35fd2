//! The `path` of a PATCH operation (RFC 7644 §3.5.2, figure 7): an attribute, a selection among its values, or a whole
//! extension.

use crate::scim::dialect::{self, Notes, quoted};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{
    Fault, Filter, FilterScope, Parser, Token, UnknownAttribute, check_length, unknown_attribute,
};
use crate::scim::schema::{Registry, Resolution, Resolved, ResourceKind, Schema};

/// What an operation aims at, with the definitions it needs.
#[derive(Clone, Debug)]
pub enum PatchPath<'r> {
    /// The resource itself, named by the URN of its core schema.
    Resource,
    /// A whole extension, by its URN alone.
    Extension(&'r Schema),
    /// An attribute, or a part of it: of all its values, where it has several.
    Attribute(Resolved<'r>),
    /// Those values of a multi-valued attribute that meet the filter, or a part of each.
    Selection {
        /// The attribute, without a part.
        attribute: Resolved<'r>,
        /// What a value must meet.
        filter: Filter,
        /// The attribute with the part named behind the bracket.
        part: Option<Resolved<'r>>,
    },
}

impl<'r> PatchPath<'r> {
    /// Parses and resolves a path.
    pub fn parse(
        registry: &'r Registry,
        kind: ResourceKind,
        text: &str,
        notes: &mut Notes,
    ) -> Result<Self, ScimError> {
        parse(registry, kind, text, notes)
            .map_err(|fault| fault.into_error(ScimType::InvalidPath, "path", text))
    }
}

fn parse<'r>(
    registry: &'r Registry,
    kind: ResourceKind,
    text: &str,
    notes: &mut Notes,
) -> Result<PatchPath<'r>, Fault> {
    check_length(text)?;
    let scope = FilterScope {
        kind,
        unknown: UnknownAttribute::Refuse,
    };
    let mut parser = Parser::new(registry, scope, text, notes);
    let (at, word) = match parser.lexer.next()? {
        Some((at, Token::Word(word))) => (at, word),
        Some((at, token)) => {
            return Err(Fault::new(
                at,
                format!("an attribute is expected, not {}", token.describe()),
            ));
        }
        None => return Err(Fault::new(0, "an attribute is expected here")),
    };
    let resolved = match registry.resolve(kind, word) {
        Resolution::Attribute(resolved) => resolved,
        Resolution::Schema(schema) => {
            end(&mut parser)?;
            return Ok(if schema.id == registry.core(kind).id {
                PatchPath::Resource
            } else {
                PatchPath::Extension(schema)
            });
        }
        Resolution::Unknown => return Err(unknown_attribute(registry, kind, at, word)),
    };
    let path = if parser.lexer.take(&Token::OpenBracket)? {
        let filter = parser.selection(at, &resolved)?;
        let part = parser.trailing_sub_attribute(&resolved)?;
        PatchPath::Selection {
            attribute: resolved,
            filter,
            part,
        }
    } else {
        PatchPath::Attribute(resolved)
    };
    end(&mut parser)?;
    if resolved.unqualified {
        notes.add(
            &dialect::UNQUALIFIED_EXTENSION,
            format!("{} read as {}", quoted(word), resolved.path()),
        );
    }
    Ok(path)
}

fn end(parser: &mut Parser<'_, '_, '_>) -> Result<(), Fault> {
    match parser.lexer.next()? {
        None => Ok(()),
        Some((at, token)) => Err(Fault::new(
            at,
            format!(
                "the path should end here, not go on with {}",
                token.describe()
            ),
        )),
    }
}
