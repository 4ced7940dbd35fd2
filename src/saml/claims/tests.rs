use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn read(attributes: &[(&str, &[&str])]) -> Result<Claims, ClaimsError> {
    read_with(&ClaimMapping::default(), attributes)
}

fn read_with(
    mapping: &ClaimMapping,
    attributes: &[(&str, &[&str])],
) -> Result<Claims, ClaimsError> {
    Claims::from_attributes(
        attributes
            .iter()
            .map(|(name, values)| (*name, values.iter().copied())),
        mapping,
    )
}

fn given(values: &[&str]) -> Values {
    Values::Given(values.iter().map(|&value| value.to_owned()).collect())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[rstest]
#[case::absent(&[], Values::Absent)]
#[case::no_value(&[("customRole", &[][..])], Values::Empty)]
#[case::empty_value(&[("customRole", &[""][..])], Values::Empty)]
#[case::blank_value(&[("customRole", &[" \n "][..])], Values::Empty)]
#[case::one(&[("customRole", &["ops"][..])], given(&["ops"]))]
#[case::several(&[("customRole", &["ops", "dev"][..])], given(&["ops", "dev"]))]
#[case::empty_beside_others(&[("customRole", &["", "ops"][..])], given(&["ops"]))]
#[case::trimmed(&[("customRole", &["\n  ops  "][..])], given(&["ops"]))]
#[case::merged(&[("customRole", &["ops"][..]), ("customRole", &["dev", "ops"][..])], given(&["ops", "dev"]))]
fn absent_empty_and_given_are_kept_apart(
    #[case] attributes: &[(&str, &[&str])],
    #[case] values: Values,
) {
    assert_eq!(
        read(attributes).unwrap().of(Claim::CustomRole).values,
        values
    );
}

#[rstest]
#[case::provost("firstName", Claim::FirstName)]
#[case::one_login("User.FirstName", Claim::FirstName)]
#[case::okta("user.lastName", Claim::LastName)]
#[case::entra(
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    Claim::FirstName
)]
#[case::entra_family_name(
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    Claim::LastName
)]
#[case::entra_role(
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    Claim::Role
)]
#[case::entra_groups(
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
    Claim::TeamKey
)]
#[case::oid("urn:oid:2.5.4.42", Claim::FirstName)]
#[case::oid_sn("urn:oid:2.5.4.4", Claim::LastName)]
#[case::groups("groups", Claim::TeamKey)]
fn the_usual_providers_names_are_known(#[case] name: &str, #[case] claim: Claim) {
    assert_eq!(ClaimMapping::default().claim_of(name), Some(claim));
}

#[rstest]
#[case::keycloak_roles("Role")]
#[case::other_case("firstname")]
#[case::blank_around("role ")]
fn what_only_looks_alike_is_not_taken(#[case] name: &str) {
    assert_eq!(ClaimMapping::default().claim_of(name), None);
}

#[test]
fn the_preferred_name_is_read_alone() {
    let claims = read(&[("groups", &["everyone"]), ("teamKey", &["pay"])]).unwrap();
    let team_key = claims.of(Claim::TeamKey);
    assert_eq!(team_key.values, given(&["pay"]));
    assert_eq!(team_key.attribute.as_deref(), Some("teamKey"));
    assert_eq!(
        claims.overshadowed,
        [Overshadowed {
            claim: Claim::TeamKey,
            attribute: "groups".into()
        }]
    );
}

#[test]
fn an_empty_preferred_name_still_clears() {
    let claims = read(&[("groups", &["everyone"]), ("teamKey", &[""])]).unwrap();
    assert_eq!(claims.of(Claim::TeamKey).values, Values::Empty);
}

#[test]
fn several_values_are_the_policys_to_judge() {
    let claims = read(&[("role", &["admin", "reader", "admin"])]).unwrap();
    assert_eq!(claims.of(Claim::Role).values, given(&["admin", "reader"]));
    assert_eq!(claims.of(Claim::Role).values.first(), Some("admin"));
    assert_eq!(claims.of(Claim::LastName).values.first(), None);
}

#[test]
fn names_of_people_are_cleaned_and_keys_are_not() {
    let claims = read(&[
        ("firstName", &["\u{202E}Ada\u{7}"]),
        ("teamKey", &["pay\u{200B}"]),
    ])
    .unwrap();
    assert_eq!(claims.of(Claim::FirstName).values, given(&["Ada"]));
    assert_eq!(claims.of(Claim::TeamKey).values, given(&["pay\u{200B}"]));
}

