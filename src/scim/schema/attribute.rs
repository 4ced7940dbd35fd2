//! The definition of one attribute (RFC 7643 §7), and the few words in which the built-in schemas are written.

use super::{AttributeType, Mutability, Returned, Uniqueness};

/// The definition of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The canonical name.
    pub name: String,
    /// The data type.
    pub kind: AttributeType,
    /// Whether the value is an array.
    pub multi_valued: bool,
    /// Whether a resource must have a value.
    pub required: bool,
    /// Whether case matters when values are compared.
    pub case_exact: bool,
    /// Who may write it.
    pub mutability: Mutability,
    /// When it is part of an answer.
    pub returned: Returned,
    /// Whether its value is the only one of its kind.
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted.
    pub canonical_values: Vec<String>,
    /// What a reference may point to.
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute. They are never complex themselves (RFC 7643 §2.3.8).
    pub sub_attributes: Vec<Attribute>,
    /// What it means, for people.
    pub description: String,
}

impl Attribute {
    /// A singular, optional attribute that clients read and write.
    pub fn new(name: &str, kind: AttributeType, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            multi_valued: false,
            required: false,
            // References and binaries are always compared exactly (RFC 7643 §2.3.6, §2.3.7).
            case_exact: matches!(kind, AttributeType::Binary | AttributeType::Reference),
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            canonical_values: Vec::new(),
            reference_types: Vec::new(),
            sub_attributes: Vec::new(),
            description: description.to_owned(),
        }
    }

    /// Text.
    pub fn string(name: &str, description: &str) -> Self {
        Self::new(name, AttributeType::String, description)
    }

    /// A truth value.
    pub fn boolean(name: &str, description: &str) -> Self {
        Self::new(name, AttributeType::Boolean, description)
    }

    /// A point in time.
    pub fn date_time(name: &str, description: &str) -> Self {
        Self::new(name, AttributeType::DateTime, description)
    }

    /// Base64 text.
    pub fn binary(name: &str, description: &str) -> Self {
        Self::new(name, AttributeType::Binary, description)
    }

    /// A URI of one of these types.
    pub fn reference(name: &str, types: &[&str], description: &str) -> Self {
        let mut attribute = Self::new(name, AttributeType::Reference, description);
        attribute.reference_types = types.iter().map(|&name| name.to_owned()).collect();
        attribute
    }

    /// An object of these parts.
    pub fn complex(name: &str, sub_attributes: Vec<Self>, description: &str) -> Self {
        let mut attribute = Self::new(name, AttributeType::Complex, description);
        attribute.sub_attributes = sub_attributes;
        attribute
    }

    /// Makes it an array.
    #[must_use]
    pub fn multi_valued(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    /// Makes it obligatory.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Makes case matter.
    #[must_use]
    pub fn case_exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    /// Sets who may write it.
    #[must_use]
    pub fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    /// Sets when it is returned.
    #[must_use]
    pub fn returned(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }

    /// Sets whether it is unique.
    #[must_use]
    pub fn unique(mut self, uniqueness: Uniqueness) -> Self {
        self.uniqueness = uniqueness;
        self
    }

    /// Suggests values.
    #[must_use]
    pub fn canonical(mut self, values: &[&str]) -> Self {
        self.canonical_values = values.iter().map(|&value| value.to_owned()).collect();
        self
    }

    /// The part of this name, whatever its case.
    pub fn sub_attribute(&self, name: &str) -> Option<&Self> {
        find(&self.sub_attributes, name)
    }

    /// The part by which values of a complex attribute are told apart: `value`, else the first that is required.
    pub fn identity(&self) -> Option<&Self> {
        self.sub_attribute("value")
            .or_else(|| self.sub_attributes.iter().find(|sub| sub.required))
    }

    /// Whether it has parts.
    pub fn is_complex(&self) -> bool {
        self.kind == AttributeType::Complex
    }

    /// Whether one of its values can be the preferred one (RFC 7643 §2.4).
    pub fn has_primary(&self) -> bool {
        self.multi_valued && self.sub_attribute("primary").is_some()
    }
}

/// The attribute of this name, whatever its case. Attribute names are ASCII (RFC 7643 §2.1).
pub(super) fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
