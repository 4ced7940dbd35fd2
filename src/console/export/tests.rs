use serde_json::Value;

use super::*;
use crate::admin::types::{Message, ObjectKind, Outcome, RequestId, RequestRow, Subject};

const BASE: &str = "https://scim.example.org:8443/scim/v2";

fn exchange() -> Exchange {
    Exchange {
        row: RequestRow {
            id: RequestId(4812),
            at: "2026-05-03T12:00:00Z".parse().unwrap(),
            duration_us: 1_234,
            method: "PATCH".into(),
            path: "/scim/v2/Users/0197".into(),
            resource: "Users".into(),
            subject: Some(Subject {
                kind: ObjectKind::Member,
                id: Some("0197".into()),
                label: "=cmd(\"x\"), Ada".into(),
            }),
            status: 409,
            outcome: Outcome::Refused,
            code: Some("DUP_USER".into()),
            token: Some("okta-1".into()),
            user_agent: Some("Okta SCIM Client 1.0.0".into()),
            idp: Some("okta".into()),
            changes: 0,
            retry_of: Some(RequestId(4800)),
            part_of: None,
        },
        query: Some("filter=userName%20eq%20%22a%22&x=1".into()),
        peer: Some("203.0.113.7".into()),
        request: Message {
            headers: vec![
                ("host".into(), "scim.example.org".into()),
                ("authorization".into(), "Bearer prv_scim_leaked".into()),
                ("content-type".into(), "application/scim+json".into()),
            ],
            body: Some("{\"name\":\"O'Brien\",\"password\":\"***\"}".into()),
            body_bytes: 40,
            truncated: false,
        },
        response: Message {
            headers: vec![("set-cookie".into(), "session=leaked".into())],
            body: Some("{\"status\":\"409\"}".into()),
            body_bytes: 16,
            truncated: false,
        },
        trace: vec![],
        changed: vec![],
        policy_key: None,
        detail: Some("userName is taken".into()),
    }
}

#[test]
fn no_format_tells_a_credential() {
    for format in ExportFormat::ALL {
        let text = format.render(&[exchange()], BASE);
        assert!(text.contains("4812"), "{format:?} is not empty");
        assert!(!text.contains("leaked"), "{format:?}: {text}");
    }
}

#[test]
fn a_curl_command_sends_the_same_again() {
    assert_eq!(
        curl(&exchange(), BASE),
        "# request #4812 of 2026-05-03T12:00:00Z, answered with 409\n\
         # what is secret in the body was replaced by ***\n\
         curl --globoff --request 'PATCH' 'https://scim.example.org:8443/scim/v2/Users/0197?filter=userName%20eq%20%22a%22&x=1' \\\n  \
         --header 'content-type: application/scim+json' \\\n  \
         --header \"authorization: Bearer $PROVOST_TOKEN\" \\\n  \
         --data-raw '{\"name\":\"O'\\''Brien\",\"password\":\"***\"}'\n"
    );
}

#[test]
fn a_har_document_has_what_the_format_demands() {
    let document: Value = serde_json::from_str(&har(&[exchange()], BASE)).unwrap();
    let log = &document["log"];
    assert_eq!(log["version"], "1.2");
    let entry = &log["entries"][0];
    for key in [
        "startedDateTime",
        "time",
        "request",
        "response",
        "cache",
        "timings",
    ] {
        assert!(!entry[key].is_null(), "{key}");
    }
    assert_eq!(
        entry["request"]["queryString"][0]["value"],
        "userName eq \"a\""
    );
    assert_eq!(
        entry["request"]["postData"]["mimeType"],
        "application/scim+json"
    );
    assert_eq!(entry["response"]["statusText"], "Conflict");
    assert_eq!(entry["_requestId"], 4812);
}

#[test]
fn json_reads_back_as_the_same_exchange() {
    let read: Vec<Exchange> = serde_json::from_str(&json(&[exchange()])).unwrap();
    assert_eq!(read[0].row, exchange().row);
    assert_eq!(read[0].request.headers[1].1, "***");
}

#[test]
fn csv_quotes_what_must_be_and_defuses_formulas() {
    let text = csv([&exchange().row]);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("id,at,ms,method"));
    assert_eq!(
        lines[1],
        "4812,2026-05-03T12:00:00Z,1.234,PATCH,/scim/v2/Users/0197,Users,member,0197,\"'=cmd(\"\"x\"\"), Ada\",\
         409,refused,DUP_USER,okta-1,Okta SCIM Client 1.0.0,okta,0,4800"
    );
    assert_eq!(lines[0].split(',').count(), 17);
}

#[test]
fn files_are_private_from_the_start_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder
        .path()
        .join(file_name(ExportFormat::Har, exchange().row.at));
    assert!(path.ends_with("provost-requests-20260503T120000Z.har"));
    write_private(&path, "one").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = write_private(&path, "two").unwrap_err();
    assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
}
