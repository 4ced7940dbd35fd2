//! Microsoft Entra ID: groups and their members.

use rstest::rstest;
use serde_json::{Value, json};

use super::entra::entra;
use crate::provider::{GROUP, Provider, id_of, with_query};

const ADSCIM: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

struct Three {
    entra: Provider,
    ada: String,
    bob: String,
    group: String,
}

/// A group of Ada and Bob.
async fn three() -> Three {
    let entra = entra().await;
    let ada = entra.user("ada@example.com").await;
    let bob = entra.user("bob@example.com").await;
    let group = entra.group("Analysts", &[&ada, &bob]).await;
    Three {
        entra,
        ada,
        bob,
        group,
    }
}

#[tokio::test]
async fn entra_creates_a_group_with_an_undeclared_schema() {
    let entra = entra().await;
    let body = json!({
        "schemas": [GROUP, ADSCIM],
        "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
        "displayName": "displayName",
        "meta": { "resourceType": "Group" }
    });
    let created = entra.post("/Groups", body.clone()).await.is(201);
    entra.tolerated(&created, &["undeclared-schema"]).await;
    assert_eq!(created.body["schemas"], json!([GROUP]));
    let read = entra.read(&format!("/Groups/{}", created.id())).await;
    assert_eq!(read, created.body);
    let mut again = body;
    again["displayName"] = "DISPLAYNAME".into();
    again.as_object_mut().unwrap().remove("externalId");
    entra.post("/Groups", again).await.fails(409, "uniqueness");
}

/// Answering with members, or with several hits, is what Entra calls
/// `SystemForCrossDomainIdentityManagementMultipleEntriesInResponse`.
#[tokio::test]
async fn entra_matches_a_group_by_name_without_its_members() {
    let three = three().await;
    three.entra.group("Analysts of Ulm", &[]).await;
    let path = with_query(
        "/Groups",
        &[
            ("excludedAttributes", "members"),
            ("filter", "displayName eq \"ANALYSTS\""),
        ],
    );
    let found = three.entra.get(&path).await.is(200);
    assert_eq!(found.ids(), [id_of(&three.group)]);
    assert_eq!(found.body["Resources"][0].get("members"), None);
    three.entra.tolerated(&found, &[]).await;
    let path = format!("{}?excludedAttributes=members", three.group);
    let read = three.entra.get(&path).await.is(200);
    assert_eq!(read.body.get("members"), None);
}

#[tokio::test]
async fn entra_asks_whether_somebody_is_a_member() {
    let three = three().await;
    let eve = three.entra.user("eve@example.com").await;
    let ask = |user: &str| {
        let filter = format!(
            "id eq \"{}\" and members eq \"{}\"",
            id_of(&three.group),
            id_of(user)
        );
        with_query("/Groups", &[("filter", &filter), ("attributes", "id")])
    };
    let yes = three.entra.get(&ask(&three.ada)).await.is(200);
    assert_eq!(yes.ids(), [id_of(&three.group)]);
    let resource = yes.body["Resources"][0].as_object().unwrap();
    assert_eq!(resource.keys().collect::<Vec<_>>(), ["schemas", "id"]);
    assert_eq!(three.entra.get(&ask(&eve)).await.is(200).total(), 0);
}

/// AzureAD/SCIMReferenceCode#10 and SimpleIdServer#164 removed everybody; servers strict by the RFC answer 400.
#[tokio::test]
async fn entra_legacy_remove_members_by_value() {
    let three = three().await;
    let operation = json!([{
        "op": "Remove",
        "path": "members",
        "value": [{ "$ref": null, "value": id_of(&three.ada) }]
    }]);
    let reply = three.entra.patch(&three.group, operation).await.done();
    three
        .entra
        .tolerated(&reply, &["operation-case", "remove-by-value"])
        .await;
    three.entra.has_members(&three.group, &[&three.bob]).await;
    let ada = three.entra.read(&three.ada).await;
    assert_eq!(ada.get("groups"), None);
}

#[tokio::test]
async fn entra_legacy_remove_of_an_empty_list_removes_nobody() {
    let three = three().await;
    let operation = json!([{ "op": "Remove", "path": "members", "value": [] }]);
    let reply = three.entra.patch(&three.group, operation).await.done();
    three
        .entra
        .tolerated(&reply, &["operation-case", "remove-by-value"])
        .await;
    three
        .entra
        .has_members(&three.group, &[&three.ada, &three.bob])
        .await;
}

#[tokio::test]
async fn entra_legacy_remove_of_a_stranger_changes_nothing() {
    let three = three().await;
    let before = three.entra.read(&three.group).await;
    let stranger = "2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11";
    let operation =
        json!([{ "op": "Remove", "path": "members", "value": [{ "value": stranger }] }]);
    three.entra.patch(&three.group, operation).await.done();
    assert_eq!(three.entra.read(&three.group).await, before);
}

/// SCIMReferenceCode#20: the operation and the member carry more than the standard knows.
#[tokio::test]
async fn entra_validator_adds_a_member_with_a_named_operation() {
    let three = three().await;
    let eve = three.entra.user("eve@example.com").await;
    let operation = json!([{
        "name": "addMember",
        "op": "Add",
        "path": "members",
        "value": [{ "displayName": "Eve", "value": id_of(&eve) }]
    }]);
    let reply = three.entra.patch(&three.group, operation).await.done();
    three.entra.tolerated(&reply, &["operation-case"]).await;
    three
        .entra
        .has_members(&three.group, &[&three.ada, &three.bob, &eve])
        .await;
}

#[rstest]
#[case::in_upper_case("Replace", &["operation-case"])]
#[case::flagged("replace", &[])]
#[tokio::test]
async fn entra_renames_a_group(#[case] op: &str, #[case] rules: &[&str]) {
    let three = three().await;
    let operation = json!([{ "op": op, "path": "displayName", "value": "Mathematicians" }]);
    let reply = three.entra.patch(&three.group, operation).await.done();
    three.entra.tolerated(&reply, rules).await;
    assert_eq!(
        three.entra.read(&three.group).await["displayName"],
        "Mathematicians"
    );
    three
        .entra
        .has_members(&three.group, &[&three.ada, &three.bob])
        .await;
}

#[tokio::test]
async fn entra_renames_a_group_to_a_name_that_is_taken() {
    let three = three().await;
    three.entra.group("Mathematicians", &[]).await;
    let operation = json!([{ "op": "Replace", "path": "displayName", "value": "mathematicians" }]);
    let reply = three.entra.patch(&three.group, operation).await;
    reply.fails(409, "uniqueness");
    assert_eq!(
        three.entra.read(&three.group).await["displayName"],
        "Analysts"
    );
}

#[tokio::test]
async fn entra_deletes_a_group_and_keeps_its_members() {
    let three = three().await;
    three.entra.delete(&three.group).await.is(204);
    three.entra.get(&three.group).await.is(404);
    three.entra.delete(&three.group).await.is(404);
    for user in [&three.ada, &three.bob] {
        assert_eq!(three.entra.read(user).await.get("groups"), None);
    }
}

/// Characters that other servers lose on the way.
#[rstest]
#[case("O'Brien & Söhne")]
#[case("a+b=c; 100%")]
#[case("\"quoted\" \\ back")]
#[tokio::test]
async fn entra_finds_a_group_by_a_name_with_special_characters(#[case] name: &str) {
    let entra = entra().await;
    let group = entra.group(name, &[]).await;
    let literal = Value::from(name).to_string();
    let found = entra
        .filter("/Groups", &format!("displayName eq {literal}"))
        .await
        .is(200);
    assert_eq!(found.ids(), [id_of(&group)]);
}
