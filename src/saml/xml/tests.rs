//! The reader's rules, one case each.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn verdict(text: &str) -> Result<(), XmlError> {
    Source::from_text(text, Limits::RESPONSE)?
        .parse()
        .map(|_| ())
}

#[rstest]
#[case::plain("<a/>")]
#[case::declaration("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>")]
#[case::byte_order_mark("\u{feff}<a/>")]
#[case::comments("<!-- a --><a><!-- b --></a><!-- c -->")]
#[case::references("<a b='&lt;&#x41;'>&amp;&#13;</a>")]
#[case::different_ids("<a ID='1'><b Id='2' id='3'/></a>")]
fn a_plain_document_is_read(#[case] text: &str) {
    assert_eq!(verdict(text), Ok(()));
}

#[rstest]
#[case::dtd("<!DOCTYPE a><a/>", XmlError::Dtd)]
#[case::entity("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", XmlError::Dtd)]
#[case::instruction("<a><?php x?></a>", XmlError::ProcessingInstruction { target: "php".into() })]
#[case::instruction_before("<?xml-stylesheet x?><a/>", XmlError::ProcessingInstruction { target: "xml-stylesheet".into() })]
#[case::same_id("<a ID='1'><b ID='1'/></a>", XmlError::DuplicateId { id: "1".into() })]
#[case::same_id_other_case("<a ID='1'><b id='1'/></a>", XmlError::DuplicateId { id: "1".into() })]
#[case::same_id_on_one("<a ID='1' Id='1'/>", XmlError::DuplicateId { id: "1".into() })]
#[case::same_id_in_namespace("<a ID='1' xml:id='1'/>", XmlError::DuplicateId { id: "1".into() })]
#[case::same_id_by_reference("<a ID='1'><b ID='&#49;'/></a>", XmlError::DuplicateId { id: "1".into() })]
#[case::unbound_prefix("<a xmlns:p=''/>", XmlError::UnboundPrefix { prefix: "p".into() })]
#[case::undone_prefix("<a xmlns:p='u'><b xmlns:p=''/></a>", XmlError::UnboundPrefix { prefix: "p".into() })]
#[case::two_defaults("<a xmlns='u' xmlns='v'/>", XmlError::RepeatedDefaultNamespace { element: "a".into() })]
#[case::default_in_disguise("<a xmlns:p='u' p:xmlns='v'/>", XmlError::ForbiddenName { name: ":xmlns".into() })]
#[case::empty_prefix("<:a/>", XmlError::ForbiddenName { name: ":a".into() })]
#[case::empty_attribute_prefix("<a :b='1'/>", XmlError::ForbiddenName { name: ":b".into() })]
fn a_forbidden_document_is_refused(#[case] text: &str, #[case] error: XmlError) {
    assert_eq!(verdict(text), Err(error));
}

#[rstest]
#[case::empty("")]
#[case::no_element("text")]
#[case::two_roots("<a/><b/>")]
#[case::open("<a>")]
#[case::wrong_end("<a></b>")]
#[case::wrong_end_prefix("<p:a xmlns:p='u' xmlns:q='u'></q:a>")]
#[case::same_attribute("<a b='1' b='2'/>")]
#[case::same_attribute_by_namespace("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>")]
#[case::same_prefix("<a xmlns:p='u' xmlns:p='v'/>")]
#[case::unknown_prefix("<p:a/>")]
#[case::unknown_entity("<a>&b;</a>")]
#[case::late_dtd("<a/><!DOCTYPE a>")]
#[case::zero("<a>&#0;</a>")]
#[case::control("<a>\u{1}</a>")]
#[case::two_colons("<a:b:c xmlns:a='u'/>")]
fn an_ill_formed_document_is_refused(#[case] text: &str) {
    assert!(
        matches!(verdict(text), Err(XmlError::NotWellFormed(_))),
        "{:?}",
        verdict(text)
    );
}

#[test]
fn size_counts_before_anything_else() {
    let text = format!("<a>{}", "x".repeat(Limits::RESPONSE.bytes));
    let received = text.len();
    assert_eq!(
        verdict(&text),
        Err(XmlError::TooLarge {
            limit: 262_144,
            received
        })
    );
}

#[test]
fn other_encodings_are_refused() {
    let result = Source::from_bytes(b"<a>\xff</a>", Limits::RESPONSE);
    assert_eq!(result, Err(XmlError::NotUtf8 { at: 3 }));
}

#[rstest]
#[case::limit(64, true)]
#[case::beyond(65, false)]
#[case::far(30_000, false)]
fn depth_is_limited(#[case] depth: usize, #[case] is_read: bool) {
    let text = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(verdict(&text).is_ok(), is_read);
}

