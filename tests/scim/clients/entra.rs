//! Microsoft Entra ID: its test of the connection, matching, users, and PATCH as it is without `aadOptscim062020`. Its
//! shapes are those of "Develop a SCIM endpoint" and "Known issues with SCIM 2.0 protocol compliance".

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, LAUNCHDARKLY, Provider, USER, id_of, with_query};

pub(super) async fn entra() -> Provider {
    Provider::of("", "application/scim+json; charset=utf-8").await
}

const GUID: &str = "2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11";

#[tokio::test]
async fn entra_test_of_the_connection_asks_for_nobody() {
    let entra = entra().await;
    entra.group("Analysts", &[]).await;
    let users = entra
        .filter("/Users", &format!("userName eq \"{GUID}\""))
        .await
        .is(200);
    assert_eq!(users.total(), 0);
    entra.tolerated(&users, &[]).await;
    let path = with_query(
        "/Groups",
        &[
            ("excludedAttributes", "members"),
            ("filter", &format!("displayName eq \"{GUID}\"")),
        ],
    );
    let groups = entra.get(&path).await.is(200);
    assert_eq!(groups.total(), 0);
}

#[rstest]
#[case::by_user_name("userName eq \"ADA@example.com\"", &[])]
#[case::by_external_id("externalId eq \"ada-1\"", &[])]
#[case::by_work_email(
    "emails[type eq \"work\"].value eq \"ADA@work.example\"",
    &["value-path-sub-attribute"]
)]
#[case::by_two("userName eq \"ada@example.com\" and externalId eq \"ada-1\"", &[])]
#[tokio::test]
async fn entra_matches(#[case] filter: &str, #[case] rules: &[&str]) {
    let entra = entra().await;
    entra
        .user_with(
            "bob@example.com",
            // A home address is no work address.
            json!({ "emails": [{ "type": "home", "value": "ada@work.example" }] }),
        )
        .await;
    let ada = entra
        .user_with(
            "ada@example.com",
            json!({
                "externalId": "ada-1",
                "emails": [{ "type": "work", "value": "ada@work.example" }]
            }),
        )
        .await;
    let found = entra.filter("/Users", filter).await.is(200);
    assert_eq!(found.ids(), [id_of(&ada)]);
    entra.tolerated(&found, rules).await;
}

#[tokio::test]
async fn entra_external_id_is_compared_exactly() {
    let entra = entra().await;
    entra
        .user_with("ada@example.com", json!({ "externalId": "ada-1" }))
        .await;
    let found = entra.filter("/Users", "externalId eq \"ADA-1\"").await;
    assert_eq!(found.total(), 0);
}

/// authentik#23211 answered 500. `manager` lives in the extension and is named without its URN.
#[tokio::test]
async fn entra_asks_whether_somebody_is_the_manager() {
    let entra = entra().await;
    let boss = entra.user("boss@example.com").await;
    let ada = entra
        .user_with(
            "ada@example.com",
            json!({ ENTERPRISE: { "manager": { "value": id_of(&boss) } } }),
        )
        .await;
    let ask = |manager: &str| {
        let filter = format!("id eq \"{}\" and manager eq \"{manager}\"", id_of(&ada));
        with_query("/Users", &[("filter", &filter), ("attributes", "id")])
    };
    let yes = entra.get(&ask(id_of(&boss))).await.is(200);
    assert_eq!(yes.ids(), [id_of(&ada)]);
    let resource = yes.body["Resources"][0].as_object().unwrap();
    let names: Vec<&String> = resource.keys().collect();
    assert_eq!(names, ["schemas", "id"]);
    entra
        .tolerated(&yes, &["complex-compared", "unqualified-extension"])
        .await;
    let no = entra.get(&ask(id_of(&ada))).await.is(200);
    assert_eq!(no.total(), 0);
}

