//! The Response element around the assertion (SAML Core §3.2.2, §3.3.3).

use jiff::Timestamp;

use super::expectations::{Expectations, Unsolicited};
use super::finding::{Finding, Refusal, refuse};
use super::time::parse_instant;
use crate::saml::namespaces::{ASSERTION, PROTOCOL, XML_SIGNATURE};
use crate::saml::xml::{Node, child_elements, value};

/// The Format of an Issuer, if it has one (SAML Core §2.2.5).
const ENTITY_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/// The one assertion of a Response, a direct child of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Carried<'a, 'input> {
    Plain(Node<'a, 'input>),
    Encrypted(Node<'a, 'input>),
    /// None, or not exactly one, or not in its place.
    Unusable,
}

/// A root that is no Response leaves nothing to look at.
pub(super) fn is_response(root: Node<'_, '_>) -> bool {
    root.has_tag_name((PROTOCOL, "Response"))
}

/// The assertion, only if it is the only one of the whole document and where the Response has it.
pub(super) fn carried<'a, 'input>(response: Node<'a, 'input>) -> Carried<'a, 'input> {
    let mut found = response.descendants().filter(|it| is_assertion(*it));
    match (found.next(), found.next()) {
        (Some(only), None) if only.parent() == Some(response) => {
            if only.has_tag_name((ASSERTION, "Assertion")) {
                Carried::Plain(only)
            } else {
                Carried::Encrypted(only)
            }
        }
        _ => Carried::Unusable,
    }
}

fn is_assertion(node: Node<'_, '_>) -> bool {
    node.has_tag_name((ASSERTION, "Assertion"))
        || node.has_tag_name((ASSERTION, "EncryptedAssertion"))
}

/// Shape and version. `is_success` tells whether an assertion must be there at all.
pub(super) fn check(root: Node<'_, '_>, is_success: bool) -> Result<Finding, Refusal> {
    if !is_response(root) {
        let name = root.tag_name();
        let received = format!(
            "{{{}}}{}",
            name.namespace().unwrap_or_default(),
            name.name()
        );
        let finding = Finding::failed("the document is no Response");
        return refuse(
            finding
                .expected(format!("{{{PROTOCOL}}}Response"))
                .received(received),
        );
    }
    check_version(root)?;
    let responses = root.descendants().filter(|it| is_response(*it)).count();
    if responses != 1 {
        let finding = Finding::failed("there is a Response inside the Response");
        return refuse(finding.expected("1").received(responses.to_string()));
    }
    let known = [
        (ASSERTION, "Issuer"),
        (XML_SIGNATURE, "Signature"),
        (PROTOCOL, "Extensions"),
        (PROTOCOL, "Status"),
        (ASSERTION, "Assertion"),
        (ASSERTION, "EncryptedAssertion"),
    ];
    only_known_children(root, &known, &["Issuer", "Extensions", "Status"])?;
    let assertions = root.descendants().filter(|it| is_assertion(*it)).count();
    if assertions != 1 && (is_success || assertions != 0) {
        let finding = Finding::failed("a Response must have one assertion in the whole document");
        return refuse(finding.expected("1").received(assertions.to_string()));
    }
    if assertions == 1 && matches!(carried(root), Carried::Unusable) {
        return refuse(Finding::failed(
            "the assertion is not a child of the Response",
        ));
    }
    Ok(Finding::passed("a Response of version 2.0"))
}

/// Version, ID and IssueInstant, which Responses and assertions have alike.
pub(super) fn check_version(node: Node<'_, '_>) -> Result<(), Refusal> {
    let element = node.tag_name().name();
    let version = node.attribute("Version");
    if version != Some("2.0") {
        let finding = Finding::failed(format!("the {element} has another version"));
        return refuse(
            finding
                .expected("2.0")
                .received(version.unwrap_or("no Version")),
        );
    }
    if node.attribute("ID").is_none_or(str::is_empty) {
        return refuse(Finding::failed(format!("the {element} has no ID")));
    }
    let instant = node.attribute("IssueInstant").unwrap_or_default();
    if parse_instant(instant).is_none() {
        let finding = Finding::failed(format!("the IssueInstant of the {element} is not readable"));
        return refuse(finding.expected("xs:dateTime in UTC").received(instant));
    }
    Ok(())
}

