//! The paths of events. Pure.

const BASE: &str = "/events/v1/";

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The key set that recipients verify with.
    KeySet,
    /// Where a stream is polled; the id as it was written.
    Poll(String),
    /// The result of an asynchronous request, by its transaction.
    AsyncResult(String),
}

/// Whether a path belongs to events.
pub(in crate::server) fn is_events(path: &str) -> bool {
    find(path).is_some()
}

/// Reads a path. One slash at the end is as good as none.
pub(super) fn find(path: &str) -> Option<Target> {
    let inner = path.strip_prefix(BASE)?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner == "jwks.json" {
        return Some(Target::KeySet);
    }
    match inner.split_once('/')? {
        ("streams", rest) => {
            let id = rest.strip_suffix("/poll")?;
            is_word(id).then(|| Target::Poll(id.to_owned()))
        }
        ("async", txn) => is_transaction(txn).then(|| Target::AsyncResult(txn.to_owned())),
        _ => None,
    }
}

/// Ids and transactions are letters, digits and hyphens.
fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-')
}

/// A transaction, or that of an operation of a bulk request: a colon and its place behind it.
fn is_transaction(text: &str) -> bool {
    let (txn, place) = text.split_once(':').unwrap_or((text, "0"));
    let is_place = (1..=9).contains(&place.len()) && place.bytes().all(|it| it.is_ascii_digit());
    is_word(txn) && is_place
}

impl Target {
    /// The methods it knows.
    pub(super) fn allow(&self) -> &'static str {
        match self {
            Self::KeySet | Self::AsyncResult(_) => "GET, HEAD",
            Self::Poll(_) => "POST",
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/events/v1/jwks.json", Some(Target::KeySet))]
    #[case("/events/v1/streams/0190-ab/poll", Some(Target::Poll("0190-ab".into())))]
    #[case("/events/v1/streams/0190-ab/poll/", Some(Target::Poll("0190-ab".into())))]
    #[case("/events/v1/async/734f0614", Some(Target::AsyncResult("734f0614".into())))]
    #[case("/events/v1/async/734f0614:12", Some(Target::AsyncResult("734f0614:12".into())))]
    #[case("/events/v1/async/734f0614:", None)]
    #[case("/events/v1/async/734f0614:0:made", None)]
    #[case("/events/v1/streams//poll", None)]
    #[case("/events/v1/streams/a/b/poll", None)]
    #[case("/events/v1/async/a%2Fb", None)]
    #[case("/events/v1/", None)]
    #[case("/events", None)]
    fn paths_are_understood(#[case] path: &str, #[case] target: Option<Target>) {
        assert_eq!(find(path), target);
        assert_eq!(is_events(path), find(path).is_some());
    }
}
