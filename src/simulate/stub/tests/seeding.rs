//! Filling a fresh server.

use std::collections::HashSet;

use serde_json::Value;

use crate::simulate::SimulateError;
use crate::simulate::seed::{SeedProgress, SeedStage, Seeding, seed_directory};
use crate::simulate::stub::{ENTRA_TOKEN, Flaw, OKTA_TOKEN, Stub};
use crate::simulate::wire::{ENTERPRISE, PROVOST, member_ids};

const SMALL: Seeding = Seeding {
    members: 300,
    teams: 12,
    seed: 11,
};

#[tokio::test]
async fn a_company_arrives_whole() {
    let stub = Stub::start(None).await;
    let mut steps: Vec<SeedProgress> = Vec::new();
    let seeded = seed_directory(&stub.targets, SMALL, |step| steps.push(step))
        .await
        .unwrap();
    let (users, groups) = (stub.users(), stub.groups());
    assert_eq!((users.len(), groups.len()), (300, 12));
    assert_eq!(seeded.okta.ids.len() + seeded.entra.ids.len(), 300);
    assert_eq!(seeded.okta.team_ids.len() + seeded.entra.team_ids.len(), 12);
    let inactive = users.iter().filter(|user| user["active"] == false).count();
    assert!((1..40).contains(&inactive), "{inactive} inactive");
    let unique = |attribute: &str| -> usize {
        let values: HashSet<&str> = users.iter().filter_map(|u| u[attribute].as_str()).collect();
        values.len()
    };
    assert_eq!((unique("userName"), unique("externalId")), (300, 300));
    assert!(unique("title") > 20);
    let with_manager = users
        .iter()
        .filter(|user| user[ENTERPRISE]["manager"]["value"].is_string());
    assert_eq!(with_manager.count(), 298);
    assert!(users.iter().all(|user| user[PROVOST]["role"].is_string()));
    let sizes: Vec<usize> = groups.iter().map(|group| member_ids(group).len()).collect();
    assert!(sizes.iter().all(|size| *size >= 5), "{sizes:?}");
    let last = |stage| steps.iter().rfind(|step| step.stage == stage).copied();
    for (stage, total) in [(SeedStage::Members, 300), (SeedStage::Teams, 12)] {
        let last = last(stage).unwrap();
        assert_eq!((last.done, last.total), (total, total));
    }
}

#[tokio::test]
async fn each_provider_uses_its_own_token() {
    let stub = Stub::start(None).await;
    seed_directory(&stub.targets, SMALL, |_| {}).await.unwrap();
    let seen = stub.seen();
    for (agent, token) in [("Okta", OKTA_TOKEN), ("Microsoft", ENTRA_TOKEN)] {
        let mut by_agent = seen
            .iter()
            .filter(|one| one.headers["user-agent"].starts_with(agent))
            .peekable();
        assert!(by_agent.peek().is_some());
        let bearer = format!("Bearer {token}");
        assert!(by_agent.all(|one| one.headers["authorization"] == bearer));
    }
}

#[tokio::test]
async fn a_server_that_asks_to_slow_down_is_filled_all_the_same() {
    let stub = Stub::start_with(None, Some(5), 0).await;
    seed_directory(&stub.targets, SMALL, |_| {}).await.unwrap();
    assert_eq!(stub.users().len(), 300);
}

#[tokio::test]
async fn a_refusal_says_who_was_refused_and_why() {
    let stub = Stub::start(Some(Flaw::Broken)).await;
    let error = seed_directory(&stub.targets, SMALL, |_| {})
        .await
        .unwrap_err();
    assert!(matches!(error, SimulateError::Refused { status: 500, .. }));
    assert!(error.to_string().starts_with("member "), "{error}");
}

#[tokio::test]
async fn the_same_seed_makes_the_same_company() {
    let mut companies: Vec<Vec<String>> = Vec::new();
    for _ in 0..2 {
        let stub = Stub::start(None).await;
        seed_directory(&stub.targets, SMALL, |_| {}).await.unwrap();
        let name = |user: &Value| user["userName"].as_str().unwrap().to_owned();
        let mut names: Vec<String> = stub.users().iter().map(name).collect();
        names.sort_unstable();
        companies.push(names);
    }
    assert_eq!(companies[0], companies[1]);
}
