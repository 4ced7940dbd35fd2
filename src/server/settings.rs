//! What the edge is started with: where it listens, how it proves who it is, and how much of anything it takes.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use super::callers::Rate;
use crate::config::SmtpTls;
use crate::engine::events::EventLimits;
use crate::scim::limits::PAYLOAD_BYTES;
use crate::secret::Secret;

/// Everything [`start`](super::start) needs besides the engine.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where to listen. Port 0 takes a free one; see [`RunningServer::local_addr`](super::RunningServer::local_addr).
    pub listen: SocketAddr,
    /// The certificate and key to speak TLS with; `None` speaks plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Whether a proxy in front terminates TLS. Then its `X-Forwarded-For` names the client, and a public address may
    /// be listened on without TLS.
    pub behind_proxy: bool,
    /// The URL by which clients reach this server, without a trailing slash. Empty stands for the address listened on,
    /// which must be one then and not all of them.
    pub public_url: String,
    /// Where to offer the admin API to processes of the same user; `None` does not.
    pub unix_socket: Option<PathBuf>,
    /// How much of anything is taken.
    pub limits: Limits,
    /// By which server mail is sent; `None` sends none.
    pub smtp: Option<Smtp>,
    /// How single sign-on is looked after; `None` leaves it to admins: nothing is read, and nobody is told.
    pub sso: Option<SsoWatch>,
}

/// How single sign-on is looked after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SsoWatch {
    /// How often the metadata of the identity provider is read again; `None` never.
    pub every: Option<Duration>,
}

/// A server by which mail is sent.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub tls: SmtpTls,
    /// Who signs in there, and their password.
    pub login: Option<(String, Secret)>,
    /// From whom mail is: an address, perhaps with a name.
    pub from: String,
}

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain in PEM, the server's own first.
    pub cert: PathBuf,
    /// Its private key in PEM (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
}

/// How much of anything the edge takes. The defaults suit an identity provider on the internet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// TCP connections at a time; those beyond are told 503.
    pub connections: usize,
    /// Unix socket connections at a time. Of their own, so that no crowd outside locks the admin out.
    pub unix_connections: usize,
    /// Live tails at a time, TCP and Unix socket together.
    pub streams: usize,
    /// Headers of one request.
    pub header_count: usize,
    /// Bytes of request line and headers.
    pub header_bytes: usize,
    /// Bytes of a body. `/ServiceProviderConfig` announces this number.
    pub body_bytes: usize,
    /// For the TLS handshake.
    pub handshake_timeout: Duration,
    /// From the first byte of a request to the end of its headers, and from the opening of a connection to its first
    /// request.
    pub header_timeout: Duration,
    /// From the end of the headers to the end of the body.
    pub body_timeout: Duration,
    /// From the end of the body to the answer.
    pub request_timeout: Duration,
    /// How long a client may leave an answer unread.
    pub write_timeout: Duration,
    /// How long a connection may wait for its next request; it is closed before twice this time.
    pub idle_timeout: Duration,
    /// Wrong tokens of one client a minute; further ones are told 429.
    pub auth_failures: u32,
    /// Requests of one client a minute that are logged although they came without a valid token. Keeps a scanner from
    /// pushing everybody else out of the log.
    pub unauthenticated_log: u32,
    /// Sign-ins by SAML that one address may begin, and answers that it may bring, a minute; those beyond are told 429. An
    /// office shares an address.
    pub sign_ins: NonZeroU32,
    /// How fast each client with a valid token may go; those faster are told 429. `None` lets everybody go as fast as
    /// they can.
    pub rate: Option<Rate>,
    /// How long the access tokens live that OAuth clients fetch.
    pub access_token_ttl: Duration,
    /// The delivery of security events.
    pub events: EventLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            unix_connections: 64,
            streams: 64,
            header_count: 100,
            header_bytes: 32 * 1_024,
            body_bytes: PAYLOAD_BYTES,
            handshake_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(75),
            auth_failures: 30,
            unauthenticated_log: 120,
            sign_ins: NonZeroU32::new(120).expect("not zero"),
            rate: None,
            access_token_ttl: Duration::from_hours(1),
            events: EventLimits::default(),
        }
    }
}
