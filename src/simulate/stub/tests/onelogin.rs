//! What OneLogin puts on the wire.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::simulate::onelogin;
use crate::simulate::stub::{Flaw, Seen, Stub};
use crate::simulate::wire::ENTERPRISE;

async fn day() -> Vec<Seen> {
    let stub = Stub::start(None).await;
    onelogin::run_day(stub.target(), 5).await.unwrap();
    stub.seen()
}

#[rstest]
#[tokio::test]
async fn onelogins_day_is_clean(#[values(1, 42)] seed: u64) {
    let stub = Stub::start(None).await;
    let report = onelogin::run_day(stub.target(), seed).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert!(report.exchanges.len() > 40, "{report}");
}

#[tokio::test]
async fn onelogin_does_not_say_who_it_is_and_sends_users_without_id() {
    let mut whole = 0;
    for request in day().await {
        assert_eq!(
            request.headers.get("user-agent").map(String::as_str),
            Some("")
        );
        let is_user = request.path.starts_with("/Users");
        if !is_user || ![Method::POST, Method::PUT].contains(&request.method) {
            continue;
        }
        whole += 1;
        assert_eq!(request.body.get("id"), None);
        assert_eq!(request.body[ENTERPRISE]["manager"], json!({"value": null}));
        let external_id = request.body["externalId"].as_str().unwrap();
        assert!(external_id.parse::<u32>().is_ok(), "{external_id}");
    }
    assert!(whole > 8, "{whole}");
}

#[tokio::test]
async fn onelogin_reads_all_groups_before_it_makes_one_and_moves_people_one_by_one() {
    let requests = day().await;
    let mut moves = 0;
    for (before, request) in requests.iter().zip(requests.iter().skip(1)) {
        if request.method == Method::POST && request.path == "/Groups" {
            assert_eq!(
                (&before.method, before.path.as_str()),
                (&Method::GET, "/Groups")
            );
            assert_eq!(before.query, "");
            assert_eq!(request.body.get("members"), None);
        }
        if request.method == Method::PATCH && request.path.starts_with("/Groups/") {
            moves += 1;
            let operations = request.body["Operations"].as_array().unwrap();
            assert_eq!(operations.len(), 1);
            match operations[0]["op"].as_str() {
                Some("add") => assert_eq!(operations[0]["value"].as_array().map(Vec::len), Some(1)),
                Some("remove") => assert_eq!(operations[0].get("value"), None),
                op => panic!("{op:?}"),
            }
        }
    }
    assert!(moves > 5, "{moves}");
}

#[tokio::test]
async fn onelogin_suspends_with_a_path_and_deletes_afterwards() {
    let requests = day().await;
    let suspends = |one: &&Seen| one.method == Method::PATCH && one.path.starts_with("/Users/");
    let operations: Vec<&Value> = requests
        .iter()
        .filter(suspends)
        .map(|one| &one.body["Operations"])
        .collect();
    assert_eq!(operations.len(), 3);
    for operation in operations {
        let expected = json!([{"op": "replace", "path": "active", "value": false}]);
        assert_eq!(*operation, expected);
    }
    let deletes = requests.iter().filter(|one| one.method == Method::DELETE);
    assert_eq!(deletes.count(), 1);
}

#[tokio::test]
async fn a_flaw_of_the_server_is_found() {
    let stub = Stub::start(Some(Flaw::EmptyCreate)).await;
    let report = onelogin::run_day(stub.target(), 1).await.unwrap();
    assert!(!report.is_clean(), "{report}");
}
