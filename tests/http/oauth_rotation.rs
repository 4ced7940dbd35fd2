//! Rotation of a token: both secrets work during the overlap.

use provost::admin::types::{ChangeOp, NewToken, RotateToken, TokenRow, TokenScope};
use provost::admin::{AdminErrorKind, AdminRead, AdminWrite};

use crate::oauth_client::{TestClient, http};
use crate::real::Real;

async fn token(real: &Real, name: &str) -> TokenRow {
    let tokens = real.local.tokens().await.unwrap();
    tokens.into_iter().find(|token| token.name == name).unwrap()
}

async fn status(real: &Real, secret: &str) -> u16 {
    let url = format!("{}/scim/v2/Users", real.server.public_url());
    let response = http().get(url).bearer_auth(secret).send().await.unwrap();
    response.status().as_u16()
}

fn overlap(days: u64) -> RotateToken {
    RotateToken {
        overlap_seconds: days * 86_400,
        ttl_seconds: None,
    }
}

#[tokio::test]
async fn a_client_that_switches_during_the_overlap_is_never_refused() {
    let real = Real::new().await;
    let old = token(&real, "okta").await;
    // The identity provider goes on with what it has while the admin rotates, and switches in the middle.
    let (url, secret) = (
        format!("{}/scim/v2/Users", real.server.public_url()),
        real.scim_token.clone(),
    );
    let (give, mut take) = tokio::sync::watch::channel(secret);
    let idp = tokio::spawn(async move {
        let (client, mut statuses) = (http(), Vec::new());
        let mut after = 0;
        while after < 20 {
            let current = take.borrow_and_update().clone();
            let response = client.get(&url).bearer_auth(current).send().await.unwrap();
            statuses.push(response.status().as_u16());
            after += usize::from(take.has_changed().is_err());
        }
        statuses
    });
    let (_, remote) = &real.admins[2];
    let issued = remote.rotate_token(old.id, overlap(7)).await.unwrap();
    for _ in 0..5 {
        assert_eq!(status(&real, &real.scim_token).await, 200);
        assert_eq!(status(&real, &issued.secret).await, 200);
    }
    give.send(issued.secret.clone()).unwrap();
    drop(give);
    let statuses = idp.await.unwrap();
    assert!(
        statuses.len() >= 20 && statuses.iter().all(|status| *status == 200),
        "{statuses:?}"
    );

    assert_eq!(issued.token.name, "okta");
    assert_eq!(issued.token.rotated, None);
    let tokens = real.local.tokens().await.unwrap();
    let old = tokens.iter().find(|token| token.id == old.id).unwrap();
    let left = old.expires.unwrap().duration_since(old.rotated.unwrap());
    // The end is reckoned a moment before the commit that the rotation is dated by.
    assert!((167..=168).contains(&left.as_hours()), "{left:?}");
    let changes = real.local.overview().await.unwrap().last_changes;
    let ops: Vec<_> = changes[..2].iter().map(|row| row.change.op).collect();
    assert_eq!(ops, [ChangeOp::Create, ChangeOp::Update]);
}

#[tokio::test]
async fn who_still_uses_the_old_secret_is_seen() {
    let real = Real::new().await;
    let old = token(&real, "okta").await;
    real.local.rotate_token(old.id, overlap(1)).await.unwrap();
    let answer = real.request("GET", "/Users").send().await.unwrap();
    let id = crate::harness::request_id(&answer);
    real.local.engine().store().flush().await.unwrap();
    let detail = real
        .local
        .request(provost::directory::RequestId(id))
        .await
        .unwrap();
    assert_eq!(detail.exchange.row.code.as_deref(), Some("TOKEN_OLD"));
    assert_eq!(detail.explanation.unwrap().code, "TOKEN_OLD");
}

#[tokio::test]
async fn without_an_overlap_the_old_secret_ends_at_once() {
    let real = Real::new().await;
    let old = token(&real, "okta").await;
    let issued = real.local.rotate_token(old.id, overlap(0)).await.unwrap();
    assert_eq!(status(&real, &real.scim_token).await, 401);
    assert_eq!(status(&real, &issued.secret).await, 200);
}

#[tokio::test]
async fn revoking_the_token_ends_both_secrets_and_revoking_the_old_one_ends_it_alone() {
    let real = Real::new().await;
    let old = token(&real, "okta").await;
    let second = real.local.rotate_token(old.id, overlap(7)).await.unwrap();
    let third = real
        .local
        .rotate_token(second.token.id, overlap(7))
        .await
        .unwrap();
    real.local.revoke_token(second.token.id).await.unwrap();
    assert_eq!(status(&real, &second.secret).await, 401);
    assert_eq!(status(&real, &third.secret).await, 200);
    assert_eq!(status(&real, &real.scim_token).await, 200);
    let done = real.local.revoke_token(third.token.id).await.unwrap();
    assert_eq!(done.changes.len(), 2);
    assert_eq!(status(&real, &real.scim_token).await, 401);
    assert_eq!(status(&real, &third.secret).await, 401);
}

#[tokio::test]
async fn a_rotated_token_lives_no_longer_and_its_successor_as_long() {
    let real = Real::new().await;
    let hour = NewToken {
        name: "short".into(),
        scope: TokenScope::Admin,
        ttl_seconds: Some(3_600),
        owner: None,
    };
    let old = real.local.issue_token(hour).await.unwrap().token;
    let issued = real
        .local
        .rotate_token(old.id, overlap(7))
        .await
        .unwrap()
        .token;
    assert_eq!(issued.scope, TokenScope::Admin);
    let tokens = real.local.tokens().await.unwrap();
    let kept = tokens.iter().find(|token| token.id == old.id).unwrap();
    assert_eq!(kept.expires, old.expires);
    let lives = issued.expires.unwrap().duration_since(issued.created);
    assert!((3_599..=3_600).contains(&lives.as_secs()), "{lives:?}");
}

#[tokio::test]
async fn what_cannot_be_rotated_is_refused() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    client.fetch().await;
    let old = token(&real, "okta").await;
    real.local.rotate_token(old.id, overlap(7)).await.unwrap();
    let revoked = token(&real, "ada").await;
    real.local.revoke_token(revoked.id).await.unwrap();
    for id in [old.id, revoked.id, token(&real, "entra").await.id] {
        let error = real.local.rotate_token(id, overlap(7)).await.err().unwrap();
        assert_eq!(error.code.as_deref(), Some("TOKEN_ROTATE"));
    }
    let nobody = provost::directory::TokenId(uuid::Uuid::nil());
    let error = real
        .local
        .rotate_token(nobody, overlap(7))
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind, AdminErrorKind::NotFound);
    let current = token(&real, "okta").await;
    let error = real
        .local
        .rotate_token(current.id, overlap(91))
        .await
        .err()
        .unwrap();
    assert_eq!(error.kind, AdminErrorKind::Invalid);
}
