//! Whole days against a server that behaves.

use rstest::rstest;

use crate::secret::Secret;
use crate::simulate::day::DayReport;
use crate::simulate::entra::{self, EntraMode};
use crate::simulate::okta::{self, OktaMode};
use crate::simulate::stub::Stub;
use crate::simulate::{SimulateError, Target};

#[rstest]
#[tokio::test]
async fn oktas_day_is_clean(
    #[values(OktaMode::Catalogue, OktaMode::Wizard)] mode: OktaMode,
    #[values(1, 42)] seed: u64,
) {
    let stub = Stub::start(None).await;
    let report = okta::run_day(stub.target(), mode, seed).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert!(report.exchanges.len() > 60, "{report}");
}

#[rstest]
#[tokio::test]
async fn entras_day_is_clean(
    #[values(EntraMode::Legacy, EntraMode::Flagged)] mode: EntraMode,
    #[values(1, 42)] seed: u64,
) {
    let stub = Stub::start(None).await;
    let report = entra::run_day(stub.target(), mode, seed).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert!(report.exchanges.len() > 60, "{report}");
}

#[tokio::test]
async fn all_four_days_share_one_server() {
    let stub = Stub::start(None).await;
    let reports: Vec<DayReport> = vec![
        okta::run_day(stub.target(), OktaMode::Catalogue, 1)
            .await
            .unwrap(),
        okta::run_day(stub.target(), OktaMode::Wizard, 1)
            .await
            .unwrap(),
        entra::run_day(stub.target(), EntraMode::Legacy, 1)
            .await
            .unwrap(),
        entra::run_day(stub.target(), EntraMode::Flagged, 1)
            .await
            .unwrap(),
    ];
    for report in reports {
        assert!(report.is_clean(), "{report}");
    }
}

#[tokio::test]
async fn the_same_seed_sends_the_same_requests() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let stub = Stub::start(None).await;
        let report = entra::run_day(stub.target(), EntraMode::Flagged, 9)
            .await
            .unwrap();
        let bodies: Vec<_> = stub.seen().into_iter().map(|seen| seen.body).collect();
        runs.push((report, bodies));
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_day_is_not_played_twice_on_one_server() {
    let stub = Stub::start(None).await;
    okta::run_day(stub.target(), OktaMode::Catalogue, 1)
        .await
        .unwrap();
    let again = okta::run_day(stub.target(), OktaMode::Catalogue, 1).await;
    assert!(matches!(again, Err(SimulateError::NotFresh { .. })));
}

#[tokio::test]
async fn a_server_that_asks_to_slow_down_is_obeyed() {
    let stub = Stub::start_with(None, Some(7), 0).await;
    let report = okta::run_day(stub.target(), OktaMode::Catalogue, 1)
        .await
        .unwrap();
    assert!(report.is_clean(), "{report}");
    assert!(report.exchanges.iter().any(|one| one.status == 429));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_without_the_token() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/scim/v2", listener.local_addr().unwrap());
    drop(listener);
    let target = Target::new(&url, Secret::new("prv_scim_hidden".into())).unwrap();
    let error = okta::run_day(&target, OktaMode::Wizard, 1)
        .await
        .unwrap_err();
    assert!(matches!(error, SimulateError::Unreachable { .. }));
    assert!(!format!("{error:?}").contains("prv_scim_hidden"));
}

#[tokio::test]
async fn a_wrong_token_from_the_start_is_an_error() {
    let stub = Stub::start(None).await;
    let target = stub.target().with_token(Secret::new("revoked".into()));
    let error = entra::run_day(&target, EntraMode::Legacy, 1)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("401"), "{error}");
}
