//! Cursors over HTTP (RFC 9865).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::lists_support::{get, list, names, people, refused, search, user};
use crate::real::Real;

#[tokio::test]
async fn the_configuration_announces_both_ways_of_paging() {
    let real = Real::new().await;
    let config = list(&real, "/ServiceProviderConfig", &[]).await;
    let pagination = &config["pagination"];
    assert_eq!(pagination["cursor"], true);
    assert_eq!(pagination["index"], true);
    assert_eq!(pagination["defaultPaginationMethod"], "index");
    assert_eq!(pagination["defaultPageSize"], 100);
    assert_eq!(pagination["maxPageSize"], config["filter"]["maxResults"]);
    assert!(pagination["cursorTimeout"].as_u64() >= Some(600));
    assert_eq!(config["sort"]["supported"], true);
    // Who names neither way gets pages by index.
    let page = list(&real, "/Users", &[("count", "1")]).await;
    assert_eq!(page["startIndex"], 1);
    assert_eq!(page.get("nextCursor"), None);
}

#[tokio::test]
async fn cursors_lead_there_and_back() {
    let people = people().await;
    let page = async |cursor: &str| {
        let query = [("cursor", cursor), ("count", "2"), ("sortBy", "userName")];
        list(&people.real, "/Users", &query).await
    };
    let first = page("").await;
    assert_eq!(names(&first), ["Ada", "bob"]);
    assert_eq!(first["totalResults"], 4);
    assert_eq!(first.get("startIndex"), None);
    assert_eq!(first.get("previousCursor"), None);
    let next = first["nextCursor"].as_str().unwrap();
    // RFC 3986 §2.3, unreserved characters.
    let is_unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    assert!(next.chars().all(is_unreserved), "{next}");
    assert!(!next.contains("bob"));
    let last = page(next).await;
    assert_eq!(names(&last), ["cy"]);
    assert_eq!(last["itemsPerPage"], 2, "the owner is there, too");
    assert_eq!(last.get("nextCursor"), None);
    let back = page(last["previousCursor"].as_str().unwrap()).await;
    assert_eq!(back["Resources"], first["Resources"]);
    assert_eq!(back.get("previousCursor"), None);
    assert_eq!(
        page(back["nextCursor"].as_str().unwrap()).await["Resources"],
        last["Resources"]
    );
    // The same cursor twice gives the same page, and GET and search are two ways of asking the same.
    assert_eq!(page(next).await["Resources"], last["Resources"]);
    let fields = json!({ "cursor": next, "count": 2, "sortBy": "userName" });
    let searched = search(&people.real, "/Users/.search", fields).await;
    assert_eq!(searched.body["Resources"], last["Resources"]);
}

