//! The table `[limits]`: how much of anything the HTTP server takes. The ranges stand in [`keys`](super::keys), the
//! defaults in the server, and the command line lays one over the other.

use serde::Deserialize;

/// What the table says; what it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsTable {
    /// Bytes of one request body; `/ServiceProviderConfig` announces it.
    pub body_bytes: Option<usize>,
    /// Bytes of request line and headers.
    pub header_bytes: Option<usize>,
    /// Headers of one request.
    pub header_count: Option<usize>,
    /// Connections at a time; those beyond are told 503.
    pub connections: Option<usize>,
    /// Connections to the socket in the data directory at a time.
    pub unix_connections: Option<usize>,
    /// Live tails at a time.
    pub streams: Option<usize>,
    /// For a TLS handshake.
    pub handshake_seconds: Option<u64>,
    /// From the first byte of a request to the end of its headers.
    pub header_seconds: Option<u64>,
    /// From there to the end of the body.
    pub body_seconds: Option<u64>,
    /// From there to the answer.
    pub request_seconds: Option<u64>,
    /// How long a client may leave an answer unread.
    pub write_seconds: Option<u64>,
    /// How long a connection may wait for its next request.
    pub idle_seconds: Option<u64>,
    /// Wrong tokens of one client a minute; further ones are told 429.
    pub wrong_tokens_per_minute: Option<u32>,
    /// Requests of one client a minute that are logged although they brought no valid token.
    pub unauthenticated_log_per_minute: Option<u32>,
}
