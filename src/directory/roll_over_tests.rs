//! What of metadata read once more is taken over.

use jiff::civil::date;
use jiff::tz::TimeZone;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, date_time_ymd};

use super::*;
use crate::directory::sso::{NameIdFormat, SsoBinding};

const URL: &str = "https://idp.example/sso";

fn now() -> Timestamp {
    at(date(2026, 6, 1))
}

fn at(day: jiff::civil::Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// A certificate valid within these years, from the first of January.
fn certificate(from: i32, until: i32) -> String {
    use base64::Engine as _;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let made = params.self_signed(&key).unwrap();
    base64::engine::general_purpose::STANDARD.encode(made.der())
}

fn good() -> String {
    certificate(2020, 2040)
}

fn expired() -> String {
    certificate(2020, 2021)
}

fn print(text: &str) -> String {
    let read = SigningCertificate::from_text(text).unwrap();
    read.fingerprint().to_string()
}

fn idp(certificates: &[&String]) -> IdpSettings {
    IdpSettings {
        entity_id: "https://idp.example".into(),
        sign_in_url: URL.into(),
        binding: SsoBinding::Redirect,
        certificates: certificates.iter().map(|&it| it.clone()).collect(),
        name_id_format: NameIdFormat::Unspecified,
        wants_signed_requests: false,
        metadata_url: Some("https://idp.example/metadata".into()),
        metadata_at: Some(now()),
        valid_until: None,
        outside: BTreeMap::new(),
    }
}

/// What a document says that names these.
fn named(certificates: &[&String]) -> IdpSettings {
    IdpSettings {
        name_id_format: NameIdFormat::EmailAddress,
        metadata_at: Some(now() + days(1)),
        valid_until: Some(now() + days(9)),
        ..idp(certificates)
    }
}

fn left(days_ago: i64) -> Outside {
    Outside::Left {
        since: now() - days(days_ago),
    }
}

#[test]
fn an_unchanged_document_changes_nothing_in_whatever_order_it_is() {
    let (one, two) = (good(), good());
    let before = idp(&[&one, &two]);
    assert_eq!(refreshed(&before, &named(&[&two, &one]), now()), before);
}

#[test]
fn a_roll_over_believes_both_until_the_old_one_has_left_and_its_grace_has_passed() {
    let (old, new) = (good(), good());
    let before = idp(&[&old]);
    let both = refreshed(&before, &named(&[&old, &new]), now());
    assert_eq!(both.certificates, [old.clone(), new.clone()]);
    assert!(both.outside.is_empty() && both.metadata_at == Some(now() + days(1)));
    assert_eq!(both.name_id_format, NameIdFormat::Unspecified, "an admin's");

    let leaving = refreshed(&both, &named(&[&new]), now());
    assert_eq!(leaving.certificates, both.certificates);
    assert_eq!(leaving.outside.get(&print(&old)), Some(&left(0)));
    let still = refreshed(&leaving, &named(&[&new]), now() + days(6));
    assert_eq!(still, leaving, "nothing is written while it waits");
    let gone = refreshed(&leaving, &named(&[&new]), now() + days(7));
    assert_eq!(gone.certificates, std::slice::from_ref(&new));
    assert!(gone.outside.is_empty());

    let back = refreshed(&leaving, &named(&[&old, &new]), now() + days(1));
    assert!(back.outside.is_empty(), "it came back");
}

#[test]
fn one_that_has_expired_goes_at_once_when_it_leaves() {
    let (old, new) = (expired(), good());
    let both = idp(&[&old, &new]);
    assert_eq!(refreshed(&both, &named(&[&old, &new]), now()), both);
    let gone = refreshed(&both, &named(&[&new]), now());
    assert_eq!(gone.certificates, [new]);
}

#[test]
fn the_only_valid_one_stays_beyond_its_grace() {
    let (old, early, late) = (good(), certificate(2030, 2040), expired());
    let mut before = idp(&[&old, &early]);
    before.outside.insert(print(&old), left(30));
    let after = refreshed(&before, &named(&[&early]), now());
    assert_eq!(after.certificates, [early.clone(), old.clone()]);
    let after = refreshed(&before, &named(&[&early, &late]), now());
    assert!(after.certificates.contains(&old));
}

#[test]
fn one_that_an_admin_gave_stays_until_an_admin_takes_it() {
    let (one, two, given) = (good(), good(), expired());
    let before = idp(&[&one]);
    let mut by_hand = idp(&[&one, &given]);
    by_hand.outside = given_by_hand(Some(&before), &by_hand);
    assert_eq!(by_hand.outside.get(&print(&given)), Some(&Outside::Added));
    assert_eq!(by_hand.outside.len(), 1);
    let after = refreshed(&by_hand, &named(&[&two]), now() + days(300));
    assert_eq!(after.certificates, [one.clone(), given.clone(), two]);
    assert_eq!(after.outside.get(&print(&given)), Some(&Outside::Added));
    let named_now = refreshed(&by_hand, &named(&[&one, &given]), now());
    assert!(named_now.outside.is_empty(), "the metadata names it");
    let elsewhere = IdpSettings {
        metadata_url: None,
        ..by_hand
    };
    assert!(given_by_hand(Some(&before), &elsewhere).is_empty());
}

#[test]
fn at_most_four_are_kept_and_the_only_valid_one_among_them() {
    let early: Vec<String> = (0..4).map(|it| certificate(2030, 2031 + it)).collect();
    let all: Vec<&String> = early.iter().collect();
    let (valid, given, leaving) = (good(), expired(), expired());
    let mut before = idp(&[&valid, &given]);
    before.outside.insert(print(&valid), left(1));
    before.outside.insert(print(&given), Outside::Added);
    let after = refreshed(&before, &named(&all), now());
    assert_eq!(after.certificates.len(), CERTIFICATES);
    assert!(after.certificates.contains(&valid) && !after.certificates.contains(&early[0]));

    let before = idp(&[&valid, &given, &leaving]);
    let after = refreshed(&before, &named(&[&valid, all[0], all[1], all[2]]), now());
    assert_eq!(after.certificates.len(), CERTIFICATES);
    assert!(!after.certificates.contains(&leaving));
}

#[test]
fn another_host_port_or_scheme_is_another_place() {
    let one = good();
    let to = |url: &str| IdpSettings {
        sign_in_url: url.into(),
        ..named(&[&one])
    };
    let before = idp(&[&one]);
    for url in [
        URL,
        "https://idp.example/other?x=1",
        "https://idp.example:443/sso",
    ] {
        assert_eq!(moved(&before, &to(url)), None, "{url}");
    }
    for url in [
        "https://evil.example/sso",
        "http://idp.example/sso",
        "https://idp.example:8443/sso",
        "nonsense",
    ] {
        assert_eq!(moved(&before, &to(url)).as_deref(), Some(url));
    }
}
