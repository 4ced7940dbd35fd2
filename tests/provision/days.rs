//! Okta's, Entra's and OneLogin's days against the real program: no answer is unexpected, and the end state is the script's.

use provost::secret::Secret;
use provost::simulate::Target;
use provost::simulate::entra::{self, EntraMode};
use provost::simulate::okta::{self, OktaMode};
use provost::simulate::onelogin;
use rstest::rstest;

use crate::support::Account;

#[rstest]
#[case::catalogue_app(OktaMode::Catalogue)]
#[case::wizard(OktaMode::Wizard)]
#[tokio::test]
async fn an_okta_day_ends_as_scripted(#[case] mode: OktaMode) {
    let account = Account::new();
    let token = account.token("scim");
    let serving = account.serve();
    let target = Target::new(&serving.scim(), Secret::new(token)).unwrap();
    for seed in [1, 2, 3] {
        let report = okta::run_day(&target, mode, seed).await.unwrap();
        assert!(report.is_clean(), "{report}");
    }
}

#[rstest]
#[case::legacy(EntraMode::Legacy)]
#[case::with_the_flag(EntraMode::Flagged)]
#[tokio::test]
async fn an_entra_day_ends_as_scripted(#[case] mode: EntraMode) {
    let account = Account::new();
    let token = account.token("scim");
    let serving = account.serve();
    let target = Target::new(&serving.scim(), Secret::new(token)).unwrap();
    for seed in [1, 2, 3] {
        let report = entra::run_day(&target, mode, seed).await.unwrap();
        assert!(report.is_clean(), "{report}");
    }
}

#[tokio::test]
async fn a_onelogin_day_ends_as_scripted() {
    let account = Account::new();
    let token = account.token("scim");
    let serving = account.serve();
    let target = Target::new(&serving.scim(), Secret::new(token)).unwrap();
    for seed in [1, 2, 3] {
        let report = onelogin::run_day(&target, seed).await.unwrap();
        assert!(report.is_clean(), "{report}");
    }
}
