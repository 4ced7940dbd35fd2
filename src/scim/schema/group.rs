//! The core Group schema (RFC 7643 §4.2).

use super::{Attribute, Mutability, Returned, Schema, Uniqueness, Urn};

/// The URN of the core Group schema.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

pub(super) fn schema() -> Schema {
    Schema {
        id: Urn::new(GROUP),
        name: "Group".to_owned(),
        description: "A team of members".to_owned(),
        attributes: vec![
            Attribute::string("displayName", "The name of the group")
                .required()
                .unique(Uniqueness::Server),
            Attribute::complex(
                "members",
                vec![
                    Attribute::string("value", "The id of the user")
                        .case_exact()
                        .mutability(Mutability::Immutable),
                    Attribute::reference("$ref", &["User"], "The URI of the user")
                        .mutability(Mutability::Immutable),
                    // Returned on request only: clients compare what they wrote with what they read, and they may
                    // not write it; without it a large group is answered from its membership alone.
                    Attribute::string("display", "The name of the user")
                        .mutability(Mutability::ReadOnly)
                        .returned(Returned::Request),
                    Attribute::string("type", "The type of the member")
                        .canonical(&["User"])
                        .mutability(Mutability::Immutable),
                ],
                "The members of the group",
            )
            .multi_valued(),
        ],
    }
}
