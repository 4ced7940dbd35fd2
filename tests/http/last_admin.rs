//! The last admin stays, however many requests at once would have him go.

use futures::future::join_all;
use provost::admin::AdminRead as _;
use rstest::rstest;
use serde_json::{Value, json};

use crate::real::{Answer, Real};

const PROVOST: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
/// How often two requests meet.
const ROUNDS: usize = 25;

/// How an admin stops being one.
#[derive(Clone, Copy)]
enum Way {
    Delete,
    Deactivate,
    Demote,
    DeactivateInBulk,
    DeleteByBulk,
}

/// A server without an owner: one that is out of reach would always be left.
async fn without_owner() -> Real {
    let real = Real::new().await;
    let database = rusqlite::Connection::open(real.directory.path().join("provost.db")).unwrap();
    database
        .execute_batch("UPDATE resource SET flags = flags & ~1; DELETE FROM attr WHERE attr = 11")
        .unwrap();
    real
}

async fn admin(real: &Real, name: &str) -> String {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", PROVOST],
        "userName": name,
        "active": true,
        PROVOST: { "role": "admin" },
    });
    let created = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.id()
}

fn patch(operation: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
}

/// The status of one admin's end.
async fn end(real: &Real, way: Way, id: &str) -> u16 {
    let path = format!("/Users/{id}");
    let deactivate = patch(&json!({ "op": "replace", "path": "active", "value": false }));
    let demote = patch(&json!({
        "op": "replace", "path": format!("{PROVOST}:role"), "value": "reader"
    }));
    let bulk = |operation: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [operation],
        })
    };
    let in_bulk = |answer: Answer| {
        let status = answer.body["Operations"][0]["status"].as_str();
        status.unwrap().parse().unwrap()
    };
    match way {
        Way::Delete => real.ask("DELETE", &path, None).await.status,
        Way::Deactivate => real.ask("PATCH", &path, Some(deactivate)).await.status,
        Way::Demote => real.ask("PATCH", &path, Some(demote)).await.status,
        Way::DeactivateInBulk => {
            let body = bulk(json!({ "method": "PATCH", "path": path, "data": deactivate }));
            in_bulk(real.ask("POST", "/Bulk", Some(body)).await)
        }
        Way::DeleteByBulk => {
            let body = bulk(json!({ "method": "DELETE", "path": path }));
            in_bulk(real.ask("POST", "/Bulk", Some(body)).await)
        }
    }
}

#[rstest]
#[case::deletes(Way::Delete)]
#[case::deactivations(Way::Deactivate)]
#[case::demotions(Way::Demote)]
#[case::deactivations_in_bulk(Way::DeactivateInBulk)]
#[case::deletes_in_bulk(Way::DeleteByBulk)]
#[tokio::test]
async fn two_requests_at_once_never_take_the_last_two_admins(#[case] way: Way) {
    let real = without_owner().await;
    let mut left = admin(&real, "admin").await;
    for round in 0..ROUNDS {
        let other = admin(&real, &format!("admin{round}")).await;
        let statuses = join_all([end(&real, way, &left), end(&real, way, &other)]).await;
        let refused: Vec<bool> = statuses.iter().map(|status| *status == 403).collect();
        assert_eq!(
            refused.iter().filter(|refused| **refused).count(),
            1,
            "{statuses:?} in round {round}"
        );
        assert_eq!(real.local.overview().await.unwrap().admins, 1);
        if refused == [false, true] {
            left = other;
        }
    }
}
