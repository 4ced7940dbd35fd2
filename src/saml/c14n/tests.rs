//! The examples of the standards, and what libxml2 makes of random documents.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rstest::rstest;

use super::*;
use crate::saml::xml::{Document, Limits, Source};

fn by_id<'a>(document: &'a Document<'_>, id: &str) -> Option<Node<'a, 'a>> {
    document
        .root()
        .descendants()
        .find(|it| it.attribute("ID") == Some(id))
}

/// The canonical form of the element with the ID `top`, or of the whole, less the one with the ID `signature`.
fn canonical(text: &str, inclusive_prefixes: &[&str]) -> String {
    let source = Source::from_text(text, Limits::RESPONSE).unwrap();
    let document = source.parse().unwrap();
    let prefixes: Vec<_> = inclusive_prefixes.iter().map(|&it| it.to_owned()).collect();
    canonicalize(&Subtree {
        top: by_id(&document, "top").unwrap_or(document.root_element()),
        without: by_id(&document, "signature"),
        inclusive_prefixes: &prefixes,
    })
    .unwrap()
}

/// Exclusive XML Canonicalization 1.0 §2.2: one element in two surroundings.
#[rstest]
#[case::one(
    "<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\"><n1:elem2 xmlns:n1=\"http://example.net\" \
     xml:lang=\"en\" ID=\"top\"><n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n0:local>"
)]
#[case::other(
    "<n2:pdu xmlns:n1=\"http://example.com\" xmlns:n2=\"http://foo.example\" xml:lang=\"fr\" xml:space=\"retain\">\
     <n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\" ID=\"top\"><n3:stuff xmlns:n3=\"ftp://example.org\"/>\
     </n1:elem2></n2:pdu>"
)]
fn the_surroundings_do_not_matter(#[case] text: &str) {
    assert_eq!(
        canonical(text, &[]),
        "<n1:elem2 xmlns:n1=\"http://example.net\" ID=\"top\" xml:lang=\"en\">\
         <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
    );
}

/// Canonical XML 1.0 §3.2 to §3.6 as far as a document without a DTD goes, with the exclusive treatment of namespaces.
#[rstest]
#[case::white_space(
    "<doc>\n   <clean>   </clean>\n   <mixed>\n      A\n   </mixed>\n</doc>",
    "<doc>\n   <clean>   </clean>\n   <mixed>\n      A\n   </mixed>\n</doc>"
)]
#[case::empty_element("<doc><e1   /><e2   ></e2></doc>", "<doc><e1></e1><e2></e2></doc>")]
#[case::attribute_order(
    "<e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\" xmlns:b=\"http://www.ietf.org\" \
     xmlns:a=\"http://www.w3.org\" xmlns=\"http://example.org\"/>",
    "<e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" \
     attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>"
)]
#[case::nested_defaults(
    "<e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\"><e7 xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\" \
     xmlns:a=\"http://www.w3.org\"><e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\" a:x=\"1\"/></e8></e7></e6>",
    "<e6><e7 xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\"><e9 xmlns:a=\"http://www.ietf.org\" a:x=\"1\"></e9></e8></e7></e6>"
)]
#[case::references(
    "<text>First line&#x0d;&#10;Second line</text>",
    "<text>First line&#xD;\nSecond line</text>"
)]
#[case::cdata(
    "<compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>",
    "<compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>"
)]
#[case::single_quotes(
    "<compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>",
    "<compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;\">valid</compute>"
)]
#[case::white_in_attribute(
    "<norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>",
    "<norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm>"
)]
#[case::utf8("<doc>&#169;</doc>", "<doc>©</doc>")]
#[case::comments(
    "<!-- a --><doc>Hello, world!<!-- Comment 1 --></doc><!-- b -->",
    "<doc>Hello, world!</doc>"
)]
#[case::ampersand_in_namespace("<a xmlns='u?a=1&amp;b=2'/>", "<a xmlns=\"u?a=1&amp;b=2\"></a>")]
#[case::unused_prefix(
    "<a xmlns:p='u'><p:b/><p:c/></a>",
    "<a><p:b xmlns:p=\"u\"></p:b><p:c xmlns:p=\"u\"></p:c></a>"
)]
#[case::rebound_prefix(
    "<p:a xmlns:p='u'><p:b xmlns:p='v'/><p:c/></p:a>",
    "<p:a xmlns:p=\"u\"><p:b xmlns:p=\"v\"></p:b><p:c></p:c></p:a>"
)]
#[case::xml_declared(
    "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='de'/>",
    "<a xml:lang=\"de\"></a>"
)]
fn a_document_has_its_canonical_form(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(canonical(text, &[]), expected);
}

