//! The token endpoint (RFC 6749 §4.4 and §5), and the document that names it (RFC 8414).

use provost::admin::{AdminRead, AdminWrite};
use provost::directory::ActorKind;
use rstest::rstest;
use serde_json::Value;

use crate::harness::header;
use crate::oauth_client::{TOKEN, TestClient, Told, http};
use crate::real::Real;

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_client_fetches_a_token_and_provisions_with_it() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let in_body = [
        GRANT,
        ("scope", "scim"),
        ("client_id", &client.id.to_string()),
        ("client_secret", &client.secret),
    ];
    let url = format!("{}{TOKEN}", real.server.public_url());
    let requests = [
        client.post(TOKEN, &[GRANT]),
        client.post(TOKEN, &[GRANT, ("client_id", &client.id.to_string())]),
        client.post(&format!("{TOKEN}/"), &[GRANT, ("scope", "")]),
        http().post(url).form(&in_body),
    ];
    for request in requests {
        let told = Told::of(request).await;
        assert_eq!(told.status, 200, "{}", told.body);
        assert_eq!(told.body["token_type"], "Bearer");
        assert_eq!(told.body["expires_in"], 3_600);
        assert_eq!(told.body["scope"], "scim");
        assert!(told.body.get("refresh_token").is_none());
        let token = told.body["access_token"].as_str().unwrap();
        assert_eq!(token.len(), "prv_oauth_".len() + 43);
        assert_eq!(client.try_token(token).await, 200);

        let logged = told.logged(&real).await;
        assert_eq!(logged.exchange.row.token.as_deref(), Some("entra"));
        assert_eq!(logged.exchange.row.changes, 1);
        let text = serde_json::to_string(&logged).unwrap();
        assert!(
            !text.contains(token) && !text.contains(&client.secret),
            "{text}"
        );
        let kept = logged.exchange.request.body.unwrap();
        assert!(kept.contains("grant_type=client_credentials"), "{kept}");
    }
    let changes = real.local.overview().await.unwrap().last_changes;
    assert_eq!(changes[0].actor.kind, ActorKind::Idp);
    assert_eq!(changes[0].actor.name, "entra");
    assert_eq!(changes[0].change.label, "entra");
    let tokens = real.local.tokens().await.unwrap();
    let fetched: Vec<_> = tokens
        .iter()
        .filter(|it| it.client == Some(client.id))
        .collect();
    assert_eq!(fetched.len(), 4);
    assert!(
        fetched
            .iter()
            .all(|token| token.name == "entra" && token.last_used.is_some())
    );
    let clients = real.local.clients().await.unwrap();
    assert!(clients[0].last_used.is_some());
}

#[rstest]
#[case::no_grant(&[], 400, "invalid_request", "OAUTH_REQUEST")]
#[case::empty_grant(&[("grant_type", "")], 400, "invalid_request", "OAUTH_REQUEST")]
#[case::password(&[("grant_type", "password"), ("username", "a"), ("password", "b")], 400, "unsupported_grant_type", "OAUTH_GRANT")]
#[case::code(&[("grant_type", "authorization_code"), ("code", "x")], 400, "invalid_grant", "OAUTH_CODE")]
#[case::refresh(&[("grant_type", "refresh_token"), ("refresh_token", "x")], 400, "invalid_grant", "OAUTH_CODE")]
#[case::scope(&[GRANT, ("scope", "admin")], 400, "invalid_scope", "OAUTH_SCOPE")]
#[case::more_scope(&[GRANT, ("scope", "scim admin")], 400, "invalid_scope", "OAUTH_SCOPE")]
#[case::twice(&[GRANT, GRANT], 400, "invalid_request", "OAUTH_REQUEST")]
#[case::two_ways(&[GRANT, ("client_secret", "x")], 400, "invalid_request", "OAUTH_REQUEST")]
#[case::another_name(&[GRANT, ("client_id", "x")], 400, "invalid_request", "OAUTH_REQUEST")]
#[tokio::test]
async fn what_is_wrong_is_told_in_the_words_of_the_rfc(
    #[case] parameters: &[(&str, &str)],
    #[case] status: u16,
    #[case] error: &str,
    #[case] code: &str,
) {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let told = Told::of(client.post(TOKEN, parameters)).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (status, Some(error))
    );
    let description = told.body["error_description"].as_str().unwrap();
    assert!(description.contains(code), "{description}");
    assert!(
        description
            .bytes()
            .all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'"' && byte != b'\\')
    );
    let logged = told.logged(&real).await;
    assert_eq!(logged.exchange.row.code.as_deref(), Some(code));
    assert_eq!(logged.explanation.unwrap().code, code);
    assert!(
        real.local
            .tokens()
            .await
            .unwrap()
            .iter()
            .all(|it| it.client.is_none())
    );
}