#[tokio::test]
async fn entra_creates_with_meta_and_empty_roles() {
    let entra = entra().await;
    let body = json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1",
        "active": true,
        "emails": [{ "primary": true, "type": "work", "value": "Test_User_fd0ea19b@testuser.com" }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName" },
        "roles": []
    });
    let created = entra.post("/Users", body.clone()).await.is(201);
    entra.tolerated(&created, &[]).await;
    assert_eq!(created.body["schemas"], json!([USER]));
    assert_eq!(created.body.get("roles"), None);
    assert_eq!(created.body["externalId"], body["externalId"]);
    let path = format!("/Users/{}", created.id());
    assert_eq!(entra.read(&path).await, created.body);
    entra.post("/Users", body).await.fails(409, "uniqueness");
}

/// scimmy#86 answers 400; ssoready#155, OneUptime#3852 and Cogtrix#122 answer 200 and do nothing, which is worse.
#[rstest]
#[case::capital("False", false)]
#[case::lower("false", false)]
#[case::capital_true("True", true)]
#[tokio::test]
async fn entra_legacy_active_is_a_string(#[case] word: &str, #[case] active: bool) {
    let entra = entra().await;
    let user = entra
        .user_with("ada@example.com", json!({ "active": !active }))
        .await;
    let operation = json!([{ "op": "Replace", "path": "active", "value": word }]);
    let reply = entra.patch(&user, operation).await.done();
    entra
        .tolerated(&reply, &["operation-case", "string-boolean"])
        .await;
    assert_eq!(entra.read(&user).await["active"], active);
}

#[tokio::test]
async fn entra_legacy_active_that_is_no_boolean_changes_nothing() {
    let entra = entra().await;
    let user = entra
        .user_with("ada@example.com", json!({ "active": true }))
        .await;
    let operation = json!([{ "op": "Replace", "path": "active", "value": "disabled" }]);
    let reply = entra.patch(&user, operation).await;
    reply.fails(400, "invalidValue");
    assert_eq!(entra.read(&user).await["active"], true);
}

#[tokio::test]
async fn entra_legacy_updates_one_attribute_with_each_operation() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let operations = json!([
        { "op": "Replace", "path": "displayName", "value": "Ada L" },
        { "op": "Add", "path": "name.givenName", "value": "Ada" },
        { "op": "Replace", "path": "name.familyName", "value": "Lovelace" },
        { "op": "Add", "path": "nickName", "value": "A" },
        { "op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Analysis" }
    ]);
    let reply = entra.patch(&user, operations).await.done();
    entra.tolerated(&reply, &["operation-case"]).await;
    let read = entra.read(&user).await;
    assert_eq!(
        read["name"],
        json!({ "familyName": "Lovelace", "givenName": "Ada" })
    );
    assert_eq!(
        (&read["displayName"], &read["nickName"]),
        (&json!("Ada L"), &json!("A"))
    );
    assert_eq!(read[ENTERPRISE], json!({ "department": "Analysis" }));
}

/// AzureAD/SCIMReferenceCode#87: a remove with a value set that value.
#[tokio::test]
async fn entra_legacy_remove_with_a_value_removes() {
    let entra = entra().await;
    let user = entra
        .user_with(
            "ada@example.com",
            json!({ "title": "Countess", "nickName": "A" }),
        )
        .await;
    let operations = json!([
        { "op": "Remove", "path": "title", "value": "Countess" },
        { "op": "Remove", "path": "nickName", "value": null }
    ]);
    entra.patch(&user, operations).await.done();
    let read = entra.read(&user).await;
    assert_eq!((read.get("title"), read.get("nickName")), (None, None));
}

/// SCIM-SDK#416, scim-for-keycloak#73, sourcegraph#49119 and more: there is no work address to replace yet.
#[rstest]
#[case::add("Add")]
#[case::replace("Replace")]
#[tokio::test]
async fn entra_legacy_creates_the_work_email_that_is_not_there(#[case] op: &str) {
    let entra = entra().await;
    let home = json!({ "type": "home", "value": "ada@home.example" });
    let user = entra
        .user_with("ada@example.com", json!({ "emails": [home] }))
        .await;
    let path = "emails[type eq \"work\"].value";
    let operation = json!([{ "op": op, "path": path, "value": "ada@work.example" }]);
    let reply = entra.patch(&user, operation.clone()).await.done();
    entra
        .tolerated(&reply, &["create-from-filter", "operation-case"])
        .await;
    let work = json!({ "type": "work", "value": "ada@work.example" });
    assert_eq!(entra.read(&user).await["emails"], json!([home, work]));
    // The second time it is there, and nothing has to be tolerated but the case.
    let reply = entra.patch(&user, operation).await.done();
    entra.tolerated(&reply, &["operation-case"]).await;
    assert_eq!(entra.read(&user).await["emails"], json!([home, work]));
}

