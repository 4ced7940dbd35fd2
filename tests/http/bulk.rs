//! Bulk requests over HTTP, on a real database (RFC 7644 §3.7).

use provost::admin::AdminRead as _;
use provost::admin::types::{RequestListing, RequestRow};
use rstest::rstest;
use serde_json::{Value, json};

use crate::real::{Answer, Real};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn user(name: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name })
}

fn with_manager(name: &str, manager: &str) -> Value {
    let mut body = user(name);
    body[ENTERPRISE] = json!({ "department": "D", "manager": { "value": manager } });
    body
}

fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": members,
    })
}

fn post(path: &str, bulk_id: &str, data: Value) -> Value {
    json!({ "method": "POST", "path": path, "bulkId": bulk_id, "data": data })
}

fn patch(operations: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

fn message(operations: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    })
}

async fn bulk(real: &Real, operations: Vec<Value>) -> Answer {
    let answer = real.ask("POST", "/Bulk", Some(message(operations))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(
        answer.body["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"])
    );
    answer
}

fn statuses(answer: &Answer) -> Vec<&str> {
    let results = answer.body["Operations"].as_array().unwrap();
    results
        .iter()
        .map(|result| result["status"].as_str().unwrap())
        .collect()
}

/// The path of what an operation was about, below the base URL.
fn path_of(answer: &Answer, at: usize) -> String {
    let location = answer.body["Operations"][at]["location"].as_str().unwrap();
    location.split_once("/scim/v2").unwrap().1.to_owned()
}

fn id_of(answer: &Answer, at: usize) -> String {
    path_of(answer, at).rsplit('/').next().unwrap().to_owned()
}

async fn log(real: &Real, query: &str) -> Vec<RequestRow> {
    // What is in the log is written behind the answers; reading one exchange waits for it.
    let listing = |query: &str| RequestListing {
        query: query.into(),
        limit: 1_000,
        ..RequestListing::default()
    };
    let newest = real.local.requests(listing("")).await.unwrap().items;
    real.local.request(newest[0].id).await.unwrap();
    real.local.requests(listing(query)).await.unwrap().items
}

#[tokio::test]
async fn any_mix_of_methods_is_answered_in_the_order_of_the_request() {
    let real = Real::new().await;
    let old = real.ask("POST", "/Users", Some(user("old"))).await;
    let gone = real.ask("POST", "/Users", Some(user("gone"))).await;
    let team = real.ask("POST", "/Groups", Some(group("T", &[]))).await;
    let (old_id, gone_id, team_id) = (old.id(), gone.id(), team.id());
    let answer = bulk(
        &real,
        vec![
            post("/Users", "ada", user("ada")),
            json!({ "method": "PUT", "path": format!("/Users/{old_id}"), "bulkId": "named", "data": user("new") }),
            json!({
                "method": "PATCH",
                "path": format!("/Groups/{team_id}"),
                "version": "W/\"1\"",
                "data": patch(&json!([{ "op": "add", "path": "members", "value": [{ "value": "bulkId:ada" }] }])),
            }),
            json!({ "method": "DELETE", "path": format!("/Users/{gone_id}") }),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "200", "200", "204"]);
    let results = &answer.body["Operations"];
    assert_eq!(results[0]["method"], "POST");
    assert_eq!(results[0]["bulkId"], "ada");
    assert_eq!(results[0]["version"], "W/\"1\"");
    assert_eq!(results[1]["bulkId"], "named");
    assert_eq!(results[1]["version"], "W/\"2\"");
    assert_eq!(results[2]["version"], "W/\"2\"");
    assert_eq!(results[2].get("bulkId"), None);
    assert!(results[3]["location"].as_str().unwrap().ends_with(&gone_id));
    for result in results.as_array().unwrap() {
        assert_eq!(result.get("response"), None, "{result}");
        // RFC 7644 §3.7.3: for all operations except for a POST that failed.
        assert!(result["location"].is_string(), "{result}");
    }
    let ada = id_of(&answer, 0);
    let read = real.ask("GET", &format!("/Groups/{team_id}"), None).await;
    assert_eq!(read.body["members"][0]["value"], ada);
    assert_eq!(read.etag.as_deref(), results[2]["version"].as_str());
    let read = real.ask("GET", &format!("/Users/{old_id}"), None).await;
    assert_eq!(read.body["userName"], "new");
    let read = real.ask("GET", &format!("/Users/{gone_id}"), None).await;
    assert_eq!(read.status, 404);
}

