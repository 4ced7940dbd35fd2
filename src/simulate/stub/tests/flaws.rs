//! Each flaw that broke a real integration must show in the report of at least the provider it broke.

use rstest::rstest;

use crate::simulate::day::DayReport;
use crate::simulate::entra::{self, EntraMode};
use crate::simulate::okta::{self, OktaMode};
use crate::simulate::stub::{Flaw, Stub};
use crate::simulate::{SimulateError, Target};

#[derive(Clone, Copy, Debug)]
enum Client {
    Catalogue,
    Wizard,
    Legacy,
    Flagged,
}

async fn day(target: &Target, client: Client) -> Result<DayReport, SimulateError> {
    match client {
        Client::Catalogue => okta::run_day(target, OktaMode::Catalogue, 3).await,
        Client::Wizard => okta::run_day(target, OktaMode::Wizard, 3).await,
        Client::Legacy => entra::run_day(target, EntraMode::Legacy, 3).await,
        Client::Flagged => entra::run_day(target, EntraMode::Flagged, 3).await,
    }
}

/// `word` must stand in the report: the diagnosis names what is wrong.
#[rstest]
#[case(
    Flaw::CountsAsStrings,
    Client::Catalogue,
    "`totalResults` as an integer"
)]
#[case(Flaw::CountEchoed, Client::Catalogue, "`itemsPerPage`")]
#[case(Flaw::PlainJson, Client::Legacy, "application/scim+json")]
#[case(Flaw::EmptyCreate, Client::Wizard, "no body")]
#[case(Flaw::PasswordEchoed, Client::Catalogue, "password echoed")]
#[case(Flaw::AnyToken, Client::Flagged, "status 401")]
#[case(Flaw::NoChallenge, Client::Catalogue, "WWW-Authenticate")]
#[case(Flaw::StatusAsNumber, Client::Legacy, "`status` as the string")]
#[case(Flaw::ConflictWithoutType, Client::Wizard, "uniqueness")]
#[case(Flaw::DoublesUsers, Client::Catalogue, "status 409")]
#[case(Flaw::NothingIs404, Client::Flagged, "status 200")]
#[case(Flaw::ExactCase, Client::Legacy, "an empty list")]
#[case(Flaw::UnstableOrder, Client::Catalogue, "each row once")]
#[case(Flaw::TextBooleansIgnored, Client::Legacy, "`active` false")]
#[case(Flaw::TextBooleansIgnored, Client::Flagged, "`active` false")]
#[case(Flaw::RemovesEverybody, Client::Legacy, "0 results")]
#[case(Flaw::RemovesNobody, Client::Flagged, "expected 0 results")]
#[case(Flaw::RemovesNobody, Client::Catalogue, "too many")]
#[case(Flaw::DottedKeysStored, Client::Flagged, "name.familyName")]
#[case(Flaw::ReadOnlyIdRefused, Client::Catalogue, "mutability")]
#[case(Flaw::ReplaceClearsMembers, Client::Catalogue, "lost")]
#[case(Flaw::EmptyMembersIgnored, Client::Catalogue, "too many")]
#[case(Flaw::UnknownMembersShown, Client::Wizard, "1 too many")]
#[case(Flaw::UnknownMembersShown, Client::Catalogue, "1 too many")]
#[case(Flaw::UnknownMembersShown, Client::Legacy, "0 results")]
#[case(Flaw::PatchIsPartial, Client::Catalogue, "1 lost")]
#[case(Flaw::PatchIsPartial, Client::Legacy, "Must not be stored")]
#[case(Flaw::MembersAlwaysShown, Client::Legacy, "a group without `members`")]
#[case(Flaw::MonoFilterAccepted, Client::Flagged, "status 400")]
#[case(Flaw::InactiveIsHidden, Client::Legacy, "status 200")]
#[case(Flaw::InactiveLeavesGroups, Client::Catalogue, "members: expected")]
#[case(Flaw::DeletedIsShown, Client::Legacy, "status 404")]
#[case(Flaw::GroupsStay, Client::Wizard, "status 404")]
#[case(Flaw::PutKeepsActive, Client::Wizard, "`active` false")]
#[case(Flaw::ManagerTextDropped, Client::Legacy, "manager")]
#[case(Flaw::TouchesOthers, Client::Flagged, "title")]
#[tokio::test]
async fn a_flaw_is_found(#[case] flaw: Flaw, #[case] client: Client, #[case] word: &str) {
    let stub = Stub::start(Some(flaw)).await;
    let report = day(stub.target(), client).await.unwrap();
    assert!(!report.is_clean(), "{flaw:?} passed");
    let text = report.to_string();
    assert!(text.contains(word), "{word:?} is not in:\n{text}");
}

/// A server may refuse a group of people whom it does not know, or leave them out.
#[rstest]
#[case(Client::Catalogue)]
#[case(Client::Wizard)]
#[case(Client::Legacy)]
#[case(Client::Flagged)]
#[tokio::test]
async fn who_is_unknown_may_be_left_out(#[case] client: Client) {
    let stub = Stub::start(Some(Flaw::UnknownMembersLeftOut)).await;
    let report = day(stub.target(), client).await.unwrap();
    assert!(report.is_clean(), "{report}");
}

/// Okta takes 404 for "nobody"; only Entra does not.
#[tokio::test]
async fn what_okta_accepts_is_accepted() {
    let stub = Stub::start(Some(Flaw::NothingIs404)).await;
    let report = day(stub.target(), Client::Catalogue).await.unwrap();
    assert!(report.is_clean(), "{report}");
}

#[tokio::test]
async fn a_broken_server_ends_the_day_with_an_error() {
    let stub = Stub::start(Some(Flaw::Broken)).await;
    let error = day(stub.target(), Client::Wizard).await.unwrap_err();
    assert!(matches!(error, SimulateError::ReadBack { .. }), "{error}");
    assert!(error.to_string().contains("500"), "{error}");
}

/// What was there before the day and is not of its cast must stay as it was.
#[tokio::test]
async fn a_bystander_who_changes_is_a_difference() {
    let stub = Stub::start(Some(Flaw::TouchesOthers)).await;
    let _first = day(stub.target(), Client::Catalogue).await.unwrap();
    let second = day(stub.target(), Client::Flagged).await.unwrap();
    let touched = second
        .differences
        .iter()
        .any(|one| one.expected == "untouched" && one.came == "changed");
    assert!(touched, "{second}");
}