#[tokio::test]
async fn entra_legacy_builds_one_address_from_several_operations() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let operations = json!([
        { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "DE" },
        { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Ulm" },
        { "op": "Replace", "path": "addresses[type eq \"work\"].postalCode", "value": "89073" }
    ]);
    entra.patch(&user, operations).await.done();
    assert_eq!(
        entra.read(&user).await["addresses"],
        json!([{ "locality": "Ulm", "postalCode": "89073", "country": "DE", "type": "work" }])
    );
}

#[rstest]
#[case::either("emails[type eq \"work\" or type eq \"home\"].value")]
#[case::not_equal("emails[type sw \"wo\"].value")]
#[case::contradiction("emails[type eq \"work\" and type eq \"home\"].value")]
#[tokio::test]
async fn entra_replace_of_nothing_is_refused_unless_the_filter_describes_it(#[case] path: &str) {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let operation = json!([{ "op": "Replace", "path": path, "value": "x@example.com" }]);
    let reply = entra.patch(&user, operation).await;
    reply.fails(400, "noTarget");
    assert_eq!(entra.read(&user).await.get("emails"), None);
}

/// SCIM-SDK's MsAzurePatchComplexValueRebuilder, SCIMServer's MANAGER_PATCH_STRING_COERCION.md.
#[rstest]
#[case::plain_string(|boss: &str| json!(boss), &["bare-value", "operation-case"])]
#[case::array(
    |boss: &str| json!([{ "$ref": format!("http://x/scim/v2/Users/{boss}"), "value": boss }]),
    &["array-for-single", "operation-case"]
)]
#[case::object(|boss: &str| json!({ "value": boss }), &["operation-case"])]
#[tokio::test]
async fn entra_legacy_manager(#[case] value: fn(&str) -> Value, #[case] rules: &[&str]) {
    let entra = entra().await;
    let boss = entra.user("boss@example.com").await;
    let user = entra.user("ada@example.com").await;
    let path = format!("{ENTERPRISE}:manager");
    let operation = json!([{ "op": "Add", "path": path, "value": value(id_of(&boss)) }]);
    let reply = entra.patch(&user, operation).await.done();
    entra.tolerated(&reply, rules).await;
    let read = entra.read(&user).await;
    assert_eq!(read[ENTERPRISE]["manager"]["value"], id_of(&boss));
    let operation = json!([{ "op": "Remove", "path": path }]);
    entra.patch(&user, operation).await.done();
    assert_eq!(entra.read(&user).await.get(ENTERPRISE), None);
}

#[tokio::test]
async fn entra_legacy_app_role_by_a_boolean_in_quotes() {
    let entra = entra().await;
    let user = entra
        .user_with(
            "ada@example.com",
            json!({ "roles": [{ "value": "reader", "primary": true }, { "value": "other" }] }),
        )
        .await;
    let path = "roles[primary eq \"True\"].value";
    let operation = json!([{ "op": "Replace", "path": path, "value": "admin" }]);
    let reply = entra.patch(&user, operation).await.done();
    entra
        .tolerated(&reply, &["operation-case", "string-boolean"])
        .await;
    assert_eq!(
        entra.read(&user).await["roles"],
        json!([{ "value": "admin", "primary": true }, { "value": "other" }])
    );
}

