//! Each rule of the dialect twice: the deviation, which is understood and named in the trace, and the correct request
//! nearest to it, which means what the RFC says and is not touched by any rule.
//!
//! `{user}`, `{group}` and `{id}` stand for the path of a user, that of a group he is in, and his id, `{owner}` for the
//! path of the owner.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{Provider, SCIM_JSON, id_of};

/// One request, and the attribute by which it is seen what it meant.
struct Ask {
    method: &'static str,
    path: &'static str,
    body: &'static str,
    headers: &'static [(&'static str, &'static str)],
    status: u16,
    /// Where to look afterwards: a resource (none for the answer), and what must be at a place in it. Null is absence.
    seen: (&'static str, &'static str, &'static str),
}

const fn ask(
    method: &'static str,
    path: &'static str,
    body: &'static str,
    status: u16,
    seen: (&'static str, &'static str, &'static str),
) -> Ask {
    Ask {
        method,
        path,
        body,
        headers: &[],
        status,
        seen,
    }
}

/// A PATCH of the user with one operation.
macro_rules! patch {
    ($path:literal, $operation:literal, $status:literal, $seen:expr) => {
        ask(
            "PATCH",
            $path,
            concat!(
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":["#,
                $operation,
                "]}"
            ),
            $status,
            $seen,
        )
    };
}

/// A new user with more attributes.
macro_rules! post {
    ($more:literal, $status:literal, $seen:expr) => {
        ask(
            "POST",
            "/Users",
            concat!(
                r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob""#,
                $more,
                "}"
            ),
            $status,
            $seen,
        )
    };
}

/// A search for the user.
macro_rules! search {
    ($more:literal, $status:literal, $seen:expr) => {
        ask(
            "POST",
            "/Users/.search",
            concat!(
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"nickName eq \"A\"""#,
                $more,
                "}"
            ),
            $status,
            $seen,
        )
    };
}

struct Case {
    rule: &'static str,
    deviation: Ask,
    neighbour: Ask,
}

const MANAGER: &str = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/value";
const DEPARTMENT: &str = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department";

const CASES: &[Case] = &[
    Case {
        rule: "unknown-attribute",
        deviation: post!(r#","usreName":"x""#, 201, ("", "/usreName", "null")),
        neighbour: post!(r#","TITLE":"x""#, 201, ("", "/title", "\"x\"")),
    },
    Case {
        rule: "read-only",
        deviation: post!(r#","groups":[{"value":"x"}]"#, 201, ("", "/groups", "null")),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","path":"groups","value":[]}"#,
            400,
            ("", "/scimType", "\"mutability\"")
        ),
    },
    Case {
        rule: "undeclared-schema",
        deviation: ask(
            "POST",
            "/Groups",
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","urn:x:y"],"displayName":"G"}"#,
            201,
            ("", "/displayName", "\"G\""),
        ),
        neighbour: ask(
            "POST",
            "/Groups",
            r#"{"schemas":["urn:x:y"],"displayName":"G"}"#,
            400,
            ("", "/scimType", "\"invalidValue\""),
        ),
    },
    Case {
        rule: "missing-schemas",
        deviation: ask(
            "POST",
            "/Users",
            r#"{"userName":"bob"}"#,
            201,
            ("", "/userName", "\"bob\""),
        ),
        neighbour: ask(
            "POST",
            "/Users",
            r#"{"schemas":[],"userName":"bob"}"#,
            400,
            ("", "/scimType", "\"invalidValue\""),
        ),
    },
    Case {
        rule: "unlisted-extension",
        deviation: post!(
            r#","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}"#,
            201,
            ("", DEPARTMENT, "\"D\"")
        ),
        neighbour: ask(
            "POST",
            "/Users",
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
                "userName":"bob","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}}"#,
            201,
            ("", DEPARTMENT, "\"D\""),
        ),
    },
    Case {
        rule: "string-boolean",
        deviation: patch!(
            "{user}",
            r#"{"op":"replace","path":"active","value":"False"}"#,
            200,
            ("{user}", "/active", "false")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","path":"title","value":"False"}"#,
            200,
            ("{user}", "/title", "\"False\"")
        ),
    },
    Case {
        rule: "empty-string",
        deviation: patch!(
            "{user}",
            r#"{"op":"replace","path":"nickName","value":""}"#,
            200,
            ("{user}", "/nickName", "null")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","path":"nickName","value":" "}"#,
            200,
            ("{user}", "/nickName", "\" \"")
        ),
    },
    Case {
        rule: "bare-value",
        deviation: patch!(
            "{user}",
            r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"{id}"}"#,
            200,
            ("{user}", MANAGER, "\"{id}\"")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":"{id}"}}"#,
            200,
            ("{user}", MANAGER, "\"{id}\"")
        ),
    },
    Case {
        rule: "array-for-single",
        deviation: patch!(
            "{user}",
            r#"{"op":"replace","path":"title","value":["Countess"]}"#,
            200,
            ("{user}", "/title", "\"Countess\"")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","path":"title","value":["Countess","Lady"]}"#,
            400,
            ("", "/scimType", "\"invalidValue\"")
        ),
    },
    Case {
        rule: "single-for-array",
        deviation: post!(
            r#","emails":{"value":"b@x.io"}"#,
            201,
            ("", "/emails/0/value", "\"b@x.io\"")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"add","path":"emails","value":{"value":"b@x.io"}}"#,
            200,
            ("{user}", "/emails/1/value", "\"b@x.io\"")
        ),
    },
    Case {
        rule: "json-in-value",
        deviation: post!(
            r#","roles":[{"value":"{\"value\":\"admin\"}"}]"#,
            201,
            ("", "/roles/0/value", "\"admin\"")
        ),
        neighbour: post!(
            r#","roles":[{"value":"{admin}"}]"#,
            201,
            ("", "/roles/0/value", "\"{admin}\"")
        ),
    },
    Case {
        rule: "password-not-kept",
        deviation: patch!(
            "{owner}",
            r#"{"op":"replace","path":"password","value":"hunter2hunter2"}"#,
            200,
            ("{owner}", "/password", "null")
        ),
        neighbour: ask(
            "GET",
            "/Users?filter=password%20pr",
            "",
            400,
            ("", "/scimType", "\"invalidFilter\""),
        ),
    },
    Case {
        rule: "duplicate-value",
        deviation: post!(
            r#","emails":[{"value":"b@x.io"},{"value":"B@X.IO"}]"#,
            201,
            ("", "/emails/1", "null")
        ),
        neighbour: post!(
            r#","emails":[{"value":"b@x.io","type":"work"},{"value":"b@x.io","type":"home"}]"#,
            201,
            ("", "/emails/1/type", "\"home\"")
        ),
    },
    Case {
        rule: "active-not-asserted",
        deviation: ask(
            "PUT",
            "{user}",
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}"#,
            200,
            ("{user}", "/active", "true"),
        ),
        neighbour: ask(
            "PUT",
            "{user}",
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada","active":true}"#,
            200,
            ("{user}", "/nickName", "null"),
        ),
    },
    Case {
        rule: "member-shape",
        deviation: patch!(
            "{group}",
            r#"{"op":"replace","path":"members","value":["{id}"]}"#,
            200,
            ("{group}", "/members/0/value", "\"{id}\"")
        ),
        neighbour: patch!(
            "{group}",
            r#"{"op":"replace","path":"members","value":[{"value":"{id}","$ref":"https://x/Users/7"}]}"#,
            200,
            ("{group}", "/members/0/value", "\"{id}\"")
        ),
    },
    Case {
        rule: "operation-case",
        deviation: patch!(
            "{user}",
            r#"{"op":"Replace","path":"title","value":"x"}"#,
            200,
            ("{user}", "/title", "\"x\"")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"set","path":"title","value":"x"}"#,
            400,
            ("", "/scimType", "\"invalidSyntax\"")
        ),
    },
    Case {
        rule: "empty-path",
        deviation: patch!(
            "{user}",
            r#"{"op":"replace","path":"","value":{"title":"x"}}"#,
            200,
            ("{user}", "/title", "\"x\"")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","value":{"title":"x"}}"#,
            200,
            ("{user}", "/title", "\"x\"")
        ),
    },
    Case {
        rule: "qualified-key",
        deviation: patch!(
            "{user}",
            r#"{"op":"replace","value":{"name.givenName":"Ada"}}"#,
            200,
            ("{user}", "/name/givenName", "\"Ada\"")
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}}}"#,
            200,
            ("{user}", DEPARTMENT, "\"D\"")
        ),
    },
    Case {
        rule: "unqualified-extension",
        deviation: ask(
            "GET",
            "/Users?filter=department%20eq%20%22none%22",
            "",
            200,
            ("", "/totalResults", "0"),
        ),
        neighbour: ask(
            "GET",
            "/Users?filter=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department%20eq%20%22none%22",
            "",
            200,
            ("", "/totalResults", "0"),
        ),
    },
    Case {
        rule: "create-from-filter",
        deviation: patch!(
            "{user}",
            r#"{"op":"replace","path":"emails[type eq \"work\"].value","value":"w@x.io"}"#,
            200,
            ("{user}", "/emails/1", r#"{"value":"w@x.io","type":"work"}"#)
        ),
        neighbour: patch!(
            "{user}",
            r#"{"op":"replace","path":"emails[type ne \"home\"].value","value":"w@x.io"}"#,
            400,
            ("", "/scimType", "\"noTarget\"")
        ),
    },
    Case {
        rule: "remove-by-value",
        deviation: patch!(
            "{group}",
            r#"{"op":"remove","path":"members","value":[{"value":"2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11"}]}"#,
            200,
            ("{group}", "/members/0/value", "\"{id}\"")
        ),
        neighbour: patch!(
            "{group}",
            r#"{"op":"remove","path":"members"}"#,
            200,
            ("{group}", "/members", "null")
        ),
    },
    Case {
        rule: "value-path-sub-attribute",
        deviation: ask(
            "GET",
            "/Users?filter=emails%5Btype%20eq%20%22home%22%5D.value%20eq%20%22a@x.io%22",
            "",
            200,
            ("", "/Resources/0/id", "\"{id}\""),
        ),
        neighbour: ask(
            "GET",
            "/Users?filter=emails%5Btype%20eq%20%22home%22%20and%20value%20eq%20%22a@x.io%22%5D",
            "",
            200,
            ("", "/Resources/0/id", "\"{id}\""),
        ),
    },
    Case {
        rule: "complex-compared",
        deviation: ask(
            "GET",
            "/Users?filter=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager%20eq%20%22x%22",
            "",
            200,
            ("", "/totalResults", "0"),
        ),
        neighbour: ask(
            "GET",
            "/Users?filter=emails%20eq%20%22a@x.io%22",
            "",
            200,
            ("", "/Resources/0/id", "\"{id}\""),
        ),
    },
    Case {
        rule: "number-as-text",
        deviation: search!(r#","count":"0""#, 200, ("", "/Resources", "[]")),
        neighbour: search!(
            r#","count":"ten""#,
            400,
            ("", "/scimType", "\"invalidValue\"")
        ),
    },
    Case {
        rule: "names-as-text",
        deviation: search!(
            r#","attributes":"nickName,title""#,
            200,
            ("", "/Resources/0/nickName", "\"A\"")
        ),
        neighbour: search!(
            r#","attributes":["nickName","title"]"#,
            200,
            ("", "/Resources/0/nickName", "\"A\"")
        ),
    },
    Case {
        rule: "empty-parameter",
        deviation: ask(
            "GET",
            "/Groups?filter=",
            "",
            200,
            ("", "/totalResults", "1"),
        ),
        neighbour: ask(
            "GET",
            "/Groups?count=0",
            "",
            200,
            ("", "/itemsPerPage", "0"),
        ),
    },
    Case {
        rule: "repeated-parameter",
        deviation: ask(
            "GET",
            "/Groups?count=0&count=1",
            "",
            200,
            ("", "/itemsPerPage", "1"),
        ),
        neighbour: ask(
            "GET",
            "/Groups?attributes=displayName,members&count=1",
            "",
            200,
            ("", "/itemsPerPage", "1"),
        ),
    },
    Case {
        rule: "missing-content-type",
        deviation: Ask {
            headers: &[("content-type", "")],
            ..post!("", 201, ("", "/userName", "\"bob\""))
        },
        neighbour: Ask {
            headers: &[("content-type", "text/json")],
            ..post!("", 415, ("", "/status", "\"415\""))
        },
    },
    Case {
        rule: "extra-slashes",
        deviation: ask("GET", "//Users", "", 200, ("", "/startIndex", "1")),
        neighbour: ask(
            "GET",
            "/Users/a%2F%2Fb",
            "",
            404,
            ("", "/status", "\"404\""),
        ),
    },
    Case {
        rule: "token-spacing",
        deviation: Ask {
            headers: &[("authorization", "Bearer   {token} ")],
            ..ask("GET", "/Users", "", 200, ("", "/startIndex", "1"))
        },
        neighbour: Ask {
            headers: &[("authorization", "Bearer prv_scim abc")],
            ..ask("GET", "/Users", "", 401, ("", "/status", "\"401\""))
        },
    },
];

#[test]
fn every_rule_has_a_case() {
    let tested: BTreeSet<&str> = CASES.iter().map(|case| case.rule).collect();
    let rules = provost::scim::dialect::RULES;
    assert_eq!(tested, rules.iter().map(|rule| rule.name).collect());
}

#[tokio::test]
async fn every_deviation_is_understood_and_named() {
    for case in CASES {
        carry_out(&case.deviation, &[case.rule]).await;
    }
}

#[tokio::test]
async fn every_correct_neighbour_is_left_alone() {
    for case in CASES {
        carry_out(&case.neighbour, &[]).await;
    }
}

/// A provider is cheap to ask and dear to make, but each request must find the same world.
async fn carry_out(ask: &Ask, rules: &[&str]) {
    let provider = Provider::of("", SCIM_JSON).await;
    let home = json!([{ "value": "a@x.io", "type": "home" }]);
    let user = provider
        .user_with("ada", json!({ "nickName": "A", "emails": home }))
        .await;
    let group = provider.group("Analysts", &[&user]).await;
    let owners = provider
        .filter("/Users", "userName eq \"owner@example.com\"")
        .await;
    let owner = format!(
        "/Users/{}",
        owners.body["Resources"][0]["id"].as_str().unwrap()
    );
    let fill = |text: &str| {
        text.replace("{user}", &user)
            .replace("{owner}", &owner)
            .replace("{group}", &group)
            .replace("{id}", id_of(&user))
            .replace("{token}", &provider.real.scim_token)
    };
    let headers: Vec<(&str, String)> = ask
        .headers
        .iter()
        .map(|(name, value)| (*name, fill(value)))
        .collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let body = (!ask.body.is_empty()).then(|| fill(ask.body));
    let reply = provider
        .send_with(ask.method, &fill(ask.path), &headers, body)
        .await
        .is(ask.status);
    provider.tolerated(&reply, rules).await;
    let (path, pointer, expected) = ask.seen;
    let seen = match path {
        "" => reply.body,
        path => provider.read(&fill(path)).await,
    };
    // A pointer knows no dots or colons, only slashes, which no URN here has.
    let found = seen.pointer(pointer).unwrap_or(&Value::Null);
    let expected: Value = serde_json::from_str(&fill(expected)).unwrap();
    assert_eq!(*found, expected, "{} {}: {seen}", ask.method, ask.path);
}

/// Other places at which a rule fires.
#[rstest]
#[case::search_without_schemas(
    ask("POST", "/Groups/.search", r#"{"count":1}"#, 200, ("", "/itemsPerPage", "1")),
    &["missing-schemas"]
)]
#[case::search_of_a_single_schema(
    ask(
        "POST",
        "/Groups/.search",
        r#"{"schemas":"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}"#,
        200,
        ("", "/totalResults", "1"),
    ),
    &["single-for-array"]
)]
#[case::search_with_empty_fields(
    search!(r#","sortBy":"","startIndex":"1""#, 200, ("", "/totalResults", "1")),
    &["empty-parameter", "number-as-text"]
)]
#[case::the_root_is_asked_likewise(
    ask("GET", "?sortBy=&filter=nickName%20pr", "", 200, ("", "/totalResults", "1")),
    &["empty-parameter"]
)]
#[tokio::test]
async fn a_rule_fires_elsewhere_too(#[case] ask: Ask, #[case] rules: &[&str]) {
    carry_out(&ask, rules).await;
}

