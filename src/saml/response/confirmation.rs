//! The bearer confirmation (SAML Core §2.4.1.2, SAML Profiles §4.1.4.2): the assertion is for here, now and this browser.

use jiff::Timestamp;

use super::assertion::subject;
use super::envelope::only_known_children;
use super::expectations::Expectations;
use super::finding::{Finding, Refusal, refuse};
use super::time::parse_instant;
use crate::saml::namespaces::ASSERTION;
use crate::saml::xml::Node;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// One bearer confirmation must hold in all points; others may fail. Gives the end of the one that holds longest.
pub(super) fn check(
    assertion: Node<'_, '_>,
    response: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<(Timestamp, Finding), Refusal> {
    let Some(subject) = subject(assertion) else {
        return refuse(Finding::failed("the assertion has no Subject"));
    };
    // Without a request in the Response there is none in the confirmation either (SAML Profiles §4.1.5).
    let request = response
        .attribute("InResponseTo")
        .and(expectations.pending_request_id);
    let mut end = None;
    let mut first_refusal = None;
    for confirmation in subject
        .children()
        .filter(|it| it.has_tag_name((ASSERTION, "SubjectConfirmation")))
    {
        match check_one(confirmation, request, expectations) {
            Ok(holds_until) => end = end.max(Some(holds_until)),
            Err(refusal) => {
                first_refusal.get_or_insert(refusal);
            }
        }
    }
    match (end, first_refusal) {
        (Some(end), _) => {
            let finding = Finding::passed("a bearer confirmation for this service and this login");
            Ok((
                end,
                finding
                    .expected(expectations.acs_url)
                    .received(expectations.acs_url),
            ))
        }
        (None, Some(refusal)) => Err(refusal),
        (None, None) => {
            refuse(Finding::failed("the Subject has no SubjectConfirmation").expected(BEARER))
        }
    }
}

fn check_one(
    confirmation: Node<'_, '_>,
    request: Option<&str>,
    expectations: &Expectations<'_>,
) -> Result<Timestamp, Refusal> {
    let method = confirmation.attribute("Method").unwrap_or_default();
    if method != BEARER {
        let finding = Finding::failed("the SubjectConfirmation is not a bearer's");
        return refuse(finding.expected(BEARER).received(method));
    }
    let known = [
        (ASSERTION, "NameID"),
        (ASSERTION, "SubjectConfirmationData"),
    ];
    only_known_children(confirmation, &known, &["NameID", "SubjectConfirmationData"])?;
    let mut children = confirmation.children();
    let Some(data) = children.find(|it| it.has_tag_name((ASSERTION, "SubjectConfirmationData")))
    else {
        return refuse(Finding::failed(
            "the SubjectConfirmation has no SubjectConfirmationData",
        ));
    };
    let recipient = data.attribute("Recipient");
    if recipient != Some(expectations.acs_url) {
        let finding = Finding::failed("the assertion is for another recipient");
        return refuse(
            finding
                .expected(expectations.acs_url)
                .received(recipient.unwrap_or("no Recipient")),
        );
    }
    if let Some(not_before) = data.attribute("NotBefore") {
        let finding =
            Finding::failed("a bearer's SubjectConfirmationData must not have a NotBefore");
        return refuse(finding.expected("no NotBefore").received(not_before));
    }
    let end = data.attribute("NotOnOrAfter").unwrap_or_default();
    let Some(not_on_or_after) = parse_instant(end) else {
        let finding =
            Finding::failed("the NotOnOrAfter of the SubjectConfirmationData is not readable");
        return refuse(finding.expected("xs:dateTime in UTC").received(end));
    };
    if expectations.is_past(not_on_or_after) {
        let finding =
            Finding::failed("the confirmation has ended; if it only just came, the clocks differ");
        return refuse(
            finding
                .expected(format!("after {}", expectations.now))
                .received(end),
        );
    }
    let received = data.attribute("InResponseTo");
    if received != request {
        let finding =
            Finding::failed("the assertion answers another request than the one of this browser");
        let finding = finding.expected(request.unwrap_or("no request"));
        return refuse(finding.received(received.unwrap_or("no request")));
    }
    Ok(not_on_or_after)
}
