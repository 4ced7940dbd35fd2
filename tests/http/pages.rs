//! The pages to sign in on and to see one's account, as a browser without scripts goes through them.

use provost::admin::sso::{SessionsOf, SsoRead as _};
use provost::admin::types::{NewMember, RequestListing};
use provost::admin::{AdminRead as _, AdminWrite as _};
use serde_json::json;

use crate::people::{OWNER, PASSWORD, Person, leads_to};
use crate::real::Real;

#[tokio::test]
async fn somebody_signs_in_sees_their_account_and_signs_out() {
    let real = Real::new().await;
    let mut ada = Person::at(real.server.public_url());
    let page = ada.get("/login").await;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), value);
    }
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'; img"),
        "{policy}"
    );
    assert!(policy.contains("form-action 'self';"), "{policy}");
    for part in [
        "lang=\"en\"",
        "<title>Sign in",
        "<label for=\"email\">",
        "<label for=\"password\">",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("<script") && !page.text.contains("identity provider"));
    let style = ada.get("/sign-in/style.css").await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, "text/css; charset=utf-8")
    );

    let signed_in = ada.sign_in().await;
    assert_eq!(leads_to(&signed_in, &ada.url), "/account");
    let cookie = signed_in.sets("provost_session");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let page = ada.get("/account").await;
    assert_eq!(page.status, 200);
    for part in [
        OWNER,
        "owner of the account",
        "This browser",
        "a test&#39;s browser",
        "Sign out",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    // Whoever is in is let on.
    assert_eq!(
        leads_to(&ada.get("/login?to=/account").await, &ada.url),
        "/account"
    );

    let asks = ada.get("/logout").await;
    assert!(asks.text.contains("<button") && ada.is_in().await);
    let ticket = asks.field("ticket");
    let kept = ada.cookies.clone();
    let out = ada.post("/logout", &[("ticket", &ticket)]).await;
    assert_eq!(out.status, 200, "{}", out.text);
    assert!(out.sets("provost_session").contains("Max-Age=0"));
    ada.cookies = kept;
    let page = ada.get("/account").await;
    assert_eq!(leads_to(&page, &ada.url), "/login?to=%2Faccount");
}

#[tokio::test]
async fn whoever_fails_is_told_one_and_the_same() {
    let real = Real::new().await;
    for (name, active) in [("gone@x.io", false), ("bare@x.io", true)] {
        let body = json!({ "userName": name, "active": active });
        let answer = real.ask("POST", "/Users", Some(body)).await;
        assert_eq!(answer.status, 201);
    }
    let mut told = Vec::new();
    for (email, password) in [
        (OWNER, "not the password"),
        ("nobody@x.io", PASSWORD),
        ("gone@x.io", PASSWORD),
        ("bare@x.io", PASSWORD),
    ] {
        let mut ada = Person::at(real.server.public_url());
        let shown = ada.sign_in_at("/login", email, password).await;
        assert_eq!(shown.status, 403);
        let reference = shown.header("x-request-id").to_owned();
        assert!(
            shown
                .text
                .contains(&format!("<strong>#{reference}</strong>")),
            "{}",
            shown.text
        );
        assert!(shown.text.contains("aria-describedby=\"problem\""));
        assert!(shown.sets("provost_session").is_empty() && !ada.is_in().await);
        let logged = real
            .local
            .request(provost::directory::RequestId(reference.parse().unwrap()));
        assert_eq!(logged.await.unwrap().exchange.row.path, "/login");
        let ticket = shown.field("ticket");
        told.push(
            shown
                .text
                .replace(&format!("#{reference}"), "N")
                .replace(&ticket, "T")
                .replace(email, "E"),
        );
    }
    assert!(told.iter().all(|text| *text == told[0]), "{told:#?}");
}

