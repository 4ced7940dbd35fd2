//! The text of an element.

use super::{Node, XmlError};

/// All text of an element as one, with comments skipped and CDATA merged; not trimmed.
///
/// Reading only the first piece is how a comment once cut `admin@x.io<!-- -->.evil.io` short, and an element inside is
/// where readers disagree about what the value is: it is refused.
pub fn value(node: Node<'_, '_>) -> Result<String, XmlError> {
    let mut text = String::new();
    for child in node.children() {
        if child.is_element() {
            return Err(XmlError::ElementInValue {
                element: node.tag_name().name().to_owned(),
                child: child.tag_name().name().to_owned(),
            });
        }
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    Ok(text)
}
