//! The `Prefer` header (RFC 7240), as far as it is about not waiting. Pure.

use http::HeaderMap;

/// Whether the client would rather not wait for the answer (RFC 9967 §2.5.1.1).
///
/// With `wait` it asks to wait so many seconds before that (RFC 7240 §4.3). A write takes milliseconds here, so that it
/// has its answer long before; only a client that gives no time at all is answered at once.
pub(super) fn wants_async(headers: &HeaderMap) -> bool {
    let mut wants = false;
    let mut waits = false;
    for preference in headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        // Parameters behind a semicolon belong to preferences that have some; these two have none.
        let preference = preference.split(';').next().unwrap_or_default();
        let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
        let (name, value) = (name.trim(), value.trim().trim_matches('"'));
        if name.eq_ignore_ascii_case("respond-async") {
            wants = true;
        } else if name.eq_ignore_ascii_case("wait") {
            waits = value.parse::<u64>().is_ok_and(|seconds| seconds > 0);
        }
    }
    wants && !waits
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["respond-async"], true)]
    #[case(&["Respond-Async"], true)]
    #[case(&["return=minimal, respond-async"], true)]
    #[case(&["return=minimal", "respond-async"], true)]
    #[case(&["respond-async, wait=0"], true)]
    #[case(&["respond-async; x=1"], true)]
    #[case(&["respond-async, wait=10"], false)]
    #[case(&["wait=10"], false)]
    #[case(&["respond-asynchronously"], false)]
    #[case(&[""], false)]
    #[case(&[], false)]
    fn is_read(#[case] values: &[&'static str], #[case] wanted: bool) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("prefer", HeaderValue::from_static(value));
        }
        assert_eq!(wants_async(&headers), wanted);
    }
}