/// What fooled a limit that looked at the text: each of these ends a decoy, not an element.
#[rstest]
#[case::cdata("<![CDATA[</a>]]>")]
#[case::comment("<!--</a>-->")]
#[case::text("/>")]
fn a_decoy_does_not_hide_depth(#[case] decoy: &str) {
    let opening = format!("<a>{decoy}");
    let text = format!("{}{}", opening.repeat(70), "</a>".repeat(70));
    assert_eq!(verdict(&text), Err(XmlError::TooDeep { limit: 64 }));
    let attribute = format!("{}{}", "<a b='/>'>".repeat(70), "</a>".repeat(70));
    assert_eq!(verdict(&attribute), Err(XmlError::TooDeep { limit: 64 }));
}

#[rstest]
#[case::limit(64, true)]
#[case::beyond(65, false)]
#[case::far(20_000, false)]
fn attributes_are_limited(#[case] count: usize, #[case] is_read: bool) {
    let attributes = (0..count).fold(String::new(), |text, n| text + &format!(" a{n}=''"));
    let expected = if is_read {
        Ok(())
    } else {
        Err(XmlError::TooManyAttributes { limit: 64 })
    };
    assert_eq!(verdict(&format!("<a{attributes}/>")), expected);
}

#[rstest]
#[case::limit(64, true)]
#[case::beyond(65, false)]
#[case::far(10_000, false)]
fn prefixes_are_limited(#[case] count: usize, #[case] is_read: bool) {
    let declared = (0..count).fold(String::new(), |text, n| {
        text + &format!("<a xmlns:p{n} = 'u'/>")
    });
    let expected = if is_read {
        Ok(())
    } else {
        Err(XmlError::TooManyPrefixes { limit: 64 })
    };
    assert_eq!(verdict(&format!("<r>{declared}</r>")), expected);
}

#[test]
fn nodes_are_limited() {
    let text = format!("<r>{}</r>", "<a/>".repeat(20_001));
    assert_eq!(
        verdict(&text),
        Err(XmlError::TooManyNodes { limit: 20_000 })
    );
}

#[rstest]
#[case::plain("<a>x</a>", "x")]
#[case::empty("<a/>", "")]
#[case::comment("<a>admin@x.io<!-- -->.evil.io</a>", "admin@x.io.evil.io")]
#[case::cdata("<a>x<![CDATA[<y>]]>z</a>", "x<y>z")]
#[case::line_ends("<a>1\r\n2\r3&#13;</a>", "1\n2\n3\r")]
#[case::lone_return_behind_reference("<a>&amp;\r</a>", "&\n")]
fn a_value_is_all_of_its_text(#[case] text: &str, #[case] expected: &str) {
    let source = Source::from_text(text, Limits::RESPONSE).unwrap();
    assert_eq!(
        value(source.parse().unwrap().root_element()).unwrap(),
        expected
    );
}

#[test]
fn an_element_in_a_value_is_refused() {
    let source = Source::from_text("<a>x<b>y</b></a>", Limits::RESPONSE).unwrap();
    let error = XmlError::ElementInValue {
        element: "a".into(),
        child: "b".into(),
    };
    assert_eq!(value(source.parse().unwrap().root_element()), Err(error));
}

#[test]
fn names_keep_their_prefix() {
    let source = Source::from_text(
        "<p:a xmlns:p='u'\n xml:lang = 'de' b='1'/>",
        Limits::RESPONSE,
    )
    .unwrap();
    let document = source.parse().unwrap();
    let root = document.root_element();
    assert_eq!(
        element_name(root),
        QualifiedName {
            prefix: "p",
            local: "a"
        }
    );
    let names: Vec<_> = root
        .attributes()
        .map(|it| attribute_name(root, &it))
        .collect();
    let lang = QualifiedName {
        prefix: "xml",
        local: "lang",
    };
    assert_eq!(
        names,
        [
            lang,
            QualifiedName {
                prefix: "",
                local: "b"
            }
        ]
    );
}

#[rstest]
#[case::plain("aGk=", Ok(b"hi".to_vec()))]
#[case::spaces(" aG\r\n\tk= ", Ok(b"hi".to_vec()))]
#[case::empty("", Ok(Vec::new()))]
#[case::no_padding("aGk", Err(Base64Error::Malformed))]
#[case::bits_left("aGl=", Err(Base64Error::Malformed))]
#[case::url_alphabet("_-8=", Err(Base64Error::Malformed))]
#[case::other_space("aG\u{a0}k=", Err(Base64Error::Malformed))]
#[case::text_behind("aGk=aGk=", Err(Base64Error::Malformed))]
#[case::long("aGlnaGhpZ2g=", Err(Base64Error::TooLarge { limit: 6 }))]
#[case::one_byte_long("aGlnaGhpZw==", Err(Base64Error::TooLarge { limit: 6 }))]
fn base64_is_strict(#[case] text: &str, #[case] expected: Result<Vec<u8>, Base64Error>) {
    assert_eq!(decode_base64(text, 6), expected);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(<[/a-c!?]?|[a-c:= '\"/>&;#x-]|xmlns|\\PC|<!--|<!\\[CDATA\\[|\\]\\]>){0,60}") {
        let _ = verdict(&text);
    }
}
