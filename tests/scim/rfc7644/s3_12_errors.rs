//! §3.12: errors.

use serde_json::{Value, json};

use crate::provider::{ERROR, Provider, Reply};

/// "[...] MUST return the errors in the body of the response in a JSON format". "schemas [...] REQUIRED", "status: the HTTP
/// status code [...] expressed as a JSON string. REQUIRED." Nothing else is in it.
#[tokio::test]
async fn s3_12_every_error_has_schemas_status_and_detail() {
    let provider = Provider::new().await;
    let check = |reply: Reply, status: u16, scim_type: Option<&str>| {
        let reply = reply.is(status);
        let object = reply.body.as_object().unwrap();
        assert_eq!(object["schemas"], json!([ERROR]));
        assert_eq!(object["status"], status.to_string());
        assert_eq!(object.get("scimType").and_then(Value::as_str), scim_type);
        let known = ["schemas", "status", "scimType", "detail"];
        assert!(
            object.keys().all(|key| known.contains(&key.as_str())),
            "{object:?}"
        );
    };
    let user = provider.user("ada").await;
    let group = provider.group("Analysts", &[]).await;
    check(
        provider.filter("/Users", "x").await,
        400,
        Some("invalidFilter"),
    );
    let taken = json!({ "userName": "ada" });
    check(
        provider.post("/Users", taken).await,
        409,
        Some("uniqueness"),
    );
    let rename = json!([{ "op": "remove", "path": "displayName" }]);
    check(
        provider.patch(&group, rename).await,
        400,
        Some("mutability"),
    );
    let broken = provider
        .send_with("PUT", &user, &[], Some("{".into()))
        .await;
    check(broken, 400, Some("invalidSyntax"));
    let path = json!([{ "op": "add", "path": "x", "value": 1 }]);
    check(provider.patch(&user, path).await, 400, Some("invalidPath"));
    let remove = json!([{ "op": "remove" }]);
    check(provider.patch(&user, remove).await, 400, Some("noTarget"));
    let value = json!({ "userName": 5 });
    check(
        provider.post("/Users", value).await,
        400,
        Some("invalidValue"),
    );
    check(provider.get("/Users/none").await, 404, None);
    check(provider.send("PUT", "/Users", None).await, 405, None);
    let stale = [("if-match", "W/\"0\"")];
    let stale = provider.send_with("DELETE", &user, &stale, None).await;
    check(stale, 412, None);
    // §4 of the same document: discovery takes no filter.
    check(provider.filter("/Schemas", "id pr").await, 403, None);
    let large = format!("{{\"userName\":\"{}\"}}", "x".repeat(5_000_000));
    let large = provider.send_with("POST", "/Users", &[], Some(large)).await;
    check(large, 413, None);
}

/// A detail names what to do and repeats no secret.
#[tokio::test]
async fn s3_12_a_detail_repeats_no_value() {
    let provider = Provider::new().await;
    let body =
        json!({ "userName": "ada", "active": "hunter2hunter2", "password": "hunter2hunter2" });
    let reply = provider
        .post("/Users", body)
        .await
        .fails(400, "invalidValue");
    assert!(!reply.text.contains("hunter2"), "{}", reply.text);
}
