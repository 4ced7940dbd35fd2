//! List requests as clients send them.

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::limits::Limits;
use crate::scim::path::AttributePath;
use crate::scim::schema::{Registry, ResourceKind};
use serde_json::Value;

fn parse(pairs: &[(&str, &str)]) -> Result<ListQuery, ScimError> {
    let pairs = pairs.iter().copied();
    ListQuery::parse(
        &Registry::standard(),
        ResourceKind::User,
        &Limits::default(),
        pairs,
    )
}

#[rstest]
#[case::nothing(&[], 1, 100)]
#[case::plain(&[("startIndex", "11"), ("count", "10")], 11, 10)]
#[case::below_one(&[("startIndex", "0")], 1, 100)]
#[case::negative(&[("startIndex", "-5"), ("count", "-1")], 1, 0)]
#[case::none(&[("count", "0")], 1, 0)]
#[case::beyond_the_limit(&[("count", "100000")], 1, 1_000)]
#[case::beyond_any_integer(&[("startIndex", "99999999999999999999"), ("count", "99999999999999999999")], 9_223_372_036_854_775_807, 1_000)]
#[case::empty_values(&[("startIndex", ""), ("count", ""), ("filter", " ")], 1, 100)]
#[case::odd_case(&[("STARTINDEX", "2")], 2, 100)]
#[case::the_last_counts(&[("count", "5"), ("count", "6")], 1, 6)]
fn pages_are_clamped(#[case] pairs: &[(&str, &str)], #[case] start: u64, #[case] count: u64) {
    let query = parse(pairs).unwrap();
    assert_eq!((query.paging, query.count), (Paging::Index(start), count));
}

#[rstest]
#[case::words("count", "many")]
#[case::fraction("startIndex", "1.5")]
#[case::sign_alone("count", "-")]
#[case::sort_order("sortOrder", "up")]
#[case::sort_by_unknown("sortBy", "shoeSize")]
#[case::sort_by_complex("sortBy", "name")]
#[case::sort_by_password("sortBy", "password")]
fn values_that_do_not_fit_are_refused(#[case] name: &str, #[case] value: &str) {
    let error = parse(&[(name, value)]).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert!(error.detail.starts_with(name));
}

#[rstest]
#[case::first_page(&[("cursor", "")], None, 100)]
#[case::next_page(&[("CURSOR", "abc"), ("count", "10")], Some("abc"), 10)]
#[case::an_empty_index_is_none(&[("cursor", ""), ("startIndex", "")], None, 100)]
#[case::negative(&[("cursor", ""), ("count", "-1")], None, 0)]
#[case::the_largest(&[("cursor", ""), ("count", "1000")], None, 1_000)]
fn a_cursor_is_another_way_of_paging(
    #[case] pairs: &[(&str, &str)],
    #[case] cursor: Option<&str>,
    #[case] count: u64,
) {
    let query = parse(pairs).unwrap();
    let paging = Paging::Cursor(cursor.map(str::to_owned));
    assert_eq!((query.paging, query.count), (paging, count));
}

#[rstest]
#[case::both_ways(&[("cursor", ""), ("startIndex", "1")], ScimType::InvalidValue)]
#[case::too_many(&[("cursor", ""), ("count", "1001")], ScimType::InvalidCount)]
#[case::no_number(&[("count", "ten"), ("cursor", "x")], ScimType::InvalidCount)]
fn cursor_and_count_must_fit(#[case] pairs: &[(&str, &str)], #[case] expected: ScimType) {
    let error = parse(pairs).unwrap_err();
    assert_eq!((error.status, error.scim_type), (400, Some(expected)));
}

#[test]
fn sorting_by_a_complex_attribute_is_by_its_value() {
    let query = parse(&[("sortBy", "EMAILS"), ("sortOrder", "Descending")]).unwrap();
    let Some(SortBy::Attribute(attribute)) = query.sort_by else {
        panic!("an attribute");
    };
    assert_eq!(attribute.path, AttributePath::core_sub("emails", "value"));
    assert_eq!(query.sort_order, SortOrder::Descending);
}

#[test]
fn an_order_without_an_attribute_says_nothing() {
    let query = parse(&[("sortOrder", "descending")]).unwrap();
    assert_eq!(query, parse(&[]).unwrap());
}

fn search(body: &Value) -> Result<ListQuery, ScimError> {
    let limits = Limits::default();
    ListQuery::search(&Registry::standard(), ResourceKind::User, &limits, body)
}

/// RFC 7644 §3.4.3, the example.
#[test]
fn a_search_request_asks_the_same() {
    let body = json!({
        "schemas": [SEARCH_REQUEST],
        "attributes": ["displayName", "userName"],
        "filter": "displayName sw \"smith\"",
        "startIndex": 1,
        "count": 10
    });
    let same = parse(&[
        ("attributes", "displayName,userName"),
        ("filter", "displayName sw \"smith\""),
        ("startIndex", "1"),
        ("count", "10"),
    ]);
    assert_eq!(search(&body).unwrap(), same.unwrap());
    assert!(search(&json!({ "schemas": [SEARCH_REQUEST] })).is_ok());
}

/// RFC 9865 §3, the example.
#[test]
fn a_search_request_may_hold_a_cursor() {
    let body = json!({ "schemas": [SEARCH_REQUEST], "cursor": "", "count": 10 });
    assert_eq!(search(&body).unwrap().paging, Paging::Cursor(None));
}

#[rstest]
#[case::no_object(json!([]), ScimType::InvalidSyntax)]
#[case::schemas_of_nothing(json!({ "schemas": [] }), ScimType::InvalidValue)]
#[case::other_schemas(json!({ "schemas": ["urn:x"] }), ScimType::InvalidValue)]
#[case::no_count(json!({ "schemas": [SEARCH_REQUEST], "count": {} }), ScimType::InvalidValue)]
#[case::fraction(json!({ "schemas": [SEARCH_REQUEST], "count": 1.5 }), ScimType::InvalidValue)]
#[case::no_filter(json!({ "schemas": [SEARCH_REQUEST], "filter": 5 }), ScimType::InvalidValue)]
#[case::no_names(json!({ "schemas": [SEARCH_REQUEST], "attributes": [5] }), ScimType::InvalidValue)]
#[case::no_cursor(json!({ "schemas": [SEARCH_REQUEST], "cursor": 5 }), ScimType::InvalidCursor)]
fn a_bad_search_request_is_refused(#[case] body: Value, #[case] expected: ScimType) {
    let error = search(&body).unwrap_err();
    assert_eq!((error.status, error.scim_type), (400, Some(expected)));
}

#[test]
fn across_types_each_has_its_own_reading() {
    let all = |fields: Value| {
        let mut body = fields;
        body["schemas"] = json!([SEARCH_REQUEST]);
        ListQuery::search_all(&Registry::standard(), &Limits::default(), &body)
    };
    let queries = all(json!({ "filter": "userName pr", "sortBy": "userName" })).unwrap();
    let kinds: Vec<ResourceKind> = queries.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ResourceKind::ALL);
    assert!(matches!(queries[0].1.sort_by, Some(SortBy::Attribute(_))));
    assert_eq!(queries[1].1.sort_by, Some(SortBy::NoValue));
    let error = all(json!({ "filter": "userName pr or shoeSize pr" })).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
    assert!(error.detail.contains("'shoesize'"), "{}", error.detail);
    let error = all(json!({ "sortBy": "shoeSize" })).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}
