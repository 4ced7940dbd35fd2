//! The register of rules: name, whose deviation it answers, what it does, and the shape of it beside the correct shape
//! next to it that it leaves alone. `tests/scim/dialects.rs` sends both shapes of every rule.

use serde::Serialize;

/// One tolerated deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The name shown in traces; stable.
    pub name: &'static str,
    /// The clients known to need it.
    pub client: &'static str,
    /// What it does, as a verb phrase.
    pub does: &'static str,
    /// What comes, in short.
    pub example: &'static str,
    /// What looks like it, is correct by the RFC, and keeps its meaning.
    pub spares: &'static str,
}

impl Rule {
    /// The sentence of a trace that says that the rule fired, and on what.
    pub fn noted(&self, detail: &str) -> String {
        format!("{}: {detail}", self.name)
    }
}

/// Defines the rules and their list at once, so that no rule is missing from it.
macro_rules! rules {
    ($($constant:ident { $($field:ident: $text:literal),+ $(,)? })+) => {
        $(
            #[doc = rules!(@doc $($field: $text),+)]
            pub const $constant: Rule = Rule { $($field: $text),+ };
        )+

        /// Every rule, in the order of the register.
        pub const RULES: &[Rule] = &[$($constant),+];
    };
    (@doc name: $name:literal, client: $client:literal, does: $does:literal, $($rest:tt)*) => {
        concat!("`", $name, "`: ", $does, ".")
    };
}

