//! What holds for any change to a good Response.

use proptest::prelude::*;

use super::*;

static GOOD: LazyLock<[String; 3]> = LazyLock::new(|| {
    [
        with_signed_assertion(&login()),
        signed_response(&login()),
        both_signed(&login()),
    ]
});

/// Pieces that mean something to a reader of XML or of SAML.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "<",
            ">",
            "/>",
            "</",
            "&",
            "\"",
            "'",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "&#13;",
            "<?x?>",
            "xmlns=\"\"",
            " ID=\"_assertion\"",
            "<saml:Assertion>",
            "</saml:Assertion>",
            "<saml:NameID>eve@x.io</saml:NameID>",
            "<ds:Signature/>",
            "xmlns:saml=\"urn:x\"",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Replaces a stretch anywhere. What is still accepted must say the same as before: comments, the certificate that
    /// is shown, and what no signature covers may be changed.
    #[test]
    fn a_change_is_refused_or_changes_nothing(
        which in 0..3_usize,
        at in any::<prop::sample::Index>(),
        length in 0..40_usize,
        with in piece(),
    ) {
        let good: Vec<char> = GOOD[which].chars().collect();
        let at = at.index(good.len());
        let behind = (at + length).min(good.len());
        let text: String = good[..at].iter().copied().chain(with.chars()).chain(good[behind..].iter().copied()).collect();
        if let Some(subject) = examine_text(&text).accepted() {
            let before = examine_text(&GOOD[which]);
            prop_assert_eq!(Some(subject), before.accepted());
        }
    }

    /// The same inside what is signed, without its signature: nothing but a comment may pass.
    #[test]
    fn a_change_in_what_is_signed_is_never_accepted(at in any::<prop::sample::Index>(), with in "[a-z0-9]{1,3}") {
        let good = &GOOD[0];
        let start = good.find("<saml:Subject>").unwrap();
        let end = good.rfind("</saml:Assertion>").unwrap();
        let at = start + at.index(end - start);
        let text = format!("{}{with}{}", &good[..at], &good[at..]);
        prop_assert!(examine_text(&text).accepted().is_none());
    }

    #[test]
    fn any_bytes_are_examined(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let examination = examine(&RawResponse::posted(&STANDARD.encode(&bytes)), &expectations());
        prop_assert!(examination.accepted().is_none());
    }

    #[test]
    fn any_parameter_is_examined(text in "\\PC{0,60}") {
        prop_assert!(examine(&RawResponse::posted(&text), &expectations()).accepted().is_none());
    }
}