/// When an element was made, if that is readable.
pub(super) fn issue_instant(node: Node<'_, '_>) -> Option<Timestamp> {
    parse_instant(node.attribute("IssueInstant")?)
}

/// Refuses unknown children, text between them, and a second one of those in `once`.
pub(super) fn only_known_children(
    node: Node<'_, '_>,
    known: &[(&str, &str)],
    once: &[&str],
) -> Result<(), Refusal> {
    let children = child_elements(node)?;
    let element = node.tag_name().name();
    for child in &children {
        if !known.iter().any(|name| child.has_tag_name(*name)) {
            let finding =
                Finding::failed(format!("the {element} has a child that is not known there"));
            return refuse(finding.received(child.tag_name().name()));
        }
    }
    for name in once {
        let count = children
            .iter()
            .filter(|it| it.tag_name().name() == *name)
            .count();
        if count > 1 {
            let finding = Finding::failed(format!("the {element} has more than one {name}"));
            return refuse(finding.expected("1").received(count.to_string()));
        }
    }
    Ok(())
}

/// SAML Bindings §3.5.5.2: a signed Response must say where it was sent.
pub(super) fn check_destination(
    response: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Finding {
    let is_signed = response
        .children()
        .any(|it| it.has_tag_name((XML_SIGNATURE, "Signature")));
    match response.attribute("Destination") {
        Some(destination) if destination == expectations.acs_url => {
            Finding::passed("sent to this assertion consumer service").received(destination)
        }
        Some(destination) => {
            Finding::failed("the Response was sent to another address").received(destination)
        }
        None if is_signed => Finding::failed("a signed Response must have a Destination"),
        None => {
            Finding::passed("no Destination, which a Response without a signature need not have")
        }
    }
    .expected(expectations.acs_url)
}

/// The Response must answer the request that this very browser was sent away with: login CSRF otherwise.
pub(super) fn check_in_response_to(
    response: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Finding {
    let pending = expectations.pending_request_id;
    let finding = match (response.attribute("InResponseTo"), pending) {
        (Some(received), Some(pending)) if received == pending => {
            Finding::passed("answers the request of this browser").received(received)
        }
        (Some(received), Some(_)) => {
            Finding::failed("the Response answers another request than the one of this browser")
                .received(received)
        }
        (Some(received), None) => {
            Finding::failed("the Response answers a request, but this browser has none pending")
                .received(received)
        }
        (None, _) if expectations.unsolicited == Unsolicited::Allowed => {
            Finding::passed("begun at the identity provider, which is allowed")
        }
        (None, _) => Finding::failed(
            "the Response answers no request, and logins begun at the identity provider are off",
        ),
    };
    finding.expected(pending.unwrap_or("no request"))
}

/// An Issuer is required in an assertion and may be left out of a Response around a signed one.
pub(super) fn check_issuer(
    parent: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<Option<String>, Refusal> {
    let Some(issuer) = parent
        .children()
        .find(|it| it.has_tag_name((ASSERTION, "Issuer")))
    else {
        return Ok(None);
    };
    let format = issuer.attribute("Format").unwrap_or(ENTITY_FORMAT);
    if format != ENTITY_FORMAT {
        let finding = Finding::failed("the Issuer is no entityID");
        return refuse(finding.expected(ENTITY_FORMAT).received(format));
    }
    let name = value(issuer)?;
    if name != expectations.idp_entity_id {
        let finding = Finding::failed(format!(
            "the {} is from another identity provider",
            parent.tag_name().name()
        ));
        return refuse(finding.expected(expectations.idp_entity_id).received(name));
    }
    Ok(Some(name))
}

pub(super) fn check_response_issuer(
    response: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<Finding, Refusal> {
    Ok(match check_issuer(response, expectations)? {
        Some(issuer) => Finding::passed("from the configured identity provider").received(issuer),
        None => Finding::passed("the Response names no Issuer, the assertion must"),
    }
    .expected(expectations.idp_entity_id))
}
