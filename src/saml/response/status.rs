//! What the identity provider itself says of the login (SAML Core §3.2.2).

use super::finding::{Finding, Refusal, refuse};
use crate::saml::namespaces::PROTOCOL;
use crate::saml::xml::{Node, value};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// Codes within each other that are shown.
const MAX_CODES: usize = 4;

/// Whether the top-level status code is Success. False where there is none.
pub(super) fn is_success(response: Node<'_, '_>) -> bool {
    codes(response).first() == Some(&SUCCESS)
}

pub(super) fn check(response: Node<'_, '_>) -> Result<Finding, Refusal> {
    let codes = codes(response);
    let Some(code) = codes.first() else {
        return refuse(Finding::failed("the Response has no StatusCode").expected(SUCCESS));
    };
    if *code == SUCCESS {
        return Ok(Finding::passed("the identity provider reports success")
            .expected(SUCCESS)
            .received(SUCCESS));
    }
    let message = status(response)
        .and_then(|it| child(it, "StatusMessage"))
        .map(value)
        .transpose()?;
    let detail = match message {
        Some(message) => format!("the identity provider refused the login: {message}"),
        None => "the identity provider refused the login without a message".to_owned(),
    };
    refuse(
        Finding::failed(detail)
            .expected(SUCCESS)
            .received(codes.join(", ")),
    )
}

fn status<'a, 'input>(response: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    child(response, "Status")
}

/// The top-level code and those nested in it.
fn codes<'a>(response: Node<'a, '_>) -> Vec<&'a str> {
    let mut codes = Vec::new();
    let mut next = status(response).and_then(|it| child(it, "StatusCode"));
    while let Some(code) = next
        && codes.len() < MAX_CODES
    {
        codes.push(code.attribute("Value").unwrap_or_default());
        next = child(code, "StatusCode");
    }
    codes
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|it| it.has_tag_name((PROTOCOL, name)))
}
