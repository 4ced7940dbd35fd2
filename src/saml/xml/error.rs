//! Why a document is not read.

use thiserror::Error;

/// A document that is refused, with the limit or rule it broke.
///
/// Texts of the document may be part of a message; whoever shows one cleans it for the screen.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum XmlError {
    /// More bytes than [`super::Limits::bytes`].
    #[error("document has {received} bytes, at most {limit} are read")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// The bytes that came.
        received: usize,
    },
    /// The bytes are no UTF-8.
    #[error("document is not UTF-8 from byte {at}")]
    NotUtf8 {
        /// The first byte that is no part of a character, from 0.
        at: usize,
    },
    /// A document type declaration; none is ever read, so no entity can be declared.
    #[error("document has a document type declaration (DTD), which is never read")]
    Dtd,
    /// More nodes than [`super::Limits::nodes`].
    #[error("document has more than {limit} nodes")]
    TooManyNodes {
        /// The most nodes that are read.
        limit: u32,
    },
    /// Not XML 1.0 with namespaces.
    #[error("document is not well-formed: {0}")]
    NotWellFormed(#[source] roxmltree::Error),
    /// Elements nested deeper than [`super::Limits::depth`].
    #[error("elements are nested more than {limit} deep")]
    TooDeep {
        /// The deepest nesting that is read.
        limit: usize,
    },
    /// More attributes on one element than [`super::Limits::attributes`].
    #[error("an element has more than {limit} attributes")]
    TooManyAttributes {
        /// The most attributes of one element.
        limit: usize,
    },
    /// More prefixes in one document than [`super::Limits::prefixes`].
    #[error("document declares more than {limit} namespace prefixes")]
    TooManyPrefixes {
        /// The most different prefixes of one document.
        limit: usize,
    },
    /// A processing instruction.
    #[error("document has the processing instruction {target:?}, none is allowed")]
    ProcessingInstruction {
        /// The name behind `<?`.
        target: String,
    },
    /// Two attributes named ID, Id or id have the same value.
    #[error("two elements have the identifier {id:?}")]
    DuplicateId {
        /// The value that came twice.
        id: String,
    },
    /// `xmlns:p=""`, which Namespaces in XML 1.0 §2.2 forbids.
    #[error("the prefix {prefix:?} is bound to no namespace")]
    UnboundPrefix {
        /// The prefix.
        prefix: String,
    },
    /// An element declares its default namespace twice.
    #[error("the element {element:?} declares its default namespace twice")]
    RepeatedDefaultNamespace {
        /// The element's local name.
        element: String,
    },
    /// A name such as `p:xmlns`, or one with nothing before its colon.
    #[error("document has a name that namespaces forbid: {name:?}")]
    ForbiddenName {
        /// The name as it is written.
        name: String,
    },
    /// An element where only text may be.
    #[error("the value of {element:?} has the element {child:?} in it")]
    ElementInValue {
        /// The local name of the element that was read.
        element: String,
        /// The local name of the element inside.
        child: String,
    },
    /// Text where only elements may be.
    #[error("there is text between the elements of {element:?}")]
    TextBetweenElements {
        /// The local name of the element that was read.
        element: String,
    },
}
