//! Microsoft Entra ID with `?aadOptscim062020` on the tenant URL: real booleans, and a replace without a path whose keys
//! are dotted or carry a URN. On-demand provisioning ignores the flag, so both dialects reach one tenant.

use serde_json::{Value, json};

use super::entra::entra;
use crate::provider::{ENTERPRISE, PATCH_OP, id_of};

/// The flag may reach the server as a query parameter.
fn flagged(path: &str) -> String {
    format!("{path}?aadOptscim062020")
}

/// scimitar#123, pingidentity/scim2#224, SimpleIdServer#494, SCIM-SDK#267: stored as literal keys.
#[tokio::test]
async fn entra_flagged_replaces_by_dotted_and_qualified_keys() {
    let entra = entra().await;
    let boss = entra.user("boss@example.com").await;
    let user = entra
        .user_with(
            "ada@example.com",
            json!({ "emails": [{ "type": "work", "value": "old@example.com" }] }),
        )
        .await;
    let value = json!({
        "displayName": "Ada L",
        "active": false,
        "name.givenName": "Ada",
        "name.familyName": "Lovelace",
        "emails[type eq \"work\"].value": "new@example.com",
        (format!("{ENTERPRISE}:employeeNumber")): "701984",
        (format!("{ENTERPRISE}:manager")): id_of(&boss)
    });
    let operation = json!([{ "op": "replace", "value": value }]);
    let reply = entra.patch(&flagged(&user), operation).await.done();
    entra
        .tolerated(&reply, &["bare-value", "qualified-key"])
        .await;
    let read = entra.read(&user).await;
    assert_eq!(
        (&read["displayName"], &read["active"]),
        (&json!("Ada L"), &json!(false))
    );
    assert_eq!(
        read["name"],
        json!({ "familyName": "Lovelace", "givenName": "Ada" })
    );
    assert_eq!(
        read["emails"],
        json!([{ "value": "new@example.com", "type": "work" }])
    );
    assert_eq!(read[ENTERPRISE]["employeeNumber"], "701984");
    assert_eq!(read[ENTERPRISE]["manager"]["value"], id_of(&boss));
    let text = read.to_string();
    assert!(!text.contains("name.givenName"), "a literal key: {text}");
}

#[tokio::test]
async fn entra_flagged_extension_as_an_object() {
    let entra = entra().await;
    let user = entra
        .user_with(
            "ada@example.com",
            json!({ ENTERPRISE: { "department": "A", "division": "D" } }),
        )
        .await;
    let value = json!({ ENTERPRISE: { "department": "B", "costCenter": "7" } });
    let operation = json!([{ "op": "add", "value": value }]);
    let reply = entra.patch(&flagged(&user), operation).await.done();
    entra.tolerated(&reply, &[]).await;
    assert_eq!(
        entra.read(&user).await[ENTERPRISE],
        json!({ "costCenter": "7", "division": "D", "department": "B" })
    );
}

#[tokio::test]
async fn entra_flagged_disables_with_a_real_boolean() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let operation = json!([{ "op": "replace", "path": "active", "value": false }]);
    let reply = entra.patch(&flagged(&user), operation).await.done();
    entra.tolerated(&reply, &[]).await;
    assert_eq!(entra.read(&user).await["active"], false);
}

#[tokio::test]
async fn entra_flagged_removes_a_member_by_filter() {
    let entra = entra().await;
    let ada = entra.user("ada@example.com").await;
    let bob = entra.user("bob@example.com").await;
    let group = entra.group("Analysts", &[&ada, &bob]).await;
    let path = format!("members[value eq \"{}\"]", id_of(&ada));
    let operation = json!([{ "op": "remove", "path": path }]);
    let reply = entra.patch(&flagged(&group), operation).await.done();
    entra.tolerated(&reply, &[]).await;
    entra.has_members(&group, &[&bob]).await;
}

#[tokio::test]
async fn entra_flag_in_the_query_is_no_parameter_of_a_list() {
    let entra = entra().await;
    let reply = entra
        .get("/Users?aadOptscim062020&filter=userName%20eq%20%22nobody%22")
        .await
        .is(200);
    assert_eq!(reply.total(), 0);
    entra.tolerated(&reply, &[]).await;
}

/// On-demand provisioning speaks the old dialect to a tenant with the flag.
#[tokio::test]
async fn entra_both_dialects_meet_one_user() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let shapes: [(Value, bool); 3] = [
        (
            json!({ "op": "Replace", "path": "active", "value": "False" }),
            false,
        ),
        (
            json!({ "op": "replace", "value": { "active": true } }),
            true,
        ),
        (
            json!({ "op": "Add", "path": "active", "value": "False" }),
            false,
        ),
    ];
    for (operation, active) in shapes {
        let body = json!({ "schemas": [PATCH_OP], "Operations": [operation] });
        entra
            .send("PATCH", &flagged(&user), Some(&body))
            .await
            .done();
        assert_eq!(entra.read(&user).await["active"], active);
    }
}
