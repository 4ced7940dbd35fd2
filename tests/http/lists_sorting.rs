//! Sorting over HTTP (RFC 7644 §3.4.2.3).

use serde_json::json;

use crate::lists_support::{get, list, names, people, refused, search};

/// Those who are provisioned, without the owner.
const PROVISIONED: (&str, &str) = ("filter", "emails.value ew \"@x.io\"");

#[tokio::test]
async fn lists_are_sorted_by_any_attribute_both_ways() {
    let people = people().await;
    let cases: &[(&str, &[&str; 3])] = &[
        ("userName", &["Ada", "bob", "cy"]),
        ("USERNAME", &["Ada", "bob", "cy"]),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:userName",
            &["Ada", "bob", "cy"],
        ),
        ("displayName", &["Ada", "bob", "cy"]),
        // Case matters: A1, c1, none.
        ("externalId", &["Ada", "cy", "bob"]),
        ("name.familyName", &["Ada", "cy", "bob"]),
        // The primary value counts, else the first.
        ("emails", &["Ada", "bob", "cy"]),
        ("emails.value", &["Ada", "bob", "cy"]),
        ("meta.created", &["cy", "Ada", "bob"]),
        ("id", &["cy", "Ada", "bob"]),
        ("active", &["bob", "cy", "Ada"]),
        ("department", &["bob", "Ada", "cy"]),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            &["bob", "Ada", "cy"],
        ),
        // Only Ada has one; the others keep the order in which they were made.
        ("title", &["Ada", "cy", "bob"]),
        ("manager", &["Ada", "cy", "bob"]),
    ];
    for (sort_by, expected) in cases {
        let ascending = list(&people.real, "/Users", &[PROVISIONED, ("sortBy", sort_by)]).await;
        assert_eq!(names(&ascending), **expected, "{sort_by}");
        // Without a value: last when ascending, first when descending.
        let query = [
            PROVISIONED,
            ("sortBy", *sort_by),
            ("sortOrder", "Descending"),
        ];
        let descending = list(&people.real, "/Users", &query).await;
        let mut reversed = expected.to_vec();
        reversed.reverse();
        assert_eq!(names(&descending), reversed, "{sort_by}");
        let fields = json!({ "filter": PROVISIONED.1, "sortBy": sort_by });
        let searched = search(&people.real, "/Users/.search", fields).await;
        assert_eq!(names(&searched.body), **expected, "{sort_by}");
    }
}

#[tokio::test]
async fn pages_of_a_sorted_list_are_parts_of_it() {
    let people = people().await;
    for sort_by in ["userName", "externalId", "title", "meta.lastModified"] {
        let all = list(&people.real, "/Users", &[("sortBy", sort_by)]).await;
        let mut pieces = Vec::new();
        for start in ["1", "2", "3", "4", "5"] {
            let query = [("sortBy", sort_by), ("startIndex", start), ("count", "1")];
            let page = list(&people.real, "/Users", &query).await;
            assert_eq!(page["totalResults"], 4);
            assert_eq!(page["startIndex"].to_string(), start);
            assert_eq!(page["itemsPerPage"], u64::from(start != "5"));
            pieces.extend(page["Resources"].as_array().unwrap().clone());
        }
        assert_eq!(all["Resources"], json!(pieces), "{sort_by}");
    }
}

#[tokio::test]
async fn groups_are_sorted_too() {
    let people = people().await;
    let page = list(&people.real, "/Groups", &[("sortBy", "displayName")]).await;
    assert_eq!(names(&page), ["drivers", "Guides"]);
    let query = [("sortBy", "members"), ("sortOrder", "descending")];
    let page = list(&people.real, "/Groups", &query).await;
    assert_eq!(names(&page), ["drivers", "Guides"]);
}

#[tokio::test]
async fn what_cannot_be_sorted_by_is_refused() {
    let people = people().await;
    for (query, expected) in [
        ([("sortBy", "shoeSize"), ("count", "1")], "no attribute"),
        (
            [("sortBy", "name"), ("count", "1")],
            "name one of its parts",
        ),
        ([("sortBy", "password"), ("count", "1")], "never returned"),
        ([("sortBy", "userName"), ("sortOrder", "up")], "neither"),
    ] {
        let answer = get(&people.real, "/Users", &query).await;
        let detail = refused(&answer, 400, "invalidValue");
        assert!(detail.contains(expected), "{detail}");
    }
}
