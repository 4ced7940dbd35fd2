//! Who may come in (RFC 6750).

use provost::directory::{Stage, TokenId, Verdict};
use rstest::rstest;
use uuid::Uuid;

use crate::fake_store::Mood;
use crate::harness::{ADMIN_TOKEN, Edge, SCIM_TOKEN, UNKNOWN_TOKEN, header, scim_error};

/// The challenge of RFC 6750 §3, and its error where one is to be told.
fn assert_challenge(challenge: &str, scope: &str, error: Option<&str>) {
    let start = format!("Bearer realm=\"provost\", scope=\"{scope}\"");
    match error {
        None => assert_eq!(challenge, start),
        Some(error) => {
            let start = format!("{start}, error=\"{error}\", error_description=\"");
            let described = challenge.strip_prefix(&start).expect(challenge);
            let described = described.strip_suffix('"').expect(challenge);
            assert!(
                described.len() > 10 && !described.contains(['"', '\\']),
                "{challenge}"
            );
        }
    }
}

#[rstest]
#[case::unknown(format!("Bearer {UNKNOWN_TOKEN}"), 401, Some("invalid_token"), "the token is unknown")]
#[case::foreign("Bearer abc".into(), 401, Some("invalid_token"), "the token is unknown")]
#[case::doubled(format!("Bearer Bearer {SCIM_TOKEN}"), 401, Some("invalid_token"), "holds no token")]
#[case::basic("Basic YWRhOmh1bnRlcjI=".into(), 401, None, "holds no token")]
#[case::bare(SCIM_TOKEN.into(), 401, None, "holds no token")]
#[case::empty("Bearer".into(), 400, Some("invalid_request"), "holds no token")]
#[case::client_secret("Bearer prv_client_abc".into(), 401, Some("invalid_token"), "holds no token")]
#[case::cut(format!("Bearer {}", &SCIM_TOKEN[..50]), 401, Some("invalid_token"), "holds no token")]
#[tokio::test]
async fn a_wrong_token_is_refused_and_explained_to_the_log(
    #[case] value: String,
    #[case] status: u16,
    #[case] error: Option<&str>,
    #[case] what: &str,
) {
    let edge = Edge::new().await;
    let request = edge.request("GET", "/scim/v2/Users");
    let response = request
        .header("authorization", &value)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), status);
    assert_challenge(header(&response, "www-authenticate"), "scim", error);
    let logged = edge.logged(&response);
    assert_eq!(logged.row.code.as_deref(), Some("TOKEN_BAD"));
    let step = logged.trace.last().unwrap();
    assert_eq!(
        (step.stage, step.verdict),
        (Stage::Authenticate, Verdict::Failed)
    );
    assert!(step.what.contains(what), "{}", step.what);
    assert!(
        !serde_json::to_string(&logged)
            .unwrap()
            .contains(&SCIM_TOKEN[12..40])
    );
    scim_error(response).await;
}

#[tokio::test]
async fn without_a_token_there_is_a_challenge_and_no_error() {
    let edge = Edge::new().await;
    for path in ["/scim/v2/Users", "/scim/v2/ServiceProviderConfig"] {
        let response = edge.request("GET", path).send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_challenge(header(&response, "www-authenticate"), "scim", None);
    }
}

#[tokio::test]
async fn a_token_in_the_url_is_refused_and_not_logged() {
    let edge = Edge::new().await;
    let path = format!("/scim/v2/Users?access_token={SCIM_TOKEN}");
    // Alone, and beside one in the header: RFC 6750 §2 allows one way at a time.
    for request in [edge.request("GET", &path), edge.scim("GET", &path)] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400);
        let challenge = header(&response, "www-authenticate");
        assert_challenge(challenge, "scim", Some("invalid_request"));
        let query = edge.logged(&response).query.unwrap();
        assert!(query.starts_with("access_token=***:"), "{query}");
    }
}

#[tokio::test]
async fn a_token_in_the_body_is_no_token_and_not_logged() {
    let edge = Edge::new().await;
    let body = [("access_token", SCIM_TOKEN)];
    let alone = edge.request("POST", "/scim/v2/Users").form(&body);
    let beside = edge.scim("POST", "/scim/v2/Users").form(&body);
    for (request, status) in [(alone, 401), (beside, 415)] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        let text = serde_json::to_string(&edge.logged(&response)).unwrap();
        assert!(!text.contains(&SCIM_TOKEN[12..]), "{text}");
    }
}

