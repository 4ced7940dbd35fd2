//! Good Responses.

use rstest::rstest;

use super::*;
use crate::saml::signature::DigestAlgorithm;
use crate::saml::testing::Placement;

#[rstest]
#[case::assertion(with_signed_assertion)]
#[case::response(signed_response)]
#[case::both(both_signed)]
fn a_signed_login_is_accepted(#[case] make: fn(&Login) -> String) {
    let subject = assert_accepted(&make(&login()));
    assert_eq!(subject.name_id, "ada@x.io");
    assert_eq!(
        subject.name_id_format.as_deref(),
        Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")
    );
    assert_eq!(subject.session_index.as_deref(), Some("_session"));
    assert_eq!(
        subject.session_not_on_or_after,
        login().session_not_on_or_after
    );
    assert_eq!(subject.assertion_id, "_assertion");
    assert_eq!(
        subject.replay_until,
        "2026-11-27T10:06:00Z".parse().unwrap()
    );
    assert_eq!(subject.attributes["role"], ["writer"]);
}

#[rstest]
fn every_algorithm_and_key_is_accepted(
    #[values(
        (&RSA, SignatureAlgorithm::RsaSha256),
        (&RSA, SignatureAlgorithm::RsaSha384),
        (&RSA, SignatureAlgorithm::RsaSha512),
        (&RSA_4096, SignatureAlgorithm::RsaSha256),
        (&P256, SignatureAlgorithm::EcdsaSha256),
        (&P384, SignatureAlgorithm::EcdsaSha384)
    )]
    key: (&'static LazyLock<SigningKey>, SignatureAlgorithm),
    #[values(
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512
    )]
    digest_algorithm: DigestAlgorithm,
) {
    let signer = Signer {
        digest_algorithm,
        ..Signer::new(key.0, key.1)
    };
    let assertion = signer.sign(&login().assertion_xml(), "_assertion").unwrap();
    assert_accepted(&login().response_xml(&assertion));
}

#[rstest]
#[case::listed("saml xs")]
#[case::default("#default saml")]
fn inclusive_namespaces_are_honoured(#[case] list: &'static str) {
    let signer = Signer {
        prefix_list: Some(list),
        ..signer()
    };
    let response = login().response_xml(&login().assertion_xml());
    let response = edit(
        &response,
        "<samlp:Response ",
        "<samlp:Response xmlns=\"urn:d\" xmlns:xs=\"urn:xs\" ",
    );
    assert_accepted(&signer.sign(&response, "_assertion").unwrap());
}

#[test]
fn a_signature_may_be_the_last_child() {
    let signer = Signer {
        placement: Placement::Last,
        ..signer()
    };
    let assertion = signer.sign(&login().assertion_xml(), "_assertion").unwrap();
    assert_accepted(&login().response_xml(&assertion));
}

#[test]
fn white_space_and_comments_between_elements_are_no_harm() {
    let assertion = edit(
        &login().assertion_xml(),
        "><saml:",
        ">\r\n <!-- x --> <saml:",
    );
    let assertion = signer().sign(&assertion, "_assertion").unwrap();
    assert_accepted(&edit(
        &login().response_xml(&assertion),
        "<samlp:Status>",
        "\n<samlp:Status>\n",
    ));
}

#[test]
fn a_login_begun_at_the_identity_provider_is_accepted_where_it_is_allowed() {
    let login = Login {
        in_response_to: None,
        ..login()
    };
    let allowed = Expectations {
        unsolicited: Unsolicited::Allowed,
        pending_request_id: None,
        ..expectations()
    };
    assert!(
        examine_with(&with_signed_assertion(&login), &allowed)
            .accepted()
            .is_some()
    );
    assert_fails(&with_signed_assertion(&login), CheckId::InResponseTo);
}

#[rstest]
#[case::late("2026-11-27T10:05:59Z", true)]
#[case::too_late("2026-11-27T10:06:00Z", false)]
#[case::early("2026-11-27T09:58:00Z", true)]
#[case::too_early("2026-11-27T09:57:59Z", false)]
fn clocks_may_differ_by_a_minute(#[case] now: &str, #[case] is_accepted: bool) {
    let expectations = Expectations {
        now: now.parse().unwrap(),
        ..expectations()
    };
    let examination = examine_with(&with_signed_assertion(&login()), &expectations);
    assert_eq!(examination.accepted().is_some(), is_accepted);
}

#[test]
fn the_difference_of_the_clocks_is_measured() {
    let expectations = Expectations {
        now: "2026-11-27T10:00:42Z".parse().unwrap(),
        ..expectations()
    };
    let examination = examine_with(&with_signed_assertion(&login()), &expectations);
    assert_eq!(examination.decoded().clock_skew_seconds, Some(42));
}

#[test]
fn attributes_of_one_name_are_merged() {
    let attributes = vec![
        (
            "teamKey".to_owned(),
            vec!["a".to_owned(), "b & c".to_owned()],
        ),
        ("customRole".to_owned(), vec![String::new()]),
        ("empty".to_owned(), vec![]),
        ("teamKey".to_owned(), vec!["d".to_owned()]),
    ];
    let subject = assert_accepted(&with_signed_assertion(&Login {
        attributes,
        ..login()
    }));
    assert_eq!(subject.attributes["teamKey"], ["a", "b & c", "d"]);
    assert_eq!(subject.attributes["customRole"], [""]);
    assert!(subject.attributes["empty"].is_empty());
}

#[test]
fn one_good_confirmation_of_several_is_enough() {
    let other =
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>";
    let assertion = edit(
        &login().assertion_xml(),
        "</saml:NameID>",
        &format!("</saml:NameID>{other}"),
    );
    let assertion = signer().sign(&assertion, "_assertion").unwrap();
    assert_accepted(&login().response_xml(&assertion));
}

#[test]
fn the_list_of_checks_is_whole_and_in_order() {
    let examination = examine_text(&with_signed_assertion(&login()));
    let ids: Vec<_> = examination.checks().iter().map(|it| it.id).collect();
    assert_eq!(ids, CheckId::ALL);
    for check in examination.checks() {
        let is_engines = matches!(check.id, CheckId::Replay | CheckId::Provisioning);
        let expected = if is_engines {
            CheckState::Pending
        } else {
            CheckState::Passed
        };
        assert_eq!(check.state, expected, "{check:?}");
        assert!(!check.detail.is_empty());
    }
}

#[test]
fn an_expired_certificate_is_a_warning() {
    let now: Timestamp = "4500-01-01T00:00:00Z".parse().unwrap();
    let expectations = Expectations {
        now,
        ..expectations()
    };
    let examination = examine_with(&with_signed_assertion(&Login::new(now)), &expectations);
    assert_eq!(
        examination
            .check(CheckId::AssertionSignature)
            .unwrap()
            .state,
        CheckState::Warned
    );
    assert!(examination.accepted().is_some());
}

#[test]
fn what_was_decoded_is_shown_whatever_the_verdict() {
    let login = Login {
        name_id: "eve@x.io\u{202e}".to_owned(),
        ..login()
    };
    let examination = examine_text(&login.response_xml(&login.assertion_xml()));
    assert_eq!(examination.accepted(), None);
    let decoded = examination.decoded();
    assert_eq!(decoded.name_id.as_deref(), Some("eve@x.io"));
    assert!(
        decoded
            .assertion
            .as_deref()
            .unwrap()
            .contains("    eve@x.io\n"),
        "{decoded:?}"
    );
    assert!(
        decoded
            .response
            .as_deref()
            .unwrap()
            .starts_with("<samlp:Response xmlns:samlp=")
    );
}