#[test]
fn values_are_bounded() {
    let long = "a".repeat(VALUE_LENGTH + 1);
    let bytes = long.len();
    let claim = Claim::TeamKey;
    assert_eq!(
        read(&[("groups", &[&long])]),
        Err(ClaimsError::ValueTooLong { claim, bytes })
    );
    let many: Vec<String> = (0..=VALUES_PER_CLAIM).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        read(&[("groups", &many)]),
        Err(ClaimsError::TooManyValues { claim })
    );
    assert!(read(&[("groups", &many[1..])]).is_ok());
}

#[test]
fn what_no_claim_asks_for_costs_nothing() {
    let long = "a".repeat(VALUE_LENGTH + 1);
    assert_eq!(read(&[("photo", &[&long])]), Ok(Claims::default()));
}

#[test]
fn a_mapping_changes_what_it_names_alone() {
    let mapping: ClaimMapping =
        serde_json::from_str(r#"{"role": ["groups"], "customRole": []}"#).unwrap();
    assert_eq!(mapping.claim_of("groups"), Some(Claim::Role));
    assert_eq!(mapping.claim_of("role"), None);
    assert_eq!(mapping.claim_of("customRole"), None);
    assert_eq!(mapping.claim_of("teamKey"), Some(Claim::TeamKey));
    assert_eq!(
        read_with(&mapping, &[("groups", &["admin"])])
            .unwrap()
            .of(Claim::Role)
            .values,
        given(&["admin"])
    );
}

#[test]
fn a_mapping_comes_back_as_it_was_written() {
    for mapping in [
        ClaimMapping::default(),
        ClaimMapping::new([(Claim::LastName, names(&["nachname"]))]).unwrap(),
    ] {
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(
            serde_json::from_str::<ClaimMapping>(&text).unwrap(),
            mapping
        );
    }
}

#[rstest]
#[case::unknown(
    r#"{"roles": ["x"]}"#,
    "unknown claim \"roles\", known are role, customRole"
)]
#[case::too_many(
    r#"{"role": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}"#,
    "role has 17 attribute names"
)]
#[case::empty(r#"{"role": [""]}"#, "an attribute name of role has 0 bytes")]
#[case::blanks(r#"{"role": [" a"]}"#, "has blanks around it")]
#[case::invisible(r#"{"role": ["a\u200b"]}"#, "characters that cannot be seen")]
#[case::two_claims(
    r#"{"role": ["a"], "teamKey": ["a"]}"#,
    "stands for role and for teamKey"
)]
#[case::twice(r#"{"role": ["a", "a"]}"#, "stands for role and for role")]
fn a_bad_mapping_is_refused(#[case] text: &str, #[case] why: &str) {
    let error = serde_json::from_str::<ClaimMapping>(text).unwrap_err();
    assert!(error.to_string().contains(why), "{error}");
}

#[test]
fn a_long_attribute_name_is_refused() {
    let name = "a".repeat(ATTRIBUTE_NAME_LENGTH + 1);
    assert_eq!(
        ClaimMapping::new([(Claim::Role, vec![name.clone()])]),
        Err(ClaimMappingError::NameLength {
            claim: Claim::Role,
            bytes: name.len()
        })
    );
}

#[test]
fn every_default_name_passes_the_checks_of_a_given_one() {
    let given = Claim::ALL.map(|claim| (claim, names(defaults::names(claim))));
    assert_eq!(ClaimMapping::new(given), Ok(ClaimMapping::default()));
}

proptest! {
    #[test]
    fn given_values_are_never_blank_and_never_twice(
        attributes in prop::collection::vec(
            (prop::sample::select(vec!["customRole", "groups", "teamKey", "x"]),
             prop::collection::vec("[ a-c\u{200B}\n]{0,3}", 0..5)),
            0..8,
        )
    ) {
        let borrowed = attributes.iter().map(|(name, values)| (*name, values.iter().map(String::as_str)));
        let claims = Claims::from_attributes(borrowed, &ClaimMapping::default()).unwrap();
        for claim in Claim::ALL {
            let read = claims.of(claim);
            prop_assert_eq!(read.values == Values::Absent, read.attribute.is_none());
            let values = read.values.as_slice();
            prop_assert_eq!(matches!(read.values, Values::Given(_)), !values.is_empty());
            prop_assert!(values.iter().all(|value| !value.trim().is_empty()));
            let mut unique = values.to_vec();
            unique.sort();
            unique.dedup();
            prop_assert_eq!(unique.len(), values.len());
        }
    }
}
