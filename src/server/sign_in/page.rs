//! The pages, made here, without a script. Pure.

use askama::Template;
use jiff::Timestamp;
use url::Url;

use crate::directory::RequestId;
use crate::directory::effective::HeldRole;
use crate::engine::sso::{AccountView, SessionRow, SignInMethod};

/// The style sheet of all pages.
pub(super) const STYLE: &str = concat!(
    include_str!("../../../templates/authorize/style.css"),
    "\n",
    include_str!("../../../templates/sign_in/style.css")
);
/// What sends the form that goes to the identity provider. Without it there is a button.
pub(super) const SCRIPT: &str = include_str!("../../../templates/sign_in/send.js");

/// What all pages have.
pub(super) struct Frame {
    /// What comes before every path.
    pub base: String,
    pub organisation: String,
}

/// A page that says something.
#[derive(Template)]
#[template(path = "sign_in/notice.html")]
pub(super) struct Notice<'a> {
    pub frame: Frame,
    pub heading: &'a str,
    pub text: Option<&'a str>,
    pub reference: Option<RequestId>,
    pub link: Option<(&'a str, &'a str)>,
}

/// The form that brings a request to the identity provider.
#[derive(Template)]
#[template(path = "sign_in/send.html")]
pub(super) struct Send<'a> {
    pub frame: Frame,
    pub action: &'a str,
    pub saml_request: &'a str,
    pub relay_state: Option<&'a str>,
}

/// The ways to sign in.
#[derive(Template)]
#[template(path = "sign_in/login.html")]
pub(super) struct Login<'a> {
    pub frame: Frame,
    pub is_recovery: bool,
    /// Where single sign-on begins, where it is one of the ways.
    pub sso: Option<String>,
    pub form: Option<PasswordForm<'a>>,
    /// Whether a link to another password can be asked for.
    pub offers_reset: bool,
    /// Where recovery admins sign in by password.
    pub recovery: Option<String>,
}

/// The form of name and password.
pub(super) struct PasswordForm<'a> {
    pub ticket: String,
    pub to: Option<&'a str>,
    pub email: &'a str,
    pub message: Option<&'a str>,
    pub reference: Option<RequestId>,
}

/// The question whether to sign out.
#[derive(Template)]
#[template(path = "sign_in/logout.html")]
pub(super) struct Logout<'a> {
    pub frame: Frame,
    pub user_name: &'a str,
    pub ticket: String,
}

/// The form to set a password with, by a link.
#[derive(Template)]
#[template(path = "sign_in/reset.html")]
pub(super) struct Reset<'a> {
    pub frame: Frame,
    pub heading: &'a str,
    pub user_name: &'a str,
    pub ticket: String,
    pub token: &'a str,
    pub message: Option<&'a str>,
}

/// What somebody sees of themselves.
#[derive(Template)]
#[template(path = "sign_in/account.html")]
pub(super) struct Account<'a> {
    pub frame: Frame,
    pub account: AccountView,
    pub roles: Vec<HeldRole>,
    pub sessions: Vec<SessionLine>,
    pub changes_password: bool,
    pub ticket: String,
    pub message: Option<&'a str>,
    pub done: Option<&'a str>,
}

/// A session as its holder sees it.
pub(super) struct SessionLine {
    pub id: uuid::Uuid,
    pub is_this: bool,
    pub browser: String,
    pub created: String,
    pub last_seen: String,
    pub how: &'static str,
}

impl SessionLine {
    pub(super) fn of(row: &SessionRow, this: uuid::Uuid) -> Self {
        let browser = if row.user_agent.is_empty() {
            "a browser without a name"
        } else {
            &row.user_agent
        };
        Self {
            id: row.id,
            is_this: row.id == this,
            browser: browser.to_owned(),
            created: minute(row.created),
            last_seen: minute(row.last_seen),
            how: match row.how {
                SignInMethod::Saml => "by single sign-on",
                SignInMethod::Password => "by password",
            },
        }
    }
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// What a page of somebody whom the edge turns away says: the number of the request, and nothing else.
pub(in crate::server) fn rejected(id: RequestId) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Sign-in failed · Provost</title></head>\n\
         <body><main><h1>Sign-in failed</h1>\n<p>Reference <strong>{id}</strong></p></main></body>\n</html>\n"
    )
}

/// `Content-Security-Policy` of a page: nothing but our own style sheet, no frame around it, and forms that go here. One
/// that goes to an identity provider may be sent on by it to a neighbour of its own, about which browsers ask this policy,
/// too; so any place with TLS may be its end.
pub(super) fn policy(sends_to: Option<&str>) -> String {
    let origin = sends_to.and_then(|url| Url::parse(url).ok());
    let (script, target) = match origin {
        Some(url) => (
            " script-src 'self';",
            format!(" {} https:", url.origin().ascii_serialization()),
        ),
        None => ("", String::new()),
    };
    format!(
        "default-src 'none'; style-src 'self';{script} img-src data:; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_escaped() {
        let page = Login {
            frame: Frame {
                base: String::new(),
                organisation: "A & B".into(),
            },
            is_recovery: false,
            sso: Some("/trust/saml2/login?RelayState=\"><img src=x>".into()),
            form: Some(PasswordForm {
                ticket: "t".into(),
                to: Some("\"><script>"),
                email: "\" autofocus onfocus=\"x",
                message: Some("<b>"),
                reference: None,
            }),
            offers_reset: false,
            recovery: None,
        };
        let text = page.render().unwrap();
        for bad in ["<script", "<img", "onfocus=\"", "<b>"] {
            assert!(!text.contains(bad), "{bad}: {text}");
        }
    }

    #[test]
    fn only_the_form_to_the_identity_provider_has_a_script() {
        let policy = policy(None);
        assert!(!policy.contains("script-src") && policy.contains("form-action 'self';"));
        let policy = super::policy(Some("http://idp.example:8080/sso?x=1"));
        assert!(policy.contains("form-action 'self' http://idp.example:8080 https:;"));
    }
}