#[tokio::test]
async fn references_may_point_forward_and_into_paths() {
    let real = Real::new().await;
    let answer = bulk(
        &real,
        vec![
            post("/Groups", "g", group("G", &["bulkId:b", "bulkId:a"])),
            post("/Users", "a", with_manager("a", "bulkId:b")),
            post("/Users", "b", user("b")),
            json!({
                "method": "PATCH",
                "path": "/Groups/bulkId:g",
                "data": patch(&json!([{ "op": "remove", "path": "members[value eq \"bulkId:b\"]" }])),
            }),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "201", "201", "200"]);
    let (a, b) = (id_of(&answer, 1), id_of(&answer, 2));
    let read = real.ask("GET", &path_of(&answer, 0), None).await;
    let members = read.body["members"].as_array().unwrap();
    assert_eq!(members.len(), 1);
    assert_eq!(members[0]["value"], a);
    assert_eq!(path_of(&answer, 3), path_of(&answer, 0));
    let read = real.ask("GET", &path_of(&answer, 1), None).await;
    assert_eq!(read.body[ENTERPRISE]["manager"]["value"], b);
}

#[tokio::test]
async fn a_circle_of_managers_is_closed() {
    let real = Real::new().await;
    let answer = bulk(
        &real,
        vec![
            post("/Users", "a", with_manager("a", "bulkId:b")),
            post("/Users", "b", with_manager("b", "bulkId:c")),
            post("/Users", "c", with_manager("c", "bulkId:a")),
            post("/Users", "own", with_manager("own", "bulkId:own")),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["201", "201", "201", "201"]);
    for (at, manager) in [(0, 1), (1, 2), (2, 0), (3, 3)] {
        let read = real.ask("GET", &path_of(&answer, at), None).await;
        assert_eq!(
            read.body[ENTERPRISE]["manager"]["value"],
            id_of(&answer, manager)
        );
        assert_eq!(read.body[ENTERPRISE]["department"], "D");
        let version = &answer.body["Operations"][at]["version"];
        assert_eq!(read.etag.as_deref(), version.as_str());
        assert_eq!(&read.body["meta"]["version"], version);
    }
}

#[tokio::test]
async fn a_circle_that_cannot_be_closed_is_a_conflict_and_says_what_exists() {
    let real = Real::new().await;
    real.ask("POST", "/Users", Some(user("taken"))).await;
    let answer = bulk(
        &real,
        vec![
            post("/Users", "a", with_manager("taken", "bulkId:b")),
            post("/Users", "b", with_manager("b", "bulkId:a")),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["409", "409"]);
    let results = &answer.body["Operations"];
    assert_eq!(results[0].get("location"), None);
    assert_eq!(results[0]["response"]["scimType"], "uniqueness");
    let detail = results[1]["response"]["detail"].as_str().unwrap();
    assert!(detail.contains("'a'"), "{detail}");
    // It was created before the circle broke: the answer says where.
    let read = real.ask("GET", &path_of(&answer, 1), None).await;
    assert_eq!(read.body["userName"], "b");
    assert_eq!(read.body[ENTERPRISE].get("manager"), None);
}

#[tokio::test]
async fn an_operation_that_fails_leaves_the_others_alone() {
    let real = Real::new().await;
    real.ask("POST", "/Users", Some(user("taken"))).await;
    let nobody = "00000000-0000-0000-0000-000000000000";
    let answer = bulk(
        &real,
        vec![
            post("/Users", "t", user("TAKEN")),
            post("/Groups", "g", group("G", &["bulkId:t"])),
            post("/Groups", "h", group("H", &["bulkId:unheard-of"])),
            post("/Users", "bad", json!({ "active": "perhaps" })),
            json!({ "method": "POST", "path": "/Users", "data": user("no-bulk-id") }),
            json!({ "method": "DELETE", "path": format!("/Users/{nobody}") }),
            json!({ "method": "PATCH", "path": "/Robots/1", "data": patch(&json!([])) }),
            json!({ "method": "PUT", "path": "/Users", "data": user("x") }),
            json!({ "method": "PATCH", "path": "/Users/bulkId:t", "data": patch(&json!([])) }),
            json!({ "method": "POST", "path": "/Bulk", "bulkId": "n", "data": {} }),
            post("/Users", "fine", user("fine")),
        ],
    )
    .await;
    assert_eq!(
        statuses(&answer),
        [
            "409", "409", "400", "400", "400", "404", "404", "405", "409", "400", "201"
        ]
    );
    let results = answer.body["Operations"].as_array().unwrap();
    let scim_types: Vec<_> = results
        .iter()
        .map(|result| result["response"]["scimType"].as_str())
        .collect();
    let invalid = Some("invalidValue");
    assert_eq!(
        scim_types,
        [
            Some("uniqueness"),
            None,
            invalid,
            invalid,
            invalid,
            None,
            None,
            None,
            None,
            invalid,
            None
        ]
    );
    for result in &results[..10] {
        let response = &result["response"];
        assert_eq!(
            response["schemas"][0],
            "urn:ietf:params:scim:api:messages:2.0:Error"
        );
        assert_eq!(response["status"], result["status"]);
        assert!(response["detail"].as_str().unwrap().contains("request #"));
    }
    assert!(results[5]["location"].as_str().unwrap().ends_with(nobody));
    assert_eq!(results[4].get("location"), None);
    let users = real.ask("GET", "/Users?filter=userName%20eq%20%22fine%22", None);
    assert_eq!(users.await.body["totalResults"], 1);
    let groups = real.ask("GET", "/Groups", None).await;
    assert_eq!(groups.body["totalResults"], 0);
}

#[rstest]
#[case::first_error(1, &["201", "409"])]
#[case::second_error(2, &["201", "409", "201", "404"])]
#[case::more_than_there_are(3, &["201", "409", "201", "404", "201"])]
#[tokio::test]
async fn fail_on_errors_ends_the_request(#[case] most: u64, #[case] expected: &[&str]) {
    let real = Real::new().await;
    let mut body = message(vec![
        post("/Users", "a", user("a")),
        post("/Users", "b", user("A")),
        post("/Users", "c", user("c")),
        json!({ "method": "DELETE", "path": "/Users/nobody" }),
        post("/Users", "d", user("d")),
    ]);
    body["failOnErrors"] = most.into();
    let answer = real.ask("POST", "/Bulk", Some(body)).await;
    assert_eq!(statuses(&answer), expected);
    let users = real.ask("GET", "/Users?count=0", None).await;
    let created = expected.iter().filter(|status| **status == "201").count();
    // The owner is there, too.
    assert_eq!(users.body["totalResults"], created + 1);
}

#[tokio::test]
async fn a_version_is_a_condition() {
    let real = Real::new().await;
    let one = real.ask("POST", "/Users", Some(user("a"))).await.id();
    let change = |version: &str, title: &str| {
        json!({
            "method": "PATCH",
            "path": format!("/Users/{one}"),
            "version": version,
            "data": patch(&json!([{ "op": "replace", "path": "title", "value": title }])),
        })
    };
    let answer = bulk(
        &real,
        vec![
            change("W/\"1\"", "first"),
            change("W/\"1\"", "second"),
            change("W/\"2\"", "third"),
            change("2", "fourth"),
            json!({ "method": "DELETE", "path": format!("/Users/{one}"), "version": "W/\"1\"" }),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["200", "412", "200", "400", "412"]);
    let read = real.ask("GET", &format!("/Users/{one}"), None).await;
    assert_eq!(read.body["title"], "third");
    assert_eq!(read.etag.as_deref(), Some("W/\"3\""));
}

#[tokio::test]
async fn operations_on_one_resource_keep_their_order_and_names_are_taken_by_the_first() {
    let real = Real::new().await;
    let one = real.ask("POST", "/Users", Some(user("a"))).await.id();
    let path = format!("/Users/{one}");
    let answer = bulk(
        &real,
        vec![
            post("/Users", "early", user("a")),
            json!({ "method": "DELETE", "path": path }),
            post("/Users", "late", user("a")),
            post("/Users", "later", user("A")),
            json!({ "method": "PATCH", "path": path, "data": patch(&json!([{ "op": "add", "value": { "title": "t" } }])) }),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["409", "204", "201", "409", "404"]);
}

#[rstest]
#[case::no_json("{", 400, Some("invalidSyntax"))]
#[case::no_operations(
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"]}",
    400,
    Some("invalidSyntax")
)]
#[case::other_schema(
    "{\"schemas\":[\"urn:x\"],\"Operations\":[{}]}",
    400,
    Some("invalidValue")
)]
#[case::unknown_method(
    "{\"Operations\":[{\"method\":\"GET\",\"path\":\"/Users\"}]}",
    400,
    Some("invalidSyntax")
)]
#[case::same_name(
    "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"a\",\"data\":{\"userName\":\"x\"}},{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"a\",\"data\":{\"userName\":\"y\"}}]}",
    400,
    Some("invalidValue")
)]
#[tokio::test]
async fn a_message_that_makes_no_sense_changes_nothing(
    #[case] body: &'static str,
    #[case] status: u16,
    #[case] scim_type: Option<&str>,
) {
    let real = Real::new().await;
    let request = real
        .request("POST", "/Bulk")
        .header("content-type", "application/scim+json")
        .body(body);
    let answer = Answer::of(request).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.body["scimType"].as_str(), scim_type);
    let users = real.ask("GET", "/Users?count=0", None).await;
    assert_eq!(users.body["totalResults"], 1);
}

