//! Writes XML that is well-formed and already in canonical form, whatever it is given.
//!
//! Every element has a start and an end tag, attributes stand in the order they are given, text is escaped as Canonical
//! XML §2.3 does, and nothing but what was asked for is put between two elements. A caller that declares each namespace
//! where it is first used, and gives namespace declarations first and attributes in the order of their names, gets a
//! document that is its own exclusive canonical form. Names are ours, never from outside; values and texts may be.

/// A document under construction. Elements are closed in the order in which they were opened; [`XmlWriter::finish`]
/// closes what is still open.
#[derive(Debug, Default)]
pub struct XmlWriter {
    text: String,
    open: Vec<&'static str>,
}

impl XmlWriter {
    /// An empty document, without an XML declaration: UTF-8 needs none.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens an element.
    pub fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            for character in value.chars() {
                self.push_escaped(character, Place::Attribute);
            }
            self.text.push('"');
        }
        self.text.push('>');
        self.open.push(name);
        self
    }

    /// Writes text into the element that is open.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            self.push_escaped(character, Place::Text);
        }
        self
    }

    /// Closes the element that was opened last. Nothing happens if none is open.
    pub fn end(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
        self
    }

    /// An element without children.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.start(name, attributes).end()
    }

    /// An element that holds text alone.
    pub fn leaf(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> &mut Self {
        self.start(name, attributes).text(text).end()
    }

    /// Puts markup in as it is: another writer's document, say. The caller answers for its being well-formed.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    /// Bytes written so far: the place where something can be put in later.
    pub fn position(&self) -> usize {
        self.text.len()
    }

    /// Closes what is open and hands the document over.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn push_escaped(&mut self, character: char, place: Place) {
        match (character, place) {
            ('&', _) => self.text.push_str("&amp;"),
            ('<', _) => self.text.push_str("&lt;"),
            ('>', Place::Text) => self.text.push_str("&gt;"),
            ('"', Place::Attribute) => self.text.push_str("&quot;"),
            ('\t', Place::Attribute) => self.text.push_str("&#x9;"),
            ('\n', Place::Attribute) => self.text.push_str("&#xA;"),
            ('\r', _) => self.text.push_str("&#xD;"),
            // XML 1.0 §2.2 has no way to write these, not even escaped.
            (character, _) if !is_xml(character) => self.text.push(char::REPLACEMENT_CHARACTER),
            (character, _) => self.text.push(character),
        }
    }
}

#[derive(Clone, Copy)]
enum Place {
    Attribute,
    Text,
}

/// Whether XML 1.0 §2.2 has a place for the character.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(text: &str) -> String {
        let mut xml = XmlWriter::new();
        xml.start("a", &[("b", text)]).text(text);
        xml.finish()
    }

    #[test]
    fn what_has_a_meaning_in_xml_is_escaped() {
        assert_eq!(
            document("<&>\"\t\r\n"),
            "<a b=\"&lt;&amp;>&quot;&#x9;&#xD;&#xA;\">&lt;&amp;&gt;\"\t&#xD;\n</a>"
        );
    }

    #[test]
    fn what_is_open_is_closed_in_the_end() {
        let mut xml = XmlWriter::new();
        xml.start("a", &[])
            .start("b", &[])
            .empty("c", &[])
            .end()
            .end()
            .end();
        assert_eq!(xml.finish(), "<a><b><c></c></b></a>");
    }

    proptest! {
        #[test]
        fn whatever_goes_in_can_be_read_again(text in any::<String>()) {
            let document = document(&text);
            let tree = roxmltree::Document::parse(&document).unwrap();
            let read = tree.root_element();
            let kept: String = text.chars().map(|c| if is_xml(c) { c } else { '\u{FFFD}' }).collect();
            prop_assert_eq!(read.attribute("b").unwrap(), &kept);
            prop_assert_eq!(read.text().unwrap_or_default(), kept);
        }
    }
}
