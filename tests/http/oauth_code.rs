//! The authorization code grant (RFC 6749 §4.1, 7636, 9207, 9700) as a browser and an identity provider go through it.

use provost::admin::guards::IncidentSeverity;
use provost::admin::link::NewConnection;
use provost::admin::types::{NewMember, RequestListing};
use provost::admin::{AdminErrorKind, AdminRead, AdminWrite};

use crate::guards_support::{incident_of, set};
use crate::oauth_client::{INTROSPECT, REVOKE, Told, http};
use crate::oauth_flow::{AUTHORIZE, BACK, Flow, PASSWORD, VERIFIER};
use crate::real::Real;

fn text<'a>(told: &'a Told, name: &str) -> &'a str {
    told.body[name].as_str().unwrap_or_default()
}

#[tokio::test]
async fn an_admin_lets_an_identity_provider_in() {
    let real = Real::new().await;
    let flow = Flow::new(&real, "okta-oauth").await;
    let page = flow.open(&flow.asked()).await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    let cookie = page.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );

    let (page, cookie) = flow.sign_in("OWNER@example.com", PASSWORD).await;
    assert!(
        page.text.contains("Connect okta-oauth to Example?"),
        "{}",
        page.text
    );
    let sent = flow.submit(&cookie, &page, &[("decision", "allow")]).await;
    assert_eq!(sent.status, 303);
    assert!(
        sent.header("location")
            .starts_with("https://idp.example/cb?x=1&code=prv_code_")
    );
    assert_eq!(sent.answer("state").as_deref(), Some("a&b"));
    assert_eq!(
        sent.answer("iss").as_deref(),
        Some(real.server.public_url())
    );
    let code = sent.answer("code").unwrap();

    let told = flow.exchange(&code).await;
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(text(&told, "token_type"), "Bearer");
    let (access, refresh) = (text(&told, "access_token"), text(&told, "refresh_token"));
    assert_eq!(flow.users(access).await, 200);
    let asked = http().post(format!("{}{INTROSPECT}", flow.url));
    let asked = asked
        .basic_auth(flow.id, Some(&flow.secret))
        .form(&[("token", refresh)]);
    let introspected = Told::of(asked).await;
    assert_eq!(introspected.body["active"], true);
    assert_eq!(introspected.body["username"], "owner@example.com");

    // Who is connected is known from now on.
    let link = real.local.link().await.unwrap();
    assert_eq!(link.connections[0].connection.name, "okta-oauth");
    assert_eq!(link.connections[0].connection.by, "owner@example.com");

    // Nothing of it is in the log.
    let listing = RequestListing {
        limit: 100,
        ..Default::default()
    };
    for row in real.local.requests(listing).await.unwrap().items {
        let whole = real.local.request(row.id).await.unwrap();
        let whole = serde_json::to_string(&whole).unwrap();
        for secret in [
            code.as_str(),
            access,
            refresh,
            PASSWORD,
            VERIFIER,
            &flow.secret,
        ] {
            assert!(!whole.contains(secret), "{secret} in {whole}");
        }
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_its_second_use_ends_what_it_gave() {
    let real = Real::new().await;
    let flow = Flow::new(&real, "one").await;
    let code = flow.code().await;
    let first = flow.exchange(&code).await;
    assert_eq!(first.status, 200);
    let second = flow.exchange(&code).await;
    assert_eq!(
        (second.status, text(&second, "error")),
        (400, "invalid_grant")
    );
    let logged = second.logged(&real).await;
    assert_eq!(logged.explanation.unwrap().code, "OAUTH_REUSE");
    let exchange = logged.exchange;
    assert_eq!(exchange.row.status, 400);
    assert!(exchange.row.changes > 0, "it says what it ended");
    // One line for one request, and an incident that says which client it is about.
    let listing = RequestListing {
        query: "code:OAUTH_REUSE".into(),
        limit: 10,
        ..Default::default()
    };
    assert_eq!(real.local.requests(listing).await.unwrap().items.len(), 1);
    let incident = incident_of(&real, "OAUTH_REUSE").await;
    assert_eq!(incident.severity, IncidentSeverity::Critical);
    assert_eq!(incident.subjects[0].name, "OAuth client one");
    assert_eq!(incident.subjects[0].member, None);
    let told = real.local.incident(incident.id).await.unwrap().explanation;
    let why = told.unwrap().why;
    assert!(
        why.contains("of the OAuth client one") && why.contains("refresh tokens are revoked"),
        "{why}"
    );
    assert_eq!(flow.users(text(&first, "access_token")).await, 401);
    assert_eq!(
        flow.refresh(text(&first, "refresh_token")).await.status,
        400
    );
}

#[tokio::test]
async fn a_code_is_bound_to_its_client_its_uri_and_its_verifier() {
    let real = Real::new().await;
    let (flow, other) = (
        Flow::new(&real, "one").await,
        Flow::new(&real, "other").await,
    );
    let code = flow.code().await;
    let with = |name: &'static str, value: &'static str| {
        let mut parameters = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
        ];
        for pair in [("redirect_uri", BACK), ("code_verifier", VERIFIER)] {
            parameters.push(if pair.0 == name { (name, value) } else { pair });
        }
        parameters
    };
    for (name, value, error) in [
        ("redirect_uri", "https://idp.example/cb", "invalid_grant"),
        ("redirect_uri", "", "invalid_grant"),
        (
            "code_verifier",
            "another-verifier-of-at-least-forty-three-characters-0",
            "invalid_grant",
        ),
        ("code_verifier", "", "invalid_request"),
    ] {
        let told = flow.token(&with(name, value)).await;
        assert_eq!(
            (told.status, text(&told, "error")),
            (400, error),
            "{name}={value}"
        );
    }
    let told = other.exchange(&code).await;
    assert_eq!((told.status, text(&told, "error")), (400, "invalid_grant"));
    // None of these has spent it.
    assert_eq!(flow.exchange(&code).await.status, 200);
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_second_use_ends_the_family() {
    let real = Real::new().await;
    let flow = Flow::new(&real, "one").await;
    let first = flow.exchange(&flow.code().await).await;
    let second = flow.refresh(text(&first, "refresh_token")).await;
    assert_eq!(second.status, 200, "{}", second.body);
    assert_eq!(flow.users(text(&second, "access_token")).await, 200);
    let state = async || real.local.link().await.unwrap().connections[0].state();
    assert_eq!(state().await, "connected");
    let again = flow.refresh(text(&first, "refresh_token")).await;
    assert_eq!(
        (again.status, text(&again, "error")),
        (400, "invalid_grant")
    );
    assert_eq!(flow.users(text(&second, "access_token")).await, 401);
    assert_eq!(
        flow.refresh(text(&second, "refresh_token")).await.status,
        400
    );
    assert_eq!(state().await, "grant ended");
    let found = real.local.doctor().await.unwrap();
    let mut told = found.iter().filter(|it| it.check == "connection");
    let told = told.next().unwrap();
    assert!(told.found.contains("granted it has ended"), "{told:?}");
    assert!(told.fix.contains("authorize it again"), "{told:?}");
    // Allowed again, it is connected again.
    flow.exchange(&flow.code().await).await;
    assert_eq!(state().await, "connected");
    // Without its client there is nothing to allow.
    real.local.revoke_client(flow.id).await.unwrap();
    assert_eq!(state().await, "grant ended");
    let found = real.local.doctor().await.unwrap();
    let told = found.iter().find(|it| it.check == "connection").unwrap();
    assert!(told.fix.starts_with("provost scim disconnect"), "{told:?}");
}

#[tokio::test]
async fn a_grant_ends_with_its_last_refresh_token_and_makes_room() {
    let real = Real::under("launchdarkly").await;
    // What comes before a connection there has tests of its own.
    set(&real, "scim.requires_sso", "false").await;
    let flow = Flow::new(&real, "one").await;
    let told = flow.exchange(&flow.code().await).await;
    let state = async || real.local.link().await.unwrap().connections[0].state();
    assert_eq!(state().await, "connected");
    let connect = || {
        real.local.connect(NewConnection {
            idp: "entra".into(),
            name: "entra".into(),
            redirect_uris: vec!["https://idp.example/cb".into()],
            ..NewConnection::default()
        })
    };
    let refused = connect().await.err().unwrap();
    assert_eq!(refused.kind, AdminErrorKind::Refused, "{refused:?}");
    // Ninety days later.
    let database = rusqlite::Connection::open(real.directory.path().join("provost.db")).unwrap();
    database
        .execute("UPDATE refresh_token SET expires = 1", [])
        .unwrap();
    assert_eq!(state().await, "grant ended");
    assert_eq!(flow.refresh(text(&told, "refresh_token")).await.status, 400);
    assert!(connect().await.is_ok());
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_what_was_granted() {
    let real = Real::new().await;
    let (flow, other) = (
        Flow::new(&real, "one").await,
        Flow::new(&real, "other").await,
    );
    let told = flow.exchange(&flow.code().await).await;
    let refresh = text(&told, "refresh_token");
    let revoke = |flow: &Flow| {
        let request = http().post(format!("{}{REVOKE}", flow.url));
        Told::of(
            request
                .basic_auth(flow.id, Some(&flow.secret))
                .form(&[("token", refresh)]),
        )
    };
    assert_eq!(revoke(&other).await.status, 400);
    assert_eq!(flow.users(text(&told, "access_token")).await, 200);
    assert_eq!(revoke(&flow).await.status, 200);
    assert_eq!(flow.users(text(&told, "access_token")).await, 401);
    assert_eq!(flow.refresh(refresh).await.status, 400);
}

#[tokio::test]
async fn nobody_is_sent_to_an_unknown_place_and_the_client_is_told_the_rest() {
    let real = Real::new().await;
    let flow = Flow::new(&real, "one").await;
    let changed = |name: &str, value: &str| {
        let mut asked = flow.asked();
        asked.retain(|(known, _)| known != name);
        if !value.is_empty() {
            asked.push((name.into(), value.into()));
        }
        asked
    };
    for (name, value) in [
        ("redirect_uri", "https://evil.example/cb"),
        ("redirect_uri", "https://idp.example/cb"),
        ("redirect_uri", ""),
        ("client_id", "00000000-0000-0000-0000-000000000000"),
        ("client_id", "x"),
    ] {
        let page = flow.open(&changed(name, value)).await;
        assert_eq!(
            (page.status, page.header("location")),
            (400, ""),
            "{name}={value}"
        );
    }
    for (name, value, error) in [
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "admin", "invalid_scope"),
    ] {
        let page = flow.open(&changed(name, value)).await;
        assert_eq!(page.status, 303, "{name}");
        assert_eq!(page.answer("error").as_deref(), Some(error), "{name}");
        assert_eq!(page.answer("state").as_deref(), Some("a&b"));
        assert!(page.answer("iss").is_some() && page.answer("code").is_none());
    }
}

#[tokio::test]
async fn only_an_admin_signs_in_and_nobody_learns_who_there_is() {
    let real = Real::new().await;
    let member = NewMember {
        user_name: "ben@example.com".into(),
        ..NewMember::default()
    };
    real.local.add_member(member).await.unwrap();
    let flow = Flow::new(&real, "one").await;
    let mut told = Vec::new();
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("ben@example.com", PASSWORD),
        ("owner@example.com", "another password altogether"),
        ("owner@example.com", ""),
    ] {
        let (page, _) = flow.sign_in(email, password).await;
        assert_eq!(page.status, 403);
        let alert = page.text.split("role=\"alert\">").nth(1).unwrap();
        told.push(alert.split("</p>").next().unwrap().to_owned());
    }
    assert!(told.iter().all(|text| *text == told[0]), "{told:?}");
    // More attempts on the account are not looked at any more, not even a good one.
    for _ in 0..3 {
        flow.sign_in("owner@example.com", "another password altogether")
            .await;
    }
    let (page, _) = flow.sign_in("owner@example.com", PASSWORD).await;
    assert_eq!(page.status, 429);
    assert!(!page.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_form_of_another_browser_or_request_is_refused() {
    let real = Real::new().await;
    let (flow, other) = (
        Flow::new(&real, "one").await,
        Flow::new(&real, "other").await,
    );
    let (page, cookie) = flow.sign_in("owner@example.com", PASSWORD).await;
    let allow = [("decision", "allow")];
    let stranger = other.open(&other.asked()).await;
    let theirs = stranger
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(flow.submit(&theirs, &page, &allow).await.status, 403);
    assert_eq!(flow.submit("", &page, &allow).await.status, 403);
    // The ticket of one request does not open another.
    let mut fields = page.fields();
    for (name, value) in &mut fields {
        if name == "client_id" {
            *value = other.id.to_string();
        }
    }
    fields.push(("decision".into(), "allow".into()));
    let request = flow.browser.post(format!("{}{AUTHORIZE}", flow.url));
    let request = request.header("cookie", &cookie).form(&fields);
    assert_eq!(request.send().await.unwrap().status().as_u16(), 403);
    let request = flow.browser.post(format!("{}{AUTHORIZE}", flow.url));
    let mut fields = page.fields();
    fields.push(("decision".into(), "allow".into()));
    let request = request
        .header("cookie", &cookie)
        .header("sec-fetch-site", "cross-site")
        .form(&fields);
    assert_eq!(request.send().await.unwrap().status().as_u16(), 403);
    // Denying needs no account, and is told to the client.
    let page = flow.open(&flow.asked()).await;
    let cookie = page
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let sent = flow.submit(&cookie, &page, &[("decision", "deny")]).await;
    assert_eq!(sent.answer("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn the_metadata_names_the_page() {
    let real = Real::new().await;
    let url = format!(
        "{}/.well-known/oauth-authorization-server",
        real.server.public_url()
    );
    let document: serde_json::Value = http().get(url).send().await.unwrap().json().await.unwrap();
    assert!(
        document["authorization_endpoint"]
            .as_str()
            .unwrap()
            .ends_with(AUTHORIZE)
    );
    assert_eq!(document["code_challenge_methods_supported"][0], "S256");
    assert_eq!(
        document["authorization_response_iss_parameter_supported"],
        true
    );
}

/// Of one form one decision follows, however often it is sent.
#[tokio::test]
async fn a_form_is_decided_with_once() {
    let real = Real::new().await;
    let flow = Flow::new(&real, "one").await;
    let (page, cookie) = flow.sign_in("owner@example.com", PASSWORD).await;
    let first = flow.submit(&cookie, &page, &[("decision", "allow")]).await;
    assert!(first.answer("code").is_some(), "{}", first.text);
    for decision in ["allow", "deny"] {
        let again = flow.submit(&cookie, &page, &[("decision", decision)]).await;
        assert_eq!((again.status, again.answer("code")), (403, None));
    }
    // Another page for the same question is another form.
    assert!(!flow.code().await.is_empty());
}
