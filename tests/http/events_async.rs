//! Requests whose client does not wait (RFC 9967 §2.5.1).
use provost::admin::AdminRead as _;
use provost::admin::streams::{Delivery, EventKind, NewStream};
use provost::admin::types::RequestListing;
use reqwest::Response;
use serde_json::{Value, json};

use crate::events_receiver::{Poller, kinds, payload, stream, verified};
use crate::harness::{PATIENCE, header, request_id};
use crate::real::Real;

async fn send(
    real: &Real,
    method: &str,
    path: &str,
    body: Option<Value>,
    prefer: &str,
) -> Response {
    let mut request = real.request(method, path).header("prefer", prefer);
    if let Some(body) = body {
        request = request
            .header("content-type", "application/scim+json")
            .body(body.to_string());
    }
    request.send().await.unwrap()
}

fn user(name: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name })
}

/// The claims of the completion, once it is there.
async fn result(real: &Real, location: &str) -> Value {
    tokio::time::timeout(PATIENCE, async {
        loop {
            let request = real.client.get(location).bearer_auth(&real.scim_token);
            let response = request.send().await.unwrap();
            if response.status() == 202 {
                tokio::task::yield_now().await;
                continue;
            }
            assert_eq!(response.status(), 200);
            assert_eq!(
                header(&response, "content-type"),
                "application/secevent+jwt"
            );
            return verified(real, &response.text().await.unwrap()).await;
        }
    })
    .await
    .expect("the request was executed")
}

#[tokio::test]
async fn a_request_is_accepted_executed_and_told_of() {
    let real = Real::new().await;
    let only = NewStream {
        events: vec![EventKind::AsyncResp],
        ..stream("results", Delivery::Poll)
    };
    let (poller, _) = Poller::new(&real, only).await;
    let response = send(&real, "POST", "/Users", Some(user("ada")), "respond-async").await;
    assert_eq!(response.status(), 202);
    assert_eq!(header(&response, "preference-applied"), "respond-async");
    let txn = header(&response, "set-txn").to_owned();
    let location = header(&response, "location").to_owned();
    let accepted = request_id(&response);
    assert!(response.bytes().await.unwrap().is_empty());

    let claims = result(&real, &location).await;
    assert_eq!(claims["txn"], *txn);
    let told = payload(&claims, "misc:asyncresp");
    assert_eq!(
        (&told["method"], &told["status"]),
        (&json!("POST"), &json!("201"))
    );
    let id = told["location"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    assert_eq!(claims["sub_id"]["uri"], format!("/Users/{id}"));
    assert_eq!(
        real.ask("GET", &format!("/Users/{id}"), None).await.body["userName"],
        "ada"
    );

    let streamed = poller.take().await;
    assert_eq!(streamed.len(), 1);
    assert_eq!(kinds(&streamed[0]), ["misc:asyncresp"]);
    assert_eq!(streamed[0]["txn"], *txn);
    assert_eq!(streamed[0]["events"], claims["events"]);

    // Both lines are in the log: that it was accepted, and what came of it.
    real.local.engine().store().flush().await.unwrap();
    let listing = RequestListing {
        query: "method:POST resource:Users".into(),
        limit: 10,
        ..RequestListing::default()
    };
    let listing = match real.local.requests(listing.clone()).await {
        Ok(_) => listing,
        Err(_) => RequestListing {
            query: "method:POST".into(),
            ..listing
        },
    };
    let rows = real.local.requests(listing).await.unwrap().items;
    let statuses: Vec<u16> = rows
        .iter()
        .filter(|row| row.path == "/scim/v2/Users")
        .map(|row| row.status)
        .collect();
    assert_eq!(statuses, [201, 202]);
    let executed = real.local.request(rows[0].id).await.unwrap().exchange;
    let says = format!("accepted as request #{accepted}, executed as transaction {txn}");
    assert!(executed.trace.iter().any(|step| step.what == says));
}

#[tokio::test]
async fn requests_of_one_client_are_executed_in_order() {
    let real = Real::new().await;
    let id = real.ask("POST", "/Users", Some(user("ada"))).await.id();
    let mut last = String::new();
    for number in 0..20 {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations":
            [{"op": "replace", "path": "title", "value": format!("t{number}")}]});
        let path = format!("/Users/{id}");
        let response = send(&real, "PATCH", &path, Some(body), "respond-async").await;
        assert_eq!(response.status(), 202);
        header(&response, "location").clone_into(&mut last);
    }
    assert_eq!(
        payload(&result(&real, &last).await, "misc:asyncresp")["status"],
        "200"
    );
    let user = real.ask("GET", &format!("/Users/{id}"), None).await;
    assert_eq!(user.body["title"], "t19");
    assert_eq!(user.etag.as_deref(), Some("W/\"21\""), "each happened once");
}

