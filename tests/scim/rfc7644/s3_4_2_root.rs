//! §3.4.2: a query of the server root, over all resource types.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{Provider, SEARCH, id_of};

/// "Clients MAY execute queries [...] against the server root", which "SHALL" be as a search of all types.
#[rstest]
#[case::filter("?filter=displayName%20eq%20%22Same%22", json!({ "filter": "displayName eq \"Same\"" }))]
#[case::slash("/?filter=displayName%20eq%20%22Same%22&count=1", json!({ "filter": "displayName eq \"Same\"", "count": 1 }))]
#[case::type_alone("?filter=meta.resourceType%20eq%20%22Group%22", json!({ "filter": "meta.resourceType eq \"Group\"" }))]
#[case::projected("?attributes=displayName&sortBy=displayName", json!({ "attributes": ["displayName"], "sortBy": "displayName" }))]
#[tokio::test]
async fn s3_4_2_a_query_of_the_root_asks_all_types(#[case] query: &str, #[case] mut search: Value) {
    let provider = Provider::new().await;
    let user = provider
        .user_with("ada", json!({ "displayName": "Same" }))
        .await;
    let group = provider.group("Same", &[]).await;
    search["schemas"] = json!([SEARCH]);
    let searched = provider.post("/.search", search).await.is(200);
    let found = provider.get(query).await.is(200);
    assert_eq!(found.body, searched.body);
    let ids = found.ids();
    assert!(ids.contains(&id_of(&user).to_owned()) || ids.contains(&id_of(&group).to_owned()));
}

#[tokio::test]
async fn s3_4_2_a_query_of_the_root_is_refused_like_any_other() {
    let provider = Provider::new().await;
    provider
        .get("?filter=shoeSize%20pr")
        .await
        .fails(400, "invalidFilter");
    let posted = provider.send("POST", "?count=1", Some(&json!({}))).await;
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    // Without a query it is a base URL that somebody tries: what is there is said.
    let tried = provider.get("/").await.is(404);
    assert!(tried.body["detail"].as_str().unwrap().contains("/scim/v2"));
}
