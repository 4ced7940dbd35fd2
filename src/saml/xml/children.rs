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
