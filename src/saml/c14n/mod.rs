//! Exclusive XML Canonicalization 1.0 without comments: the bytes that a signature is over.
//!
//! Only what XML-DSig asks of it: the subtree of one element, less one signature inside it. An error here refuses a good
//! signature and cannot let a bad one pass, because values are read from the same tree and never from these bytes.
//! The walk is a loop, and the output is bounded: namespaces are written again wherever they are used, so a short
//! document could otherwise grow without end.

use std::collections::BTreeMap;
use std::fmt::Write;

use thiserror::Error;

use super::xml::{Node, QualifiedName, Step, Walk, attribute_name, element_name};

#[cfg(test)]
mod tests;

/// The most bytes of canonical text, eight times what a Response may have.
pub const MAX_CANONICAL_BYTES: usize = 2 * 1024 * 1024;

/// What the namespace prefix `xml` is bound to, in every document and without a declaration.
const XML_PREFIX: &str = "xml";

/// A subtree that has no canonical form within the limit.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum C14nError {
    /// The canonical form grew beyond [`MAX_CANONICAL_BYTES`].
    #[error("canonical form has more than {limit} bytes")]
    TooLarge {
        /// The most bytes that are written.
        limit: usize,
    },
}

/// What is canonicalized, and how.
#[derive(Clone, Copy, Debug)]
pub struct Subtree<'a, 'input, 'p> {
    /// The element whose subtree it is.
    pub top: Node<'a, 'input>,
    /// A subtree to leave out: the enveloped signature.
    pub without: Option<Node<'a, 'input>>,
    /// The prefixes of the `InclusiveNamespaces` list; an empty one stands for `#default`.
    pub inclusive_prefixes: &'p [String],
}

/// The canonical bytes of a subtree (Exclusive XML Canonicalization 1.0 §3).
pub fn canonicalize(subtree: &Subtree<'_, '_, '_>) -> Result<String, C14nError> {
    let mut writer = Writer {
        inclusive_prefixes: subtree.inclusive_prefixes,
        output: String::new(),
        rendered: Rendered::default(),
    };
    for step in Walk::new(subtree.top).without(subtree.without) {
        match step {
            Step::Enter(node) if node.is_element() => writer.start(node),
            Step::Enter(node) if node.is_text() => {
                escape_text(node.text().unwrap_or_default(), &mut writer.output);
            }
            // Comments are left out; processing instructions are in no document that was read.
            Step::Enter(_) => {}
            Step::Leave(node) => writer.end(node),
        }
        if writer.output.len() > MAX_CANONICAL_BYTES {
            return Err(C14nError::TooLarge {
                limit: MAX_CANONICAL_BYTES,
            });
        }
    }
    Ok(writer.output)
}

struct Writer<'a, 'p> {
    inclusive_prefixes: &'p [String],
    output: String,
    rendered: Rendered<'a>,
}

impl<'a> Writer<'a, '_> {
    fn start(&mut self, node: Node<'a, '_>) {
        self.rendered.enter();
        let name = element_name(node);
        let mut attributes: Vec<_> = node
            .attributes()
            .map(|it| (attribute_name(node, &it), it))
            .collect();
        // Canonical XML 1.0 §2.2: by namespace, then by local name; no namespace comes first.
        attributes.sort_by_key(|(name, it)| (it.namespace().unwrap_or_default(), name.local));

        let used = std::iter::once(name.prefix).chain(
            attributes
                .iter()
                .map(|(name, _)| name.prefix)
                .filter(|it| !it.is_empty()),
        );
        let mut declarations = BTreeMap::new();
        for prefix in used.chain(self.inclusive_prefixes.iter().map(String::as_str)) {
            // A listed prefix that is not in scope has no namespace to write. Only the default may be without one.
            let Some((prefix, uri)) = in_scope(node, prefix) else {
                continue;
            };
            if prefix != XML_PREFIX && self.rendered.uri(prefix) != uri {
                declarations.insert(prefix, uri);
            }
        }

        self.output.push('<');
        write_name(name, &mut self.output);
        // §2.2: by prefix; the default namespace has none and comes first.
        for (prefix, uri) in declarations {
            self.output.push_str(" xmlns");
            if !prefix.is_empty() {
                self.output.push(':');
                self.output.push_str(prefix);
            }
            write_value(uri, &mut self.output);
            self.rendered.declare(prefix, uri);
        }
        for (name, attribute) in attributes {
            self.output.push(' ');
            write_name(name, &mut self.output);
            write_value(attribute.value(), &mut self.output);
        }
        self.output.push('>');
    }

    fn end(&mut self, node: Node<'a, '_>) {
        self.output.push_str("</");
        write_name(element_name(node), &mut self.output);
        self.output.push('>');
        self.rendered.leave();
    }
}

/// The namespace of a prefix at an element. The default is the empty namespace where none is declared.
fn in_scope<'a>(node: Node<'a, '_>, prefix: &str) -> Option<(&'a str, &'a str)> {
    let found = node
        .namespaces()
        .find(|it| it.name().unwrap_or_default() == prefix);
    match found {
        Some(namespace) => Some((namespace.name().unwrap_or_default(), namespace.uri())),
        None if prefix.is_empty() => Some(("", "")),
        None => None,
    }
}

/// The declarations that the output has around the place that is written.
#[derive(Default)]
struct Rendered<'a> {
    /// The namespace of each prefix that was written.
    current: BTreeMap<&'a str, &'a str>,
    /// What to put back at the end of each element that is open.
    undo: Vec<Vec<(&'a str, Option<&'a str>)>>,
}

impl<'a> Rendered<'a> {
    fn enter(&mut self) {
        self.undo.push(Vec::new());
    }

    /// The namespace of a prefix; empty where none was written, which for the default means the same.
    fn uri(&self, prefix: &str) -> &'a str {
        self.current.get(prefix).copied().unwrap_or_default()
    }

    fn declare(&mut self, prefix: &'a str, uri: &'a str) {
        let before = self.current.insert(prefix, uri);
        if let Some(undo) = self.undo.last_mut() {
            undo.push((prefix, before));
        }
    }

    fn leave(&mut self) {
        for (prefix, before) in self.undo.pop().unwrap_or_default() {
            match before {
                Some(uri) => self.current.insert(prefix, uri),
                None => self.current.remove(prefix),
            };
        }
    }
}

fn write_name(name: QualifiedName<'_>, output: &mut String) {
    if !name.prefix.is_empty() {
        output.push_str(name.prefix);
        output.push(':');
    }
    output.push_str(name.local);
}

/// Canonical XML 1.0 §2.3, attribute nodes: in double quotes, with what a parser would normalise as references.
fn write_value(value: &str, output: &mut String) {
    output.push_str("=\"");
    for character in value.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '"' => output.push_str("&quot;"),
            '\t' | '\n' | '\r' => write_reference(character, output),
            other => output.push(other),
        }
    }
    output.push('"');
}

/// Canonical XML 1.0 §2.3, text nodes.
fn escape_text(text: &str, output: &mut String) {
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '\r' => write_reference(character, output),
            other => output.push(other),
        }
    }
}

fn write_reference(character: char, output: &mut String) {
    // Writing into a String cannot fail.
    let _ = write!(output, "&#x{:X};", u32::from(character));
}
