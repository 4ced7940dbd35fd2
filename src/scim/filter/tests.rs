use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::scim::dialect::Coercion;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::fold::fold;
use crate::scim::path::AttributePath;
use crate::scim::schema::{Registry, ResourceKind};
use crate::scim::{Attributes, limits};

fn parse(text: &str) -> Result<ParsedFilter, ScimError> {
    Filter::parse(&Registry::standard(), ResourceKind::User, text)
}

fn resource() -> Attributes {
    let value = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223",
        "externalId": "Ext1",
        "userName": "bjensen",
        "name": { "familyName": "O'Malley", "givenName": "Barbara" },
        "title": "Tour Guide",
        "userType": "Employee",
        "active": true,
        "emails": [
            { "value": "bjensen@example.com", "type": "work", "primary": true },
            { "value": "babs@Jensen.org", "type": "home" }
        ],
        "meta": { "lastModified": "2011-05-13T04:42:34Z", "resourceType": "User" },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "42",
            "manager": { "value": "M1" }
        },
        "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User": {
            "customRole": ["a", "B"],
            "roleAttributes": [{ "key": "k", "values": ["1", "2"] }]
        }
    });
    serde_json::from_value(value).unwrap()
}

#[rstest]
// The examples of RFC 7644 §3.4.2.2, figure 2.
#[case(r#"userName Eq "bjensen""#, true)]
#[case(r#"name.familyName co "O'Malley""#, true)]
#[case(r#"userName sw "J""#, false)]
#[case(r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "BJ""#, true)]
#[case("title pr", true)]
#[case(r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, false)]
#[case(r#"meta.lastModified ge "2011-05-13T04:42:34Z""#, true)]
#[case(r#"meta.lastModified lt "2011-05-13T06:42:35+02:00""#, true)]
#[case(r#"meta.lastModified le "2011-05-13T04:42:33Z""#, false)]
#[case(r#"title pr and userType eq "Employee""#, true)]
#[case(r#"title pr or userType eq "Intern""#, true)]
#[case(r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, true)]
#[case(
    r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
    true
)]
#[case(
    r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
    false
)]
#[case(r#"userType eq "Employee" and (emails.type eq "work")"#, true)]
#[case(
    r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
    true
)]
#[case(r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#, true)]
// One value must meet all of a value path.
#[case(r#"emails[type eq "home" and value co "@example.com"]"#, false)]
// Precedence: `and` before `or`, `not` before both.
#[case(r#"title pr or title pr and userName eq "x""#, true)]
#[case(r#"(title pr or title pr) and userName eq "x""#, false)]
#[case(r#"not (userName eq "x") and title pr"#, true)]
// Case: of names and operators never, of values by `caseExact`.
#[case(r#"USERNAME EQ "BJENSEN" AND TITLE PR"#, true)]
#[case(r#"externalId eq "ext1""#, false)]
#[case(r#"id eq "2819C223""#, false)]
#[case(r#"emails.value ew "JENSEN.ORG""#, true)]
// Booleans, null, absence.
#[case("active eq true", true)]
#[case("active ne true", false)]
#[case("emails.primary eq true", true)]
#[case("nickName eq null", true)]
#[case("title eq null", false)]
#[case("title ne null", true)]
#[case("nickName pr", false)]
#[case("emails pr", true)]
#[case("ims pr", false)]
#[case("name pr", true)]
// Not equal: some value differs, or there is none.
#[case(r#"emails.type ne "work""#, true)]
#[case(r#"nickName ne "x""#, true)]
#[case(r#"title ne "tour guide""#, false)]
// Extensions, simple multi-valued attributes, multi-valued parts.
#[case(
    r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "42""#,
    true
)]
#[case(
    r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "M1""#,
    true
)]
#[case(r#"employeeNumber eq "42""#, true)]
#[case(r#"customRole eq "a""#, true)]
#[case(r#"customRole eq "b""#, false)]
#[case(r#"customRole[value eq "B"]"#, true)]
#[case(r#"roleAttributes[key eq "k" and values eq "2"]"#, true)]
#[case(r#"roleAttributes.values eq "3""#, false)]
// Order of strings.
#[case(r#"userName gt "BJ""#, true)]
#[case(r#"userName lt "bjensen""#, false)]
// Escapes.
#[case(r#"title eq "Tour\u0020Guide""#, true)]
#[case(r#"title eq "Tour \"Guide\"""#, false)]
// Blanks.
#[case("  (  title   pr  )  ", true)]
#[case("(title pr)and(active eq true)", true)]
fn a_filter_holds_or_not(#[case] text: &str, #[case] holds: bool) {
    let parsed = parse(text).expect(text);
    assert_eq!(parsed.filter.matches(&resource()), holds, "{text}");
    let again = parse(&parsed.filter.to_string()).expect("its own text");
    assert_eq!(again.filter, parsed.filter);
}

