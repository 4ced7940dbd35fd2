//! The life of an access token: asked about (RFC 7662), given back (RFC 7009), and ended with its client.

use provost::admin::types::{NewClient, NewToken, ObjectKind, RequestListing, TokenScope};
use provost::admin::{AdminErrorKind, AdminRead, AdminWrite};
use serde_json::json;

use crate::oauth_client::{INTROSPECT, REVOKE, TOKEN, TestClient, Told, http};
use crate::real::Real;

#[tokio::test]
async fn a_client_asks_about_its_own_tokens_alone() {
    let real = Real::new().await;
    let (one, other) = (
        TestClient::new(&real, "one").await,
        TestClient::new(&real, "other").await,
    );
    let token = one.fetch().await;
    let told = Told::of(one.post(INTROSPECT, &[("token", &token), ("token_type_hint", "x")])).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.body["active"], true);
    assert_eq!(told.body["client_id"], one.id.to_string());
    assert_eq!(told.body["scope"], "scim");
    assert_eq!(told.body["token_type"], "Bearer");
    let lives = told.body["exp"].as_i64().unwrap() - told.body["iat"].as_i64().unwrap();
    assert!((3_599..=3_600).contains(&lives));
    let text = serde_json::to_string(&told.logged(&real).await).unwrap();
    assert!(!text.contains(&token));
    // Of anything else it is told the same.
    for (client, asked) in [
        (&other, token.as_str()),
        (
            &one,
            "prv_oauth_zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQ",
        ),
        (&one, real.scim_token.as_str()),
        (&one, "hunter2"),
    ] {
        let told = Told::of(client.post(INTROSPECT, &[("token", asked)])).await;
        assert_eq!((told.status, told.body), (200, json!({"active": false})));
    }
    let told = Told::of(one.post(INTROSPECT, &[])).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (400, Some("invalid_request"))
    );
}

#[tokio::test]
async fn an_admin_asks_about_any_token() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "one").await;
    let token = client.fetch().await;
    let issue = |name: &str, scope| {
        let token = NewToken {
            name: name.into(),
            scope,
            ttl_seconds: None,
            owner: None,
        };
        real.local.issue_token(token)
    };
    let admin = issue("grace", TokenScope::Admin).await.unwrap().secret;
    let url = format!("{}{INTROSPECT}", real.server.public_url());
    let ask = |bearer: &str, token: &str| {
        Told::of(
            http()
                .post(&url)
                .bearer_auth(bearer)
                .form(&[("token", token)]),
        )
    };
    assert_eq!(
        ask(&admin, &token).await.body["client_id"],
        client.id.to_string()
    );
    let told = ask(&admin, &real.scim_token).await;
    assert_eq!(
        (told.body["active"].as_bool(), told.body["scope"].as_str()),
        (Some(true), Some("scim"))
    );
    assert_eq!(ask(&admin, "x").await.body, json!({"active": false}));
    // RFC 7662 §2.3: another token does not let ask.
    let told = ask(&real.scim_token, &token).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (403, Some("insufficient_scope"))
    );
    let told = ask(
        "prv_admin_zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQ",
        &token,
    )
    .await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (401, Some("invalid_token"))
    );
    assert!(
        told.challenge
            .starts_with("Bearer realm=\"provost\", scope=\"admin\", error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn a_client_gives_its_token_back() {
    let real = Real::new().await;
    let (one, other) = (
        TestClient::new(&real, "one").await,
        TestClient::new(&real, "other").await,
    );
    let (token, kept) = (one.fetch().await, one.fetch().await);
    let told = Told::of(other.post(REVOKE, &[("token", &token)])).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    assert_eq!(
        told.logged(&real).await.exchange.row.code.as_deref(),
        Some("OAUTH_FOREIGN")
    );
    let told = Told::of(other.post(REVOKE, &[("token", &real.scim_token)])).await;
    assert_eq!(told.status, 400);
    assert_eq!(one.try_token(&token).await, 200);

    let told = Told::of(one.post(
        REVOKE,
        &[("token", &token), ("token_type_hint", "access_token")],
    ))
    .await;
    assert_eq!(told.status, 200);
    let logged = told.logged(&real).await.exchange;
    assert_eq!(
        (logged.row.changes, logged.changed[0].kind),
        (1, ObjectKind::Token)
    );
    assert!(!serde_json::to_string(&logged).unwrap().contains(&token));
    assert_eq!(one.try_token(&token).await, 401);
    assert_eq!(one.try_token(&kept).await, 200);
    // RFC 7009 §2.2: what has ended or never was is as good as revoked.
    for token in [token.as_str(), "hunter2"] {
        assert_eq!(
            Told::of(one.post(REVOKE, &[("token", token)])).await.status,
            200
        );
    }
    let told = Told::of(one.post(REVOKE, &[("token", "")])).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (400, Some("invalid_request"))
    );
}

