//! §3.4.2, §3.4.2.1 and §3.4.2.5: queries and their answers.

use serde_json::json;

use crate::provider::{LIST, Provider, SEARCH, id_of, with_query};

/// "The following attributes are defined for responses: totalResults [...] REQUIRED. Resources [...] REQUIRED if
/// \"totalResults\" is non-zero. startIndex, itemsPerPage [...] REQUIRED when partial results are returned".
#[tokio::test]
async fn s3_4_2_an_answer_is_a_list_response_with_its_counts() {
    let provider = Provider::new().await;
    for name in ["ada", "bob", "eve"] {
        provider.user(name).await;
    }
    let path = with_query("/Users", &[("startIndex", "2"), ("count", "2")]);
    let reply = provider.get(&path).await.is(200);
    assert_eq!(reply.body["schemas"], json!([LIST]));
    // The owner of the account is a user, too.
    assert_eq!(reply.total(), 4);
    assert_eq!(reply.body["startIndex"], 2);
    assert_eq!(reply.body["itemsPerPage"], 2);
    assert_eq!(reply.ids().len(), 2);
}

/// "A query that does not return any matches SHALL return success (HTTP status code 200) with \"totalResults\" set to a
/// value of 0."
#[tokio::test]
async fn s3_4_2_no_match_is_200_with_a_total_of_0() {
    let provider = Provider::new().await;
    let none = provider
        .filter("/Users", "userName eq \"none\"")
        .await
        .is(200);
    assert_eq!(none.total(), 0);
    let none = provider.filter("/Groups", "displayName pr").await.is(200);
    assert_eq!(none.total(), 0);
}

/// §3.4.2.1: an attribute that one of several resource types does not have has no value there.
#[tokio::test]
async fn s3_4_2_1_a_search_over_all_types_takes_an_unknown_attribute_for_unassigned() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let group = provider.group("Analysts", &[]).await;
    let search = async |filter: &str| {
        let body = json!({ "schemas": [SEARCH], "filter": filter });
        provider.post("/.search", body).await.is(200).ids()
    };
    assert_eq!(search("userName eq \"ada\"").await, [id_of(&user)]);
    assert_eq!(
        search("members pr or displayName eq \"Analysts\"").await,
        [id_of(&group)]
    );
    let both = "userName eq \"ada\" or displayName eq \"Analysts\"";
    assert_eq!(search(both).await, [id_of(&user), id_of(&group)]);
}

/// §3.4.2.5: "attributes [...] excludedAttributes" hold for every resource of a list.
#[tokio::test]
async fn s3_4_2_5_a_list_holds_what_is_asked_for() {
    let provider = Provider::new().await;
    provider
        .user_with("ada", json!({ "title": "Countess", "nickName": "A" }))
        .await;
    let filter = ("filter", "userName eq \"ada\"");
    let path = with_query("/Users", &[filter, ("attributes", "TITLE,meta.version")]);
    let found = &provider.get(&path).await.is(200).body["Resources"][0];
    let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["schemas", "id", "title", "meta"]);
    assert_eq!(found["meta"].as_object().unwrap().len(), 1);
    let path = with_query(
        "/Users",
        &[filter, ("excludedAttributes", "title,id,schemas")],
    );
    let found = &provider.get(&path).await.is(200).body["Resources"][0];
    // "[...] SHALL have no effect on attributes whose schema \"returned\" characteristic is set to \"always\"" (§3.9).
    assert!(found["id"].is_string() && found["schemas"].is_array());
    assert_eq!(
        (found.get("title"), &found["nickName"]),
        (None, &json!("A"))
    );
}