#[tokio::test]
async fn odd_spacing_is_tolerated_and_noted() {
    let edge = Edge::new().await;
    let request = edge.request("GET", "/scim/v2/Users");
    let value = format!("Bearer   {SCIM_TOKEN}");
    let response = request.header("authorization", value).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let logged = edge.logged(&response);
    assert!(
        logged
            .trace
            .iter()
            .any(|step| step.what.contains("spacing"))
    );
}

#[tokio::test]
async fn the_scopes_keep_to_themselves() {
    let edge = Edge::new().await;
    for (path, token, scope) in [
        ("/scim/v2/Users", ADMIN_TOKEN, "scim"),
        ("/admin/v1/overview", SCIM_TOKEN, "admin"),
    ] {
        let request = edge.request("GET", path).bearer_auth(token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403);
        let challenge = header(&response, "www-authenticate");
        assert_challenge(challenge, scope, Some("insufficient_scope"));
        assert!(edge.logged(&response).row.token.is_some());
    }
}

#[tokio::test]
async fn revoked_and_expired_tokens_are_told_apart_in_the_log_only() {
    let edge = Edge::new().await;
    let revoke = |row: &mut provost::store::rows::TokenRow| row.revoked = Some(row.created);
    let expire = |row: &mut provost::store::rows::TokenRow| row.expires = Some(row.created);
    type Ending = fn(&mut provost::store::rows::TokenRow);
    let changes: [(&str, Ending); 2] = [("was revoked", revoke), ("has expired", expire)];
    for (what, change) in changes {
        for row in edge.store.tokens.lock().unwrap().values_mut() {
            row.id = TokenId(Uuid::nil());
            (row.revoked, row.expires) = (None, None);
            change(row);
        }
        let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
        assert_eq!(response.status(), 401);
        let logged = edge.logged(&response);
        assert_eq!(logged.row.token.as_deref(), Some("okta"));
        assert!(logged.trace.last().unwrap().what.contains(what));
        let detail = scim_error(response).await;
        assert!(
            detail.starts_with("the token is wrong, expired or revoked"),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_asked_is_not_the_client_s_fault() {
    let edge = Edge::new().await;
    edge.set_mood(Mood::Fails);
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(header(&response, "retry-after"), "1");
    assert_eq!(header(&response, "www-authenticate"), "");
}

#[tokio::test]
async fn who_keeps_failing_is_told_to_wait_and_valid_tokens_pass() {
    let edge = Edge::with_limits(|limits| limits.auth_failures = 2).await;
    let wrong = || {
        edge.request("GET", "/scim/v2/Users")
            .bearer_auth(UNKNOWN_TOKEN)
    };
    assert_eq!(wrong().send().await.unwrap().status(), 401);
    assert_eq!(wrong().send().await.unwrap().status(), 401);
    let response = wrong().send().await.unwrap();
    assert_eq!(response.status(), 429);
    let seconds: u64 = header(&response, "retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds));
    let logged = edge.logged(&response);
    assert_eq!(logged.row.code.as_deref(), Some("RATE_429"));
    assert!(
        logged
            .trace
            .iter()
            .any(|step| step.what == "the token is unknown")
    );
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn behind_a_proxy_each_client_has_a_budget_of_its_own() {
    let mut settings = crate::harness::settings();
    settings.behind_proxy = true;
    settings.limits.auth_failures = 1;
    let edge = Edge::with(settings).await;
    for (client, status) in [("192.0.2.1", 401), ("192.0.2.1", 429), ("192.0.2.2", 401)] {
        let request = edge.request("GET", "/scim/v2/Users");
        let request = request.header("x-forwarded-for", format!("198.51.100.9, {client}"));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(edge.logged(&response).peer.as_deref(), Some(client));
    }
}

#[tokio::test]
async fn a_scanner_does_not_fill_the_log() {
    let edge = Edge::with_limits(|limits| limits.unauthenticated_log = 3).await;
    for n in 0..10 {
        let response = edge.request("GET", &format!("/{n}")).send().await.unwrap();
        assert_eq!(response.status(), 404);
    }
    assert_eq!(edge.store.log().len(), 3);
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    edge.logged(&response);
}
