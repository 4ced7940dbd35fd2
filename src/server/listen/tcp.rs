//! The TCP address: refuses to carry tokens in the clear, and says what to do when it cannot listen.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::server::error::ServerError;
use crate::server::settings::ServerSettings;

/// Listens where the settings say, if that is safe.
pub(in crate::server) async fn listen(
    settings: &ServerSettings,
) -> Result<TcpListener, ServerError> {
    let listen = settings.listen;
    if !is_loopback(listen) && settings.tls.is_none() && !settings.behind_proxy {
        return Err(ServerError::PublicWithoutTls { listen });
    }
    // Every `location` and `$ref` needs a host. The Host header of a request is whatever its client wrote.
    if listen.ip().to_canonical().is_unspecified() && settings.public_url.is_empty() {
        return Err(ServerError::NoPublicUrl { listen });
    }
    TcpListener::bind(listen)
        .await
        .map_err(|source| match source.kind() {
            ErrorKind::AddrInUse => ServerError::AddressInUse { listen },
            ErrorKind::AddrNotAvailable => ServerError::AddressUnknown { listen },
            ErrorKind::PermissionDenied => ServerError::AddressForbidden { listen },
            _ => ServerError::Listen { listen, source },
        })
}

/// Whether only this machine reaches the address. `::ffff:127.0.0.1` is 127.0.0.1.
fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::ipv4("127.0.0.1:1", true)]
    #[case::whole_net("127.8.8.8:1", true)]
    #[case::ipv6("[::1]:1", true)]
    #[case::mapped("[::ffff:127.0.0.1]:1", true)]
    #[case::any("0.0.0.0:1", false)]
    #[case::any_ipv6("[::]:1", false)]
    #[case::private("10.0.0.1:1", false)]
    fn loopback_is_told_from_public(#[case] address: &str, #[case] expected: bool) {
        assert_eq!(is_loopback(address.parse().unwrap()), expected);
    }
}
