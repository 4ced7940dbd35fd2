//! What of each resource a list shows (RFC 7644 §3.4.2.5, §3.9).

use serde_json::{Value, json};

use crate::lists_support::{ENTERPRISE, get, list, people, refused};

/// The attributes of Ada in a list, in the order of their names.
async fn shown(attributes: (&str, &str)) -> Value {
    let people = people().await;
    let query = [("filter", "userName eq \"ada@x.io\""), attributes];
    let page = list(&people.real, "/Users", &query).await;
    page["Resources"][0].clone()
}

fn keys(resource: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = resource
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn attributes_name_what_is_shown() {
    // `id` and `schemas` are always returned.
    assert_eq!(
        keys(&shown(("attributes", "USERNAME")).await),
        ["id", "schemas", "userName"]
    );
    let part = shown(("attributes", "name.givenName,emails.value")).await;
    assert_eq!(part["name"], json!({ "givenName": "Ada" }));
    assert_eq!(
        part["emails"],
        json!([{ "value": "zoe@x.io" }, { "value": "ada@x.io" }])
    );
    let qualified = shown((
        "attributes",
        "urn:ietf:params:scim:schemas:core:2.0:User:title,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ))
    .await;
    assert_eq!(qualified["title"], "Countess");
    assert_eq!(qualified[ENTERPRISE], json!({ "department": "Engines" }));
    let whole = shown(("attributes", ENTERPRISE)).await;
    assert_eq!(whole[ENTERPRISE]["employeeNumber"], "7");
    assert_eq!(whole.get("userName"), None);
    // Never returned, and unknown.
    assert_eq!(
        keys(&shown(("attributes", "password,shoeSize")).await),
        ["id", "schemas"]
    );
    let computed = shown(("attributes", "groups.display")).await;
    assert_eq!(computed["groups"], json!([{ "display": "Guides" }]));
}

#[tokio::test]
async fn excluded_attributes_are_left_out_unless_they_are_always_returned() {
    let left = shown((
        "excludedAttributes",
        &format!("id,emails,name.familyName,groups,meta,{ENTERPRISE}"),
    ))
    .await;
    assert_eq!(left["name"], json!({ "givenName": "Ada" }));
    for gone in ["emails", "groups", "meta", ENTERPRISE] {
        assert_eq!(left.get(gone), None, "{gone}");
    }
    assert!(left["id"].is_string());
    assert_eq!(
        left["schemas"],
        json!(["urn:ietf:params:scim:schemas:core:2.0:User"])
    );
}

#[tokio::test]
async fn what_is_returned_on_request_must_be_named() {
    let people = people().await;
    let members = async |attributes: &str| {
        let query = [
            ("filter", "displayName eq \"guides\""),
            ("attributes", attributes),
        ];
        list(&people.real, "/Groups", &query).await["Resources"][0]["members"][0].clone()
    };
    assert_eq!(members("members").await.get("display"), None);
    assert_eq!(members("members.display").await["display"], "ada");
}

/// RFC 7644 §3.9: the two are mutually exclusive.
#[tokio::test]
async fn both_parameters_at_once_are_refused() {
    let people = people().await;
    let query = [("attributes", "userName"), ("excludedAttributes", "emails")];
    for path in ["/Users", "/Groups", &format!("/Users/{}", people.ada)] {
        let detail = refused(&get(&people.real, path, &query).await, 400, "invalidValue");
        assert!(detail.contains("excludedAttributes"), "{detail}");
    }
    // An empty one is none.
    let query = [("attributes", "userName"), ("excludedAttributes", "")];
    assert_eq!(get(&people.real, "/Users", &query).await.status, 200);
}
