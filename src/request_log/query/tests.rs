use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::directory::{ObjectKind, Outcome, RequestId};
use crate::request_log::{RequestRow, Subject};

fn parse(text: &str) -> RequestQuery {
    RequestQuery::parse(text).unwrap()
}

fn now() -> Timestamp {
    "2026-05-03T12:00:00Z".parse().unwrap()
}

fn row() -> RequestRow {
    RequestRow {
        id: RequestId(4812),
        at: "2026-05-03T11:00:00Z".parse().unwrap(),
        duration_us: 12_345,
        method: "PATCH".into(),
        path: "/scim/v2/Users/0197".into(),
        resource: "Users".into(),
        subject: Some(Subject {
            kind: ObjectKind::Member,
            id: Some("0197".into()),
            label: "Ada Straße".into(),
        }),
        status: 409,
        outcome: Outcome::Refused,
        code: Some("REACTIVATE".into()),
        token: Some("okta-1".into()),
        user_agent: Some("Okta SCIM Client 1.0.0".into()),
        idp: Some("okta".into()),
        changes: 0,
        retry_of: None,
        part_of: None,
    }
}

#[rstest]
#[case("", true)]
#[case("   ", true)]
#[case("status:>=400", true)]
#[case("status:>409", false)]
#[case("status:4xx", true)]
#[case("status:200,409", true)]
#[case("status:<400", false)]
#[case("-status:409", false)]
#[case("method:put,patch", true)]
#[case("user:ADA", true)]
#[case("user:strasse", true)]
#[case("user:0197", true)]
#[case("user:019", false)]
#[case("team:ada", false)]
#[case("subject:ada", true)]
#[case("code:reactivate", true)]
#[case("token:Okta-1", true)]
#[case("token:okta", false)]
#[case("ua:okta", true)]
#[case("idp:entra,okta", true)]
#[case("outcome:refused,no-op", true)]
#[case("outcome:no_op", false)]
#[case("since:2h", true)]
#[case("since:59m", false)]
#[case("until:1h", false)]
#[case("until:2026-05-04", true)]
#[case("since:2026-05-03T11:00Z", true)]
#[case("since:2026-05-03T13:00+02:00", true)]
#[case("ms:>12", true)]
#[case("ms:12", true)]
#[case("ms:12.345", true)]
#[case("ms:12.34", true)]
#[case("ms:<=12", false)]
#[case("ms:12.5..20", false)]
#[case("id:#4812", true)]
#[case("id:4800..4811", false)]
#[case("path:/users", true)]
#[case("resource:users", true)]
#[case("resource:user", false)]
#[case("changes:0", true)]
#[case("changed:role", false)]
#[case("\"ada str\"", true)]
#[case("-reactivate", false)]
#[case("#4812", true)]
#[case("nobody", false)]
#[case("status:409 method:GET", false)]
fn terms_mean_what_they_say(#[case] text: &str, #[case] expected: bool) {
    assert_eq!(parse(text).matches(&row(), now()), expected);
}

#[test]
fn a_line_that_cannot_tell_which_attribute_changed_stays() {
    let changed = RequestRow {
        changes: 1,
        ..row()
    };
    for text in ["changed:role", "-changed:role"] {
        assert!(parse(text).matches(&changed, now()), "{text}");
    }
}

#[rstest]
#[case("stauts:404", 1, "there is no key `stauts`; the nearest is `status`")]
#[case(
    "ada -mehtod:GET",
    6,
    "there is no key `mehtod`; the nearest is `method`"
)]
#[case(
    "urn:ietf",
    1,
    "there is no key `urn`; text with a colon goes in quotes"
)]
#[case("ada status:", 12, "`status` needs a value, such as status:>=400")]
#[case("status:,4xx", 8, "`status` needs a value, such as status:>=400")]
#[case(
    "status:abc",
    8,
    "`abc` is no number for `status`; write status:>=400 or status:100..200"
)]
#[case(
    "status:9xx",
    8,
    "`9xx` is no number for `status`; write status:>=400 or status:100..200"
)]
#[case(
    "status:<0",
    8,
    "`<0` is no number for `status`; write status:>=400 or status:100..200"
)]
#[case(
    "id:5..4",
    4,
    "`5..4` is no number for `id`; write id:4812 or id:100..200"
)]
#[case(
    "ms:1.2345",
    4,
    "`1.2345` is no number for `ms`; write ms:>500 or ms:100..200"
)]
#[case(
    "outcome:refusd",
    9,
    "`refusd` is no outcome; the nearest is `refused`"
)]
#[case(
    "since:yore",
    7,
    "`yore` is no time; write an age such as 30m, 2h or 7d, or a date such as 2026-05-03 or 2026-05-03T14:30Z"
)]
#[case("since:1h,2h", 10, "`since` takes one time")]
#[case("user:\"ada", 6, "the quote that begins here is never closed")]
#[case("us\"er", 3, "a quote must stand at the beginning of a value")]
#[case("\"a\"b", 4, "a blank must follow the closing quote")]
#[case("a - b", 3, "`-` needs a word after it")]
#[case("\"\"", 1, "there is no text between the quotes")]
fn what_is_wrong_is_told_with_its_column(
    #[case] text: &str,
    #[case] column: usize,
    #[case] message: &str,
) {
    let error = RequestQuery::parse(text).unwrap_err();
    assert_eq!((error.message.as_str(), error.column), (message, column));
}

