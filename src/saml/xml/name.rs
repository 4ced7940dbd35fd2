//! Names as they are written, which the tree does not keep: canonical XML needs the prefix.
//!
//! They are cut out of the source at the place the parser reports. That is exact because a document with a DTD is never
//! parsed: without entities of its own, every element and attribute stands literally in the source.

use super::Node;

/// A name as it is written in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualifiedName<'a> {
    /// What stands before the colon; empty without one.
    pub prefix: &'a str,
    /// What stands behind it.
    pub local: &'a str,
}

impl<'a> QualifiedName<'a> {
    fn split(name: &'a str) -> Self {
        match name.split_once(':') {
            Some((prefix, local)) => Self { prefix, local },
            None => Self {
                prefix: "",
                local: name,
            },
        }
    }
}

/// The name of an element as written. Empty for a node that is no element.
pub fn element_name<'a>(node: Node<'a, '_>) -> QualifiedName<'a> {
    QualifiedName::split(raw_element_name(node))
}

/// The name of an attribute as written. `node` is the element that has it.
pub fn attribute_name<'a>(
    node: Node<'a, '_>,
    attribute: &roxmltree::Attribute<'a, '_>,
) -> QualifiedName<'a> {
    QualifiedName::split(raw_attribute_name(node, attribute))
}

/// The element's whole name, colon and all.
pub(super) fn raw_element_name<'a>(node: Node<'a, '_>) -> &'a str {
    if !node.is_element() {
        return "";
    }
    // The range starts at `<`.
    name_at(node.document().input_text(), node.range().start + 1)
}

/// The attribute's whole name, colon and all.
pub(super) fn raw_attribute_name<'a>(
    node: Node<'a, '_>,
    attribute: &roxmltree::Attribute<'a, '_>,
) -> &'a str {
    name_at(node.document().input_text(), attribute.range().start)
}

fn name_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let end = rest
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/' | '>' | '<' | '"' | '\''))
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}
