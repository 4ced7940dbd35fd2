//! No secret in the log, wherever a client puts one.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::harness::{Edge, SCIM_TOKEN};

/// Where a secret can be put.
#[derive(Clone, Copy, Debug)]
enum Place {
    Bearer,
    BasicPassword,
    Cookie,
    UnknownHeader,
    QueryToken,
    QueryFilter,
    Password,
    PasswordByUrn,
    Patch,
    PatchBackwards,
    PatchWithoutPath,
    CutOff,
    NotJson,
    SearchFilter,
}

const PLACES: [Place; 14] = [
    Place::Bearer,
    Place::BasicPassword,
    Place::Cookie,
    Place::UnknownHeader,
    Place::QueryToken,
    Place::QueryFilter,
    Place::Password,
    Place::PasswordByUrn,
    Place::Patch,
    Place::PatchBackwards,
    Place::PatchWithoutPath,
    Place::CutOff,
    Place::NotJson,
    Place::SearchFilter,
];

fn request(edge: &Edge, place: Place, secret: &str) -> reqwest::RequestBuilder {
    let users = "/scim/v2/Users";
    let one = "/scim/v2/Users/01890000-0000-7000-8000-000000000000";
    let get = edge.scim("GET", users);
    let post = |body: String| edge.scim("POST", users).body(body);
    let patch = |operation: String| {
        let body = format!(
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#
        );
        edge.scim("PATCH", one).body(body)
    };
    match place {
        Place::Bearer => edge.request("GET", users).bearer_auth(secret),
        Place::BasicPassword => edge.request("GET", users).basic_auth("ada", Some(secret)),
        Place::Cookie => get.header("cookie", format!("session={secret}")),
        Place::UnknownHeader => get.header("x-api-key", secret),
        Place::QueryToken => get.query(&[("access_token", secret)]),
        Place::QueryFilter => get.query(&[("filter", format!("password eq \"{secret}\""))]),
        Place::Password => post(format!(r#"{{"userName":"ada","password":"{secret}"}}"#)),
        Place::PasswordByUrn => post(format!(
            r#"{{"urn:ietf:params:scim:schemas:core:2.0:User:password":"{secret}"}}"#
        )),
        Place::Patch => patch(format!(
            r#"{{"op":"replace","path":"password","value":"{secret}"}}"#
        )),
        Place::PatchBackwards => patch(format!(
            r#"{{"value":"{secret}","path":"password","op":"Replace"}}"#
        )),
        Place::PatchWithoutPath => patch(format!(
            r#"{{"op":"replace","value":{{"password":"{secret}"}}}}"#
        )),
        Place::CutOff => post(format!(r#"{{"userName":"ada","password":"{secret}"#)),
        Place::NotJson => post(format!("password={secret}")),
        Place::SearchFilter => edge
            .scim("POST", "/scim/v2/Users/.search")
            .body(format!(r#"{{"filter":"password eq \"{secret}\""}}"#)),
    }
}

#[test]
fn a_secret_never_reaches_the_log() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let edge = runtime.block_on(Edge::with_limits(|limits| {
        limits.unauthenticated_log = u32::MAX;
        limits.auth_failures = u32::MAX;
    }));
    let mut runner = TestRunner::new(Config {
        cases: 200,
        ..Config::default()
    });
    let strategy = (prop::sample::select(&PLACES[..]), "[A-Za-z0-9]{12,40}");
    runner
        .run(&strategy, |(place, secret)| {
            let logged = runtime.block_on(async {
                let response = request(&edge, place, &secret).send().await.unwrap();
                edge.logged(&response)
            });
            let json = serde_json::to_string(&logged).unwrap();
            prop_assert!(!json.contains(&secret), "{:?}: {}", place, json);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn equal_secrets_are_seen_to_be_equal_wherever_they_stand() {
    let edge = Edge::new().await;
    let mut pseudonyms = Vec::new();
    for place in [
        Place::Password,
        Place::Patch,
        Place::QueryToken,
        Place::UnknownHeader,
    ] {
        let response = request(&edge, place, "hunter2hunter2")
            .send()
            .await
            .unwrap();
        let json = serde_json::to_string(&edge.logged(&response)).unwrap();
        let at = json.find("***:").unwrap();
        pseudonyms.push(json[at..at + 12].to_owned());
    }
    pseudonyms.dedup();
    assert_eq!(pseudonyms.len(), 1, "{pseudonyms:?}");
}

#[tokio::test]
async fn the_log_keeps_what_is_harmless() {
    let edge = Edge::new().await;
    let body = r#"{"userName":"ada","name":{"givenName":"Ada"},"password":"hunter2"}"#;
    let response = edge
        .scim("POST", "/scim/v2/Users?x=1")
        .header("user-agent", "Okta SCIM Client 1.0.0")
        .header("content-type", "application/scim+json")
        .body(body)
        .send()
        .await
        .unwrap();
    let logged = edge.logged(&response);
    let header = |name: &str| {
        let headers = &logged.request.headers;
        headers.iter().find(|(it, _)| it == name).unwrap().1.clone()
    };
    assert_eq!(
        header("authorization"),
        format!("Bearer {}…", &SCIM_TOKEN[..12])
    );
    assert_eq!(header("user-agent"), "Okta SCIM Client 1.0.0");
    assert_eq!(
        logged.row.user_agent.as_deref(),
        Some("Okta SCIM Client 1.0.0")
    );
    assert_eq!(logged.row.idp.as_deref(), Some("okta"));
    assert_eq!(logged.query.as_deref(), Some("x=1"));
    assert_eq!(logged.peer.as_deref(), Some("127.0.0.1"));
    assert_eq!(logged.request.body_bytes, body.len() as u64);
    let kept = logged.request.body.unwrap();
    assert!(
        kept.starts_with(r#"{"userName":"ada","name":{"givenName":"Ada"},"password":"***:"#),
        "{kept}"
    );
}

#[tokio::test]
async fn a_long_body_is_redacted_and_then_cut() {
    let edge = Edge::new().await;
    // The secret stands before the cut, and what tells that it is one behind it.
    let filler = "ä".repeat(60_000);
    let body =
        format!(r#"{{"Operations":[{{"value":"hunter2","x":"{filler}","path":"password"}}]}}"#);
    let response = edge
        .scim(
            "PATCH",
            "/scim/v2/Users/01890000-0000-7000-8000-000000000000",
        )
        .body(body)
        .send()
        .await
        .unwrap();
    let logged = edge.logged(&response);
    assert!(logged.request.truncated);
    let kept = logged.request.body.unwrap();
    assert!(kept.len() <= 64 * 1024 && kept.len() > 64 * 1024 - 4);
    assert!(!kept.contains("hunter2"));
}