/// What was tolerated before a request was refused is in its trace, beside the reason.
#[rstest]
#[case::create(
    ask("POST", "/Users", r#"{"userName":"bob","usreName":"x","active":[1,2]}"#, 400, ("", "/scimType", "\"invalidValue\"")),
    &["missing-schemas", "unknown-attribute"]
)]
#[case::required(
    ask("POST", "/Users", r#"{"active":"True"}"#, 400, ("", "/scimType", "\"invalidValue\"")),
    &["missing-schemas", "string-boolean"]
)]
#[case::taken(
    ask("POST", "/Users", r#"{"userName":"ADA","usreName":"x"}"#, 409, ("", "/scimType", "\"uniqueness\"")),
    &["missing-schemas", "unknown-attribute"]
)]
#[case::replace(
    ask("PUT", "{user}", r#"{"userName":"ada","name":5}"#, 400, ("", "/scimType", "\"invalidValue\"")),
    &["missing-schemas"]
)]
#[case::patch_read(
    patch!("{user}", r#"{"op":"Add","path":"","value":{}},{"op":"destroy"}"#, 400, ("", "/scimType", "\"invalidSyntax\"")),
    &["empty-path", "operation-case"]
)]
#[case::patch_applied(
    patch!("{user}", r#"{"op":"Replace","path":"active","value":"False"},{"op":"replace","path":"active","value":[1,2]}"#, 400, ("", "/scimType", "\"invalidValue\"")),
    &["operation-case", "string-boolean"]
)]
#[case::patch_left_without(
    patch!("{user}", r#"{"op":"Remove","path":"userName"}"#, 400, ("", "/scimType", "\"mutability\"")),
    &["operation-case"]
)]
#[case::members(
    ask("POST", "/Groups", r#"{"members":["nobody"]}"#, 400, ("", "/scimType", "\"invalidValue\"")),
    &["member-shape", "missing-schemas"]
)]
#[case::list(
    ask("GET", "/Users?filter=&count=x", "", 400, ("", "/scimType", "\"invalidValue\"")),
    &["empty-parameter"]
)]
#[case::filter(
    ask("GET", "/Users?filter=manager%20eq%20%22x%22%20and", "", 400, ("", "/scimType", "\"invalidFilter\"")),
    &["complex-compared", "unqualified-extension"]
)]
#[case::search(
    ask("POST", "/Users/.search", r#"{"filter":"nothing eq"}"#, 400, ("", "/scimType", "\"invalidFilter\"")),
    &["missing-schemas"]
)]
#[case::bulk(
    ask("POST", "/Bulk", r#"{"Operations":[]}"#, 400, ("", "/scimType", "\"invalidValue\"")),
    &["missing-schemas"]
)]
#[tokio::test]
async fn a_refused_request_names_what_was_tolerated_before(
    #[case] ask: Ask,
    #[case] rules: &[&str],
) {
    carry_out(&ask, rules).await;
}

#[rstest]
#[case::title("title")]
#[case::user_name("userName")]
#[tokio::test]
async fn a_string_that_looks_like_a_boolean_stays_a_string(#[case] name: &str) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let operation = json!([{ "op": "replace", "path": name, "value": "True" }]);
    let reply = provider.patch(&user, operation).await.done();
    provider.tolerated(&reply, &[]).await;
    assert_eq!(provider.read(&user).await[name], "True");
}
