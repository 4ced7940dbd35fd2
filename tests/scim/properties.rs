//! What holds for any input: the fuzzer's targets, called with its seeds, with words put together at random, and with
//! sizes that no client sends. What grows with the input is counted or limited, not timed.

use proptest::prelude::*;
use provost::scim::schema::custom;
use provost::scim::{
    Filter, PatchRequest, PatchTarget, Registry, ResourceKind, ScimType, limits, normalise,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::targets;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 10] = [
    ("filter", targets::filter),
    ("path", targets::path),
    ("patch", targets::patch),
    ("resource", targets::resource),
    ("search_request", targets::search_request),
    ("bearer", targets::bearer),
    ("log_query", targets::log_query),
    ("schema_file", targets::schema_file),
    ("saml_metadata", targets::saml_metadata),
    ("saml_response", targets::saml_response),
];

/// Each seed is whole, and cut at every place: an input that breaks off is the most frequent one of all.
#[test]
fn every_seed_of_the_fuzzer_holds() {
    for (name, target) in TARGETS {
        let directory = format!("{}/fuzz/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
        let mut seeds = 0;
        for entry in std::fs::read_dir(&directory).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            // Some 500 places of a long one.
            for end in (0..bytes.len()).step_by(1 + bytes.len() / 500) {
                target(&bytes[..end]);
            }
            target(&bytes);
            seeds += 1;
        }
        assert!(seeds > 0, "{directory} is empty");
    }
}

/// What the seeds are made of, put together anew.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "userName", "emails", "members", "type", "value", "\"op\":", "\"path\":", "\"value\":", "\"Operations\":[",
            "{", "}", "[", "]", "(", ")", ",", ":", "\"", "eq", "\"work\"", "and", "or", "not", "pr", "replace", "true",
            "null", "-1", "1e999", "\"id\":\"urn:a:b\"", "\"attributes\":[", "\"name\":\"x\"", "Bearer", "status:", "4xx",
            ">=", "..", "filter=", "count=", "&", "%22",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn anything_put_together_from_pieces_holds(text in pieces()) {
        for (_, target) in TARGETS {
            target(text.as_bytes());
        }
    }

    #[test]
    fn any_bytes_hold(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for (_, target) in TARGETS {
            target(&bytes);
        }
    }
}

/// What means something to a reader of XML or of SAML.
fn markup() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "<", ">", "/>", "</", "&", "\"", "<!--", "-->", "<!-- -->", "<![CDATA[", "]]>", "&#13;", "<?x?>", "<!DOCTYPE r>",
            "xmlns=\"\"", " ID=\"_a\"", "https://evil.example", "2126-01-01T00:00:00Z", "eve@example.com", "AAAA", "\u{0}",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// A good document of SAML with a stretch of it replaced is refused, or says what it said.
    #[test]
    fn a_changed_document_of_saml_holds(
        which in 0..2_usize,
        at in any::<prop::sample::Index>(),
        length in 0..60_usize,
        with in markup(),
    ) {
        let (name, target) = TARGETS[8 + which];
        let path = format!("{}/fuzz/seeds/{name}/01", env!("CARGO_MANIFEST_DIR"));
        let seed = std::fs::read(path).unwrap();
        let at = at.index(seed.len());
        let behind = (at + length).min(seed.len());
        target(&[&seed[..at], with.as_bytes(), &seed[behind..]].concat());
    }
}

/// The seed that all others are held against is accepted, or the target would hold for nothing.
#[test]
fn the_good_response_is_good() {
    let good = include_str!("../../fuzz/seeds/saml_response/01");
    let changed = good.replacen("</", "<!-- --></", 1);
    assert!(targets::signs_in(good.as_bytes()) && targets::signs_in(changed.as_bytes()));
    assert!(!targets::signs_in(good.replace("Ada", "Eve").as_bytes()));
}

