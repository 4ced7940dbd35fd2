//! Event streams and the keys that sign their events: made and ruled by admins; stopped by Provost, too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::verdict::{Draft, Verdict};
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::SigningKeyId;
use crate::directory::stream::{Delivery, Stream, StreamState};

/// How long the name of a stream may be, in characters.
const MAX_NAME: usize = 64;
/// How long an endpoint or an audience may be, in bytes.
const MAX_URL: usize = 2_048;
/// Where a cloud hands out credentials outside of the link-local range.
const METADATA: Ipv4Addr = Ipv4Addr::new(100, 100, 100, 200);
/// The same.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
/// How many streams there may be: each costs every write a row.
pub const MAX_STREAMS: usize = 32;

pub(super) fn create(facts: &Facts, mut draft: Draft, stream: &Stream) -> Verdict {
    let invalid = |draft: Draft, what: String| {
        Err(draft.refuse(
            RefusalKind::Invalid,
            "BAD_VALUE",
            TraceStep::failed(Stage::Match, what),
        ))
    };
    let length = stream.name.chars().count();
    if length == 0 || length > MAX_NAME || stream.name.chars().any(char::is_control) {
        return invalid(
            draft,
            "a stream needs a name of 1 to 64 printable characters".into(),
        );
    }
    if let Delivery::Push { endpoint } = &stream.delivery
        && let Err(what) = check_endpoint(endpoint)
    {
        return invalid(draft, what);
    }
    if let Some(audience) = &stream.audience
        && (audience.is_empty()
            || audience.len() > MAX_URL
            || audience.chars().any(char::is_control))
    {
        return invalid(
            draft,
            format!("an audience is 1 to {MAX_URL} printable characters"),
        );
    }
    if stream.team.is_some() && facts.team.is_none() {
        return invalid(draft, "there is no such team to make a stream of".into());
    }
    if facts.streams.len() >= MAX_STREAMS {
        let what =
            format!("there are {MAX_STREAMS} streams already, which is the most there may be");
        return Err(draft.refuse(
            RefusalKind::Forbidden,
            "STREAM_LIMIT",
            TraceStep::failed(Stage::Match, what),
        ));
    }
    if facts.streams.iter().any(|other| other.name == stream.name) {
        let what = format!("there is a stream named {} already", stream.name);
        return Err(draft.refuse(
            RefusalKind::Uniqueness,
            "STREAM_NAME",
            TraceStep::failed(Stage::Match, what),
        ));
    }
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("no stream is named {}", stream.name),
    ));
    Ok(draft.done(vec![Change::StreamCreated {
        after: Box::new(stream.clone()),
    }]))
}