#[rstest]
#[case::empty("", "character 1")]
#[case::attribute_alone("userName", "an operator is expected here")]
#[case::no_value("userName eq", "a value is expected here")]
#[case::unquoted("userName eq bob", "double quotes")]
#[case::single_quotes("userName eq 'bob'", "double quotes")]
#[case::unknown_operator("userName is \"x\"", "character 10")]
#[case::unknown_attribute("usrName eq \"x\"", "did you mean userName?")]
#[case::unknown_part("name.first eq \"x\"", "no attribute")]
#[case::open_group("(title pr", "')' is missing")]
#[case::open_string("title eq \"x", "no closing")]
#[case::bad_escape("title eq \"\\x\"", "not a JSON string")]
#[case::open_value_path("emails[type eq \"x\"", "']' is missing")]
#[case::stray_close("title pr)", "not ')'")]
#[case::two_filters("title pr title pr", "'and', 'or' or the end")]
#[case::not_without_group("not title pr", "no attribute 'not'")]
#[case::trailing_and("title pr and", "an attribute is expected")]
#[case::nested_value_path("emails[type[value pr]]", "cannot hold another")]
#[case::string_for_boolean("active eq \"maybe\"", "is a boolean")]
#[case::order_of_booleans("active gt true", "does not apply")]
#[case::part_of_boolean("active co true", "does not apply")]
#[case::number_for_string("userName eq 5", "cannot be compared with a number")]
#[case::no_date("meta.created gt \"yesterday\"", "is a dateTime")]
#[case::complex_without_value("name eq \"x\"", "compare one of its parts: formatted")]
#[case::location("meta.location co \"Users\"", "compare id")]
#[case::password("password eq \"x\"", "never returned")]
#[case::password_present("password pr", "never returned")]
#[case::order_of_binaries("x509Certificates.value gt \"x\"", "does not apply")]
#[case::contains_null("title co null", "cannot compare with null")]
#[case::a_schema("urn:ietf:params:scim:schemas:core:2.0:User eq \"x\"", "needs ':'")]
#[case::literal_first("\"x\" eq title", "not a string")]
#[case::empty_group("()", "not ')'")]
#[case::value_path_of_simple_values("customRole[type eq \"x\"]", "only 'value'")]
fn a_malformed_filter_says_what_to_do(#[case] text: &str, #[case] expected: &str) {
    let error = parse(text).unwrap_err();
    assert_eq!(error.status, 400);
    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
    assert!(error.detail.contains(expected), "{}", error.detail);
}

#[test]
fn the_position_counts_characters() {
    let error = parse("displayName eq \"ää\" and shoeSize pr").unwrap_err();
    assert!(error.detail.contains("character 25"), "{}", error.detail);
}

#[rstest]
#[case::parentheses("(".repeat(50_000))]
#[case::closed_parentheses(format!("{}title pr{}", "(".repeat(25_000), ")".repeat(25_000)))]
#[case::nots("not(".repeat(12_500))]
#[case::brackets("emails[".repeat(8_000))]
#[case::too_long(format!("title eq \"{}\"", "x".repeat(limits::FILTER_LENGTH)))]
#[case::too_many(vec!["title pr"; limits::FILTER_TERMS + 1].join(" or "))]
fn hostile_filters_are_refused(#[case] text: String) {
    let error = parse(&text).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
    assert!(error.detail.len() < 500);
}