#[tokio::test]
async fn a_failure_is_told_as_a_scim_error() {
    let real = Real::new().await;
    let path = "/Users/0190f4c2-7b3a-7d11-8a55-3f6e2b9c1d04";
    let response = send(&real, "DELETE", path, None, "respond-async").await;
    assert_eq!(response.status(), 202);
    let claims = result(&real, header(&response, "location")).await;
    let told = payload(&claims, "misc:asyncresp");
    assert_eq!(told["status"], "404");
    assert_eq!(told["response"]["status"], "404");
    assert_eq!(
        told["response"]["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
    );
    assert_eq!(claims["sub_id"]["uri"], path);
}

#[tokio::test]
async fn nobody_else_learns_of_a_result() {
    let real = Real::new().await;
    let response = send(&real, "POST", "/Users", Some(user("ada")), "respond-async").await;
    let location = header(&response, "location").to_owned();
    result(&real, &location).await;
    let stranger = real.client.get(&location).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
    let issued = provost::admin::AdminWrite::issue_token(
        &real.local,
        provost::admin::types::NewToken {
            name: "entra".into(),
            scope: provost::admin::types::TokenScope::Scim,
            ttl_seconds: None,
            owner: None,
        },
    );
    let other = issued.await.unwrap().secret;
    let asked = real
        .client
        .get(&location)
        .bearer_auth(other)
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 404);
}

#[tokio::test]
async fn who_waits_or_reads_is_answered_as_always() {
    let real = Real::new().await;
    let response = send(
        &real,
        "POST",
        "/Users",
        Some(user("ada")),
        "respond-async, wait=10",
    )
    .await;
    assert_eq!(response.status(), 201);
    assert!(!response.headers().contains_key("set-txn"));
    let response = send(&real, "GET", "/Users", None, "respond-async").await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_client_that_asks_for_too_much_is_told_to_come_back() {
    let real = Real::with_limits(|limits| limits.events.accepted = 0).await;
    let response = send(&real, "POST", "/Users", Some(user("ada")), "respond-async").await;
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let users = real
        .ask("GET", "/Users?filter=userName%20eq%20%22ada%22", None)
        .await;
    assert_eq!(users.body["totalResults"], 0);
}

#[tokio::test]
async fn what_is_set_up_is_announced() {
    let real = Real::new().await;
    let config = real.ask("GET", "/ServiceProviderConfig", None).await.body;
    assert!(config["securityEvents"].is_null(), "nothing is set up");
    Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let config = real.ask("GET", "/ServiceProviderConfig", None).await.body;
    assert_eq!(config["securityEvents"]["asyncRequest"], "request");
    let uris = config["securityEvents"]["eventUris"].as_array().unwrap();
    assert!(uris.contains(&json!("urn:ietf:params:scim:event:misc:asyncresp")));
    assert_eq!(uris.len(), 12);
}

fn bulk(operations: &Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations })
}

fn group(name: &str, member: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name,
        "members": [{ "value": member }] })
}

