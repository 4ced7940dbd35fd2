//! What is refused before anything is believed.

use rstest::rstest;

use super::*;

fn good() -> String {
    with_signed_assertion(&login())
}

#[rstest]
#[case::dtd(format!("<!DOCTYPE samlp:Response>{}", good()), "DTD")]
#[case::entity(format!("<!DOCTYPE r [<!ENTITY e \"eve@x.io\">]>{}", edit(&good(), "ada@x.io", "&e;")), "DTD")]
#[case::external(format!("<!DOCTYPE r SYSTEM \"http://elsewhere.example/\">{}", good()), "DTD")]
#[case::instruction(edit(&good(), "ada@x.io", "ada@x.io<?x?>.evil.io"), "processing instruction")]
#[case::unknown_entity(edit(&good(), "ada@x.io", "&e;"), "not well-formed")]
#[case::cut(good()[..good().len() - 5].to_owned(), "not well-formed")]
#[case::two_roots(good().repeat(2), "not well-formed")]
#[case::deep(edit(&good(), "<samlp:Status>", &format!("{}{}<samlp:Status>", "<a>".repeat(100), "</a>".repeat(100))), "64 deep")]
#[case::deep_with_decoys(edit(&good(), "<samlp:Status>", &format!("{}{}<samlp:Status>", "<a b='/>'><![CDATA[</a>]]>".repeat(100), "</a>".repeat(100))), "64 deep")]
#[case::very_deep(format!("{}{}", "<a>".repeat(15_000), "</a>".repeat(15_000)), "64 deep")]
#[case::nodes(edit(&good(), "<samlp:Status>", &format!("{}<samlp:Status>", "<a/>".repeat(20_001))), "nodes")]
#[case::attributes(edit(&good(), "<samlp:Status>", &format!("<a {}/><samlp:Status>", many(65, "='' "))), "attributes")]
#[case::prefixes(edit(&good(), "<samlp:Status>", &format!("<a {}/><samlp:Status>", many(65, "='u' ").replace('a', "xmlns:p"))), "prefixes")]
#[case::megabytes(edit(&good(), "<samlp:Status>", &format!("<!--{}--><samlp:Status>", "x".repeat(300_000))), "Base64")]
#[case::same_id(edit(&good(), "_response", "_assertion"), "identifier")]
#[case::unbound_prefix(edit(&good(), "<samlp:Status>", "<samlp:Status xmlns:p=\"\">"), "bound to no namespace")]
#[case::empty(String::new(), "not well-formed")]
fn a_dangerous_document_is_refused(#[case] document: String, #[case] words: &str) {
    let check = assert_fails(&document, CheckId::Document);
    assert!(check.detail.contains(words), "{check:?}");
}

fn many(count: usize, behind: &str) -> String {
    (0..count).fold(String::new(), |text, n| text + &format!("a{n}{behind}"))
}

#[rstest]
#[case::no_base64("<xml/>")]
#[case::url_alphabet("PD94bWw_-_8=")]
#[case::no_utf8("PGE+/zwvYT4=")]
fn what_is_no_text_is_refused(#[case] saml_response: &str) {
    let examination = examine(&RawResponse::posted(saml_response), &expectations());
    assert_refused(&examination, CheckId::Document);
    assert_eq!(
        examination.check(CheckId::Subject).unwrap().state,
        CheckState::NotReached
    );
}

#[test]
fn base64_may_have_line_ends() {
    let encoded = STANDARD.encode(good());
    let lines: Vec<_> = encoded
        .as_bytes()
        .chunks(76)
        .map(|it| str::from_utf8(it).unwrap())
        .collect();
    assert!(
        examine(&RawResponse::posted(&lines.join("\r\n")), &expectations())
            .accepted()
            .is_some()
    );
}

/// The rest is looked at all the same, so that a test-drive shows all that is wrong.
#[test]
fn the_transport_must_be_a_form_post() {
    let encoded = STANDARD.encode(good());
    let good = RawResponse::posted(&encoded);
    let cases = [
        RawResponse {
            method: "GET",
            ..good.clone()
        },
        RawResponse {
            content_type: None,
            ..good.clone()
        },
        RawResponse {
            content_type: Some("text/plain"),
            ..good.clone()
        },
    ];
    for raw in cases {
        let examination = examine(&raw, &expectations());
        assert_refused(&examination, CheckId::Transport);
        assert_eq!(
            examination
                .check(CheckId::AssertionSignature)
                .unwrap()
                .state,
            CheckState::Passed
        );
    }
    let charset = Some("application/x-www-form-urlencoded; charset=UTF-8");
    assert!(
        examine(
            &RawResponse {
                content_type: charset,
                ..good
            },
            &expectations()
        )
        .accepted()
        .is_some()
    );
}

#[rstest]
#[case::none(vec![])]
#[case::two(vec!["PGEvPg==", "PGEvPg=="])]
fn there_is_one_saml_response(#[case] saml_responses: Vec<&str>) {
    let raw = RawResponse {
        saml_responses,
        ..RawResponse::posted("")
    };
    assert_refused(&examine(&raw, &expectations()), CheckId::Transport);
}

#[test]
fn a_megabyte_is_refused_unread() {
    let text = "A".repeat(1024 * 1024);
    let examination = examine(&RawResponse::posted(&text), &expectations());
    assert_refused(&examination, CheckId::Transport);
    assert_eq!(
        examination.check(CheckId::Document).unwrap().state,
        CheckState::NotReached
    );
}

#[test]
fn what_is_shown_is_clean_and_bounded() {
    let login = Login {
        issuer: format!("evil\u{202e}\u{9b}{}", "x".repeat(5000)),
        ..login()
    };
    let examination = examine_text(&with_signed_assertion(&login));
    let check = assert_refused(&examination, CheckId::ResponseIssuer);
    let received = check.received.unwrap();
    assert!(
        received.starts_with("evilx") && received.chars().count() == 1025,
        "{received}"
    );
}
