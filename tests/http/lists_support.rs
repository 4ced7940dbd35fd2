//! What the tests of lists have in common: people to list, and lists as a client reads them.

use serde_json::{Value, json};

use crate::real::{Answer, Real};

pub const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A user of these attributes besides a name.
pub async fn user(real: &Real, name: &str, attributes: Value) -> String {
    let mut body = attributes;
    body["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
    if body.get(ENTERPRISE).is_some() {
        body["schemas"]
            .as_array_mut()
            .unwrap()
            .push(json!(ENTERPRISE));
    }
    body["userName"] = json!(name);
    let created = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.id()
}

pub async fn group(real: &Real, name: &str, members: &[&str]) -> String {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": members,
    });
    let created = real.ask("POST", "/Groups", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.id()
}

/// GET with query parameters.
pub async fn get(real: &Real, path: &str, query: &[(&str, &str)]) -> Answer {
    Answer::of(real.request("GET", path).query(query)).await
}

/// GET that must be answered with a list.
pub async fn list(real: &Real, path: &str, query: &[(&str, &str)]) -> Value {
    let answer = get(real, path, query).await;
    assert_eq!(answer.status, 200, "{query:?}: {}", answer.body);
    answer.body
}

/// POST of a search request.
pub async fn search(real: &Real, path: &str, fields: Value) -> Answer {
    let mut body = fields;
    if body.get("schemas").is_none() {
        body["schemas"] = json!([SEARCH]);
    }
    real.ask("POST", path, Some(body)).await
}

/// The names in a page, without the domain. The owner is left out.
pub fn names(page: &Value) -> Vec<String> {
    let resources = page["Resources"].as_array().unwrap();
    assert_eq!(page["itemsPerPage"], resources.len());
    resources
        .iter()
        .map(|it| {
            it["userName"]
                .as_str()
                .or(it["displayName"].as_str())
                .unwrap()
        })
        .filter(|name| !name.starts_with("owner@"))
        .map(|name| name.split('@').next().unwrap().to_owned())
        .collect()
}

/// Checks that an answer is an error of this kind, and returns its detail.
pub fn refused(answer: &Answer, status: u16, scim_type: &str) -> String {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.body["scimType"], scim_type, "{}", answer.body);
    assert_eq!(answer.body["status"], status.to_string());
    answer.body["detail"].as_str().unwrap().to_owned()
}

/// Ada, Bob and Cy, made in the order Cy, Ada, Bob, and two groups.
pub struct People {
    pub real: Real,
    pub ada: String,
    pub cy: String,
    pub guides: String,
    pub drivers: String,
}

pub async fn people() -> People {
    let real = Real::new().await;
    let cy = user(
        &real,
        "cy@x.io",
        json!({
            "externalId": "c1",
            "displayName": "Cy Young",
            "name": { "familyName": "Young" },
            "emails": [{ "value": "cy@x.io", "type": "work" }],
            "active": true,
        }),
    )
    .await;
    let ada = user(
        &real,
        "Ada@x.io",
        json!({
            "externalId": "A1",
            "displayName": "ada",
            "name": { "familyName": "Lovelace", "givenName": "Ada" },
            "title": "Countess",
            "emails": [
                { "value": "zoe@x.io", "type": "home" },
                { "value": "ada@x.io", "type": "work", "primary": true },
            ],
            "active": true,
            ENTERPRISE: { "department": "Engines", "employeeNumber": "7", "manager": { "value": cy } },
        }),
    )
    .await;
    let bob = user(
        &real,
        "bob@x.io",
        json!({
            "displayName": "Bob",
            "emails": [{ "value": "b@x.io" }],
            "active": false,
            ENTERPRISE: { "department": "accounts" },
        }),
    )
    .await;
    let guides = group(&real, "Guides", &[&ada, &bob]).await;
    let drivers = group(&real, "drivers", &[]).await;
    People {
        real,
        ada,
        cy,
        guides,
        drivers,
    }
}