#[test]
fn a_query_has_its_limits() {
    assert!(RequestQuery::parse(&"é".repeat(MAX_LENGTH)).is_ok());
    assert_eq!(
        RequestQuery::parse(&"é".repeat(MAX_LENGTH + 1))
            .unwrap_err()
            .column,
        1_001
    );
    assert!(RequestQuery::parse(&"a ".repeat(MAX_TERMS)).is_ok());
    assert_eq!(
        RequestQuery::parse(&"a ".repeat(MAX_TERMS + 1))
            .unwrap_err()
            .column,
        65
    );
    let values = vec!["200"; MAX_VALUES + 1].join(",");
    assert!(RequestQuery::parse(&format!("status:{values}")).is_err());
}

#[rstest]
#[case("status:>400", "status:>=401")]
#[case("status:4xx,200", "status:400..499,200")]
#[case("ms:5", "ms:5..5.999")]
#[case("ms:>=0.5", "ms:>=0.5")]
#[case("method:patch", "method:PATCH")]
#[case("since:120m until:90m", "since:2h until:90m")]
#[case("since:2026-05-03", "since:2026-05-03T00:00:00Z")]
#[case("user:\"Ada Lovelace\",bob", "user:\"Ada Lovelace\",bob")]
#[case("\"-a\" \"b:c\" \"d\\\"e\"", "\"-a\" \"b:c\" \"d\\\"e\"")]
fn a_query_is_written_in_one_form(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(parse(text).to_string(), expected);
    assert_eq!(parse(expected), parse(text));
}

#[rstest]
#[case("", 0, vec!["status:", "outcome:", "method:"])]
#[case("me", 2, vec!["method:"])]
#[case("ada -co", 7, vec!["code:"])]
#[case("method:P", 8, vec!["POST", "PUT", "PATCH"])]
#[case("method:PUT,PA", 13, vec!["PATCH"])]
#[case("outcome:r", 9, vec!["refused"])]
#[case("nonsense:r", 10, vec![])]
#[case("\"me", 3, vec![])]
#[case("code:", 5, vec!["TOKEN_BAD"])]
fn completions_fit_what_is_typed(
    #[case] text: &str,
    #[case] cursor: usize,
    #[case] expected: Vec<&str>,
) {
    let known = |key| {
        if key == Key::Code {
            vec!["TOKEN_BAD".to_owned()]
        } else {
            Vec::new()
        }
    };
    let offered = complete_with(text, cursor, known);
    let texts: Vec<&str> = offered
        .iter()
        .map(|offer| offer.text.as_str())
        .take(expected.len().max(1))
        .collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_completion_replaces_only_what_it_completes() {
    let offer = complete("é method:PUT,PA", 15).remove(0);
    assert_eq!(offer.replace, 13..15);
}

fn span() -> impl Strategy<Value = Span> {
    (any::<u64>(), any::<u64>()).prop_map(|(one, other)| Span {
        from: one.min(other),
        to: one.max(other),
    })
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("\\PC{1,12}|[-:,\"\\\\ a]{1,6}", 1..4)
}

fn test() -> impl Strategy<Value = Test> {
    let spans = || prop::collection::vec(span(), 1..4);
    let moment = prop_oneof![
        (0_u64..10_000_000_000).prop_map(Moment::Ago),
        (-1_000_000_000_i64..10_000_000_000)
            .prop_map(|second| Moment::At(Timestamp::from_second(second).unwrap())),
    ];
    let outcomes = prop::sample::select(parse::OUTCOMES.to_vec());
    let kind = prop::sample::select(vec![None, Some(ObjectKind::Member), Some(ObjectKind::Team)]);
    let upper =
        || texts().prop_map(|words| words.iter().map(|word| word.to_ascii_uppercase()).collect());
    prop_oneof![
        spans().prop_map(Test::Status),
        spans().prop_map(Test::Changes),
        spans().prop_map(Test::Id),
        spans().prop_map(Test::Duration),
        upper().prop_map(Test::Method),
        upper().prop_map(Test::Code),
        (kind, texts()).prop_map(|(kind, any)| Test::Subject { kind, any }),
        texts().prop_map(Test::Token),
        texts().prop_map(Test::UserAgent),
        texts().prop_map(Test::Idp),
        texts().prop_map(Test::Changed),
        texts().prop_map(Test::Path),
        texts().prop_map(Test::Resource),
        prop::collection::vec(outcomes, 1..4).prop_map(Test::Outcome),
        moment.clone().prop_map(Test::Since),
        moment.prop_map(Test::Until),
        texts().prop_map(|mut texts| Test::Text(texts.remove(0))),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_as_the_same_query(
        terms in prop::collection::vec((any::<bool>(), test()), 0..6),
    ) {
        let terms = terms.into_iter().map(|(negated, test)| Term { negated, test }).collect();
        let query = RequestQuery { terms };
        let text = query.to_string();
        prop_assume!(text.chars().count() <= MAX_LENGTH);
        prop_assert_eq!(RequestQuery::parse(&text).unwrap(), query, "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|[a-z:,\"\\\\ <>=.0-9#-]{0,60}", cursor in 0_usize..80) {
        if let Ok(query) = RequestQuery::parse(&text) {
            prop_assert_eq!(&RequestQuery::parse(&query.to_string()).unwrap(), &query);
            query.matches(&row(), now());
        }
        for offer in complete(&text, cursor) {
            prop_assert!(offer.replace.end <= text.chars().count());
        }
    }
}
