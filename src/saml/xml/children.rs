//! The elements inside an element that may have nothing else in it.

use super::{Node, XmlError};

/// The child elements in their order. Comments and white space between them are passed over, other text is refused.
pub fn child_elements<'a, 'input>(
    node: Node<'a, 'input>,
) -> Result<Vec<Node<'a, 'input>>, XmlError> {
    let mut elements = Vec::new();
    for child in node.children() {
        if child.is_element() {
            elements.push(child);
        } else if child.is_text() && !child.text().unwrap_or_default().trim_ascii().is_empty() {
            return Err(XmlError::TextBetweenElements {
                element: node.tag_name().name().to_owned(),
            });
        }
    }
    Ok(elements)
}

/// What elements are called, for the message that others were expected.
pub fn names_of(elements: &[Node<'_, '_>]) -> String {
    if elements.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = elements.iter().map(|it| it.tag_name().name()).collect();
    names.join(", ")
}
