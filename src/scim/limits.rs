//! How much of anything a request may hold. The server limits the bytes of a body; these limit what is inside.
//!
//! The constants are generous for every known client and small enough that no input costs more than its size allows.
//! [`Limits`] holds the numbers that `/ServiceProviderConfig` announces, which an admin may set.

/// Bytes of one filter or path.
pub const FILTER_LENGTH: usize = 65_536;
/// Comparisons in one filter.
pub const FILTER_TERMS: usize = 1_000;
/// Levels of parentheses, `not` and value paths in one filter.
pub const FILTER_DEPTH: usize = 20;
/// Operations of one PATCH.
pub const PATCH_OPERATIONS: usize = 1_000;
/// Values of multi-valued attributes that the operations of one PATCH look at, each time counted.
pub const PATCH_STEPS: u64 = 1_000_000;
/// Bytes of a password.
pub const PASSWORD_LENGTH: usize = 1_024;
/// Values of one multi-valued attribute other than `members`.
pub const VALUES: usize = 1_000;
/// Members named by one request.
pub const MEMBERS: usize = 200_000;
/// Bytes of a string by which resources are looked up: `userName`, `externalId`, `displayName`, ids.
pub const KEY_LENGTH: usize = 1_024;
/// Bytes of any other string. Certificates and photos as data URIs fit.
pub const STRING_LENGTH: usize = 65_536;
/// Entity tags in one `If-Match` or `If-None-Match`.
pub const ENTITY_TAGS: usize = 256;
/// Names in `attributes` or `excludedAttributes`.
pub const PROJECTION_NAMES: usize = 200;
/// Schemas an admin adds, over all files.
pub const CUSTOM_SCHEMAS: usize = 20;
/// Bytes of a file of schemas.
pub const SCHEMA_FILE: usize = 1_024 * 1_024;
/// Attributes of one such schema, and parts of one attribute.
pub const SCHEMA_ATTRIBUTES: usize = 200;
/// Suggested values or reference types of one attribute.
pub const SCHEMA_WORDS: usize = 500;
/// Bytes of the name of an attribute.
pub const SCHEMA_NAME: usize = 64;
/// Bytes of any other text of a schema.
pub const SCHEMA_TEXT: usize = 2_048;
/// Coercions one request reports; further ones happen but are not listed.
pub const NOTES: usize = 50;
/// Characters of client text that an error or a note repeats.
pub const QUOTE_LENGTH: usize = 80;

/// Bytes of one request body unless an admin sets another limit: what is announced and what is read.
pub const PAYLOAD_BYTES: usize = 4 * 1_024 * 1_024;

/// The numbers that `/ServiceProviderConfig` announces (RFC 7643 §5) and lists obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `bulk.maxOperations`. Announced even without bulk: some clients cut their PATCH requests by it.
    pub bulk_max_operations: u64,
    /// `bulk.maxPayloadSize`, in bytes. The edge reads a bulk request up to this size, and other bodies up to its own.
    pub bulk_max_payload_size: u64,
    /// `filter.maxResults`: the most resources one page holds.
    pub max_results: u64,
    /// Resources in a page when the client does not say `count`.
    pub default_count: u64,
    /// `pagination.cursorTimeout`: how long a cursor is good, in seconds (RFC 9865 §4).
    pub cursor_timeout: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bulk_max_operations: 1_000,
            bulk_max_payload_size: PAYLOAD_BYTES as u64,
            max_results: 1_000,
            default_count: 100,
            cursor_timeout: 3_600,
        }
    }
}
