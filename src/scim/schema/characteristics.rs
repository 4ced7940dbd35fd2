//! The characteristics of an attribute (RFC 7643 §2.2 and §2.3), each a closed set of keywords.

/// The data type of an attribute (RFC 7643 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A real number.
    Decimal,
    /// A whole number.
    Integer,
    /// An xsd:dateTime.
    DateTime,
    /// Base64 text.
    Binary,
    /// A URI.
    Reference,
    /// An object of sub-attributes.
    Complex,
}

impl AttributeType {
    /// The keyword of `/Schemas`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }

    /// Whether values are JSON strings.
    pub fn is_text(self) -> bool {
        match self {
            Self::String | Self::DateTime | Self::Binary | Self::Reference => true,
            Self::Boolean | Self::Decimal | Self::Integer | Self::Complex => false,
        }
    }
}

/// Who may write an attribute, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutability {
    /// Nobody but the server.
    ReadOnly,
    /// The client, always.
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The client, always, without ever reading it.
    WriteOnly,
}

impl Mutability {
    /// The keyword of `/Schemas`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// When an attribute is part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Returned {
    /// Whatever the client asks for.
    Always,
    /// Never.
    Never,
    /// Unless the client leaves it out.
    Default,
    /// Only when the client names it.
    Request,
}

impl Returned {
    /// The keyword of `/Schemas`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Default => "default",
            Self::Request => "request",
        }
    }
}

/// Among which values an attribute's value is the only one of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uniqueness {
    /// Not unique.
    None,
    /// Among the resources of this server.
    Server,
    /// Everywhere.
    Global,
}

impl Uniqueness {
    /// The keyword of `/Schemas`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}