#[tokio::test]
async fn too_many_attempts_are_slowed_down() {
    let real = Real::new().await;
    let mut ada = Person::at(real.server.public_url());
    let mut last = None;
    for _ in 0..7 {
        last = Some(ada.sign_in_at("/login", OWNER, "wrong").await);
    }
    let last = last.unwrap();
    assert_eq!(last.status, 429);
    assert!(last.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let real = Real::new().await;
    let mut ada = Person::at(real.server.public_url());
    let good = [("email", OWNER), ("password", PASSWORD)];
    assert_eq!(ada.post("/login", &good).await.status, 403);
    // With the ticket of another browser, and with one's own and another browser's cookie.
    let ticket = Person::at(&ada.url).get("/login").await.field("ticket");
    let own = ada.get("/login").await.field("ticket");
    let with = |ticket: &'static str| [good[0], good[1], ("ticket", ticket)];
    assert_eq!(ada.post("/login", &with(ticket.leak())).await.status, 403);
    let cookies = ada.cookies.clone();
    ada.cookies.insert("provost_form".into(), "A".repeat(43));
    let own: &str = own.leak();
    assert_eq!(ada.post("/login", &with(own)).await.status, 403);
    ada.cookies = cookies;
    let cross = ada
        .client
        .post(format!("{}/login", ada.url))
        .form(&with(own));
    let cross = cross.header("sec-fetch-site", "cross-site");
    assert_eq!(ada.send(cross).await.status, 403);
    let json = ada
        .client
        .post(format!("{}/login", ada.url))
        .json(&json!({ "ticket": own }));
    assert_eq!(ada.send(json).await.status, 400);
    assert!(!ada.is_in().await);
    assert_eq!(ada.post("/login", &with(own)).await.status, 303);

    // Signed in, the ticket is bound to the session.
    let before = ada.get("/account").await.field("ticket");
    ada.cookies.remove("provost_session");
    ada.sign_in().await;
    for fields in [
        vec![("do", "end_others")],
        vec![("do", "end_others"), ("ticket", before.as_str())],
    ] {
        assert_eq!(ada.post("/account", &fields).await.status, 403);
        assert_eq!(ada.post("/logout", &fields).await.status, 403);
    }
    assert_eq!(
        real.local
            .sessions(SessionsOf::default())
            .await
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let real = Real::new().await;
    for to in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/%09/evil.example",
        "javascript:alert(1)",
    ] {
        let mut ada = Person::at(real.server.public_url());
        let path = format!("/login?to={}", to.replace('\\', "%5C"));
        let shown = ada.sign_in_at(&path, OWNER, PASSWORD).await;
        if shown.status == 429 {
            break;
        }
        assert_eq!(leads_to(&shown, &ada.url), "/account", "{to}");
        let ticket = ada.get("/account").await.field("ticket");
        assert_eq!(
            ada.post("/logout", &[("ticket", &ticket)]).await.status,
            200
        );
    }
    let mut ada = Person::at(real.server.public_url());
    let page = ada.get("/login?to=/logout%3Fa%3D1").await;
    assert_eq!(page.field("to"), "/logout?a=1");
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_ends_when_told() {
    let real = Real::new().await;
    let mut ada = Person::at(real.server.public_url());
    let planted = "A".repeat(43);
    ada.cookies
        .insert("provost_session".into(), planted.clone());
    assert!(!ada.is_in().await);
    ada.sign_in().await;
    let first = ada.cookies["provost_session"].clone();
    assert_ne!(first, planted);
    // Another sign-in in the same browser takes its place.
    let session = ada.cookies.remove("provost_session").unwrap();
    let page = ada.get("/login").await;
    ada.cookies.insert("provost_session".into(), session);
    let ticket = page.field("ticket");
    ada.post(
        "/login",
        &[
            ("ticket", &ticket),
            ("email", OWNER),
            ("password", PASSWORD),
        ],
    )
    .await;
    let second = ada.cookies["provost_session"].clone();
    assert_ne!(first, second);
    ada.cookies.insert("provost_session".into(), first);
    assert!(!ada.is_in().await);
    ada.cookies.insert("provost_session".into(), second);

    let (mut phone, mut tablet) = (Person::at(&ada.url), Person::at(&ada.url));
    phone.sign_in().await;
    tablet.sign_in().await;
    let all = real.local.sessions(SessionsOf::default()).await.unwrap();
    assert_eq!(all.len(), 3);
    let newest = all[0].id.to_string();
    let done = ada.press("end_session", &[("session", &newest)]).await;
    assert_eq!(leads_to(&done, &ada.url), "/account?done=sessions");
    assert!(!tablet.is_in().await && phone.is_in().await && ada.is_in().await);
    let again = ada.press("end_session", &[("session", &newest)]).await;
    assert_eq!(again.status, 400, "{}", again.text);
    ada.press("end_others", &[]).await;
    assert!(!phone.is_in().await && ada.is_in().await);
}

#[tokio::test]
async fn deactivated_by_scim_somebody_is_out_at_once() {
    let real = Real::new().await;
    let body =
        json!({ "userName": "bo@x.io", "emails": [{ "value": "bo@x.io" }], "password": PASSWORD });
    let bo = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(bo.status, 201, "{}", bo.body);
    let mut person = Person::at(real.server.public_url());
    let shown = person.sign_in_at("/login", "BO@x.io", PASSWORD).await;
    assert_eq!(shown.status, 303, "{}", shown.text);
    assert!(person.get("/account").await.text.contains("bo@x.io"));
    // A session of somebody else is none of theirs.
    let mut owner = Person::at(&person.url);
    owner.sign_in().await;
    let theirs = real.local.sessions(SessionsOf::default()).await.unwrap()[0]
        .id
        .to_string();
    assert_eq!(
        person
            .press("end_session", &[("session", &theirs)])
            .await
            .status,
        400
    );
    let patch = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "active", "value": false }] });
    let path = format!("/Users/{}", bo.id());
    assert_eq!(real.ask("PATCH", &path, Some(patch)).await.status, 200);
    assert!(!person.is_in().await && owner.is_in().await);
}

