use std::collections::HashSet;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn redacted(body: &str) -> String {
    redact(
        body.as_bytes(),
        &Sensitive::new(HashSet::new()),
        &Pseudonyms::new("AAAA"),
    )
}

#[rstest]
#[case(r#"{"userName": "ada", "active" : true, "n": -1.5e3, "a":[], "o":{ }}"#)]
#[case(r#"{"Operations":[{"op":"replace","path":"active","value":"False"}]}"#)]
#[case(r#"{"password":"","token":null,"secret":true}"#)]
#[case("[1, 2,\n 3]")]
#[case(r#"{"title":"{\"a\": 1}","path":"/Users/x?attributes=id"}"#)]
#[case(r#"{"a":"\u00e4 \" \\","a":1}"#)]
fn harmless_bodies_are_kept_to_the_letter(#[case] body: &str) {
    assert_eq!(redacted(body), body);
}

#[rstest]
#[case::key(r#"{"password":"hunter2"}"#)]
#[case::spelling(r#"{"PassWord" : "hunter2"}"#)]
#[case::escaped_key(r#"{"\u0070assword":"hunter2"}"#)]
#[case::urn(r#"{"urn:ietf:params:scim:schemas:core:2.0:User:password":"hunter2"}"#)]
#[case::number(r#"{"secret":7777777}"#)]
#[case::array(r#"{"tokens":["hunter2",{"x":"hunter2"}]}"#)]
#[case::object(r#"{"credential":{"password":"hunter2","x":["hunter2"]},"y":1}"#)]
#[case::twice(r#"{"password":"hunter2","password":"hunter2"}"#)]
#[case::patch(r#"{"Operations":[{"op":"replace","path":"password","value":"hunter2"}]}"#)]
#[case::patch_backwards(r#"{"Operations":[{"value":"hunter2","op":"replace","path":"password"}]}"#)]
#[case::patch_without_path(r#"{"Operations":[{"op":"replace","value":{"password":"hunter2"}}]}"#)]
#[case::patch_array(r#"[{"value":[{"value":"hunter2"}],"path":"password"}]"#)]
#[case::patch_nested(r#"[{"value":{"value":"hunter2","type":"x"},"path":"urn:x:User:token"}]"#)]
#[case::typed(r#"[{"type":"password","value":"hunter2"}]"#)]
#[case::path_literal(r#"[{"path":"x[password eq \"hunter2\"].y","value":1}]"#)]
#[case::encoded_twice(
    r#"{"data":" {\"password\": \"hunter2\"}","x":["[{\"secret\":\"hunter2\"}]"]}"#
)]
#[case::bulk_path(r#"{"method":"DELETE","path":"/Users/x?password=hunter2"}"#)]
#[case::search(r#"{"filter":"password eq \"hunter2\""}"#)]
fn secrets_are_hidden(#[case] body: &str) {
    let text = redacted(body);
    assert!(
        !text.contains("hunter2") && !text.contains("7777777"),
        "{text}"
    );
    assert!(text.contains("***:"), "{text}");
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
}