#[test]
fn long_chains_are_flat() {
    let text = vec!["title pr"; limits::FILTER_TERMS].join(" and ");
    let Filter::And(parts) = parse(&text).unwrap().filter else {
        panic!("not a conjunction");
    };
    assert_eq!(parts.len(), limits::FILTER_TERMS);
}

#[test]
fn comparisons_are_typed_and_folded() {
    let parsed = parse("userName eq \"Straße\"").unwrap();
    let Filter::Compare(comparison) = parsed.filter else {
        panic!("not a comparison");
    };
    assert_eq!(comparison.path, AttributePath::core("userName"));
    assert_eq!(
        comparison.literal,
        Literal::Text {
            text: "Straße".into(),
            key: "strasse".into()
        }
    );
}

#[test]
fn across_types_an_attribute_of_another_type_has_no_value() {
    let scope = FilterScope {
        kind: ResourceKind::Group,
        unknown: UnknownAttribute::NoValue,
    };
    let holds = |text: &str| {
        let parsed = Filter::parse_in(&Registry::standard(), scope, text).expect(text);
        let group = Attributes::from_iter([("displayName".to_owned(), json!("G"))]);
        parsed.filter.matches(&group)
    };
    assert!(!holds("userName eq \"x\""));
    assert!(!holds("userName pr"));
    assert!(!holds(
        "emails[type eq \"x\" and (value pr)].value eq \"y\""
    ));
    assert!(holds("userName ne \"x\""));
    assert!(holds("userName pr or displayName eq \"g\""));
}

#[rstest]
#[case("id eq \"G\" and members eq \"U\"", &["id", "members"])]
#[case("not (groups.value eq \"G\") or meta.created pr", &["groups", "meta"])]
#[case("emails[value pr]", &["emails"])]
fn a_filter_tells_what_it_looks_at(#[case] text: &str, #[case] expected: &[&str]) {
    let kind = if text.contains("members") {
        ResourceKind::Group
    } else {
        ResourceKind::User
    };
    let filter = Filter::parse(&Registry::standard(), kind, text)
        .unwrap()
        .filter;
    for name in ["id", "members", "groups", "meta", "emails", "title"] {
        assert_eq!(filter.mentions(name), expected.contains(&name), "{name}");
    }
}

#[test]
fn tolerated_shapes_are_noted() {
    let notes = |text: &str| -> Vec<&'static str> {
        let notes: Vec<Coercion> = parse(text).expect(text).notes;
        notes.iter().map(|note| note.rule).collect()
    };
    assert_eq!(notes("userName eq \"x\""), [""; 0]);
    assert_eq!(
        notes("emails[type eq \"work\"].value eq \"x\""),
        ["value-path-sub-attribute"]
    );
    assert_eq!(
        notes("manager eq \"x\""),
        ["unqualified-extension", "complex-compared"]
    );
    assert_eq!(notes("active eq \"True\""), ["string-boolean"]);
}

/// The operators once more, on values taken out of the resource beforehand, without folding ahead or short cuts.
fn model(operator: Operator, values: &[Value], literal: &Value, case_exact: bool) -> bool {
    let key = |text: &str| {
        if case_exact {
            text.to_owned()
        } else {
            fold(text)
        }
    };
    let compare = |value: &Value| match (value, literal) {
        (Value::String(value), Value::String(literal)) => {
            let (value, literal) = (key(value), key(literal));
            match operator {
                Operator::Equal => value == literal,
                Operator::NotEqual => value != literal,
                Operator::Contains => value.contains(&literal),
                Operator::StartsWith => value.starts_with(&literal),
                Operator::EndsWith => value.ends_with(&literal),
                Operator::GreaterThan => value > literal,
                Operator::GreaterOrEqual => value >= literal,
                Operator::LessThan => value < literal,
                Operator::LessOrEqual => value <= literal,
            }
        }
        _ => false,
    };
    let present: Vec<&Value> = values.iter().filter(|value| **value != json!("")).collect();
    if operator == Operator::NotEqual {
        return present.is_empty() || present.into_iter().any(compare);
    }
    values.iter().any(compare)
}

