//! `If-Match` under load: of many who insist on one version, one gets it.

use futures::StreamExt;
use futures::stream;
use serde_json::{Value, json};

use crate::real::{Answer, Real};

/// One more than the largest team that is answered with its members.
const MEMBERS: usize = 1_001;
/// Those who insist.
const RIVALS: usize = 12;

fn patch(op: &str, members: &[Value]) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": op, "path": "members", "value": members}],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_edits_of_a_large_team_gets_its_version() {
    let real = Real::new().await;
    let real = &real;
    let members: Vec<Value> = stream::iter(0..MEMBERS + RIVALS)
        .map(|number| async move {
            let body = json!({"userName": format!("user{number}"), "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]});
            let answer = real.ask("POST", "/Users", Some(body)).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            json!({"value": answer.body["id"]})
        })
        .buffered(32)
        .collect()
        .await;
    let (members, rivals) = members.split_at(MEMBERS);
    let team = real
        .ask("POST", "/Groups", Some(json!({"displayName": "Everybody", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]})))
        .await;
    let path = &format!("/Groups/{}", team.body["id"].as_str().unwrap());
    let filled = real.ask("PATCH", path, Some(patch("add", members))).await;
    assert!(filled.status < 300, "{}", filled.body);
    let etag = &real
        .ask("GET", &format!("{path}?excludedAttributes=members"), None)
        .await
        .etag
        .unwrap();

    let statuses: Vec<u16> = stream::iter(rivals)
        .map(|rival| async move {
            let body = patch("add", std::slice::from_ref(rival));
            let request = real
                .request("PATCH", path)
                .header("content-type", "application/scim+json")
                .header("if-match", etag)
                .body(body.to_string());
            Answer::of(request).await.status
        })
        .buffer_unordered(RIVALS)
        .collect()
        .await;
    let got = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((got(204), got(412)), (1, RIVALS - 1), "{statuses:?}");
}
