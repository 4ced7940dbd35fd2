//! The strict XML reader under everything SAML: one parse, one tree, limits on all of it.
//!
//! [`Source`] owns the text with its line ends normalised, [`Source::parse`] builds the one tree of it, and
//! [`value()`] reads an element's text. Nothing here knows SAML; callers are the response and the metadata readers.
//!
//! Invariants: no DTD and so no entity beyond the five of XML; no processing instruction; depth, nodes, attributes and
//! prefixes bounded; identifiers unique. Nothing recurses over the input, so that no document can end the process.

mod base64;
mod children;
mod error;
mod inspect;
mod limits;
mod name;
mod source;
mod value;
mod walk;

pub use base64::{Base64Error, decode_base64};
pub use children::{child_elements, names_of};
pub use error::XmlError;
pub use limits::Limits;
pub use name::{QualifiedName, attribute_name, element_name};
pub use source::{Document, Source};
pub use value::value;
pub use walk::{Step, Walk};

/// An element, text or comment of a [`Document`].
pub type Node<'a, 'input> = roxmltree::Node<'a, 'input>;

#[cfg(test)]
mod tests;
