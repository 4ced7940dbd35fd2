//! Provost's own User extension, under the URN that identity providers know from LaunchDarkly: what a member may do.

use super::{Attribute, Schema, Urn};

/// The URN of the extension.
pub const LAUNCHDARKLY_USER: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";

pub(super) fn schema() -> Schema {
    Schema {
        id: Urn::new(LAUNCHDARKLY_USER),
        name: "LaunchDarklyUser".to_owned(),
        description: "The roles of a member".to_owned(),
        attributes: vec![
            Attribute::string("role", "The base role")
                .canonical(&["reader", "writer", "admin", "noAccess"]),
            // One suggestion each here and for `key`: conformance clients draw their values from the suggestions, add
            // to the whole extension and then to its attributes, and expect to read back what they added last.
            Attribute::string("customRole", "The keys of custom roles")
                .case_exact()
                .multi_valued()
                .canonical(&["developer"]),
            Attribute::complex(
                "roleAttributes",
                vec![
                    Attribute::string(
                        "key",
                        "The key of the role attribute; each has one set of values",
                    )
                    .case_exact()
                    .required()
                    .canonical(&["developerProjectKey"]),
                    Attribute::string("values", "The values of the role attribute")
                        .case_exact()
                        .multi_valued(),
                ],
                "Attributes that fill the placeholders of custom roles",
            )
            .multi_valued(),
        ],
    }
}
