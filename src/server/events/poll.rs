//! The documents of a poll (RFC 8936 §2.2 and §2.3). Pure.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::engine::events::{PollAnswer, PollRequest};

/// How many tokens one poll may acknowledge or refuse.
const MOST: usize = 10_000;
/// How long the id of a token and a reason may be, in bytes; what is longer is not ours.
const LONGEST: usize = 1_024;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Document {
    max_events: Option<u64>,
    return_immediately: Option<bool>,
    ack: Option<Vec<String>>,
    set_errs: Option<Map<String, Value>>,
}

/// Reads a poll. No body is as good as an empty document; members that are not known are ignored (§2.2).
pub(super) fn read(body: &[u8]) -> Result<PollRequest, String> {
    let document: Document = if body.iter().all(u8::is_ascii_whitespace) {
        Document::default()
    } else {
        parsed(body)?
    };
    let acknowledged = document.ack.unwrap_or_default();
    let errors = document.set_errs.unwrap_or_default();
    if acknowledged.len() + errors.len() > MOST {
        return Err(format!(
            "it acknowledges or refuses more than {MOST} events"
        ));
    }
    if acknowledged
        .iter()
        .chain(errors.keys())
        .any(|jti| jti.len() > LONGEST)
    {
        return Err(format!("the id of an event is longer than {LONGEST} bytes"));
    }
    let refused = errors
        .into_iter()
        .map(|(jti, error)| (jti, reason(&error)))
        .collect();
    Ok(PollRequest {
        max_events: document
            .max_events
            .map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
        return_immediately: document.return_immediately.unwrap_or(false),
        acknowledged,
        refused,
    })
}

/// Takes objects alone: an array would be read as the members in the order in which they stand here. What is wrong is
/// told by its place, since what stands there may be anything.
fn parsed(body: &[u8]) -> Result<Document, String> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err("it is no JSON object".into());
    }
    serde_json::from_slice(body).map_err(|error| {
        let what = if error.is_data() {
            "it has a member that is not what RFC 8936 says"
        } else {
            "it is not JSON"
        };
        format!("{what}: line {}, column {}", error.line(), error.column())
    })
}

/// `err` and `description` (§2.2; the codes are those of RFC 8935 §2.4).
fn reason(error: &Value) -> String {
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let err = text("err").unwrap_or("no err was given");
    let whole = match text("description") {
        Some(description) => format!("{err}: {description}"),
        None => err.to_owned(),
    };
    whole
        .chars()
        .filter(|it| !it.is_control())
        .take(300)
        .collect()
}

/// Writes the answer.
pub(super) fn write(answer: PollAnswer) -> Value {
    let sets: Map<String, Value> = answer
        .sets
        .into_iter()
        .map(|(jti, set)| (jti, Value::String(set)))
        .collect();
    json!({ "sets": sets, "moreAvailable": answer.more_available })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_rfc_8936_are_read() {
        let all = read(
            br#"{"ack": ["a", "b"], "setErrs": {"c": {"err": "authentication_failed", "description": "no"}},
                "returnImmediately": true, "maxEvents": 0}"#,
        );
        assert_eq!(
            all,
            Ok(PollRequest {
                max_events: Some(0),
                return_immediately: true,
                acknowledged: vec!["a".into(), "b".into()],
                refused: vec![("c".into(), "authentication_failed: no".into())],
            })
        );
        assert_eq!(read(b""), Ok(PollRequest::default()));
        assert_eq!(read(b"{}"), Ok(PollRequest::default()));
        assert!(read(br#"{"maxEvents": -1}"#).is_err());
        // Neither is an array a request in another spelling, nor is what came repeated.
        assert!(read(br#"[5, true, ["a"]]"#).is_err());
        let fault = read(br#"{"ack": "hunter2"}"#).unwrap_err();
        assert!(
            fault.contains("column") && !fault.contains("hunter2"),
            "{fault}"
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(body: Vec<u8>) {
            let _ = read(&body);
        }
    }
}