/// Changes the state; with `reset` the queue is dropped and a gap in it is forgotten.
pub(super) fn set_state(facts: &Facts, draft: Draft, state: &StreamState, reset: bool) -> Verdict {
    let Some(stream) = &facts.stream else {
        let step = TraceStep::failed(Stage::Match, "there is no such stream");
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    if *state == StreamState::Running && facts.stream_has_gap && !reset {
        let what = format!(
            "the queue of {} was full and events are missing from it; have its recipient read everything anew, then resume it with --reset, which drops what is queued",
            stream.name
        );
        let step = TraceStep::failed(Stage::Match, what);
        return Err(draft.refuse(RefusalKind::Uniqueness, "STREAM_BEHIND", step));
    }
    if stream.state == *state && !reset {
        return Ok(draft.done(Vec::new()));
    }
    let after = Stream {
        state: state.clone(),
        ..stream.clone()
    };
    Ok(draft.done(vec![Change::StreamUpdated {
        before: Box::new(stream.clone()),
        after: Box::new(after),
        reset,
    }]))
}

pub(super) fn delete(facts: &Facts, draft: Draft) -> Verdict {
    let Some(stream) = &facts.stream else {
        let step = TraceStep::failed(Stage::Match, "there is no such stream");
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    Ok(draft.done(vec![Change::StreamRemoved {
        before: Box::new(stream.clone()),
    }]))
}

pub(super) fn add_key(draft: Draft, id: SigningKeyId) -> Decision {
    draft.done(vec![Change::SigningKeyAdded { id }])
}

/// What an admin may have events sent to. An admin who may read every member may also send them somewhere; what is kept
/// out are mistakes and what only helps an attacker who holds an admin's token: other schemes, the clear over a network
/// (RFC 8935 §5.3), credentials in a URL, and the link-local addresses at which clouds hand out credentials.
fn check_endpoint(endpoint: &str) -> Result<(), String> {
    if endpoint.len() > MAX_URL {
        return Err(format!("an endpoint has {MAX_URL} bytes at most"));
    }
    let url = Url::parse(endpoint).map_err(|error| {
        format!(
            "the endpoint is not a URL ({error}); it looks like https://receiver.example.com/events"
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "the endpoint holds a user or a password; give the Authorization header instead".into(),
        );
    }
    if url.fragment().is_some() {
        return Err("the endpoint has a fragment, which is never sent".into());
    }
    let (loopback, link_local) = match url.host() {
        Some(Host::Domain(name)) => (name.eq_ignore_ascii_case("localhost"), false),
        Some(Host::Ipv4(address)) => (address.is_loopback(), is_unfit(address.into())),
        Some(Host::Ipv6(address)) => (address.is_loopback(), is_unfit(address.into())),
        None => return Err("the endpoint names no host".into()),
    };
    match url.scheme() {
        "https" | "http" if link_local => {
            Err("the endpoint is a link-local address, where no recipient is".into())
        }
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => Err(
            "events hold personal data and are sent over TLS; use https:// (http:// leads to this machine alone)"
                .into(),
        ),
        other => Err(format!("the endpoint begins with {other}: and not with https://")),
    }
}

/// Whether no recipient can be at an address: it names nobody, or it is link-local, where clouds hand out credentials, or
/// one of those outside of that range, in whichever way it is written (RFC 4291 §2.5.5.2, RFC 6052 §2.1, RFC 3056 §2).
pub fn is_unfit(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_link_local() || address.is_unspecified() || address == METADATA
        }
        IpAddr::V6(address) => {
            address.is_unicast_link_local()
                || address.is_unspecified()
                || address == METADATA_V6
                || inner(address).is_some_and(|inner| is_unfit(inner.into()))
        }
    }
}

/// The IPv4 address within an IPv6 address that leads to it: compatible, mapped, translated or
/// tunnelled.
fn inner(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(join(high, low))
        }
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://receiver.example.com/events?x=1")]
    #[case("http://127.0.0.1:9000/")]
    #[case("http://localhost:9000/events")]
    #[case("http://[::1]:9000/events")]
    #[case("https://10.1.2.3/events")]
    fn endpoints_are_taken(#[case] endpoint: &str) {
        assert_eq!(check_endpoint(endpoint), Ok(()));
    }

    #[rstest]
    #[case("http://receiver.example.com/", "sent over TLS")]
    #[case("http://169.254.169.254/latest", "link-local")]
    #[case("https://[fe80::1]/", "link-local")]
    #[case("https://0.0.0.0/", "link-local")]
    #[case("https://[::ffff:169.254.169.254]/", "link-local")]
    #[case("https://[64:ff9b::a9fe:a9fe]/", "link-local")]
    #[case("https://[2002:a9fe:a9fe::1]/", "link-local")]
    #[case("https://[fd00:ec2::254]/", "link-local")]
    #[case("https://100.100.100.200/", "link-local")]
    #[case("https://2852039166/", "link-local")]
    #[case("https://0xa9.254.0251.254/", "link-local")]
    #[case("file:///etc/passwd", "names no host")]
    #[case("ftp://example.com/", "begins with ftp")]
    #[case("gopher://example.com/", "begins with gopher")]
    #[case("https://ada:secret@example.com/", "user or a password")]
    #[case("https://example.com/#x", "fragment")]
    #[case("receiver", "not a URL")]
    fn endpoints_are_refused_with_a_reason(#[case] endpoint: &str, #[case] expected: &str) {
        let reason = check_endpoint(endpoint).unwrap_err();
        assert!(reason.contains(expected), "{reason}");
        assert!(!reason.contains("secret"));
    }
}
