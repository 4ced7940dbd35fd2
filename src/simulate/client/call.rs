//! One request before it is sent.

use reqwest::Method;
use serde_json::Value;

use super::profile::Profile;

/// A request: method, path below the base URL, query and body.
#[derive(Clone, Debug)]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    /// The JSON body, where there is one.
    pub body: Option<Value>,
}

impl Call {
    fn new(method: Method, path: impl Into<String>, body: Option<Value>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            body,
        }
    }

    /// `GET path`, where `path` begins with a slash.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, None)
    }

    /// `POST path`.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, path, Some(body))
    }

    /// `PUT path`.
    pub fn put(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::PUT, path, Some(body))
    }

    /// `PATCH path`.
    pub fn patch(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::PATCH, path, Some(body))
    }

    /// `DELETE path`.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, None)
    }

    /// Adds a query parameter; they are sent in the order they were added.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Path and query for people, unescaped.
    pub fn readable(&self, profile: &Profile) -> String {
        self.assemble(profile, str::to_owned)
    }

    /// Path and query as they are sent.
    pub fn escaped(&self, profile: &Profile) -> String {
        self.assemble(profile, |value| profile.query_style.escape(value))
    }

    fn assemble(&self, profile: &Profile, write: impl Fn(&str) -> String) -> String {
        let flag = profile.flag.map(str::to_owned);
        let pairs = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={}", write(value)));
        let query = flag.into_iter().chain(pairs).collect::<Vec<_>>().join("&");
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }
}