#[tokio::test]
async fn what_is_too_large_or_no_method_is_refused() {
    let real = Real::new().await;
    let mut ada = Person::at(real.server.public_url());
    let long = "x".repeat(20_000);
    assert_eq!(ada.post("/login", &[("email", &long)]).await.status, 413);
    let long = "x".repeat(450_000);
    assert_eq!(
        ada.post("/trust/saml2/acs", &[("SAMLResponse", &long)])
            .await
            .status,
        413
    );
    for (method, path, allow) in [
        ("PUT", "/login", "GET, POST"),
        ("DELETE", "/account", "GET, POST"),
        ("POST", "/trust/saml2/login", "GET"),
        ("PUT", "/trust/saml2/acs", "POST"),
    ] {
        let request = ada
            .client
            .request(method.parse().unwrap(), format!("{}{path}", ada.url));
        let shown = ada.send(request).await;
        assert_eq!(
            (shown.status, shown.header("allow")),
            (405, allow),
            "{method} {path}"
        );
        assert!(
            shown.text.contains("<h1>Sign-in failed</h1>"),
            "{}",
            shown.text
        );
    }
}

#[tokio::test]
async fn nothing_secret_is_in_the_log() {
    let real = Real::new().await;
    let member = NewMember {
        user_name: "cy@x.io".into(),
        ..NewMember::default()
    };
    real.local.add_member(member).await.unwrap();
    let mut ada = Person::at(real.server.public_url());
    let wrong = "a wrong password that is long";
    ada.sign_in_at("/login", OWNER, wrong).await;
    ada.sign_in().await;
    let response = "PHNhbWxwOlJlc3BvbnNlPnNlY3JldDwvc2FtbHA6UmVzcG9uc2U";
    ada.post(
        "/trust/saml2/acs",
        &[("SAMLResponse", response), ("RelayState", "/account")],
    )
    .await;
    ada.get(&format!("/trust/saml2/acs?SAMLResponse={response}"))
        .await;
    ada.press("end_others", &[]).await;
    let mut secrets = vec![
        PASSWORD.replace(' ', "+"),
        wrong.replace(' ', "+"),
        PASSWORD.into(),
        response.into(),
    ];
    secrets.extend(ada.cookies.values().cloned());
    let listing = RequestListing {
        limit: 100,
        ..Default::default()
    };
    let rows = real.local.requests(listing).await.unwrap().items;
    let mut paths = Vec::new();
    for row in rows {
        paths.push(row.path.clone());
        let whole = real.local.request(row.id).await.unwrap();
        let whole = serde_json::to_string(&whole).unwrap();
        for secret in &secrets {
            assert!(!whole.contains(secret.as_str()), "{secret} in {whole}");
        }
    }
    for path in ["/login", "/account", "/trust/saml2/acs"] {
        assert!(paths.iter().any(|it| it == path), "{path} in {paths:?}");
    }
}
