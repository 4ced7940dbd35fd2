//! The attributes every resource has besides those of its schemas (RFC 7643 §3.1).

use super::{Attribute, Mutability, Returned, Uniqueness};

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        Attribute::reference(
            "schemas",
            &["uri"],
            "The URNs of the schemas the resource uses",
        )
        .multi_valued()
        .required()
        .returned(Returned::Always),
        Attribute::string(
            "id",
            "The identifier the service provider gave the resource",
        )
        .case_exact()
        .mutability(Mutability::ReadOnly)
        .returned(Returned::Always)
        .unique(Uniqueness::Server),
        Attribute::string(
            "externalId",
            "The identifier the provisioning client gave the resource",
        )
        .case_exact(),
        Attribute::complex(
            "meta",
            vec![
                Attribute::string("resourceType", "The name of the resource type")
                    .case_exact()
                    .mutability(Mutability::ReadOnly),
                Attribute::date_time("created", "When the resource was created")
                    .mutability(Mutability::ReadOnly),
                Attribute::date_time("lastModified", "When the resource last changed")
                    .mutability(Mutability::ReadOnly),
                Attribute::reference("location", &["uri"], "The URI of the resource")
                    .mutability(Mutability::ReadOnly),
                Attribute::string("version", "The entity tag of the resource")
                    .case_exact()
                    .mutability(Mutability::ReadOnly),
            ],
            "What the service provider knows about the resource",
        )
        .mutability(Mutability::ReadOnly),
    ]
}