#[tokio::test]
async fn what_is_announced_is_the_limit() {
    let real = Real::new().await;
    let config = real.ask("GET", "/ServiceProviderConfig", None).await;
    let announced = &config.body["bulk"];
    assert_eq!(announced["supported"], true);
    let most = usize::try_from(announced["maxOperations"].as_u64().unwrap()).unwrap();
    let size = usize::try_from(announced["maxPayloadSize"].as_u64().unwrap()).unwrap();

    let nobody = |count: usize| {
        let operation = json!({ "method": "DELETE", "path": "/Users/nobody" });
        message(vec![operation; count])
    };
    let many = real.ask("POST", "/Bulk", Some(nobody(most + 1))).await;
    assert_eq!(many.status, 413);
    assert_eq!(many.body["status"], "413");
    // RFC 7644 §3.7.4: "The returned response MUST specify the limit exceeded in the body of the error response."
    let names = |answer: &Answer, limit: usize| {
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(&limit.to_string()), "{detail}");
    };
    names(&many, most);

    let padded = |size: usize| {
        let body = nobody(1).to_string();
        let padding = " ".repeat(size - body.len());
        let request = real.request("POST", "/Bulk");
        request
            .header("content-type", "application/scim+json")
            .body(body + &padding)
    };
    let large = Answer::of(padded(size + 1)).await;
    assert_eq!(large.status, 413);
    names(&large, size);
    assert_eq!(Answer::of(padded(size)).await.status, 200);
}