fn texts() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "", "a", "A", "ab", "Ab", "b", "ß", "SS", "straße", "x y", "é",
    ])
    .prop_map(str::to_owned)
}

fn operators() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Contains,
        Operator::StartsWith,
        Operator::EndsWith,
        Operator::GreaterThan,
        Operator::GreaterOrEqual,
        Operator::LessThan,
        Operator::LessOrEqual,
    ])
}

proptest! {
    #[test]
    fn matching_agrees_with_a_naive_model(
        operator in operators(),
        literal in texts(),
        singular in prop::option::of(texts()),
        exact in prop::option::of(texts()),
        plural in prop::collection::vec((texts(), texts()), 0..4),
    ) {
        let mut resource = Attributes::new();
        if let Some(text) = &singular {
            resource.insert("title".into(), json!(text));
        }
        if let Some(text) = &exact {
            resource.insert("externalId".into(), json!(text));
        }
        let emails: Vec<Value> = plural
            .iter()
            .map(|(value, kind)| json!({ "value": value, "type": kind }))
            .collect();
        resource.insert("emails".into(), Value::Array(emails));
        let strings = |texts: Vec<&String>| -> Vec<Value> { texts.into_iter().map(|text| json!(text)).collect() };
        let literal = json!(literal);
        let holds = |path: &str| {
            let text = format!("{path} {} {literal}", operator.as_str());
            parse(&text).expect("a valid filter").filter.matches(&resource)
        };
        prop_assert_eq!(
            holds("title"),
            model(operator, &strings(singular.iter().collect()), &literal, false)
        );
        prop_assert_eq!(
            holds("externalId"),
            model(operator, &strings(exact.iter().collect()), &literal, true)
        );
        let values = strings(plural.iter().map(|(value, _)| value).collect());
        prop_assert_eq!(holds("emails"), model(operator, &values, &literal, false));
        prop_assert_eq!(holds("emails.value"), model(operator, &values, &literal, false));
        // A value path holds if one value meets both comparisons by itself.
        let within = format!("emails[type {0} {literal} and value {0} {literal}]", operator.as_str());
        let both = plural.iter().any(|(value, kind)| {
            model(operator, &[json!(value)], &literal, false) && model(operator, &[json!(kind)], &literal, false)
        });
        prop_assert_eq!(parse(&within).expect("a valid filter").filter.matches(&resource), both);
    }

    #[test]
    fn and_or_not_are_those_of_logic(bits in prop::collection::vec(any::<bool>(), 3), shape in 0..6_usize) {
        let (a, b, c) = (bits[0], bits[1], bits[2]);
        let mut resource = Attributes::new();
        for (name, bit) in [("title", a), ("nickName", b), ("locale", c)] {
            if bit {
                resource.insert(name.into(), json!("x"));
            }
        }
        let (text, expected) = [
            ("title pr or nickName pr and locale pr", a || b && c),
            ("title pr and nickName pr or locale pr", a && b || c),
            ("(title pr or nickName pr) and locale pr", (a || b) && c),
            ("not (title pr) and nickName pr or locale pr", !a && b || c),
            ("not (title pr and not (nickName pr or locale pr))", !(a && !(b || c))),
            ("title pr and (nickName pr and (locale pr))", a && b && c),
        ][shape];
        prop_assert_eq!(parse(text).expect("a valid filter").filter.matches(&resource), expected);
    }

    #[test]
    fn dates_are_compared_as_instants(left in 0..2_000_000_000_i64, right in 0..2_000_000_000_i64) {
        let (left, right) = (Timestamp::from_second(left).unwrap(), Timestamp::from_second(right).unwrap());
        let resource = Attributes::from_iter([("meta".to_owned(), json!({ "created": left.to_string() }))]);
        let text = format!("meta.created lt \"{right}\"");
        prop_assert_eq!(parse(&text).expect("a valid filter").filter.matches(&resource), left < right);
    }
}
