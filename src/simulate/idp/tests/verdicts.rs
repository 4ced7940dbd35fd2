//! Whether each answer meets the verdict that it names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rstest::rstest;

use super::*;
use crate::saml::claims::{Claim, ClaimMapping, Claims, Values};
use crate::saml::response::{
    CheckId, CheckState, Examination, Expectations, RawResponse, SKEW, Unsolicited, examine,
};

fn examined(idp: &TestIdp, xml: &str) -> Examination {
    let certificates = [SigningCertificate::from_der(idp.key.certificate()).unwrap()];
    let pending = authn_request().id;
    examine(
        &RawResponse::posted(&STANDARD.encode(xml)),
        &Expectations {
            idp_entity_id: idp.entity_id.as_str(),
            certificates: &certificates,
            acs_url: ACS_URL,
            sp_entity_id: "https://provost.example/saml",
            pending_request_id: Some(pending.as_str()),
            unsolicited: Unsolicited::Refused,
            now: now(),
            skew: SKEW,
            decryption_keys: &[],
        },
    )
}

/// The checks that did not pass, in their order.
fn failed(examination: &Examination) -> Vec<CheckId> {
    let checks = examination.checks().iter();
    checks
        .filter(|check| check.state == CheckState::Failed)
        .map(|check| check.id)
        .collect()
}

#[rstest]
fn every_answer_meets_its_verdict(idp: &TestIdp) {
    for outcome in Outcome::ALL {
        let examination = examined(idp, &respond(idp, outcome).xml);
        let failed = failed(&examination);
        match outcome.verdict() {
            // The engine's two are good up to there.
            Verdict::Accepted | Verdict::Refused(CheckId::Replay | CheckId::Provisioning) => {
                assert_eq!(failed, [], "{outcome}");
                assert!(examination.accepted().is_some(), "{outcome}");
            }
            Verdict::Refused(check) => {
                assert_eq!(failed.first(), Some(&check), "{outcome}: {failed:?}");
                assert!(examination.accepted().is_none(), "{outcome}");
            }
        }
    }
}

#[rstest]
fn a_good_answer_says_what_is_known_of_the_person(idp: &TestIdp) {
    let examination = examined(idp, &respond(idp, Outcome::Good).xml);
    let subject = examination.accepted().unwrap();
    assert_eq!(subject.name_id, "ada@x.io");
    let claims = Claims::of_subject(subject, &ClaimMapping::default()).unwrap();
    let given = |claim| claims.of(claim).values.as_slice().join(",");
    assert_eq!(given(Claim::FirstName), "Ada");
    assert_eq!(given(Claim::LastName), "Lovelace & Byron");
    assert_eq!(given(Claim::Role), "writer");
    assert_eq!(given(Claim::TeamKey), "pay,ops");
    assert_eq!(claims.of(Claim::CustomRole).values, Values::Empty);
    assert_eq!(claims.of(Claim::RoleAttributes).values, Values::Absent);
}

#[rstest]
fn a_replayed_answer_has_the_id_of_the_one_before(idp: &TestIdp) {
    let request = idp.read_request(&query(&authn_request())).unwrap();
    let id = |random: u8| {
        let ids = ResponseIds::new([[random; 16]; 3]);
        let response = idp
            .respond(&request, &ada(), Outcome::ReplayedId, &ids, now())
            .unwrap();
        let examination = examined(idp, &response.xml);
        examination.accepted().unwrap().assertion_id.clone()
    };
    assert_eq!(id(1), id(2));
}

#[rstest]
fn an_answer_that_nobody_asked_for_is_refused_unless_it_is_allowed(idp: &TestIdp) {
    let request = ReceivedRequest::unsolicited(None);
    let response = idp
        .respond(&request, &ada(), Outcome::Good, &ids(), now())
        .unwrap();
    assert_eq!(
        failed(&examined(idp, &response.xml)).first(),
        Some(&CheckId::InResponseTo)
    );
}
