//! The register of rules: name, whose deviation it answers, and what it does.

/// One tolerated deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name shown in traces; stable.
    pub name: &'static str,
    /// The clients known to need it.
    pub client: &'static str,
    /// What it does, as a verb phrase.
    pub does: &'static str,
}

/// `unknown-attribute`: leaves out an attribute that no schema of the resource defines.
pub const UNKNOWN_ATTRIBUTE: Rule = Rule {
    name: "unknown-attribute",
    client: "everybody",
    does: "leaves out an attribute that no schema of the resource defines",
};
/// `read-only`: leaves out a readOnly attribute (`id`, `meta`, `groups`) that the client sends back as it read it.
pub const READ_ONLY: Rule = Rule {
    name: "read-only",
    client: "Okta, Keycloak, authentik",
    does: "leaves out a readOnly attribute (`id`, `meta`, `groups`) that the client sends back as it read it",
};
/// `undeclared-schema`: ignores a URN in `schemas` that no schema here has, such as the ADSCIM one.
pub const UNDECLARED_SCHEMA: Rule = Rule {
    name: "undeclared-schema",
    client: "Microsoft Entra ID",
    does: "ignores a URN in `schemas` that no schema here has, such as the ADSCIM one",
};
/// `missing-schemas`: accepts a body without `schemas`.
pub const MISSING_SCHEMAS: Rule = Rule {
    name: "missing-schemas",
    client: "Okta, SCIM gateways",
    does: "accepts a body without `schemas`",
};
/// `unlisted-extension`: accepts extension attributes whose URN is not named in `schemas`.
pub const UNLISTED_EXTENSION: Rule = Rule {
    name: "unlisted-extension",
    client: "SCIM gateways",
    does: "accepts extension attributes whose URN is not named in `schemas`",
};
/// `string-boolean`: reads the strings "True" and "False" as booleans.
pub const STRING_BOOLEAN: Rule = Rule {
    name: "string-boolean",
    client: "Microsoft Entra ID without aadOptscim062020",
    does: "reads the strings \"True\" and \"False\" as booleans",
};
/// `empty-string`: reads an empty string as an attribute without a value.
pub const EMPTY_STRING: Rule = Rule {
    name: "empty-string",
    client: "Okta",
    does: "reads an empty string as an attribute without a value",
};
/// `bare-value`: reads a plain string given for a complex attribute, such as `manager`, as its `value`.
pub const BARE_VALUE: Rule = Rule {
    name: "bare-value",
    client: "Microsoft Entra ID",
    does: "reads a plain string given for a complex attribute, such as `manager`, as its `value`",
};
/// `array-for-single`: reads an array of one given for a singular attribute, such as `manager`, as that one.
pub const ARRAY_FOR_SINGLE: Rule = Rule {
    name: "array-for-single",
    client: "Microsoft Entra ID",
    does: "reads an array of one given for a singular attribute, such as `manager`, as that one",
};
/// `single-for-array`: reads a single value given for a multi-valued attribute as an array of one.
pub const SINGLE_FOR_ARRAY: Rule = Rule {
    name: "single-for-array",
    client: "SCIM gateways",
    does: "reads a single value given for a multi-valued attribute as an array of one",
};
/// `json-in-value`: reads JSON text in the `value` of a role or entitlement as the role it describes.
pub const JSON_IN_VALUE: Rule = Rule {
    name: "json-in-value",
    client: "Microsoft Entra ID app roles",
    does: "reads JSON text in the `value` of a role or entitlement as the role it describes",
};
/// `password-not-kept`: takes no notice of `password` where the policy (`users.password`) keeps none.
pub const PASSWORD: Rule = Rule {
    name: "password-not-kept",
    client: "Okta",
    does: "takes no notice of `password` where the policy (`users.password`) keeps none",
};
/// `duplicate-value`: keeps one of several values that have the same type and value.
pub const DUPLICATE_VALUE: Rule = Rule {
    name: "duplicate-value",
    client: "everybody",
    does: "keeps one of several values that have the same type and value",
};
/// `active-not-asserted`: keeps `active` as it is when a PUT does not name it.
pub const ACTIVE_NOT_ASSERTED: Rule = Rule {
    name: "active-not-asserted",
    client: "OneLogin",
    does: "keeps `active` as it is when a PUT does not name it",
};
/// `member-shape`: reads a member given as a plain id, or by `$ref` alone.
pub const MEMBER_SHAPE: Rule = Rule {
    name: "member-shape",
    client: "SCIM gateways",
    does: "reads a member given as a plain id, or by `$ref` alone",
};
/// `operation-case`: reads `Add`, `Replace` and `Remove`.
pub const OPERATION_CASE: Rule = Rule {
    name: "operation-case",
    client: "Microsoft Entra ID without aadOptscim062020",
    does: "reads `Add`, `Replace` and `Remove`",
};
/// `empty-path`: reads an empty or null `path` as none.
pub const EMPTY_PATH: Rule = Rule {
    name: "empty-path",
    client: "SCIM gateways",
    does: "reads an empty or null `path` as none",
};
/// `qualified-key`: reads dotted and URN-qualified keys in the value of an operation without a path as paths.
pub const QUALIFIED_KEY: Rule = Rule {
    name: "qualified-key",
    client: "Microsoft Entra ID with aadOptscim062020",
    does: "reads dotted and URN-qualified keys in the value of an operation without a path as paths",
};
/// `unqualified-extension`: finds an extension attribute named without its schema URN, such as `manager`.
pub const UNQUALIFIED_EXTENSION: Rule = Rule {
    name: "unqualified-extension",
    client: "Microsoft Entra ID",
    does: "finds an extension attribute named without its schema URN, such as `manager`",
};
/// `create-from-filter`: creates the value that a path such as `emails[type eq "work"].value` describes when there is none.
pub const CREATE_FROM_FILTER: Rule = Rule {
    name: "create-from-filter",
    client: "Microsoft Entra ID",
    does: "creates the value that a path such as `emails[type eq \"work\"].value` describes when there is none",
};
/// `remove-by-value`: removes only the listed values when a remove carries a value.
pub const REMOVE_BY_VALUE: Rule = Rule {
    name: "remove-by-value",
    client: "Microsoft Entra ID without aadOptscim062020, JumpCloud",
    does: "removes only the listed values when a remove carries a value",
};
/// `value-path-sub-attribute`: reads `emails[type eq "work"].value eq "x"` as `emails[type eq "work" and value eq "x"]`.
pub const VALUE_PATH_SUB_ATTRIBUTE: Rule = Rule {
    name: "value-path-sub-attribute",
    client: "Microsoft Entra ID",
    does: "reads `emails[type eq \"work\"].value eq \"x\"` as `emails[type eq \"work\" and value eq \"x\"]`",
};
/// `complex-compared`: compares the `value` of a singular complex attribute such as `manager`.
pub const COMPLEX_COMPARED: Rule = Rule {
    name: "complex-compared",
    client: "Microsoft Entra ID",
    does: "compares the `value` of a singular complex attribute such as `manager`",
};

/// Every rule, in the order of the register.
pub const RULES: &[Rule] = &[
    UNKNOWN_ATTRIBUTE,
    READ_ONLY,
    UNDECLARED_SCHEMA,
    MISSING_SCHEMAS,
    UNLISTED_EXTENSION,
    STRING_BOOLEAN,
    EMPTY_STRING,
    BARE_VALUE,
    ARRAY_FOR_SINGLE,
    SINGLE_FOR_ARRAY,
    JSON_IN_VALUE,
    PASSWORD,
    DUPLICATE_VALUE,
    ACTIVE_NOT_ASSERTED,
    MEMBER_SHAPE,
    OPERATION_CASE,
    EMPTY_PATH,
    QUALIFIED_KEY,
    UNQUALIFIED_EXTENSION,
    CREATE_FROM_FILTER,
    REMOVE_BY_VALUE,
    VALUE_PATH_SUB_ATTRIBUTE,
    COMPLEX_COMPARED,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique() {
        let names: HashSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
    }
}
