//! An identity provider and the browser of an admin, who go through the authorization code grant.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provost::admin::AdminWrite;
use provost::admin::types::{ClientId, NewClient};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use crate::harness::PATIENCE;
use crate::oauth_client::{TOKEN, Told, http};
use crate::real::Real;

pub const AUTHORIZE: &str = "/trust/oauth/authorize";
pub const BACK: &str = "https://idp.example/cb?x=1";
pub const PASSWORD: &str = "correct horse battery staple";
pub const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";

/// An identity provider with a client, and the browser of an admin.
pub struct Flow {
    pub id: ClientId,
    pub secret: String,
    pub url: String,
    pub browser: reqwest::Client,
}

/// A page of the browser.
pub struct Page {
    pub status: u16,
    headers: http::HeaderMap,
    pub text: String,
}

impl Page {
    async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The cookies it sets, as the browser sends them.
    pub fn cookies(&self) -> String {
        let set = self.headers.get_all("set-cookie").iter();
        let pairs: Vec<&str> = set
            .map(|value| value.to_str().unwrap().split(';').next().unwrap())
            .collect();
        pairs.join("; ")
    }

    /// Where it sends the browser, and with what.
    pub fn answer(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.header("location")).ok()?;
        let found = url.query_pairs().find(|(key, _)| key == name)?.1;
        Some(found.into_owned())
    }

    /// The hidden fields of its form.
    pub fn fields(&self) -> Vec<(String, String)> {
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

    pub fn asked(&self) -> Vec<(String, String)> {
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

    pub async fn open(&self, asked: &[(String, String)]) -> Page {
        let url = Url::parse_with_params(&format!("{}{AUTHORIZE}", self.url), asked).unwrap();
        Page::of(self.browser.get(url).send().await.unwrap()).await
    }

    /// The same with a cookie.
    pub async fn open_with(&self, asked: &[(String, String)], cookie: &str) -> Page {
        let url = Url::parse_with_params(&format!("{}{AUTHORIZE}", self.url), asked).unwrap();
        let request = self.browser.get(url).header("cookie", cookie);
        Page::of(request.send().await.unwrap()).await
    }

    pub async fn submit(&self, cookie: &str, page: &Page, more: &[(&str, &str)]) -> Page {
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
    pub async fn sign_in(&self, email: &str, password: &str) -> (Page, String) {
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
        self.code_of("owner@example.com").await
    }

    /// The same with another admin.
    pub async fn code_of(&self, email: &str) -> String {
        let (page, cookie) = self.sign_in(email, PASSWORD).await;
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

    pub async fn refresh(&self, token: &str) -> Told {
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
