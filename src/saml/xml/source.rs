//! The text of a document and the tree over it.

use roxmltree::ParsingOptions;

use super::inspect::{check_text, check_tree};
use super::{Limits, Node, XmlError};

/// The text of one document: UTF-8, within its size, every line end a line feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    text: String,
    limits: Limits,
}

impl Source {
    /// Takes the bytes of a document. They must be UTF-8, whatever its XML declaration says.
    pub fn from_bytes(bytes: &[u8], limits: Limits) -> Result<Self, XmlError> {
        // The size comes first: nothing else is done with what is too long.
        if bytes.len() > limits.bytes {
            return Err(XmlError::TooLarge {
                limit: limits.bytes,
                received: bytes.len(),
            });
        }
        let text = str::from_utf8(bytes).map_err(|error| XmlError::NotUtf8 {
            at: error.valid_up_to(),
        })?;
        // XML 1.0 §2.11. Done before the parser, which keeps a lone CR that stands at the end of a text behind a
        // reference.
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        Ok(Self { text, limits })
    }

    /// Takes the text of a document.
    pub fn from_text(text: &str, limits: Limits) -> Result<Self, XmlError> {
        Self::from_bytes(text.as_bytes(), limits)
    }

    /// The text with its line ends normalised.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Builds the one tree of this text and holds it against all limits.
    pub fn parse(&self) -> Result<Document<'_>, XmlError> {
        check_text(&self.text, &self.limits)?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: self.limits.nodes,
            ..ParsingOptions::default()
        };
        let tree =
            roxmltree::Document::parse_with_options(&self.text, options).map_err(|error| {
                match error {
                    roxmltree::Error::DtdDetected => XmlError::Dtd,
                    roxmltree::Error::NodesLimitReached => XmlError::TooManyNodes {
                        limit: self.limits.nodes,
                    },
                    other => XmlError::NotWellFormed(other),
                }
            })?;
        check_tree(&tree, &self.limits)?;
        Ok(Document { tree })
    }
}

/// The tree of a [`Source`], within all limits.
#[derive(Debug)]
pub struct Document<'input> {
    tree: roxmltree::Document<'input>,
}

impl<'input> Document<'input> {
    /// The outermost element.
    pub fn root_element(&self) -> Node<'_, 'input> {
        self.tree.root_element()
    }

    /// The document itself, whose children are the outermost element and the comments around it.
    pub fn root(&self) -> Node<'_, 'input> {
        self.tree.root()
    }
}
