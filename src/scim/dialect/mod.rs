//! Where clients deviate from the RFC and are understood anyway: one named rule for each deviation.
//!
//! A rule fires only on what would otherwise be refused or has no meaning by the RFC, and each time it fires it leaves a
//! [`Coercion`] that the trace of the request shows. This is the register: what each rule is for and what it leaves
//! alone. Its code is the branch at which the value is read (`normalise`, `patch`, `filter`, the edge), since there alone
//! it is known that the correct reading has failed; whoever looks for a rule finds its uses by the name of its constant.

mod notes;
mod rules;

pub use notes::{Coercion, Notes, quoted};
pub use rules::{
    ACTIVE_NOT_ASSERTED, ARRAY_FOR_SINGLE, BARE_VALUE, COMPLEX_COMPARED, CREATE_FROM_FILTER,
    DUPLICATE_VALUE, EMPTY_PARAMETER, EMPTY_PATH, EMPTY_STRING, EXTRA_SLASHES, JSON_IN_VALUE,
    MEMBER_SHAPE, MISSING_CONTENT_TYPE, MISSING_SCHEMAS, NAMES_AS_TEXT, NUMBER_AS_TEXT,
    OPERATION_CASE, PASSWORD, QUALIFIED_KEY, READ_ONLY, REMOVE_BY_VALUE, REPEATED_PARAMETER, RULES,
    Rule, SINGLE_FOR_ARRAY, STRING_BOOLEAN, TOKEN_SPACING, UNDECLARED_SCHEMA, UNKNOWN_ATTRIBUTE,
    UNLISTED_EXTENSION, UNQUALIFIED_EXTENSION, VALUE_PATH_SUB_ATTRIBUTE,
};
