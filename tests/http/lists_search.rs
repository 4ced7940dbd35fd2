//! `.search` over HTTP (RFC 7644 §3.4.3), at an endpoint and over all resource types.

use serde_json::{Value, json};

use crate::lists_support::{names, people, refused, search};

#[tokio::test]
async fn a_search_is_a_list_asked_for_by_a_body() {
    let people = people().await;
    let fields = json!({
        "filter": "emails pr and active eq true",
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 2,
        "count": 1,
        "attributes": ["userName", "name.familyName"],
    });
    let answer = search(&people.real, "/Users/.search", fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["totalResults"], 3, "the owner is active");
    assert_eq!(answer.body["startIndex"], 2);
    let only = &answer.body["Resources"][0];
    assert_eq!(only["userName"], "cy@x.io");
    assert_eq!(only["name"], json!({ "familyName": "Young" }));
    assert_eq!(only.get("emails"), None);
    let answer = search(
        &people.real,
        "/Groups/.search",
        json!({ "filter": "members pr" }),
    )
    .await;
    assert_eq!(names(&answer.body), ["Guides"]);
}

#[tokio::test]
async fn a_search_over_all_types_is_one_list() {
    let people = people().await;
    let real = &people.real;
    let all = |fields: Value| search(real, "/.search", fields);
    // Users first where nobody sorts.
    let whole = all(json!({})).await;
    assert_eq!(
        names(&whole.body),
        ["cy", "Ada", "bob", "Guides", "drivers"]
    );
    assert_eq!(whole.body["totalResults"], 6);
    assert_eq!(whole.body["Resources"][4]["meta"]["resourceType"], "Group");
    // Pages go across the border.
    let mut pieces = Vec::new();
    for start in [1, 3, 5, 7] {
        let page = all(json!({ "startIndex": start, "count": 2 })).await;
        assert_eq!(page.body["totalResults"], 6);
        assert_eq!(page.body["startIndex"], start);
        pieces.extend(page.body["Resources"].as_array().unwrap().clone());
    }
    assert_eq!(json!(pieces), whole.body["Resources"]);
    // Sorted among each other; what lacks the attribute is last, or first.
    let sorted = all(json!({ "sortBy": "displayName" })).await;
    assert_eq!(
        names(&sorted.body),
        ["Ada", "bob", "cy", "drivers", "Guides"]
    );
    let sorted = all(json!({ "sortBy": "displayName", "startIndex": 3, "count": 2 })).await;
    assert_eq!(names(&sorted.body), ["cy", "drivers"]);
    let by_user = all(json!({ "sortBy": "userName", "sortOrder": "descending" })).await;
    assert_eq!(
        names(&by_user.body),
        ["drivers", "Guides", "cy", "bob", "Ada"]
    );
    // An attribute of one type has no value in the other.
    let users = all(json!({ "filter": "userName sw \"a\"" })).await;
    assert_eq!(names(&users.body), ["Ada"]);
    let either = all(json!({ "filter": "title pr or members pr" })).await;
    assert_eq!(names(&either.body), ["Ada", "Guides"]);
    let groups = all(json!({ "filter": "meta.resourceType eq \"Group\"" })).await;
    assert_eq!(names(&groups.body), ["Guides", "drivers"]);
    let counted = all(json!({ "count": 0 })).await;
    assert_eq!(
        (&counted.body["totalResults"], &counted.body["itemsPerPage"]),
        (&json!(6), &json!(0))
    );
}

#[tokio::test]
async fn a_search_over_all_types_is_walked_by_cursors() {
    let people = people().await;
    for sort_by in ["", "displayName", "userName"] {
        let whole = search(&people.real, "/.search", json!({ "sortBy": sort_by })).await;
        let mut cursor = json!("");
        let mut pieces = Vec::new();
        loop {
            let fields = json!({ "sortBy": sort_by, "cursor": cursor, "count": 2 });
            let page = search(&people.real, "/.search", fields).await;
            assert_eq!(page.status, 200, "{}", page.body);
            assert_eq!(page.body["totalResults"], 6);
            pieces.extend(page.body["Resources"].as_array().unwrap().clone());
            match page.body.get("nextCursor") {
                Some(next) => cursor = next.clone(),
                None => break,
            }
        }
        assert_eq!(json!(pieces), whole.body["Resources"], "{sort_by}");
    }
}

#[tokio::test]
async fn a_search_that_is_none_is_refused() {
    let people = people().await;
    for path in ["/Users/.search", "/Groups/.search", "/.search"] {
        let answer = search(&people.real, path, json!({ "schemas": ["urn:x"] })).await;
        assert!(refused(&answer, 400, "invalidValue").contains("SearchRequest"));
        let answer = people
            .real
            .ask("POST", path, Some(json!({ "schemas": [], "count": 1 })))
            .await;
        assert!(refused(&answer, 400, "invalidValue").contains("SearchRequest"));
        let answer = people.real.ask("POST", path, Some(json!([]))).await;
        refused(&answer, 400, "invalidSyntax");
        let answer = search(&people.real, path, json!({ "filter": "shoeSize pr" })).await;
        refused(&answer, 400, "invalidFilter");
        let answer = search(&people.real, path, json!({ "sortBy": "shoeSize" })).await;
        refused(&answer, 400, "invalidValue");
        let answer = people.real.ask("GET", path, None).await;
        assert_eq!(answer.status, 405);
    }
}
