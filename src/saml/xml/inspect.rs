//! What is refused of a text before it is parsed, and of a tree after.

use std::collections::HashSet;

use super::name::{raw_attribute_name, raw_element_name};
use super::{Limits, Step, Walk, XmlError};

/// `=` signs from one `<` to the next. Far more than any tag has within its limit, and than Base64 text ends with.
const MAX_EQUALS: usize = 512;

/// Refuses what would cost the parser more than its length: it compares each attribute of a tag with the others, and
/// copies the prefixes in scope for each element that declares one.
///
/// Both counts are upper bounds that no disguise can lower: a start tag has no `<` within, so it lies between two of
/// them, and a declaration stands literally in the text. Comments and texts can only raise them.
pub(super) fn check_text(text: &str, limits: &Limits) -> Result<(), XmlError> {
    let has_long_tag = text
        .split('<')
        .any(|stretch| stretch.bytes().filter(|byte| *byte == b'=').count() > MAX_EQUALS);
    if has_long_tag {
        return Err(XmlError::TooManyAttributes {
            limit: limits.attributes,
        });
    }
    let mut prefixes = HashSet::new();
    for piece in text.split("xmlns:").skip(1) {
        let end = piece
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '<' | '>' | '"' | '\''));
        prefixes.insert(piece.get(..end.unwrap_or(piece.len())).unwrap_or_default());
        if prefixes.len() > limits.prefixes {
            return Err(XmlError::TooManyPrefixes {
                limit: limits.prefixes,
            });
        }
    }
    // The parser would take `p:xmlns="..."` for a declaration of the default namespace.
    if text.contains(":xmlns") {
        return Err(XmlError::ForbiddenName {
            name: ":xmlns".to_owned(),
        });
    }
    Ok(())
}

/// Holds a finished tree against the limits and against what the parser lets pass.
pub(super) fn check_tree(tree: &roxmltree::Document<'_>, limits: &Limits) -> Result<(), XmlError> {
    let mut depth = 0;
    let mut ids = HashSet::new();
    for step in Walk::new(tree.root()) {
        let node = match step {
            Step::Leave(_) => {
                depth -= 1;
                continue;
            }
            Step::Enter(node) => node,
        };
        if let Some(instruction) = node.pi() {
            return Err(XmlError::ProcessingInstruction {
                target: instruction.target.to_owned(),
            });
        }
        if node.is_root() {
            depth += 1;
            continue;
        }
        if !node.is_element() {
            continue;
        }
        // The document node is not counted, so the root element has depth 1.
        if depth > limits.depth {
            return Err(XmlError::TooDeep {
                limit: limits.depth,
            });
        }
        depth += 1;
        check_names(node)?;
        check_namespaces(node)?;
        check_attributes(node, limits, &mut ids)?;
    }
    Ok(())
}

/// The parser takes `:name` for `name`.
fn check_names(node: roxmltree::Node<'_, '_>) -> Result<(), XmlError> {
    let element = std::iter::once(raw_element_name(node));
    let attributes = node
        .attributes()
        .map(|attribute| raw_attribute_name(node, &attribute));
    for name in element.chain(attributes) {
        if name.starts_with(':') {
            return Err(XmlError::ForbiddenName {
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}

/// The parser accepts an empty namespace for a prefix and a second default namespace on one element.
fn check_namespaces(node: roxmltree::Node<'_, '_>) -> Result<(), XmlError> {
    let mut defaults = 0;
    for namespace in node.namespaces() {
        match namespace.name() {
            Some(prefix) if namespace.uri().is_empty() => {
                return Err(XmlError::UnboundPrefix {
                    prefix: prefix.to_owned(),
                });
            }
            Some(_) => {}
            None => defaults += 1,
        }
    }
    if defaults > 1 {
        return Err(XmlError::RepeatedDefaultNamespace {
            element: node.tag_name().name().to_owned(),
        });
    }
    Ok(())
}

/// Attributes are bounded, and an identifier is unique in any spelling and any namespace.
fn check_attributes<'a>(
    node: roxmltree::Node<'a, '_>,
    limits: &Limits,
    ids: &mut HashSet<&'a str>,
) -> Result<(), XmlError> {
    if node.attributes().len() > limits.attributes {
        return Err(XmlError::TooManyAttributes {
            limit: limits.attributes,
        });
    }
    for attribute in node.attributes() {
        if attribute.name().eq_ignore_ascii_case("id") && !ids.insert(attribute.value()) {
            return Err(XmlError::DuplicateId {
                id: attribute.value().to_owned(),
            });
        }
    }
    Ok(())
}