#[tokio::test]
async fn a_thousand_creations_are_one_request() {
    let real = Real::new().await;
    let operations: Vec<_> = (0..999)
        .map(|n| post("/Users", &format!("u{n}"), user(&format!("user{n}"))))
        .chain([post(
            "/Groups",
            "all",
            group(
                "All",
                &(0..999)
                    .map(|n| &*format!("bulkId:u{n}").leak())
                    .collect::<Vec<_>>(),
            ),
        )])
        .collect();
    let answer = bulk(&real, operations).await;
    assert!(statuses(&answer).iter().all(|status| *status == "201"));
    let results = answer.body["Operations"].as_array().unwrap();
    assert_eq!(results.len(), 1_000);
    for (n, result) in results[..999].iter().enumerate() {
        assert_eq!(result["bulkId"], format!("u{n}"));
    }
    let read = real.ask("GET", &path_of(&answer, 999), None).await;
    assert_eq!(read.body["members"].as_array().unwrap().len(), 999);
}

#[tokio::test]
async fn an_admin_sees_each_operation_and_the_bulk_request_above_it() {
    let real = Real::new().await;
    let mut secret = user("ada");
    secret["password"] = "hunter2hunter2".into();
    bulk(
        &real,
        vec![
            post("/Users", "ada", secret),
            post("/Users", "twice", user("ADA")),
            post("/Groups", "g", group("G", &["bulkId:ada"])),
        ],
    )
    .await;
    let rows = log(&real, "path:/Bulk").await;
    assert_eq!(rows.len(), 1);
    let parent = &rows[0];
    // Ada, her password, the team, and her membership.
    assert_eq!((parent.status, parent.changes), (200, 4));
    assert_eq!(parent.resource, "Bulk");
    let detail = real.local.request(parent.id).await.unwrap();
    let steps: Vec<_> = detail.exchange.trace.iter().map(|it| &it.what).collect();
    let range = format!("id:{}..{}", parent.id.0 + 1, parent.id.0 + 3);
    assert!(steps.iter().any(|step| step.contains(&range)), "{steps:?}");
    // What is around a bulk request are its operations.
    assert_eq!(detail.related.len(), 3);

    let operations = log(&real, &range).await;
    let told: Vec<_> = operations
        .iter()
        .rev()
        .map(|row| (row.path.as_str(), row.status, row.changes))
        .collect();
    assert_eq!(
        told,
        [
            ("/scim/v2/Users", 201, 2),
            ("/scim/v2/Users", 409, 0),
            ("/scim/v2/Groups", 201, 2)
        ]
    );
    for row in &operations {
        assert_eq!(row.part_of, Some(parent.id));
        assert_eq!(row.token.as_deref(), Some("okta"));
        let detail = real.local.request(row.id).await.unwrap();
        let text = serde_json::to_string(&detail).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
        assert!(detail.exchange.request.body.is_some());
        assert!(detail.exchange.trace[0].what.contains("bulk request"));
        assert!(detail.related.iter().any(|it| it.id == parent.id));
    }
    let found = log(&real, "user:ada").await;
    assert!(found.iter().all(|row| row.part_of == Some(parent.id)));
    assert_eq!(found[0].code.as_deref(), Some("CASE_FOLD"));
}

