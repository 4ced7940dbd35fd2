//! How the Response came (SAML Bindings §3.5).

use super::finding::{Finding, Refusal, refuse};

const FORM: &str = "application/x-www-form-urlencoded";
/// The Base64 of a document of the largest size, with as much white space as anyone puts into it.
const MAX_CHARS: usize = 512 * 1024;

/// The request that brought a Response.
#[derive(Clone, Debug)]
pub struct RawResponse<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The Content-Type header.
    pub content_type: Option<&'a str>,
    /// The value of every SAMLResponse parameter, decoded from the form.
    pub saml_responses: Vec<&'a str>,
}

impl<'a> RawResponse<'a> {
    /// A Response as a browser posts it.
    pub fn posted(saml_response: &'a str) -> Self {
        Self {
            method: "POST",
            content_type: Some(FORM),
            saml_responses: vec![saml_response],
        }
    }

    /// The one SAMLResponse, if it is worth reading even where the transport is wrong.
    pub(super) fn text(&self) -> Option<&'a str> {
        match *self.saml_responses.as_slice() {
            [text] if text.len() <= MAX_CHARS => Some(text),
            _ => None,
        }
    }
}

pub(super) fn check(raw: &RawResponse<'_>) -> Result<Finding, Refusal> {
    if raw.method != "POST" {
        let finding = Finding::failed("a Response must come by the HTTP POST binding");
        return refuse(finding.expected("POST").received(raw.method));
    }
    let content_type = raw.content_type.unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case(FORM) {
        let finding = Finding::failed("a Response must come in a form");
        return refuse(finding.expected(FORM).received(content_type));
    }
    let count = raw.saml_responses.len();
    if count != 1 {
        let finding = Finding::failed("a form must have one SAMLResponse");
        return refuse(finding.expected("1").received(count.to_string()));
    }
    if raw.text().is_none() {
        let finding = Finding::failed("the SAMLResponse is too long");
        let length = raw.saml_responses.iter().map(|it| it.len()).sum::<usize>();
        return refuse(
            finding
                .expected(format!("at most {MAX_CHARS} characters"))
                .received(length.to_string()),
        );
    }
    Ok(Finding::passed("one SAMLResponse in a form POST"))
}
