//! Somebody with a browser: cookies, forms and redirects, one step at a time.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, Url};

use crate::harness::PATIENCE;

pub const OWNER: &str = "owner@example.com";
pub const PASSWORD: &str = "correct horse battery staple";

/// A browser. It keeps cookies by their names, whatever their paths.
pub struct Person {
    pub url: String,
    pub client: reqwest::Client,
    pub cookies: BTreeMap<String, String>,
}

/// What a browser shows.
pub struct Shown {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
}

impl Shown {
    pub async fn of(response: Response) -> Self {
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

    /// The header `Set-Cookie` of a cookie.
    pub fn sets(&self, name: &str) -> String {
        let values = self.headers.get_all("set-cookie").iter();
        let values = values.map(|value| value.to_str().unwrap());
        let mut found = values.filter(|value| value.starts_with(&format!("{name}=")));
        found.next().unwrap_or_default().to_owned()
    }

    /// A hidden field of its form.
    pub fn field(&self, name: &str) -> String {
        let before = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let rest = self.text.split_once(&before);
        let rest = rest.unwrap_or_else(|| panic!("no {name}: {}", self.text));
        rest.1.split_once('"').unwrap().0.to_owned()
    }
}

impl Person {
    pub fn at(url: &str) -> Self {
        // Installed by whichever test comes first.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Self {
            url: url.to_owned(),
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .redirect(Policy::none())
                .user_agent("a test's browser")
                .build()
                .unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    pub async fn send(&mut self, request: RequestBuilder) -> Shown {
        let pairs = self.cookies.iter();
        let cookies: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = if cookies.is_empty() {
            request
        } else {
            request.header("cookie", cookies.join("; "))
        };
        let shown = Shown::of(request.send().await.unwrap()).await;
        for value in shown.headers.get_all("set-cookie") {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        shown
    }

    pub async fn get(&mut self, path: &str) -> Shown {
        let request = self.client.get(format!("{}{path}", self.url));
        self.send(request).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let request = self.client.post(format!("{}{path}", self.url)).form(fields);
        self.send(request).await
    }

    /// Fills in the form to sign in with; `path` is where it is.
    pub async fn sign_in_at(&mut self, path: &str, email: &str, password: &str) -> Shown {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let ticket = page.field("ticket");
        let mut fields = vec![
            ("ticket", ticket.as_str()),
            ("email", email),
            ("password", password),
        ];
        let to = page.text.contains("name=\"to\"").then(|| page.field("to"));
        fields.extend(to.as_deref().map(|to| ("to", to)));
        self.post("/login", &fields).await
    }

    pub async fn sign_in(&mut self) -> Shown {
        let shown = self.sign_in_at("/login", OWNER, PASSWORD).await;
        assert_eq!(shown.status, 303, "{}", shown.text);
        shown
    }

    /// Presses a button of the page of their account.
    pub async fn press(&mut self, what: &str, more: &[(&str, &str)]) -> Shown {
        let ticket = self.get("/account").await.field("ticket");
        let mut fields = vec![("ticket", ticket.as_str()), ("do", what)];
        fields.extend_from_slice(more);
        self.post("/account", &fields).await
    }

    /// Whether they see their account.
    pub async fn is_in(&mut self) -> bool {
        let page = self.get("/account").await;
        assert!(matches!(page.status, 200 | 303), "{}", page.status);
        page.status == 200
    }
}

/// The path and query of where a redirect leads.
pub fn leads_to(shown: &Shown, base: &str) -> String {
    let url = Url::parse(base).unwrap().join(shown.header("location"));
    let url = url.unwrap();
    assert!(url.as_str().starts_with(base), "{url}");
    url.as_str()[base.len()..].to_owned()
}