rules! {
    UNKNOWN_ATTRIBUTE {
        name: "unknown-attribute",
        client: "everybody",
        does: "leaves out an attribute that no schema of the resource defines",
        example: r#"POST /Users {…, "usreName": "ada"}"#,
        spares: "an attribute in another case: names have none",
    }
    READ_ONLY {
        name: "read-only",
        client: "Okta, Keycloak, authentik",
        does: "leaves out a readOnly attribute (`id`, `meta`, `groups`) that the client sends back as it read it",
        example: r#"POST /Users {…, "groups": []}"#,
        spares: "a PATCH whose path is readOnly: refused with `mutability`",
    }
    UNDECLARED_SCHEMA {
        name: "undeclared-schema",
        client: "Microsoft Entra ID",
        does: "ignores a URN in `schemas` that no schema here has, such as the ADSCIM one",
        example: r#"{"schemas": ["urn:…:core:2.0:Group", "http://schemas.microsoft.com/…/ADSCIM/2.0/Group"]}"#,
        spares: "a body whose `schemas` lacks the schema of the resource: refused",
    }
    MISSING_SCHEMAS {
        name: "missing-schemas",
        client: "Okta, SCIM gateways",
        does: "accepts a body without `schemas`",
        example: r#"POST /Users {"userName": "ada"}"#,
        spares: "`schemas` with something else in it: refused",
    }
    UNLISTED_EXTENSION {
        name: "unlisted-extension",
        client: "SCIM gateways",
        does: "accepts extension attributes whose URN is not named in `schemas`",
        example: r#"{"schemas": ["urn:…:core:2.0:User"], "urn:…:enterprise:2.0:User": {…}}"#,
        spares: "an extension that is named in `schemas`",
    }
    STRING_BOOLEAN {
        name: "string-boolean",
        client: "Microsoft Entra ID without aadOptscim062020",
        does: "reads the strings \"True\" and \"False\" as booleans",
        example: r#"{"op": "Replace", "path": "active", "value": "False"}"#,
        spares: "\"True\" for an attribute that is a string",
    }
    EMPTY_STRING {
        name: "empty-string",
        client: "Okta",
        does: "reads an empty string as an attribute without a value",
        example: r#"PUT /Users/… {…, "name": {"middleName": ""}}"#,
        spares: "a string of blanks: it is a value",
    }
    BARE_VALUE {
        name: "bare-value",
        client: "Microsoft Entra ID",
        does: "reads a plain string given for a complex attribute, such as `manager`, as its `value`",
        example: r#"{"op": "Add", "path": "urn:…:enterprise:2.0:User:manager", "value": "2819c223"}"#,
        spares: "`manager` as an object",
    }
    ARRAY_FOR_SINGLE {
        name: "array-for-single",
        client: "Microsoft Entra ID",
        does: "reads an array of one given for a singular attribute, such as `manager`, as that one",
        example: r#"{"op": "Add", "path": "urn:…:enterprise:2.0:User:manager", "value": [{"value": "2819c223"}]}"#,
        spares: "an array of several for a singular attribute: refused",
    }
    SINGLE_FOR_ARRAY {
        name: "single-for-array",
        client: "SCIM gateways",
        does: "reads a single value given for a multi-valued attribute as an array of one",
        example: r#"POST /Users {…, "emails": {"value": "ada@example.com"}}"#,
        spares: "a PATCH that adds one value without an array",
    }
    JSON_IN_VALUE {
        name: "json-in-value",
        client: "Microsoft Entra ID app roles",
        does: "reads JSON text in the `value` of a role or entitlement as the role it describes",
        example: r#"{"roles": [{"value": "{\"value\":\"admin\",\"displayName\":\"Admin\"}"}]}"#,
        spares: "a role whose value begins with a brace and describes no role",
    }
    PASSWORD {
        name: "password-not-kept",
        client: "Okta",
        does: "takes no notice of `password` where the policy (`users.password`) keeps none",
        example: r#"POST /Users {…, "password": "…"}"#,
        spares: "a filter on `password`: refused",
    }
    DUPLICATE_VALUE {
        name: "duplicate-value",
        client: "everybody",
        does: "keeps one of several values that have the same type and value",
        example: r#"{"emails": [{"value": "a@x.io"}, {"value": "a@x.io"}]}"#,
        spares: "one value of two types",
    }
    ACTIVE_NOT_ASSERTED {
        name: "active-not-asserted",
        client: "OneLogin",
        does: "keeps `active` as it is when a PUT does not name it",
        example: r#"PUT /Users/… {"userName": "ada"}"#,
        spares: "every other attribute that a PUT does not name: cleared",
    }
    MEMBER_SHAPE {
        name: "member-shape",
        client: "SCIM gateways",
        does: "reads a member given as a plain id, or by `$ref` alone",
        example: r#"{"op": "add", "path": "members", "value": ["2819c223"]}"#,
        spares: "a member given by `value`, whatever its `$ref` says",
    }
    OPERATION_CASE {
        name: "operation-case",
        client: "Microsoft Entra ID without aadOptscim062020",
        does: "reads `Add`, `Replace` and `Remove`",
        example: r#"{"op": "Replace", "path": "title", "value": "Countess"}"#,
        spares: "an operation of another name: refused",
    }
    EMPTY_PATH {
        name: "empty-path",
        client: "SCIM gateways, authentik",
        does: "reads an empty or null `path` as none",
        example: r#"{"op": "replace", "path": "", "value": {"title": "Countess"}}"#,
        spares: "an operation without `path`",
    }
    QUALIFIED_KEY {
        name: "qualified-key",
        client: "Microsoft Entra ID with aadOptscim062020",
        does: "reads dotted and URN-qualified keys in the value of an operation without a path as paths",
        example: r#"{"op": "replace", "value": {"name.givenName": "Ada"}}"#,
        spares: "an extension as an object under its URN",
    }
    UNQUALIFIED_EXTENSION {
        name: "unqualified-extension",
        client: "Microsoft Entra ID",
        does: "finds an extension attribute named without its schema URN, such as `manager`",
        example: r#"filter=id eq "…" and manager eq "2819c223""#,
        spares: "a core attribute of the same name",
    }
    CREATE_FROM_FILTER {
        name: "create-from-filter",
        client: "Microsoft Entra ID",
        does: "creates the value that a path such as `emails[type eq \"work\"].value` describes when there is none",
        example: r#"{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "ada@example.com"}"#,
        spares: "a filter that does not say what the value is like: refused with `noTarget`",
    }
    REMOVE_BY_VALUE {
        name: "remove-by-value",
        client: "Microsoft Entra ID without aadOptscim062020, JumpCloud, authentik",
        does: "removes only the listed values when a remove carries a value",
        example: r#"{"op": "Remove", "path": "members", "value": [{"value": "2819c223"}]}"#,
        spares: "a remove without a value: it removes all",
    }
    VALUE_PATH_SUB_ATTRIBUTE {
        name: "value-path-sub-attribute",
        client: "Microsoft Entra ID",
        does: "reads `emails[type eq \"work\"].value eq \"x\"` as `emails[type eq \"work\" and value eq \"x\"]`",
        example: r#"filter=emails[type eq "work"].value eq "ada@example.com""#,
        spares: "`emails[type eq \"work\" and value eq \"x\"]`",
    }
    COMPLEX_COMPARED {
        name: "complex-compared",
        client: "Microsoft Entra ID",
        does: "compares the `value` of a singular complex attribute such as `manager`",
        example: r#"filter=urn:…:enterprise:2.0:User:manager eq "2819c223""#,
        spares: "a multi-valued attribute such as `emails`: the RFC compares its `value`",
    }
    NUMBER_AS_TEXT {
        name: "number-as-text",
        client: "scripts",
        does: "reads a string of digits in a SearchRequest as the integer it spells",
        example: r#"POST /Users/.search {…, "count": "10"}"#,
        spares: "a string that spells no integer: refused",
    }
    NAMES_AS_TEXT {
        name: "names-as-text",
        client: "scripts",
        does: "reads a text with commas in a SearchRequest as the list of names that a query would have",
        example: r#"POST /Users/.search {…, "attributes": "userName,title"}"#,
        spares: "`attributes=userName,title` in a query",
    }
    EMPTY_PARAMETER {
        name: "empty-parameter",
        client: "scripts",
        does: "reads a parameter of a list that has no value as one that is not there",
        example: "GET /Users?filter=",
        spares: "`count=0`: it asks for the total alone",
    }
    REPEATED_PARAMETER {
        name: "repeated-parameter",
        client: "scripts",
        does: "takes the last of several values for a parameter of a list",
        example: "GET /Users?count=1&count=2",
        spares: "several names in one `attributes`",
    }
    MISSING_CONTENT_TYPE {
        name: "missing-content-type",
        client: "scripts",
        does: "reads a body without Content-Type as application/scim+json",
        example: "POST /Users without Content-Type",
        spares: "another Content-Type: refused with 415",
    }
    EXTRA_SLASHES {
        name: "extra-slashes",
        client: "everybody whose base URL ends with a slash",
        does: "ignores slashes too many in the path",
        example: "GET /scim/v2//Users",
        spares: "a slash within an id, percent-encoded",
    }
    TOKEN_SPACING {
        name: "token-spacing",
        client: "everybody whose token was pasted",
        does: "ignores odd spacing around the bearer token",
        example: "Authorization: Bearer   prv_scim_…",
        spares: "a token with blanks inside: refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique() {
        let names: HashSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn every_rule_says_whose_it_is_what_it_does_and_what_it_spares() {
        for rule in RULES {
            for text in [rule.client, rule.does, rule.example, rule.spares] {
                assert!(
                    !text.is_empty() && !text.ends_with('.'),
                    "{}: {text}",
                    rule.name
                );
            }
        }
    }
}