#[rstest]
#[case::unquoted(r#"{"userName":"ada","password":hunter2}"#)]
#[case::open_text(r#"{"userName":"ada","password":"hunter2"#)]
#[case::no_colon(r#"{"userName":"ada","password" "hunter2"}"#)]
#[case::single_quotes(r#"{"userName":"ada",'password':'hunter2'}"#)]
#[case::lost_quote(r#"{"userName":"ada","password: "hunter2"}"#)]
#[case::label_never_came(r#"{"userName":"ada","value":"hunter2","pat"#)]
#[case::label_never_came_deep(r#"{"userName":"ada","value":{"a":["hunter2",{"value":"hunter2","#)]
#[case::in_a_secret(r#"{"userName":"ada","token":{"a":"hunter2","b":"#)]
#[case::closed_before_its_label(
    r#"{"userName":"ada","other":{"value":["hunter2"]}"path":"name.secret"}}"#
)]
#[case::after_the_end(r#"{"userName":"ada"}{"password":"hunter2"}"#)]
fn broken_bodies_are_kept_up_to_the_fault(#[case] body: &str) {
    let text = redacted(body);
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains(r#""userName":"ada""#), "{text}");
    assert!(text.contains("…["), "{text}");
}

#[rstest]
#[case::form("password=hunter2&x=1")]
#[case::xml("<password>hunter2</password>")]
#[case::bare("\"hunter2\"")]
#[case::mark("\u{feff}{\"password\":\"hunter2\"}")]
fn what_is_no_json_is_not_kept(#[case] body: &str) {
    let text = redacted(body);
    assert!(text.starts_with("…[not JSON"), "{text}");
}

#[test]
fn bytes_that_are_not_text_end_what_is_kept() {
    let text = redact(
        b"{\"userName\":\"ada\",\"x\":\"\xff\",\"password\":\"hunter2\"}",
        &Sensitive::new(HashSet::new()),
        &Pseudonyms::new("AAAA"),
    );
    assert!(
        text.starts_with(r#"{"userName":"ada","x":…[not JSON"#),
        "{text}"
    );
}

#[test]
fn a_secret_has_one_pseudonym_however_it_is_written() {
    let one = redacted(r#"{"password":"hunter2"}"#);
    let pseudonym = Pseudonyms::new("AAAA").mask(b"hunter2");
    assert_eq!(one, format!(r#"{{"password":"{pseudonym}"}}"#));
    let escaped = redacted(r#"{"password":"hun\u0074er2"}"#);
    assert_eq!(one, escaped);
    let patch = redacted(r#"{"value":"hunter2","path":"password"}"#);
    assert!(patch.contains(&pseudonym), "{patch}");
}

/// JSON with a secret in some place that announces it, as text.
fn with_secret() -> impl Strategy<Value = String> {
    let secret = prop_oneof![
        Just(r#"{"password":"S3CRET"}"#.to_owned()),
        Just(r#"{"path":"password","value":"S3CRET"}"#.to_owned()),
        Just(r#"{"value":["S3CRET"],"path":"name.secret"}"#.to_owned()),
        Just(r#"{"access_token":{"deep":[["S3CRET"]]}}"#.to_owned()),
    ];
    secret.prop_recursive(6, 30, 4, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|x| format!(r#"{{"a":1,"value":{x},"b":"c"}}"#)),
            inner.clone().prop_map(|x| format!(r#"[null,{x},"y"]"#)),
            inner
                .clone()
                .prop_map(|x| format!(r#"{{"path":"emails","value":[{x}]}}"#)),
            inner
                .clone()
                .prop_map(|x| format!(r#"{{"value":[{x}],"path":"token"}}"#)),
            (inner.clone(), inner).prop_map(|(x, y)| format!(r#"{{"value":{x},"other":{y}}}"#)),
        ]
    })
}

proptest! {
    #[test]
    fn no_place_lets_a_secret_through(body in with_secret()) {
        let text = redacted(&body);
        prop_assert!(!text.contains("S3CRET"), "{} -> {}", body, text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{} -> {}", body, text);
    }

    #[test]
    fn no_cut_lets_a_secret_through(body in with_secret(), at: prop::sample::Index) {
        let cut = &body[..at.index(body.len())];
        let text = redacted(cut);
        prop_assert!(!text.contains("S3CRET"), "{} -> {}", cut, text);
    }

    #[test]
    fn no_damage_lets_a_secret_through(body in with_secret(), at: prop::sample::Index, with in "[\\[\\]{}\",: x]") {
        let at = at.index(body.len());
        let mut damaged = body.clone();
        // Damage to the name that announces the secret, or to the secret, makes it another one.
        damaged.replace_range(at..=at, &with);
        let named = damaged.matches("S3CRET").count() > 0
            && ["password", "secret", "access_token", "token"].iter().filter(|name| body.contains(*name))
                .all(|name| body.matches(name).count() == damaged.matches(name).count())
            && ["path", "value"].iter().all(|name| body.matches(name).count() == damaged.matches(name).count());
        if named && serde_json::from_str::<serde_json::Value>(&damaged).is_err() {
            let text = redacted(&damaged);
            prop_assert!(!text.contains("S3CRET"), "{} -> {}", damaged, text);
        }
    }

    #[test]
    fn any_bytes_are_taken(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = redact(&body, &Sensitive::new(HashSet::new()), &Pseudonyms::new("AAAA"));
    }
}