#[rstest]
#[case::listed(&["p"], "<x ID=\"top\" xmlns:p=\"u\"><p:y></p:y></x>")]
#[case::default(&[""], "<x ID=\"top\"><p:y xmlns:p=\"u\"></p:y></x>")]
#[case::unknown(&["q", "xml"], "<x ID=\"top\"><p:y xmlns:p=\"u\"></p:y></x>")]
fn listed_prefixes_are_written_where_they_are_in_scope(
    #[case] prefixes: &[&str],
    #[case] expected: &str,
) {
    let text = "<r xmlns:p='u'><x ID='top'><p:y/></x></r>";
    let expected = expected.replace(
        "<x ID=\"top\" xmlns:p=\"u\">",
        "<x xmlns:p=\"u\" ID=\"top\">",
    );
    assert_eq!(canonical(text, prefixes), expected);
}

/// `#default` writes the default namespace on an element that does not use it.
#[test]
fn a_listed_default_is_written() {
    let text = "<r xmlns='d'><p:x xmlns:p='u' ID='top'><y xmlns=''/><z/></p:x></r>";
    let tail = "<y xmlns=\"\"></y>";
    assert_eq!(
        canonical(text, &[""]),
        format!("<p:x xmlns=\"d\" xmlns:p=\"u\" ID=\"top\">{tail}<z></z></p:x>")
    );
    assert_eq!(
        canonical(text, &[]),
        "<p:x xmlns:p=\"u\" ID=\"top\"><y></y><z xmlns=\"d\"></z></p:x>"
    );
}

#[test]
fn the_signature_is_left_out_and_what_stands_around_it_stays() {
    let text = "<a> <s ID='signature'><b/></s>\n<s ID='other'/></a>";
    assert_eq!(canonical(text, &[]), "<a> \n<s ID=\"other\"></s></a>");
    assert_eq!(canonical("<a><s ID='signature'/></a>", &[]), "<a></a>");
}

#[test]
fn growth_is_bounded() {
    let uri = "u".repeat(100_000);
    let text = format!("<r xmlns:p='{uri}'>{}</r>", "<p:a/>".repeat(1000));
    let source = Source::from_text(&text, Limits::RESPONSE).unwrap();
    let document = source.parse().unwrap();
    let subtree = Subtree {
        top: document.root_element(),
        without: None,
        inclusive_prefixes: &[],
    };
    assert_eq!(
        canonicalize(&subtree),
        Err(C14nError::TooLarge {
            limit: MAX_CANONICAL_BYTES
        })
    );
}

/// `vectors.py` made these with lxml.
#[rstest]
#[case::lxml(include_str!("vectors.txt"), 200)]
#[case::xmlsec1(include_str!("vectors_xmlsec1.txt"), 300)]
fn libxml2_makes_the_same_bytes(#[case] vectors: &str, #[case] expected_count: usize) {
    let decode = |text: &str| String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
    let mut count = 0;
    for line in vectors.lines() {
        let [prefixes, document, expected] =
            line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let prefixes: Vec<_> = prefixes
            .split(',')
            .filter(|it| *it != "-")
            .map(|it| if it == "#default" { "" } else { it })
            .collect();
        let document = decode(document);
        assert_eq!(
            canonical(&document, &prefixes),
            decode(expected),
            "{prefixes:?} {document}"
        );
        count += 1;
    }
    assert_eq!(count, expected_count);
}
