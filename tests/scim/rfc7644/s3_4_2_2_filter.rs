//! §3.4.2.2: filters.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::json;

use crate::provider::Provider;

/// Two users, and the owner of the account, who has none of this.
async fn two() -> Provider {
    let provider = Provider::new().await;
    provider
        .user_with(
            "ada",
            json!({
                "title": "Countess", "active": true, "externalId": "A1",
                "emails": [
                    { "value": "ada@work.example", "type": "work", "primary": true },
                    { "value": "ada@home.example", "type": "home" }
                ]
            }),
        )
        .await;
    provider
        .user_with(
            "bob",
            json!({
                "title": "Clerk", "active": false, "externalId": "a1b",
                "emails": [
                    { "value": "bob@work.example", "type": "home", "primary": true },
                    { "value": "bob@home.example", "type": "work" }
                ]
            }),
        )
        .await;
    provider
}

#[rstest]
// Each operator of table 3.
#[case::eq("title eq \"countess\"", &["ada"])]
#[case::ne("title ne \"Countess\" and title pr", &["bob"])]
#[case::co("title co \"LE\"", &["bob"])]
#[case::sw("title sw \"c\"", &["ada", "bob"])]
#[case::ew("title ew \"rk\"", &["bob"])]
#[case::pr("externalId pr", &["ada", "bob"])]
#[case::gt("title gt \"Clerk\"", &["ada"])]
#[case::ge("title ge \"Clerk\"", &["ada", "bob"])]
#[case::lt("title lt \"Countess\"", &["bob"])]
#[case::le("title le \"Countess\"", &["ada", "bob"])]
#[case::moment("title pr and meta.created gt \"2020-01-01T00:00:00Z\"", &["ada", "bob"])]
#[case::moment_before("meta.created lt \"2020-01-01T00:00:00Z\"", &[])]
#[case::moment_of_another_zone("title pr and meta.created gt \"2020-01-01T00:00:00+14:00\"", &["ada", "bob"])]
// Logical operators, grouping, precedence.
#[case::and("title sw \"C\" and active eq true", &["ada"])]
#[case::or("title eq \"Clerk\" or externalId eq \"A1\"", &["ada", "bob"])]
#[case::not("title pr and not (active eq true)", &["bob"])]
#[case::and_before_or("title eq \"Countess\" or title eq \"Clerk\" and active eq true", &["ada"])]
#[case::grouping("(title eq \"Countess\" or title eq \"Clerk\") and active eq true", &["ada"])]
#[case::not_before_and("not (title eq \"Clerk\") and externalId pr", &["ada"])]
// "Attribute names and attribute operators used in filters are case insensitive."
#[case::case_of_names("TITLE EQ \"Clerk\"", &["bob"])]
#[case::case_of_logic("title PR AND NOT (active eq TRUE)", &["bob"])]
// Comparisons obey caseExact.
#[case::case_exact("externalId eq \"a1\"", &[])]
#[case::case_exact_sw("externalId sw \"a1\"", &["bob"])]
// A multi-valued attribute matches when one of its values does.
#[case::any_value("emails.value eq \"ada@home.example\"", &["ada"])]
#[case::complex_by_value("emails co \"bob@\"", &["bob"])]
#[case::values_apart("emails.type eq \"work\" and emails.value eq \"bob@work.example\"", &["bob"])]
// "[...] MUST be matched to the same value": the terms within a value path.
#[case::value_path("emails[type eq \"work\" and value co \"@work.example\"]", &["ada"])]
#[case::value_path_negated("emails[not (type eq \"home\") and primary eq true] and title pr", &["ada"])]
#[case::value_path_or("emails[type eq \"home\" or primary eq true] and userName eq \"bob\"", &["bob"])]
#[tokio::test]
async fn s3_4_2_2_a_filter_selects(#[case] filter: &str, #[case] expected: &[&str]) {
    let provider = two().await;
    let found = provider.filter("/Users", filter).await.is(200);
    let resources = found.body["Resources"].as_array().unwrap();
    let names: BTreeSet<&str> = resources
        .iter()
        .map(|resource| resource["userName"].as_str().unwrap())
        .collect();
    assert_eq!(names, expected.iter().copied().collect(), "{filter}");
    assert_eq!(found.total(), expected.len() as u64);
    provider.tolerated(&found, &[]).await;
}

/// "Providers MUST decline to filter results if the specified filter operation is not recognized and return an HTTP 400
/// error with a \"scimType\" error of \"invalidFilter\"". "Boolean and Binary attributes SHALL cause a failed response
/// (HTTP status code 400) with \"scimType\" of \"invalidFilter\"": gt, ge, lt, le.
#[rstest]
#[case::unknown_operator("title like \"C\"")]
#[case::unknown_attribute("shoeSize eq 7")]
#[case::no_value("title eq")]
#[case::no_operator("title")]
#[case::open_group("(title pr")]
#[case::open_string("title eq \"C")]
#[case::single_quotes("title eq 'C'")]
#[case::two_operators("title eq eq \"C\"")]
#[case::trailing_and("title pr and")]
#[case::not_without_group("not title pr")]
#[case::nested_value_path("emails[emails[type pr]]")]
#[case::boolean_gt("active gt true")]
#[case::boolean_ge("active ge false")]
#[case::boolean_lt("active lt true")]
#[case::boolean_le("active le true")]
#[case::binary_gt("x509Certificates.value gt \"AAEC\"")]
#[case::binary_ge("x509Certificates.value ge \"AAEC\"")]
#[case::binary_lt("x509Certificates.value lt \"AAEC\"")]
#[case::binary_le("x509Certificates.value le \"AAEC\"")]
// "For complex attributes, a fully qualified sub-attribute MUST be specified".
#[case::complex_as_a_whole("name eq \"Ada\"")]
#[case::text_with_number("title eq 5")]
#[case::moment_with_text("meta.created gt \"yesterday\"")]
#[tokio::test]
async fn s3_4_2_2_what_is_no_filter_is_400_invalid_filter(#[case] filter: &str) {
    let provider = Provider::new().await;
    let reply = provider.filter("/Users", filter).await;
    reply.fails(400, "invalidFilter");
}

/// Text in a filter is a JSON string.
#[rstest]
#[case::quote(r#"O"Brien"#)]
#[case::backslash(r"back\slash")]
#[case::line("a\nb")]
#[case::beyond_the_plane("👩🏽‍🚀")]
#[case::operators("a eq b and (c)]")]
#[tokio::test]
async fn s3_4_2_2_text_is_a_json_string(#[case] title: &str) {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", json!({ "title": title })).await;
    let filter = format!("title eq {}", json!(title));
    let found = provider.filter("/Users", &filter).await.is(200);
    assert_eq!(found.ids(), [crate::provider::id_of(&user)]);
}

/// "When applying a comparison (e.g., \"eq\") or presence filter (e.g., \"pr\") to a defaulted attribute, the service
/// provider SHALL use the value that was returned to the client that last created or modified the attribute."
#[tokio::test]
async fn s3_4_2_2_a_default_is_compared_as_it_was_answered() {
    let provider = Provider::new().await;
    let body = json!({ "schemas": [crate::provider::USER], "userName": "ada" });
    let created = provider.post("/Users", body).await.is(201);
    assert_eq!(created.body["active"], true);
    for (filter, expected) in [
        ("active eq true", 1),
        ("active pr", 1),
        ("active eq false", 0),
    ] {
        let filter = format!("userName eq \"ada\" and {filter}");
        assert_eq!(
            provider.filter("/Users", &filter).await.total(),
            expected,
            "{filter}"
        );
    }
}