#[tokio::test]
async fn a_revoked_client_takes_its_tokens_along_in_one_commit() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let tokens = [client.fetch().await, client.fetch().await];
    let done = real.local.revoke_client(client.id).await.unwrap();
    let kinds: Vec<_> = done.changes.iter().map(|change| change.kind).collect();
    assert_eq!(
        kinds,
        [ObjectKind::Token, ObjectKind::Token, ObjectKind::Client]
    );
    for token in &tokens {
        assert_eq!(client.try_token(token).await, 401);
    }
    let told = Told::of(client.post(TOKEN, &[("grant_type", "client_credentials")])).await;
    assert_eq!(told.status, 401);
    let audit = real.local.overview().await.unwrap().last_changes;
    let request = done.request_id;
    assert_eq!(audit.iter().filter(|row| row.request == request).count(), 3);
    // Again is no change, and its name is free.
    let again = real.local.revoke_client(client.id).await.unwrap();
    assert!(again.changes.is_empty());
    TestClient::new(&real, "entra").await;
}

#[tokio::test]
async fn a_name_is_held_by_one_token_or_client() {
    let real = Real::new().await;
    let client = |name: &str| NewClient {
        name: name.into(),
        keys: None,
        redirect_uris: Vec::new(),
    };
    for (_, admin) in &real.admins {
        let error = admin.create_client(client("okta")).await.err().unwrap();
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (AdminErrorKind::Conflict, Some("TOKEN_NAME"))
        );
    }
    let (_, remote) = &real.admins[2];
    let registered = remote.create_client(client("entra")).await.unwrap();
    let secret = registered.secret.unwrap();
    let token = NewToken {
        name: "entra".into(),
        scope: TokenScope::Scim,
        ttl_seconds: None,
        owner: None,
    };
    assert!(real.local.issue_token(token).await.is_err());
    for (who, admin) in &real.admins {
        assert_eq!(
            admin.clients().await.unwrap()[0].id,
            registered.client.id,
            "{who}"
        );
    }
    // Nor does the secret stand in the log of the admins' own deeds.
    let page = real
        .local
        .requests(RequestListing {
            limit: 100,
            ..RequestListing::default()
        })
        .await
        .unwrap();
    for row in page.items {
        let text = serde_json::to_string(&real.local.request(row.id).await.unwrap()).unwrap();
        assert!(!text.contains(&secret));
    }
    remote.revoke_client(registered.client.id).await.unwrap();
}

#[tokio::test]
async fn a_client_that_hoards_tokens_loses_the_oldest() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let first = client.fetch().await;
    let second = client.fetch().await;
    for _ in 0..254 {
        client.fetch().await;
    }
    assert_eq!(client.try_token(&first).await, 200);
    client.fetch().await;
    assert_eq!(client.try_token(&first).await, 401);
    assert_eq!(client.try_token(&second).await, 200);
    let tokens = real.local.tokens().await.unwrap();
    assert_eq!(tokens.iter().filter(|it| it.client.is_some()).count(), 256);
}

#[tokio::test]
async fn access_tokens_end_by_themselves() {
    let real =
        Real::with_limits(|limits| limits.access_token_ttl = std::time::Duration::ZERO).await;
    let client = TestClient::new(&real, "entra").await;
    let token = client.fetch().await;
    assert_eq!(client.try_token(&token).await, 401);
    let told = Told::of(client.post(INTROSPECT, &[("token", &token)])).await;
    assert_eq!(told.body, json!({"active": false}));
    assert!(
        real.local
            .tokens()
            .await
            .unwrap()
            .iter()
            .all(|it| it.client.is_none())
    );
}
