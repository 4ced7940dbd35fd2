//! §3.4.3: querying with POST.

use serde_json::{Value, json};

use crate::provider::{LIST, Provider, SEARCH, id_of};

/// "[...] the same parameters as GET"; the answer is a ListResponse with 200.
#[tokio::test]
async fn s3_4_3_a_search_request_asks_what_a_query_asks() {
    let provider = Provider::new().await;
    for name in ["ada", "adam", "bob"] {
        provider.user_with(name, json!({ "title": "T" })).await;
    }
    let body = json!({
        "schemas": [SEARCH],
        "attributes": ["userName"],
        "filter": "userName sw \"ada\"",
        "startIndex": 2,
        "count": 10
    });
    let found = provider.post("/Users/.search", body).await.is(200);
    assert_eq!(found.body["schemas"], json!([LIST]));
    assert_eq!((found.total(), found.ids().len()), (2, 1));
    let keys: Vec<&String> = found.body["Resources"][0]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(keys, ["schemas", "id", "userName"]);
    let query = "/Users?attributes=userName&filter=userName%20sw%20%22ada%22&startIndex=2&count=10";
    assert_eq!(provider.get(query).await.body, found.body);
}

#[tokio::test]
async fn s3_4_3_each_endpoint_searches_its_own_and_the_root_all() {
    let provider = Provider::new().await;
    let user = provider
        .user_with("ada", json!({ "displayName": "Same" }))
        .await;
    let group = provider.group("Same", &[]).await;
    let body = json!({ "schemas": [SEARCH], "filter": "displayName eq \"Same\"" });
    let found = async |path: &str| provider.post(path, body.clone()).await.is(200).ids();
    assert_eq!(found("/Users/.search").await, [id_of(&user)]);
    assert_eq!(found("/Groups/.search").await, [id_of(&group)]);
    assert_eq!(found("/.search").await, [id_of(&user), id_of(&group)]);
}

/// "[...] MUST be identified using the [...] SearchRequest" URN.
#[tokio::test]
async fn s3_4_3_what_is_no_search_request_is_refused() {
    let provider = Provider::new().await;
    let search = async |body: Value| provider.post("/Users/.search", body).await;
    search(json!({ "schemas": [LIST] }))
        .await
        .fails(400, "invalidValue");
    let broken = json!({ "schemas": [SEARCH], "filter": "userName" });
    search(broken).await.fails(400, "invalidFilter");
    search(json!([])).await.fails(400, "invalidSyntax");
    // A search changes nothing, so that nothing is there afterwards.
    assert_eq!(provider.get("/Groups").await.total(), 0);
}
