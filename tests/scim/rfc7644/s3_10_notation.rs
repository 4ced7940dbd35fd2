//! §3.10: how attributes are named.

use rstest::rstest;
use serde_json::json;

use crate::provider::{ENTERPRISE, Provider, USER, id_of};

/// "Clients MAY omit core schema attribute URN prefixes". "[...] SHOULD fully qualify extended attributes with the
/// associated schema extension URN". Names and URNs have no case (RFC 7643 §2.1).
#[rstest]
#[case::bare("title".to_owned())]
#[case::qualified(format!("{USER}:title"))]
#[case::case_of_urn(format!("{}:TITLE", USER.to_uppercase()))]
#[case::extension(format!("{ENTERPRISE}:department"))]
#[case::extension_part(format!("{ENTERPRISE}:manager.displayName"))]
#[tokio::test]
async fn s3_10_a_name_means_the_same_in_filter_path_and_projection(#[case] name: String) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let is_read_only = name.contains("displayName");
    let operation = json!([{ "op": "add", "path": name, "value": "Ulm" }]);
    let reply = provider.patch(&user, operation).await;
    if is_read_only {
        // The name was understood: what it names is readOnly.
        reply.fails(400, "mutability");
        return;
    }
    provider.tolerated(&reply.done(), &[]).await;
    let found = provider
        .filter("/Users", &format!("{name} eq \"ulm\""))
        .await
        .is(200);
    assert_eq!(found.ids(), [id_of(&user)]);
    let shown = provider
        .get(&format!("{user}?attributes={name}"))
        .await
        .is(200);
    assert!(shown.text.contains("Ulm"), "{}", shown.text);
    let operation = json!([{ "op": "remove", "path": name }]);
    provider.patch(&user, operation).await.done();
    assert_eq!(
        provider
            .filter("/Users", &format!("{name} pr"))
            .await
            .total(),
        0
    );
}

#[rstest]
#[case::other_urn("urn:ietf:params:scim:schemas:core:2.0:Device:title")]
#[case::attribute_of_another_schema("urn:ietf:params:scim:schemas:core:2.0:User:department")]
#[case::too_deep("name.givenName.first")]
#[tokio::test]
async fn s3_10_a_name_that_means_nothing_is_refused(#[case] name: &str) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let operation = json!([{ "op": "add", "path": name, "value": "x" }]);
    provider
        .patch(&user, operation)
        .await
        .fails(400, "invalidPath");
    let reply = provider.filter("/Users", &format!("{name} eq \"x\"")).await;
    reply.fails(400, "invalidFilter");
}