#[tokio::test]
async fn entra_app_role_as_json_text() {
    let entra = entra().await;
    let role =
        r#"{"id":"18d14569-c3bd-439b-9a66-3a2aee01d14f","value":"admin","displayName":"Admin"}"#;
    let user = entra.user("ada@example.com").await;
    let value =
        json!([{ "primary": false, "type": "WindowsAzureActiveDirectoryRole", "value": role }]);
    let operation = json!([{ "op": "Add", "path": "roles", "value": value }]);
    let reply = entra.patch(&user, operation).await.done();
    entra
        .tolerated(&reply, &["json-in-value", "operation-case"])
        .await;
    let read = entra.read(&user).await;
    assert_eq!(read["roles"][0]["value"], "admin");
    assert_eq!(read["roles"][0]["display"], "Admin");
}

#[tokio::test]
async fn entra_role_of_the_extension() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let path = format!("{LAUNCHDARKLY}:role");
    let operation = json!([{ "op": "Add", "path": path, "value": "reader" }]);
    entra.patch(&user, operation).await.done();
    assert_eq!(entra.read(&user).await[LAUNCHDARKLY]["role"], "reader");
}

#[tokio::test]
async fn entra_disables_then_deletes_for_good() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let operation = json!([{ "op": "Replace", "path": "active", "value": "False" }]);
    entra.patch(&user, operation).await.done();
    assert_eq!(entra.read(&user).await["active"], false);
    let found = entra
        .filter("/Users", "userName eq \"ada@example.com\"")
        .await;
    assert_eq!(found.total(), 1);
    entra.delete(&user).await.is(204);
    entra.get(&user).await.is(404);
    entra.delete(&user).await.is(404);
}

/// The validator replaces what is there, adds other types, and sets the other parts of each, all in one PATCH.
#[tokio::test]
async fn entra_validator_patches_work_home_and_other_at_once() {
    let entra = entra().await;
    let user = entra
        .user_with(
            "ada@example.com",
            json!({
                "emails": [{ "type": "work", "value": "a@x.io", "primary": true }],
                "phoneNumbers": [{ "type": "work", "value": "1" }]
            }),
        )
        .await;
    let operations = json!([
        { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "w@x.io" },
        { "op": "replace", "path": "emails[type eq \"work\"].primary", "value": true },
        { "op": "add", "path": "emails[type eq \"home\"].value", "value": "h@x.io" },
        { "op": "add", "path": "emails[type eq \"home\"].display", "value": "Home" },
        { "op": "replace", "path": "phoneNumbers[type eq \"work\"].value", "value": "2" },
        { "op": "add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "3" },
        { "op": "add", "path": "phoneNumbers[type eq \"mobile\"].primary", "value": true },
        { "op": "add", "path": "addresses[type eq \"work\"].formatted", "value": "Ulm" }
    ]);
    let reply = entra.patch(&user, operations).await.done();
    entra.tolerated(&reply, &["create-from-filter"]).await;
    let read = entra.read(&user).await;
    assert_eq!(
        read["emails"],
        json!([
            { "value": "w@x.io", "type": "work", "primary": true },
            { "value": "h@x.io", "display": "Home", "type": "home" }
        ])
    );
    assert_eq!(
        read["phoneNumbers"],
        json!([
            { "value": "2", "type": "work" },
            { "value": "3", "type": "mobile", "primary": true }
        ])
    );
    assert_eq!(
        read["addresses"],
        json!([{ "formatted": "Ulm", "type": "work" }])
    );
}

#[tokio::test]
async fn entra_validator_meets_a_duplicate_and_deletes_twice() {
    let entra = entra().await;
    let user = entra.user("ada@example.com").await;
    let body = json!({ "schemas": [USER], "userName": "ADA@EXAMPLE.COM" });
    entra.post("/Users", body).await.fails(409, "uniqueness");
    entra.delete(&user).await.is(204);
    entra.delete(&user).await.is(404);
}

/// A name that is taken, reached by a PATCH.
#[tokio::test]
async fn entra_renames_somebody_to_a_name_that_is_taken() {
    let entra = entra().await;
    entra.user("bob@example.com").await;
    let ada = entra.user("ada@example.com").await;
    let operation = json!([{ "op": "Replace", "path": "userName", "value": "BOB@example.com" }]);
    let reply = entra.patch(&ada, operation).await;
    reply.fails(409, "uniqueness");
    assert_eq!(entra.read(&ada).await["userName"], "ada@example.com");
}