#[rstest]
#[case::parentheses("(".repeat(50_000))]
#[case::closed_parentheses(format!("{}userName pr{}", "(".repeat(50_000), ")".repeat(50_000)))]
#[case::negations("not (".repeat(10_000))]
#[case::brackets("emails[".repeat(5_000))]
#[case::conjunction(format!("userName pr{}", " and userName pr".repeat(50_000)))]
#[case::identifier("a".repeat(1_000_000))]
#[case::qualified_identifier(format!("urn:{}", "a:".repeat(500_000)))]
#[case::dots(format!("a{}", ".a".repeat(500_000)))]
#[case::string(format!("userName eq \"{}\"", "a".repeat(1_000_000)))]
#[case::escapes(format!("userName eq \"{}\"", "\\u0041".repeat(150_000)))]
#[case::open_string(format!("userName eq \"{}", "\\\\".repeat(30_000)))]
#[case::blanks(" ".repeat(1_000_000))]
#[case::keys(format!("status:{}", "4xx,".repeat(100_000)))]
#[case::objects("{\"value\":".repeat(50_000))]
#[case::arrays("[".repeat(1_000_000))]
#[case::members(json!({ "displayName": "G", "members": vec![json!({ "value": "x" }); 20_000] }).to_string())]
#[case::unknown_keys({
    let keys: serde_json::Map<String, Value> = (0..20_000).map(|n| (format!("usrNam{n}"), json!(1))).collect();
    Value::Object(keys).to_string()
})]
fn no_size_breaks_a_reader(#[case] text: String) {
    for (_, target) in TARGETS {
        target(text.as_bytes());
    }
}

/// The work on a filter is limited by its length, depth and number of comparisons, whichever comes first.
#[test]
fn filters_are_limited_where_they_are_read() {
    let registry = Registry::standard();
    let parse = |text: &str| Filter::parse(&registry, ResourceKind::User, text);
    let nested = |depth| format!("{}userName pr{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(limits::FILTER_DEPTH - 1)).is_ok());
    assert!(parse(&nested(limits::FILTER_DEPTH)).is_err());
    let joined = |terms: usize| vec!["userName pr"; terms].join(" or ");
    assert!(parse(&joined(limits::FILTER_TERMS)).is_ok());
    assert!(parse(&joined(limits::FILTER_TERMS + 1)).is_err());
    let long = format!("userName eq \"{}\"", "a".repeat(limits::FILTER_LENGTH));
    assert!(parse(&long).unwrap_err().detail.contains("longer than"));
}

/// However much a request tolerates, the log of it stays small.
#[test]
fn notes_are_counted() {
    let registry = Registry::standard();
    let mut body: serde_json::Map<String, Value> = (0..5_000)
        .map(|number| (format!("unknown{number}"), Value::Null))
        .collect();
    body.insert("userName".into(), "ada".into());
    let body = Value::Object(body);
    let normalised = normalise(&registry, ResourceKind::User, &body, None).unwrap();
    assert_eq!(normalised.notes.len(), limits::NOTES);
}

#[test]
fn operations_and_values_are_counted() {
    let operation = json!({ "op": "replace", "path": "title", "value": "x" });
    let request = |count: usize| {
        let operations = vec![operation.clone(); count];
        PatchRequest::parse(&json!({ "Operations": operations }))
    };
    assert!(request(limits::PATCH_OPERATIONS).is_ok());
    assert_eq!(
        request(limits::PATCH_OPERATIONS + 1).unwrap_err().status,
        413
    );

    let registry = Registry::standard();
    let emails: Vec<Value> = (0..=limits::VALUES)
        .map(|number| json!({ "value": format!("{number}@x.io") }))
        .collect();
    let body = json!({ "userName": "ada", "emails": emails });
    let error = normalise(&registry, ResourceKind::User, &body, None).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    // The same, one by one.
    let operations: Vec<Value> = emails
        .iter()
        .map(|email| json!({ "op": "add", "path": "emails", "value": [email] }))
        .collect();
    let attributes = normalise(
        &registry,
        ResourceKind::User,
        &json!({ "userName": "ada" }),
        None,
    )
    .unwrap()
    .attributes;
    let target = PatchTarget {
        kind: ResourceKind::User,
        id: "1",
        attributes: &attributes,
    };
    let (first, rest) = operations.split_at(limits::PATCH_OPERATIONS);
    let apply = |operations: &[Value], target: &PatchTarget<'_>| {
        let request = PatchRequest::parse(&json!({ "Operations": operations })).unwrap();
        request.apply(&registry, target)
    };
    let patched = apply(first, &target).unwrap();
    let target = PatchTarget {
        attributes: &patched.attributes,
        ..target
    };
    let error = apply(rest, &target).unwrap_err();
    assert!(error.detail.contains("more than"), "{error}");
}

#[test]
fn a_schema_file_is_limited_before_it_is_parsed() {
    let text = " ".repeat(limits::SCHEMA_FILE + 1);
    let error = custom::read(&text).unwrap_err().to_string();
    assert_eq!(
        error,
        format!("the file: more than {} bytes", limits::SCHEMA_FILE)
    );
}
