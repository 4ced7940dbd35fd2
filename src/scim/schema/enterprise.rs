//! The Enterprise User extension (RFC 7643 §4.3).

use super::{Attribute, Mutability, Returned, Schema, Urn};

/// The URN of the Enterprise User extension.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) fn schema() -> Schema {
    Schema {
        id: Urn::new(ENTERPRISE_USER),
        name: "EnterpriseUser".to_owned(),
        description: "A user of an organisation".to_owned(),
        attributes: vec![
            Attribute::string(
                "employeeNumber",
                "The number the organisation gave the user",
            ),
            Attribute::string("costCenter", "The cost center"),
            Attribute::string("organization", "The organisation"),
            Attribute::string("division", "The division"),
            Attribute::string("department", "The department"),
            Attribute::complex(
                "manager",
                vec![
                    Attribute::string("value", "The id of the manager").case_exact(),
                    Attribute::reference("$ref", &["User"], "The URI of the manager"),
                    // RFC 7643 §8.7.1 has it returned by default. A client that patches a manager reads back what it
                    // sent, and there are those that take one part more for a failure.
                    Attribute::string("displayName", "The name of the manager")
                        .mutability(Mutability::ReadOnly)
                        .returned(Returned::Request),
                ],
                "The user's manager",
            ),
        ],
    }
}
