//! The pages of the test identity provider. They work without a script, and each says what it is.

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::{IssuedResponse, Outcome, Person, ReceivedRequest, RequestFault, TestIdp, Verdict};
use crate::saml::claims::clean;

/// Name of the form field that holds the query of the request, percent-encoded as it came; empty where none came.
pub const REQUEST_FIELD: &str = "request";
/// Name of the form field that holds the e-mail address of who is to be signed in.
pub const EMAIL_FIELD: &str = "email";
/// Name of the form field that holds the [code](Outcome::code) of the answer.
pub const OUTCOME_FIELD: &str = "outcome";

/// The style, in the page, so that nothing else is to be loaded.
const STYLE: &str = include_str!("../../../templates/test_idp/style.css");
/// Sends the one form of the page.
const SCRIPT: &str = "document.forms[0].submit()";
/// Characters of a foreign text that a page repeats.
const QUOTE_LENGTH: usize = 300;

/// A page, and the header that has to come with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The document, `text/html; charset=utf-8`.
    pub html: String,
    /// The value of `Content-Security-Policy`: its own style and script alone, forms to where they lead, no frame around it.
    pub content_security_policy: String,
}

/// What the page to sign in is made of.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// Where its form goes: a path or URL of the test identity provider itself.
    pub action: &'a str,
    /// The query of the request, percent-encoded as it came, to be read again with the form; empty where none came.
    pub query: &'a str,
    /// What the request says.
    pub request: &'a ReceivedRequest,
    /// Who may be signed in; the first one is filled in.
    pub people: &'a [Person],
}

#[derive(Template)]
#[template(path = "test_idp/sign_in.html")]
struct SignInTemplate<'a> {
    style: &'static str,
    service_provider: &'a str,
    action: &'a str,
    query: &'a str,
    is_asked: bool,
    is_signed: bool,
    force_authn: bool,
    email: &'a str,
    people: &'a [Person],
    good: Vec<Outcome>,
    broken: Vec<(Outcome, &'static str)>,
}

#[derive(Template)]
#[template(path = "test_idp/response.html")]
struct ResponseTemplate<'a> {
    style: &'static str,
    script: &'static str,
    outcome: Outcome,
    check: Option<&'static str>,
    acs_url: &'a str,
    saml_response: String,
    relay_state: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "test_idp/problem.html")]
struct ProblemTemplate {
    style: &'static str,
    message: String,
}

/// The page that asks who is to be signed in, and how: the answer to a request, and the page to start at without one.
pub fn sign_in(idp: &TestIdp, page: SignIn<'_>) -> Result<Page, askama::Error> {
    let check = |outcome: Outcome| match outcome.verdict() {
        Verdict::Accepted => None,
        Verdict::Refused(check) => Some(check.code()),
    };
    let html = SignInTemplate {
        style: STYLE,
        service_provider: idp.service_provider().entity_id.as_str(),
        action: page.action,
        query: page.query,
        is_asked: page.request.id.is_some(),
        is_signed: page.request.is_signed,
        force_authn: page.request.force_authn,
        email: page.people.first().map_or("", |person| &person.email),
        people: page.people,
        good: Outcome::ALL
            .into_iter()
            .filter(|&outcome| check(outcome).is_none())
            .collect(),
        broken: Outcome::ALL
            .into_iter()
            .filter_map(|outcome| Some((outcome, check(outcome)?)))
            .collect(),
    }
    .render()?;
    Ok(Page {
        html,
        content_security_policy: policy("'none'", "'self'"),
    })
}

/// The page that carries an answer to the service provider: by itself where scripts run, and with a button anywhere.
pub fn response(response: &IssuedResponse) -> Result<Page, askama::Error> {
    let html = ResponseTemplate {
        style: STYLE,
        script: SCRIPT,
        outcome: response.outcome,
        check: match response.outcome.verdict() {
            Verdict::Accepted => None,
            Verdict::Refused(check) => Some(check.code()),
        },
        acs_url: &response.acs_url,
        saml_response: response.saml_response(),
        relay_state: response.relay_state.as_deref(),
    }
    .render()?;
    let origin = Url::parse(&response.acs_url).map_or_else(
        |_| "'none'".to_owned(),
        |url| url.origin().ascii_serialization(),
    );
    Ok(Page {
        html,
        content_security_policy: policy(&source(SCRIPT), &origin),
    })
}

/// The page for a request that is not answered. To be sent with status 400.
pub fn problem(fault: &RequestFault) -> Result<Page, askama::Error> {
    let message = fault.to_string();
    let html = ProblemTemplate {
        style: STYLE,
        message: clean(&message).chars().take(QUOTE_LENGTH).collect(),
    }
    .render()?;
    Ok(Page {
        html,
        content_security_policy: policy("'none'", "'none'"),
    })
}

fn policy(script: &str, form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {script}; img-src data:; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'",
        source(STYLE)
    )
}

/// A text in a page that its hash lets pass (Content Security Policy 3 §2.3.1).
fn source(text: &str) -> String {
    let hash = STANDARD.encode(digest(&SHA256, text.as_bytes()));
    format!("'sha256-{hash}'")
}
