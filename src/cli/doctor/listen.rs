//! Where the engine listens: whether the port is free, and whether what goes over it is hidden.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use super::findings::Findings;
use crate::config::Settings;

const CHECK: &str = "listening";

/// Looks at address and port.
pub fn check(settings: &Settings, running: bool, findings: &mut Findings) {
    let listen = settings.listen;
    if running {
        findings.ok(CHECK, "an engine runs on this data directory and answers");
    } else {
        port(listen, findings);
    }
    if !listen.ip().is_loopback() && settings.tls.is_none() {
        if settings.behind_proxy {
            findings.ok("transport", "a proxy in front terminates TLS");
        } else {
            findings.error(
                "transport",
                format!("{listen} can be reached from elsewhere and has no TLS: tokens would be seen on the way"),
                "give --tls-cert and --tls-key, or --behind-proxy where a proxy terminates TLS, or listen on 127.0.0.1",
            );
        }
        if settings.public_url.is_none() && listen.ip().to_canonical().is_unspecified() {
            findings.error(
                "public URL",
                format!("{listen} stands for every address of this machine and is none that a client can be told"),
                "say by which URL they reach this engine: --public-url https://HOST",
            );
        } else if settings.public_url.is_none() {
            findings.warning(
                "public URL",
                format!(
                    "identity providers would be told {}",
                    settings.public_url_at(listen)
                ),
                "say by which URL they reach this engine: --public-url https://HOST",
            );
        }
    }
}

fn port(listen: SocketAddr, findings: &mut Findings) {
    if listen.port() == 0 {
        findings.ok(CHECK, format!("{listen}: any free port"));
        return;
    }
    match TcpListener::bind(listen) {
        Ok(_) => findings.ok(CHECK, format!("{listen} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => findings.error(
            CHECK,
            format!("{listen} is in use by another program"),
            "end that program, or choose another port with --listen",
        ),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => findings.error(
            CHECK,
            format!("{listen} may not be used by this user"),
            "choose a port from 1024 on",
        ),
        Err(error) => findings.error(
            CHECK,
            format!("{listen} cannot be used: {error}"),
            "choose an address of this machine with --listen",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::types::Severity;

    #[test]
    fn a_port_in_use_is_found() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut findings = Findings::default();
        port(taken.local_addr().unwrap(), &mut findings);
        let found = findings.into_vec();
        assert_eq!(found[0].severity, Severity::Error);
        assert!(found[0].found.contains("in use"), "{}", found[0].found);
    }
}
