//! How much of a document is read before it is refused.

/// Bounds of one document. Every one is inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes.
    pub bytes: usize,
    /// Elements, texts and comments together.
    pub nodes: u32,
    /// Elements within each other; the root has depth 1.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Different namespace prefixes declared in the whole document.
    pub prefixes: usize,
}

impl Limits {
    /// For a SAML Response, and for an assertion that was decrypted out of one.
    pub const RESPONSE: Self = Self {
        bytes: 256 * 1024,
        nodes: 20_000,
        depth: 64,
        attributes: 64,
        prefixes: 64,
    };

    /// For metadata, where a federation's file lists many entities.
    pub const METADATA: Self = Self {
        bytes: 4 * 1024 * 1024,
        nodes: 200_000,
        ..Self::RESPONSE
    };
}