#[tokio::test]
async fn a_bare_cursor_parameter_is_the_first_page() {
    let people = people().await;
    let answer = people.real.ask("GET", "/Users?cursor&count=3", None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["itemsPerPage"], 3);
    assert!(answer.body["nextCursor"].is_string());
    let counted = people.real.ask("GET", "/Users?cursor=&count=0", None).await;
    assert_eq!(counted.body["totalResults"], 4);
    assert_eq!(counted.body["Resources"], json!([]));
    assert_eq!(counted.body.get("nextCursor"), None);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_query_alone() {
    let people = people().await;
    let mine = [
        ("count", "1"),
        ("filter", "emails pr"),
        ("sortBy", "userName"),
    ];
    let with = |cursor: &str, changed: &[(&str, &str)]| {
        let mut query: BTreeMap<String, String> = mine
            .iter()
            .chain(changed)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        query.insert("cursor".into(), cursor.into());
        query
    };
    let ask = async |path: &str, query: BTreeMap<String, String>| {
        let query: Vec<(&str, &str)> = query
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        get(&people.real, path, &query).await
    };
    let first = ask("/Users", with("", &[])).await;
    let cursor = first.body["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(ask("/Users", with(&cursor, &[])).await.status, 200);
    // What is shown of each resource is no part of the query.
    let shown = ask("/Users", with(&cursor, &[("attributes", "userName")])).await;
    assert_eq!(shown.status, 200);
    for changed in [
        ("filter", "emails pr and active eq true"),
        ("sortBy", "id"),
        ("sortOrder", "descending"),
    ] {
        let answer = ask("/Users", with(&cursor, &[changed])).await;
        refused(&answer, 400, "invalidCursor");
    }
    let answer = ask("/Users", with(&cursor, &[("count", "2")])).await;
    refused(&answer, 400, "invalidCount");
    let answer = ask("/Users", with("", &[("count", "1001")])).await;
    refused(&answer, 400, "invalidCount");
    let answer = ask("/Users", with(&cursor, &[("startIndex", "1")])).await;
    refused(&answer, 400, "invalidValue");
    let mut changed = cursor.clone();
    changed.replace_range(20..21, if &cursor[20..21] == "A" { "B" } else { "A" });
    for wrong in [changed.as_str(), "VZUTiyhEQJ94IR", "ä", &"x".repeat(5_000)] {
        let answer = ask("/Users", with(wrong, &[])).await;
        let detail = refused(&answer, 400, "invalidCursor");
        assert!(detail.contains("no cursor of this server"), "{detail}");
    }
    let plain = [("cursor", ""), ("count", "1")];
    let of_users = list(&people.real, "/Users", &plain).await;
    let elsewhere = [
        ("cursor", of_users["nextCursor"].as_str().unwrap()),
        ("count", "1"),
    ];
    refused(
        &get(&people.real, "/Groups", &elsewhere).await,
        400,
        "invalidCursor",
    );
    // Another account's cursor opens nothing here.
    let other = Real::new().await;
    user(&other, "eve@x.io", json!({})).await;
    let foreign = list(&other, "/Users", &plain).await;
    let foreign = [
        ("cursor", foreign["nextCursor"].as_str().unwrap()),
        ("count", "1"),
    ];
    refused(
        &get(&people.real, "/Users", &foreign).await,
        400,
        "invalidCursor",
    );
}

#[tokio::test]
async fn a_walk_goes_on_while_others_write() {
    let real = Real::new().await;
    let mut ids = Vec::new();
    for n in 0..12 {
        ids.push(
            user(
                &real,
                &format!("u{n:02}@x.io"),
                json!({ "title": format!("t{}", n % 3) }),
            )
            .await,
        );
    }
    for sort_by in ["userName", "title", "meta.lastModified"] {
        let (mut cursor, mut seen): (Option<String>, Vec<String>) =
            (Some(String::new()), Vec::new());
        let mut gone = Vec::new();
        let mut step = 0;
        while let Some(at) = cursor {
            let query = [("cursor", at.as_str()), ("count", "3"), ("sortBy", sort_by)];
            let page = list(&real, "/Users", &query).await;
            let found = page["Resources"].as_array().unwrap();
            seen.extend(found.iter().map(|it| it["id"].as_str().unwrap().to_owned()));
            cursor = page
                .get("nextCursor")
                .map(|next| next.as_str().unwrap().to_owned());
            if step < 2 {
                // One comes before the place, one goes behind it, one is renamed across it.
                let name = format!("a-{sort_by}-{step}@x.io");
                user(&real, &name, json!({ "title": "a" })).await;
                let leaver = ids.pop().unwrap();
                let deleted = real.ask("DELETE", &format!("/Users/{leaver}"), None).await;
                assert_eq!(deleted.status, 204);
                gone.push(leaver);
                step += 1;
            }
        }
        for id in &ids {
            let times = seen.iter().filter(|seen| *seen == id).count();
            assert_eq!(times, 1, "{sort_by}");
        }
    }
}

/// What a client sees of a page by index stays as it was.
#[tokio::test]
async fn a_page_beyond_the_end_is_empty_in_both_ways() {
    let people = people().await;
    let beyond = list(
        &people.real,
        "/Users",
        &[("startIndex", "100"), ("count", "5")],
    )
    .await;
    assert_eq!(beyond["totalResults"], 4);
    assert_eq!(beyond["itemsPerPage"], 0);
    assert_eq!(beyond["startIndex"], 100);
    assert_eq!(beyond["Resources"], Value::Array(vec![]));
    let query = [("cursor", ""), ("filter", "userName eq \"nobody\"")];
    let none = list(&people.real, "/Users", &query).await;
    assert_eq!(
        (&none["totalResults"], none.get("nextCursor")),
        (&json!(0), None)
    );
}
