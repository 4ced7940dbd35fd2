//! The authorization page: three screens, made here, without a script. Pure.

use std::sync::OnceLock;

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

/// The style, in the page, so that nothing else is to be loaded.
pub(super) const STYLE: &str = include_str!("../../../../templates/authorize/style.css");

/// Sign in.
#[derive(Template)]
#[template(path = "authorize/sign_in.html")]
pub(super) struct SignIn<'a> {
    pub style: &'static str,
    pub organisation: &'a str,
    pub client: &'a str,
    /// Where single sign-on begins, where it is enabled.
    pub sso: Option<String>,
    /// Whether passwords are for recovery admins alone.
    pub is_recovery: bool,
    pub action: &'a str,
    pub fields: Vec<(&'static str, String)>,
    pub ticket: String,
    pub email: &'a str,
    pub message: Option<&'a str>,
}

/// Allow or deny.
#[derive(Template)]
#[template(path = "authorize/consent.html")]
pub(super) struct Consent<'a> {
    pub style: &'static str,
    pub organisation: &'a str,
    pub client: &'a str,
    pub action: &'a str,
    pub fields: Vec<(&'static str, String)>,
    pub ticket: String,
    pub admin: &'a str,
    pub host: &'a str,
    pub refusal: Option<String>,
}

/// What went wrong.
#[derive(Template)]
#[template(path = "authorize/problem.html")]
pub(super) struct Problem<'a> {
    pub style: &'static str,
    pub organisation: &'a str,
    pub heading: &'a str,
    pub message: &'a str,
    pub request: String,
}

/// `Content-Security-Policy` of a page: nothing but its own style, no frame around it, and forms that go here. A browser
/// asks it about the redirect after the form, too, so the place of the client stands there.
pub(super) fn policy(redirect_uri: Option<&str>) -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| STANDARD.encode(digest(&SHA256, STYLE.as_bytes())));
    let origin = redirect_uri
        .and_then(|uri| Url::parse(uri).ok())
        .map(|uri| format!(" {}", uri.origin().ascii_serialization()))
        .unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self'{origin}; frame-ancestors 'none'; base-uri 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_escaped() {
        let page = SignIn {
            style: STYLE,
            organisation: "A & B",
            client: "<script>alert(1)</script>",
            sso: None,
            is_recovery: false,
            action: "/trust/oauth/authorize",
            fields: vec![("state", "\"><img src=x>".into())],
            ticket: "t".into(),
            email: "\" autofocus onfocus=\"x",
            message: Some("<b>"),
        };
        let text = page.render().unwrap();
        for bad in ["<script", "<img", "onfocus=\"", "<b>"] {
            assert!(!text.contains(bad), "{bad}: {text}");
        }
        assert!(text.contains(STYLE.trim()));
    }

    #[test]
    fn nothing_is_loaded_and_nobody_frames_it() {
        let policy = policy(Some("https://idp.example:8443/cb?x=1"));
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(policy.contains("form-action 'self' https://idp.example:8443;"));
        assert!(policy.contains("frame-ancestors 'none'"));
    }
}
