//! Where a browser may be sent with a request.

use thiserror::Error;
use url::{Host, Url};

use super::URI_LENGTH;

/// What is wrong with a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LocationFault {
    /// It is missing, or longer than is read.
    #[error("it has {bytes} bytes, from 1 to {URI_LENGTH} are allowed")]
    Length {
        /// Its length.
        bytes: usize,
    },
    /// It is no URL, or holds blanks or characters that cannot be seen.
    #[error("it is not a URL")]
    NotAUrl,
    /// It is a URL of another kind: a script, say.
    #[error("it is neither https nor http")]
    Scheme,
    /// It has a user name or a password in it, which hides the host from whoever reads it.
    #[error("it has a user name in it")]
    UserName,
    /// It has a fragment, which would swallow the request.
    #[error("it has a fragment")]
    Fragment,
}

/// How a location is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    /// Over TLS, or without leaving the machine.
    Private,
    /// In plain text over a network.
    Plain,
}

/// Whether requests would go to a location in plain text over a network.
pub fn is_plain(location: &str) -> bool {
    check(location) == Ok(Transport::Plain)
}

/// Checks a location. It is used as it is written, so that what the URL parser would mend is refused.
pub(super) fn check(location: &str) -> Result<Transport, LocationFault> {
    if location.is_empty() || location.len() > URI_LENGTH {
        return Err(LocationFault::Length {
            bytes: location.len(),
        });
    }
    let is_text =
        |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '"' | '<' | '>' | '^' | '`');
    if !location.chars().all(is_text) {
        return Err(LocationFault::NotAUrl);
    }
    let url = Url::parse(location).map_err(|_| LocationFault::NotAUrl)?;
    let is_tls = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err(LocationFault::Scheme),
    };
    // "https:idp.example" is mended to a host by the parser, and by browsers to something else.
    if !location.contains("://") {
        return Err(LocationFault::NotAUrl);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(LocationFault::UserName);
    }
    if url.fragment().is_some() {
        return Err(LocationFault::Fragment);
    }
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(LocationFault::NotAUrl),
    };
    Ok(if is_tls || is_here {
        Transport::Private
    } else {
        Transport::Plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::tls("https://idp.example/sso?tenant=1", Transport::Private)]
    #[case::plain("http://idp.example/sso", Transport::Plain)]
    #[case::loopback("http://127.0.0.1:8080/sso", Transport::Private)]
    #[case::loopback_6("http://[::1]/sso", Transport::Private)]
    #[case::localhost("http://localhost:8080/realms/x", Transport::Private)]
    fn a_url_is_reached_in_private_or_not(#[case] location: &str, #[case] transport: Transport) {
        assert_eq!(check(location), Ok(transport));
    }

    #[rstest]
    #[case::empty("", LocationFault::Length { bytes: 0 })]
    #[case::script("javascript:alert(1)", LocationFault::Scheme)]
    #[case::data("data:text/html,x", LocationFault::Scheme)]
    #[case::file("file:///etc/passwd", LocationFault::Scheme)]
    #[case::relative("/sso", LocationFault::NotAUrl)]
    #[case::no_slashes("https:idp.example", LocationFault::NotAUrl)]
    #[case::blank("https://idp.example/a b", LocationFault::NotAUrl)]
    #[case::line("https://idp.example/\n", LocationFault::NotAUrl)]
    #[case::backslash("https://idp.example\\@evil.example/", LocationFault::NotAUrl)]
    #[case::user("https://idp.example@evil.example/", LocationFault::UserName)]
    #[case::fragment("https://idp.example/#x", LocationFault::Fragment)]
    #[case::no_host("https://", LocationFault::NotAUrl)]
    fn what_a_browser_should_not_be_sent_to_is_refused(
        #[case] location: &str,
        #[case] fault: LocationFault,
    ) {
        assert_eq!(check(location), Err(fault));
    }
}