#[tokio::test]
async fn who_needs_a_failed_operation_is_logged_with_that_cause() {
    let real = Real::new().await;
    real.ask("POST", "/Users", Some(user("ada"))).await;
    let answer = bulk(
        &real,
        vec![
            post("/Users", "taken", user("ada")),
            post("/Groups", "team", group("T", &["bulkId:taken"])),
            post("/Users", "report", with_manager("bob", "bulkId:taken")),
        ],
    )
    .await;
    assert_eq!(statuses(&answer), ["409", "409", "409"]);
    let codes = async |query: &str| -> Vec<Option<String>> {
        let rows = log(&real, query).await;
        rows.into_iter().map(|row| row.code).collect()
    };
    let reference = Some("BULK_REFERENCE".to_owned());
    let parts = codes("method:POST status:409").await;
    let expected = [reference.clone(), reference, Some("DUP_USER".to_owned())];
    assert_eq!(parts, expected);
}

#[tokio::test]
async fn a_query_in_the_path_of_an_operation_is_refused_and_not_repeated() {
    let real = Real::new().await;
    let secret = "hunter2hunter2";
    for path in [
        format!("/Users?filter=password%20eq%20%22{secret}%22"),
        format!("/Users?access_token={secret}"),
        format!("/Users#token={secret}"),
    ] {
        let operation = post(&path, "a", user("a"));
        let answer = bulk(&real, vec![operation]).await;
        assert_eq!(statuses(&answer), ["400"], "{path}");
        let detail = answer.body["Operations"][0]["response"]["detail"].to_string();
        assert!(detail.contains("no query"), "{detail}");
        for row in log(&real, "").await {
            let exchange = real.local.request(row.id).await.unwrap().exchange;
            let text = serde_json::to_string(&exchange).unwrap();
            assert!(!text.contains(secret), "{path}: {text}");
        }
    }
}
