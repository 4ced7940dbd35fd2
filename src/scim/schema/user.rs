//! The core User schema (RFC 7643 §4.1).

use super::{Attribute, Mutability, Returned, Schema, Uniqueness, Urn};

/// The URN of the core User schema.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

pub(super) fn schema() -> Schema {
    let mut attributes = singular();
    attributes.extend(multi_valued());
    Schema {
        id: Urn::new(USER),
        name: "User".to_owned(),
        description: "A member of the organisation".to_owned(),
        attributes,
    }
}

fn singular() -> Vec<Attribute> {
    vec![
        Attribute::string("userName", "The name by which the user is known to the identity provider, usually an e-mail address; unique without regard to case")
            .required()
            .unique(Uniqueness::Server),
        Attribute::complex(
            "name",
            vec![
                Attribute::string("formatted", "The full name, formatted for display"),
                Attribute::string("familyName", "The family name"),
                Attribute::string("givenName", "The given name"),
                Attribute::string("middleName", "The middle names"),
                Attribute::string("honorificPrefix", "The title before the name"),
                Attribute::string("honorificSuffix", "The suffix after the name"),
            ],
            "The parts of the user's name",
        ),
        Attribute::string("displayName", "The name to show"),
        Attribute::string("nickName", "The casual way to address the user"),
        Attribute::reference("profileUrl", &["external"], "A page about the user"),
        Attribute::string("title", "The user's title, such as Vice President"),
        Attribute::string("userType", "The relationship to the organisation, such as Contractor"),
        Attribute::string("preferredLanguage", "The preferred languages, as in Accept-Language"),
        Attribute::string("locale", "The locale for dates, numbers and currency"),
        Attribute::string("timezone", "The time zone, as named in the IANA database"),
        Attribute::boolean("active", "Whether the user may sign in"),
        Attribute::string("password", "Accepted and never stored: people sign in through the identity provider")
            .mutability(Mutability::WriteOnly)
            .returned(Returned::Never),
    ]
}

fn multi_valued() -> Vec<Attribute> {
    let value = |description: &str| Attribute::string("value", description);
    vec![
        plural(
            "emails",
            value("The e-mail address"),
            &["work", "home", "other"],
            "E-mail addresses",
        ),
        plural(
            "phoneNumbers",
            value("The phone number"),
            &["work", "home", "mobile", "fax", "pager", "other"],
            "Phone numbers",
        ),
        plural(
            "ims",
            value("The instant messaging address"),
            &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
            "Instant messaging addresses",
        ),
        plural(
            "photos",
            Attribute::reference("value", &["external"], "The URL of the picture"),
            &["photo", "thumbnail"],
            "Pictures of the user",
        ),
        Attribute::complex(
            "addresses",
            vec![
                Attribute::string("formatted", "The full address, formatted for display"),
                Attribute::string("streetAddress", "Street and house number"),
                Attribute::string("locality", "City"),
                Attribute::string("region", "State or region"),
                Attribute::string("postalCode", "Postal code"),
                Attribute::string("country", "Country"),
                kind(&["work", "home", "other"]),
                primary(),
            ],
            "Postal addresses",
        )
        .multi_valued(),
        Attribute::complex(
            "groups",
            vec![
                value("The id of the group").mutability(Mutability::ReadOnly),
                Attribute::reference("$ref", &["Group"], "The URI of the group")
                    .mutability(Mutability::ReadOnly),
                Attribute::string("display", "The name of the group")
                    .mutability(Mutability::ReadOnly),
                kind(&["direct", "indirect"]).mutability(Mutability::ReadOnly),
            ],
            "The groups the user is in, computed from the members of the groups",
        )
        .multi_valued()
        .mutability(Mutability::ReadOnly),
        plural(
            "entitlements",
            value("The entitlement"),
            &[],
            "Entitlements",
        ),
        plural("roles", value("The role"), &[], "Roles in the organisation"),
        plural(
            "x509Certificates",
            Attribute::binary("value", "The certificate, DER in Base64"),
            &[],
            "Certificates",
        ),
    ]
}

/// An attribute with the usual parts: `value`, `display`, `type` and `primary` (RFC 7643 §2.4).
fn plural(name: &str, value: Attribute, types: &[&str], description: &str) -> Attribute {
    Attribute::complex(
        name,
        vec![
            value,
            Attribute::string("display", "The name of the value, for display"),
            kind(types),
            primary(),
        ],
        description,
    )
    .multi_valued()
}

fn kind(types: &[&str]) -> Attribute {
    Attribute::string("type", "What the value is for").canonical(types)
}

fn primary() -> Attribute {
    Attribute::boolean(
        "primary",
        "Whether this is the preferred value; true at most once",
    )
}
