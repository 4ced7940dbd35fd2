//! The authorization code grant (RFC 6749 §4.1, 7636, 9207, 9700) as a browser and an identity provider go through it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provost::admin::types::{ClientId, NewClient, NewMember, RequestListing};
use provost::admin::{AdminRead, AdminWrite};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use crate::harness::PATIENCE;
use crate::oauth_client::{INTROSPECT, REVOKE, TOKEN, Told, http};
use crate::real::Real;

pub const AUTHORIZE: &str = "/trust/oauth/authorize";
pub const BACK: &str = "https://idp.example/cb?x=1";
pub const PASSWORD: &str = "correct horse battery staple";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";

/// An identity provider with a client, and the browser of an admin.
pub struct Flow {
    pub id: ClientId,
    pub secret: String,
    url: String,
    browser: reqwest::Client,
}

/// A page of the browser.
struct Page {
    status: u16,
    headers: http::HeaderMap,
    text: String,
}

impl Page {
    async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where it sends the browser, and with what.
    fn answer(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.header("location")).ok()?;
        let found = url.query_pairs().find(|(key, _)| key == name)?.1;
        Some(found.into_owned())
    }

    /// The hidden fields of its form.
    fn fields(&self) -> Vec<(String, String)> {
        let unescaped = |text: &str| {
            text.replace("&#38;", "&")
                .replace("&amp;", "&")
                .replace("&#34;", "\"")
                .replace("&#60;", "<")
        };
        let hidden = self.text.split("<input type=\"hidden\" name=\"").skip(1);
        hidden
            .map(|rest| {
                let (name, rest) = rest.split_once("\" value=\"").unwrap();
                (name.to_owned(), unescaped(rest.split_once('"').unwrap().0))
            })
            .collect()
    }
}

pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

impl Flow {
    pub async fn new(real: &Real, name: &str) -> Self {
        let registered = real
            .local
            .create_client(NewClient {
                name: name.into(),
                keys: None,
                redirect_uris: vec![BACK.into()],
            })
            .await
            .unwrap();
        Self::of(real, registered.client.id, registered.secret.unwrap())
    }

    pub fn of(real: &Real, id: ClientId, secret: String) -> Self {
        Self {
            id,
            secret,
            url: real.server.public_url().to_owned(),
            browser: reqwest::Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .redirect(Policy::none())
                .build()
                .unwrap(),
        }
    }

    fn asked(&self) -> Vec<(String, String)> {
        [
            ("response_type", "code"),
            ("client_id", &self.id.to_string()),
            ("redirect_uri", BACK),
            ("scope", "scim"),
            ("state", "a&b"),
            ("code_challenge", &challenge()),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    async fn open(&self, asked: &[(String, String)]) -> Page {
        let url = Url::parse_with_params(&format!("{}{AUTHORIZE}", self.url), asked).unwrap();
        Page::of(self.browser.get(url).send().await.unwrap()).await
    }

    async fn submit(&self, cookie: &str, page: &Page, more: &[(&str, &str)]) -> Page {
        let mut fields = page.fields();
        fields.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let request = self.browser.post(format!("{}{AUTHORIZE}", self.url));
        Page::of(
            request
                .header("cookie", cookie)
                .form(&fields)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Signs in; the page that follows, and the cookie.
    async fn sign_in(&self, email: &str, password: &str) -> (Page, String) {
        let page = self.open(&self.asked()).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let cookie = page
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let more = [
            ("email", email),
            ("password", password),
            ("decision", "sign_in"),
        ];
        (self.submit(&cookie, &page, &more).await, cookie)
    }

    /// Goes all the way to a code.
    pub async fn code(&self) -> String {
        let (page, cookie) = self.sign_in("owner@example.com", PASSWORD).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let sent = self.submit(&cookie, &page, &[("decision", "allow")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        sent.answer("code").unwrap()
    }

    pub async fn token(&self, parameters: &[(&str, &str)]) -> Told {
        let request = http().post(format!("{}{TOKEN}", self.url));
        Told::of(
            request
                .basic_auth(self.id, Some(&self.secret))
                .form(parameters),
        )
        .await
    }

    pub async fn exchange(&self, code: &str) -> Told {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    async fn refresh(&self, token: &str) -> Told {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    pub async fn users(&self, token: &str) -> u16 {
        let request = http().get(format!("{}/scim/v2/Users", self.url));
        request
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }
}

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
    assert_eq!(
        second.logged(&real).await.explanation.unwrap().code,
        "OAUTH_REUSE"
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
