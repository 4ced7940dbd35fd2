//! A document laid out for the eye: one element a line, indented, cleaned and bounded.

use super::clean::clean;
use crate::saml::xml::{Node, Step, Walk, attribute_name, element_name};

/// Characters of the whole text.
const MAX_CHARS: usize = 64 * 1024;
/// Characters of one value: signatures, certificates and ciphertexts are cut here.
const MAX_VALUE_CHARS: usize = 200;

/// The subtree of an element as text. Not canonical, and never parsed again.
pub(super) fn pretty(top: Node<'_, '_>) -> String {
    let mut output = String::new();
    let mut depth: usize = 0;
    for step in Walk::new(top) {
        match step {
            Step::Enter(node) if node.is_element() => {
                indent(&mut output, depth);
                open(node, &mut output);
                depth += 1;
            }
            Step::Enter(node) => {
                let text = clean(node.text().unwrap_or_default().trim(), MAX_VALUE_CHARS);
                if text.is_empty() {
                    continue;
                }
                indent(&mut output, depth);
                if node.is_comment() {
                    output.push_str("<!-- ");
                    output.push_str(&text);
                    output.push_str(" -->\n");
                } else {
                    escape(&text, &mut output);
                    output.push('\n');
                }
            }
            Step::Leave(node) => {
                depth = depth.saturating_sub(1);
                if has_content(node) {
                    indent(&mut output, depth);
                    output.push_str("</");
                    name(element_name(node), &mut output);
                    output.push_str(">\n");
                }
            }
        }
        if output.len() > MAX_CHARS {
            output.push_str("…\n");
            break;
        }
    }
    output
}

fn has_content(node: Node<'_, '_>) -> bool {
    node.children()
        .any(|it| !it.is_text() || !it.text().unwrap_or_default().trim().is_empty())
}

fn open(node: Node<'_, '_>, output: &mut String) {
    output.push('<');
    name(element_name(node), output);
    let parent = node.parent_element();
    for namespace in node.namespaces() {
        let is_inherited = parent.is_some_and(|it| it.namespaces().any(|other| other == namespace));
        if !is_inherited {
            output.push_str(if namespace.name().is_some() {
                " xmlns:"
            } else {
                " xmlns"
            });
            output.push_str(namespace.name().unwrap_or_default());
            value(namespace.uri(), output);
        }
    }
    for attribute in node.attributes() {
        output.push(' ');
        name(attribute_name(node, &attribute), output);
        value(attribute.value(), output);
    }
    output.push_str(if has_content(node) { ">\n" } else { "/>\n" });
}

fn name(name: crate::saml::xml::QualifiedName<'_>, output: &mut String) {
    if !name.prefix.is_empty() {
        output.push_str(&clean(name.prefix, MAX_VALUE_CHARS));
        output.push(':');
    }
    output.push_str(&clean(name.local, MAX_VALUE_CHARS));
}

fn value(text: &str, output: &mut String) {
    output.push_str("=\"");
    escape(&clean(text, MAX_VALUE_CHARS), output);
    output.push('"');
}

fn escape(text: &str, output: &mut String) {
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            other => output.push(other),
        }
    }
}

fn indent(output: &mut String, depth: usize) {
    output.extend(std::iter::repeat_n("  ", depth));
}
