//! The attribute names that the usual identity providers use, in the order in which they are looked for.
//!
//! Provost's own name comes first: who sends it means it. Names that mean something else at some provider are left out, such
//! as Keycloak's `Role`, under which it sends all of its internal roles unasked.

use super::Claim;

/// Names for `claim`.
pub(super) const fn names(claim: Claim) -> &'static [&'static str] {
    match claim {
        Claim::Role => &[
            "role",
            // Entra ID, app roles.
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        ],
        Claim::CustomRole => &["customRole", "customRoles", "custom_role"],
        Claim::RoleAttributes => &["roleAttributes", "role_attributes"],
        Claim::TeamKey => &[
            "teamKey",
            "team_key",
            // Okta, Keycloak and most others, where a group mapper is set up.
            "groups",
            // Entra ID: object ids or names, as its app is set up.
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
            // isMemberOf of eduMember (SimpleSAMLphp, Shibboleth).
            "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
        ],
        Claim::FirstName => &[
            "firstName",
            // OneLogin writes "User.FirstName"; Okta's wizard suggests "user.firstName" and "first_name" is common.
            "User.FirstName",
            "user.firstName",
            "first_name",
            "givenName",
            "given_name",
            // Entra ID and AD FS.
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
            // X.500 givenName (RFC 4519 §2.12), as SimpleSAMLphp and Keycloak write it.
            "urn:oid:2.5.4.42",
        ],
        Claim::LastName => &[
            "lastName",
            "User.LastName",
            "user.lastName",
            "last_name",
            "sn",
            "surname",
            "family_name",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
            // X.500 sn (RFC 4519 §2.32).
            "urn:oid:2.5.4.4",
        ],
    }
}