#[tokio::test]
async fn a_client_that_is_not_believed_learns_nothing() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let revoked = TestClient::new(&real, "gone").await;
    real.local.revoke_client(revoked.id).await.unwrap();
    let url = format!("{}{TOKEN}", real.server.public_url());
    let ask = |id: String, secret: String| {
        http()
            .post(&url)
            .basic_auth(id, Some(secret))
            .form(&[GRANT])
    };
    let requests = [
        (
            "no OAuth client",
            ask(uuid::Uuid::now_v7().to_string(), client.secret.clone()),
        ),
        (
            "no OAuth client",
            ask(client.id.to_string().to_uppercase(), client.secret.clone()),
        ),
        (
            "is not the one",
            ask(client.id.to_string(), revoked.secret.clone()),
        ),
        (
            "was revoked",
            ask(revoked.id.to_string(), revoked.secret.clone()),
        ),
        (
            "no client authentication came",
            http().post(&url).form(&[GRANT]),
        ),
        (
            "no client authentication came",
            http()
                .post(&url)
                .bearer_auth(&real.scim_token)
                .form(&[GRANT]),
        ),
    ];
    let mut described = Vec::new();
    for (reason, request) in requests {
        let told = Told::of(request).await;
        assert_eq!(
            (told.status, told.body["error"].as_str()),
            (401, Some("invalid_client"))
        );
        assert_eq!(told.challenge, "Basic realm=\"provost\", charset=\"UTF-8\"");
        let logged = told.logged(&real).await.exchange;
        assert_eq!(logged.row.code.as_deref(), Some("OAUTH_CLIENT"));
        let step = logged.trace.last().unwrap();
        assert!(step.what.contains(reason), "{}", step.what);
        let description = told.body["error_description"].as_str().unwrap();
        let (text, _) = description.split_once(" (OAUTH").unwrap();
        described.push(text.to_owned());
    }
    assert!(
        described[..4].iter().all(|text| *text == described[0]),
        "{described:?}"
    );
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let real = Real::with_limits(|limits| limits.auth_failures = 1).await;
    let client = TestClient::new(&real, "entra").await;
    let url = format!("{}{TOKEN}", real.server.public_url());
    let wrong = || {
        http()
            .post(&url)
            .basic_auth(client.id, Some("x"))
            .form(&[GRANT])
    };
    assert_eq!(Told::of(wrong()).await.status, 401);
    let told = Told::of(wrong()).await;
    assert_eq!(told.status, 429);
    assert!((1..=60).contains(&told.retry_after.parse::<u64>().unwrap()));
    assert_eq!(told.body["error"], "temporarily_unavailable");
    assert_eq!(Told::of(client.post(TOKEN, &[GRANT])).await.status, 200);
}

#[rstest]
#[case::json(
    "application/json",
    r#"{"grant_type":"client_credentials","client_secret":"hunter2hunter2"}"#
)]
#[case::json_in_a_form(
    "application/x-www-form-urlencoded",
    r#"{"client_secret":"hunter2hunter2"}"#
)]
#[case::text("text/plain", "client_secret=hunter2hunter2")]
#[case::repeated(
    "application/x-www-form-urlencoded",
    "client_secret=hunter2hunter2&client_secret=hunter2hunter2"
)]
#[case::assertion("application/x-www-form-urlencoded", "client_assertion=hunter2hunter2")]
#[tokio::test]
async fn no_body_of_any_kind_puts_a_secret_into_the_log(#[case] kind: &str, #[case] body: &str) {
    let real = Real::new().await;
    let url = format!("{}{TOKEN}", real.server.public_url());
    let request = http()
        .post(url)
        .header("content-type", kind)
        .body(body.to_owned());
    let told = Told::of(request).await;
    assert!(matches!(told.status, 400 | 401), "{}", told.status);
    if kind.contains("json") {
        assert_eq!(told.body["error"], "invalid_request");
        assert!(
            told.body["error_description"]
                .as_str()
                .unwrap()
                .contains("JSON is not read here")
        );
    }
    let logged = serde_json::to_string(&told.logged(&real).await).unwrap();
    assert!(!logged.contains("hunter2"), "{logged}");
}

#[tokio::test]
async fn secrets_in_the_url_are_refused_and_not_logged() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let path = format!(
        "{TOKEN}?client_id={}&client_secret={}",
        client.id, client.secret
    );
    let told = Told::of(client.post(&path, &[GRANT])).await;
    assert_eq!(
        (told.status, told.body["error"].as_str()),
        (400, Some("invalid_request"))
    );
    let logged = serde_json::to_string(&told.logged(&real).await).unwrap();
    assert!(!logged.contains(&client.secret), "{logged}");
}

#[tokio::test]
async fn only_post_fetches_a_token() {
    let real = Real::new().await;
    let url = format!("{}{TOKEN}", real.server.public_url());
    let response = http().get(url).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(header(&response, "allow"), "POST");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"], "invalid_request");
}

#[tokio::test]
async fn the_metadata_is_true_in_every_line() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "entra").await;
    let issuer = real.server.public_url();
    let response = http()
        .get(format!("{issuer}/.well-known/oauth-authorization-server"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "application/json");
    let document: Value = response.json().await.unwrap();
    assert_eq!(document["issuer"], issuer);
    assert_eq!(
        document["response_types_supported"],
        serde_json::json!(["code"])
    );
    for grant in document["grant_types_supported"].as_array().unwrap() {
        let grant = grant.as_str().unwrap();
        let told = Told::of(client.post(TOKEN, &[("grant_type", grant)])).await;
        // The others need what an admin has granted; that they are known shows in what they miss.
        let error = told.body["error"].as_str();
        let expected = (grant != "client_credentials").then_some("invalid_request");
        assert_eq!(error, expected, "{grant}");
    }
    for scope in document["scopes_supported"].as_array().unwrap() {
        let told = Told::of(client.post(TOKEN, &[GRANT, ("scope", scope.as_str().unwrap())])).await;
        assert_eq!(told.status, 200, "{scope}");
    }
    for endpoint in [
        "token_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
    ] {
        let url = document[endpoint].as_str().unwrap();
        // It is there, and asks who comes.
        let told = Told::of(http().post(url).form(&[("token", "x")])).await;
        assert_eq!(
            (told.status, told.body["error"].as_str()),
            (401, Some("invalid_client"))
        );
    }
}
