//! §3.4.2.3: sorting.

use rstest::rstest;
use serde_json::json;

use crate::provider::{Provider, with_query};

/// "sortOrder [...] SHALL default to ascending" and "MUST sort according to the attribute type". A value that is missing is last when ascending, first when
/// descending. "case-insensitive [...] unless caseExact". Of a multi-valued attribute "the primary attribute value (or
/// else, the first value in the list, if no primary is specified)".
#[rstest]
#[case::ascending(&[("sortBy", "title")], &["bob", "ada", "eve"])]
#[case::descending(&[("sortBy", "title"), ("sortOrder", "descending")], &["eve", "ada", "bob"])]
#[case::by_primary(&[("sortBy", "emails.value")], &["eve", "bob", "ada"])]
#[case::by_the_value_of_a_complex_attribute(&[("sortBy", "emails")], &["eve", "bob", "ada"])]
#[case::by_a_case_exact_attribute(&[("sortBy", "externalId")], &["ada", "eve", "bob"])]
#[case::by_a_part(&[("sortBy", "name.familyName")], &["ada", "bob", "eve"])]
#[tokio::test]
async fn s3_4_2_3_sorts(#[case] pairs: &[(&str, &str)], #[case] expected: &[&str]) {
    let provider = Provider::new().await;
    for (name, more) in [
        (
            "ada",
            json!({ "title": "b", "externalId": "B", "emails": [{ "value": "z@x" }, { "value": "a@x" }], "name": { "familyName": "A" } }),
        ),
        (
            "bob",
            json!({ "title": "A", "externalId": "a", "emails": [{ "value": "z@x" }, { "value": "m@x", "primary": true }], "name": { "familyName": "b" } }),
        ),
        (
            "eve",
            json!({ "externalId": "C", "emails": [{ "value": "b@x" }], "name": { "familyName": "C" } }),
        ),
    ] {
        provider.user_with(name, more).await;
    }
    let mut query = vec![(
        "filter",
        "name.familyName pr and userName ne \"owner@example.com\"",
    )];
    query.extend(pairs);
    let reply = provider.get(&with_query("/Users", &query)).await.is(200);
    let resources = reply.body["Resources"].as_array().unwrap();
    let names: Vec<&str> = resources
        .iter()
        .map(|it| it["userName"].as_str().unwrap())
        .collect();
    assert_eq!(names, expected);
}
