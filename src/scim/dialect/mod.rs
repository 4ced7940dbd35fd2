//! Where clients deviate from the RFC and are understood anyway: one named rule for each deviation.
//!
//! A rule fires only on what would otherwise be refused or has no meaning by the RFC, and each time it fires it leaves a
//! [`Coercion`] that the trace of the request shows. The rules themselves live where the value is read; this is their
//! register, so that they can be listed.

mod notes;
mod rules;

pub use notes::{Coercion, Notes, quoted};
pub use rules::{
    ACTIVE_NOT_ASSERTED, ARRAY_FOR_SINGLE, BARE_VALUE, COMPLEX_COMPARED, CREATE_FROM_FILTER,
    DUPLICATE_VALUE, EMPTY_PATH, EMPTY_STRING, JSON_IN_VALUE, MEMBER_SHAPE, MISSING_SCHEMAS,
    OPERATION_CASE, PASSWORD, QUALIFIED_KEY, READ_ONLY, REMOVE_BY_VALUE, RULES, Rule,
    SINGLE_FOR_ARRAY, STRING_BOOLEAN, UNDECLARED_SCHEMA, UNKNOWN_ATTRIBUTE, UNLISTED_EXTENSION,
    UNQUALIFIED_EXTENSION, VALUE_PATH_SUB_ATTRIBUTE,
};
