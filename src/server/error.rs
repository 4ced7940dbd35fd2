//! Why the server does not start. Each says what to do.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A failure to start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// Tokens would cross the network in the clear.
    #[error(
        "{listen} can be reached from other machines, and tokens would travel there in the clear; give a certificate \
         and key for TLS, or say that a proxy in front terminates TLS, or listen on 127.0.0.1"
    )]
    PublicWithoutTls {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// Clients would be told an address that leads nowhere.
    #[error(
        "{listen} stands for every address of this machine and is none that a client can be told; say by which URL \
         clients reach this engine, with --public-url https://HOST, or listen on one address"
    )]
    NoPublicUrl {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// Another process listens there.
    #[error(
        "{listen} is in use by another process; stop that one or listen elsewhere, such as --listen {}:{}",
        .listen.ip(),
        .listen.port().checked_add(1).unwrap_or(8470)
    )]
    AddressInUse {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// The address is not this machine's.
    #[error("{listen} is not an address of this machine; listen on one of its own or on 127.0.0.1")]
    AddressUnknown {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// The system does not allow it.
    #[error(
        "this user may not listen on {listen}; ports below 1024 are reserved, listen on a higher one"
    )]
    AddressForbidden {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// Listening failed in another way.
    #[error("cannot listen on {listen}: {source}")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Mail cannot be sent.
    #[error("mail cannot be sent as [smtp] says: {reason}")]
    Smtp {
        /// What is wrong with it.
        reason: String,
    },
    /// The certificate cannot be read.
    #[error("the certificate {path} cannot be used: {reason}")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The private key cannot be read.
    #[error("the private key {path} cannot be used: {reason}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it. Never says what is in it.
        reason: String,
    },
    /// The private key is another certificate's.
    #[error(
        "the private key {key} does not belong to the certificate {cert}; give the key that it was issued for"
    )]
    KeyMismatch {
        /// The certificate.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// An engine answers on the socket.
    #[error("an engine listens on {path} already; attach to it, or stop it first")]
    SocketInUse {
        /// The socket.
        path: PathBuf,
    },
    /// Something else has the name of the socket.
    #[error("{path} is not a socket; move it away, the engine listens there")]
    NotASocket {
        /// The file.
        path: PathBuf,
    },
    /// The system has short socket names.
    #[error(
        "{path} is too long for a socket (at most {limit} bytes); use a data directory with a shorter path"
    )]
    SocketPathTooLong {
        /// The path asked for.
        path: PathBuf,
        /// How long it may be.
        limit: usize,
    },
    /// The socket could not be made.
    #[error("cannot listen on the socket {path}: {source}")]
    Socket {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
