//! Listening: a TCP address (plain or TLS) for identity providers and remote admins, a Unix socket for local ones.
//! Knows nothing of HTTP.

pub(super) mod tcp;
pub(super) mod tls;
pub(super) mod unix;
