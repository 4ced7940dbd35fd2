//! Filters over HTTP (RFC 7644 §3.4.2.2), and where there are none.

use rstest::rstest;
use serde_json::json;

use crate::lists_support::{get, list, names, people, refused};

#[tokio::test]
async fn users_are_found_by_what_clients_look_for() {
    let people = people().await;
    let (ada, cy, guides) = (&people.ada, &people.cy, &people.guides);
    let cases: &[(&str, &[&str])] = &[
        // Case by attribute: userName is found in any, externalId and id in their own.
        (r#"userName eq "ADA@X.IO""#, &["Ada"]),
        (r#"username Eq "ada@x.io""#, &["Ada"]),
        (r#"externalId eq "A1""#, &["Ada"]),
        (r#"externalId eq "a1""#, &[]),
        (&format!(r#"id eq "{ada}""#), &["Ada"]),
        (r#"emails eq "ZOE@x.io""#, &["Ada"]),
        (r#"emails[type eq "work"].value eq "zoe@x.io""#, &[]),
        (r#"emails[type eq "work"].value eq "Ada@x.io""#, &["Ada"]),
        (r#"emails[type eq "home" and value sw "z"]"#, &["Ada"]),
        // Precedence and grouping.
        (
            r#"title pr or active eq true and userName sw "cy""#,
            &["cy", "Ada"],
        ),
        (
            r#"(title pr or active eq true) and userName sw "cy""#,
            &["cy"],
        ),
        (r#"not (title pr) and active eq true"#, &["cy"]),
        // Absence.
        ("title eq null and emails pr", &["cy", "bob"]),
        (r#"title ne "countess" and emails pr"#, &["cy", "bob"]),
        (r#"name pr"#, &["cy", "Ada"]),
        // Memberships, computed.
        (&format!(r#"groups eq "{guides}""#), &["Ada", "bob"]),
        (
            &format!(r#"groups.value eq "{guides}" and active eq true"#),
            &["Ada"],
        ),
        (r#"groups.display eq "guides""#, &["Ada", "bob"]),
        (r#"groups.display sw "GU""#, &["Ada", "bob"]),
        ("groups pr", &["Ada", "bob"]),
        (r#"not (groups pr) and emails pr"#, &["cy"]),
        // The extension, with and without its URN.
        (
            &format!(
                r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "{cy}""#
            ),
            &["Ada"],
        ),
        (&format!(r#"id eq "{ada}" and manager eq "{cy}""#), &["Ada"]),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department co "GIN""#,
            &["Ada"],
        ),
        // What the server keeps.
        (r#"meta.resourceType eq "User" and title pr"#, &["Ada"]),
        (r#"meta.resourceType eq "Group""#, &[]),
        (r#"meta.version eq "W/\"1\"" and title pr"#, &["Ada"]),
        (
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
            &["Ada", "bob"],
        ),
        (
            r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User" and title pr"#,
            &["Ada"],
        ),
        (r#"meta.lastModified lt "2020-01-01T00:00:00Z""#, &[]),
        (
            r#"meta.created ge "2020-01-01T00:00:00+02:00" and title pr"#,
            &["Ada"],
        ),
    ];
    for (filter, expected) in cases {
        let page = list(&people.real, "/Users", &[("filter", filter)]).await;
        assert_eq!(names(&page), *expected, "{filter}");
    }
}

#[tokio::test]
async fn groups_are_found_by_name_and_members() {
    let people = people().await;
    let (ada, cy) = (&people.ada, &people.cy);
    let cases: &[(&str, &[&str])] = &[
        (r#"displayName eq "GUIDES""#, &["Guides"]),
        (&format!(r#"members eq "{ada}""#), &["Guides"]),
        (&format!(r#"members.value eq "{ada}""#), &["Guides"]),
        (&format!(r#"members[value eq "{ada}"]"#), &["Guides"]),
        (&format!(r#"members[value eq "{cy}"]"#), &[]),
        (
            &format!(r#"id eq "{}" and members eq "{ada}""#, people.guides),
            &["Guides"],
        ),
        ("members pr", &["Guides"]),
        ("not (members pr)", &["drivers"]),
        (r#"members.display eq "ADA""#, &["Guides"]),
        (&format!(r#"id eq "{}""#, people.drivers), &["drivers"]),
    ];
    for (filter, expected) in cases {
        let query = [("filter", *filter), ("excludedAttributes", "members")];
        let page = list(&people.real, "/Groups", &query).await;
        assert_eq!(names(&page), *expected, "{filter}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_is_told_with_its_place() {
    let people = people().await;
    for (filter, expected) in [
        ("active gt true", "does not apply"),
        ("active co true", "does not apply"),
        ("userName eq 5", "cannot be compared with a number"),
        (r#"name eq "Ada""#, "compare one of its parts"),
        (r#"meta.created gt "today""#, "is a dateTime"),
        (r#"usrName eq "x""#, "did you mean userName?"),
        (r#"password eq "x""#, "never returned"),
        (r#"userName eq "x" and"#, "character 20"),
        (r#"emails[type eq "work""#, "']' is missing"),
        (r#"manager[value eq "x"]"#, "has one value"),
    ] {
        let answer = get(&people.real, "/Users", &[("filter", filter)]).await;
        let detail = refused(&answer, 400, "invalidFilter");
        assert!(detail.contains(expected), "{filter}: {detail}");
    }
}

#[rstest]
#[case("/ServiceProviderConfig")]
#[case("/ResourceTypes")]
#[case("/ResourceTypes/User")]
#[case("/Schemas")]
#[case("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")]
#[tokio::test]
async fn discovery_is_not_filtered_and_ignores_the_rest(#[case] path: &str) {
    let real = crate::real::Real::new().await;
    // RFC 7644 §4.
    let filtered = get(&real, path, &[("filter", "id eq \"User\"")]).await;
    assert_eq!(filtered.status, 403, "{}", filtered.body);
    let plain = get(&real, path, &[]).await;
    let others = [
        ("sortBy", "id"),
        ("count", "1"),
        ("startIndex", "2"),
        ("attributes", "id"),
    ];
    let ignored = get(&real, path, &others).await;
    assert_eq!((ignored.status, ignored.body), (200, plain.body));
    let head = real.request("HEAD", path).send().await.unwrap();
    assert_eq!(head.status(), 200);
    let length = head.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse::<u64>();
    assert!(length.unwrap() > 100);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let answer = real.ask(method, path, Some(json!({}))).await;
        assert_eq!(answer.status, 405, "{method} {path}: {}", answer.body);
    }
}

#[tokio::test]
async fn discovery_knows_its_own_by_name_and_urn() {
    let real = crate::real::Real::new().await;
    for (path, status) in [
        ("/ResourceTypes/User", 200),
        ("/ResourceTypes/Group", 200),
        ("/ResourceTypes/user", 404),
        ("/ResourceTypes/Robot", 404),
        ("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group", 200),
        // RFC 7643 §3.1, RFC 8141 §3.1: the case of a URN's scheme and namespace says nothing, and here of none of it.
        ("/Schemas/URN:IETF:params:scim:schemas:core:2.0:User", 200),
        ("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Robot", 404),
    ] {
        let answer = get(&real, path, &[]).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body["schemas"][0].is_string());
    }
}