/// Two operations whose creations need each other, one that fails, and one that changes somebody.
#[tokio::test]
async fn a_bulk_request_is_told_of_operation_by_operation() {
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let real = Real::new().await;
    let old = real.ask("POST", "/Users", Some(user("old"))).await.id();
    let only = NewStream {
        events: vec![EventKind::AsyncResp],
        ..stream("results", Delivery::Poll)
    };
    let (poller, _) = Poller::new(&real, only).await;
    let managed_by = |name: &str, other: &str| {
        let mut body = user(name);
        body[ENTERPRISE] = json!({ "manager": { "value": format!("bulkId:{other}") } });
        body
    };
    let operations = json!([
        { "method": "POST", "path": "/Users", "bulkId": "a", "data": managed_by("ada", "b") },
        { "method": "POST", "path": "/Users", "bulkId": "b", "data": managed_by("bob", "a") },
        { "method": "POST", "path": "/Users", "bulkId": "c", "data": user("OLD") },
        { "method": "POST", "path": "/Groups", "bulkId": "d", "data": group("D", "bulkId:c") },
        { "method": "DELETE", "path": format!("/Users/{old}") },
    ]);
    let response = send(
        &real,
        "POST",
        "/Bulk",
        Some(bulk(&operations)),
        "respond-async",
    )
    .await;
    assert_eq!(response.status(), 202);
    assert_eq!(header(&response, "preference-applied"), "respond-async");
    let txn = header(&response, "set-txn").to_owned();
    let location = header(&response, "location").to_owned();
    assert!(response.bytes().await.unwrap().is_empty());

    // Who asks for the whole gets what a client that waits is answered.
    let claims = result(&real, &location).await;
    assert_eq!(claims["txn"], *txn);
    let whole = payload(&claims, "misc:asyncresp");
    assert_eq!(
        (&whole["method"], &whole["status"]),
        (&json!("POST"), &json!("200"))
    );
    let answered = whole["response"]["Operations"].as_array().unwrap();
    assert_eq!(answered.len(), 5);

    // RFC 9967 §2.5.1.2: one event each, by the place of the operation in the request, and none for the whole.
    let told = poller.take().await;
    assert_eq!(told.len(), 5);
    for (at, answered) in answered.iter().enumerate() {
        let part = format!("{txn}:{at}");
        let of_part = told.iter().filter(|claims| claims["txn"] == *part);
        let [claims] = of_part.collect::<Vec<_>>()[..] else {
            panic!("{part}: {told:?}");
        };
        assert_eq!(kinds(claims), ["misc:asyncresp"]);
        assert_eq!(payload(claims, "misc:asyncresp"), answered, "{part}");
        // Each can be asked for, too.
        let asked = result(&real, &format!("{location}:{at}")).await;
        assert_eq!(asked["events"], claims["events"]);
    }
    let statuses: Vec<&str> = answered
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["201", "201", "409", "409", "204"]);
    let subject = told
        .iter()
        .find(|claims| claims["txn"] == *format!("{txn}:0"))
        .unwrap();
    let ada = answered[0]["location"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    assert_eq!(subject["sub_id"]["uri"], format!("/Users/{ada}"));
    let read = real.ask("GET", &format!("/Users/{ada}"), None).await;
    assert!(
        read.body[ENTERPRISE]["manager"]["$ref"].is_string(),
        "{}",
        read.body
    );

    // The operations are in the log as those of any bulk request.
    real.local.engine().store().flush().await.unwrap();
    let listing = RequestListing {
        query: "path:/scim/v2/Users".into(),
        limit: 100,
        ..RequestListing::default()
    };
    let rows = real.local.requests(listing).await.unwrap().items;
    let parts = rows.iter().filter(|row| row.part_of.is_some());
    // The circle is closed by the second one, and completed by a change of the first, or the other way round.
    assert_eq!(parts.count(), 5, "{rows:?}");
}

#[tokio::test]
async fn an_operation_that_was_not_carried_out_is_told_of_as_well() {
    let real = Real::new().await;
    let mut body = bulk(&json!([
        { "method": "DELETE", "path": "/Users/nobody" },
        { "method": "POST", "path": "/Users", "bulkId": "a", "data": user("ada") },
    ]));
    body["failOnErrors"] = 1.into();
    let response = send(&real, "POST", "/Bulk", Some(body), "respond-async").await;
    let location = header(&response, "location").to_owned();
    let whole = result(&real, &location).await;
    let whole = payload(&whole, "misc:asyncresp");
    // What is not begun is not in a bulk response (RFC 7644 §3.7.3).
    assert_eq!(whole["response"]["Operations"].as_array().unwrap().len(), 1);
    let left = result(&real, &format!("{location}:1")).await;
    let left = payload(&left, "misc:asyncresp");
    assert_eq!(
        (&left["bulkId"], &left["status"]),
        (&json!("a"), &json!("409"))
    );
    assert_eq!(left["response"]["status"], "409");
}

#[tokio::test]
async fn a_bulk_request_that_makes_no_sense_or_holds_a_secret() {
    let real = Real::new().await;
    let response = send(
        &real,
        "POST",
        "/Bulk",
        Some(bulk(&json!([]))),
        "respond-async",
    )
    .await;
    assert_eq!(response.status(), 202);
    let claims = result(&real, header(&response, "location")).await;
    assert_eq!(payload(&claims, "misc:asyncresp")["status"], "400");
    // What waits is kept as it came, and a password is not kept.
    let mut data = user("ada");
    data["password"] = "t1meMa$heen".into();
    let operation = json!([{ "method": "POST", "path": "/Users", "bulkId": "a", "data": data }]);
    let response = send(
        &real,
        "POST",
        "/Bulk",
        Some(bulk(&operation)),
        "respond-async",
    )
    .await;
    assert_eq!(response.status(), 200);
}
