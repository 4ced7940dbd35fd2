//! When and for whom the assertion is (SAML Core §2.5).

use super::envelope::only_known_children;
use super::expectations::Expectations;
use super::finding::{Finding, Refusal, refuse};
use super::time::parse_instant;
use crate::saml::namespaces::ASSERTION;
use crate::saml::xml::{Node, child_elements, value};

/// The conditions whose meaning is known; any other makes the assertion's validity unknown (SAML Core §2.5.1.1).
const KNOWN: [(&str, &str); 3] = [
    (ASSERTION, "AudienceRestriction"),
    (ASSERTION, "OneTimeUse"),
    (ASSERTION, "ProxyRestriction"),
];

fn conditions<'a, 'input>(assertion: Node<'a, 'input>) -> Result<Node<'a, 'input>, Refusal> {
    let mut children = assertion.children();
    match children.find(|it| it.has_tag_name((ASSERTION, "Conditions"))) {
        Some(conditions) => Ok(conditions),
        None => refuse(Finding::failed("the assertion has no Conditions")),
    }
}

pub(super) fn check(
    assertion: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<Finding, Refusal> {
    let conditions = conditions(assertion)?;
    let instant = |name: &str| match conditions.attribute(name) {
        None => Ok(None),
        // A time that cannot be read is no missing limit.
        Some(text) => match parse_instant(text) {
            Some(instant) => Ok(Some(instant)),
            None => {
                let finding =
                    Finding::failed(format!("the {name} of the Conditions is not readable"));
                refuse(finding.expected("xs:dateTime in UTC").received(text))
            }
        },
    };
    let (not_before, not_on_or_after) = (instant("NotBefore")?, instant("NotOnOrAfter")?);
    if let Some(not_before) = not_before.filter(|it| expectations.is_ahead(*it)) {
        let finding = Finding::failed(
            "the assertion is not valid yet; if it only just came, the clocks differ",
        );
        let finding = finding.expected(format!("at or before {}", expectations.now));
        return refuse(finding.received(not_before.to_string()));
    }
    if let Some(not_on_or_after) = not_on_or_after.filter(|it| expectations.is_past(*it)) {
        let finding = Finding::failed(
            "the assertion is no longer valid; if it only just came, the clocks differ",
        );
        let finding = finding.expected(format!("after {}", expectations.now));
        return refuse(finding.received(not_on_or_after.to_string()));
    }
    only_known_children(conditions, &KNOWN, &["OneTimeUse", "ProxyRestriction"])?;
    Ok(Finding::passed("valid now, without an unknown condition"))
}

/// Every restriction must name this service provider, and there must be one (SAML Profiles §4.1.4.2).
pub(super) fn check_audience(
    assertion: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<Finding, Refusal> {
    let conditions = conditions(assertion)?;
    let mut restrictions = 0;
    for restriction in conditions
        .children()
        .filter(|it| it.has_tag_name((ASSERTION, "AudienceRestriction")))
    {
        restrictions += 1;
        only_known_children(restriction, &[(ASSERTION, "Audience")], &[])?;
        let mut audiences = Vec::new();
        for audience in child_elements(restriction)? {
            // White space around an xs:anyURI is no part of it.
            audiences.push(value(audience)?.trim().to_owned());
        }
        if !audiences.iter().any(|it| it == expectations.sp_entity_id) {
            let finding = Finding::failed("the assertion is for another audience");
            return refuse(
                finding
                    .expected(expectations.sp_entity_id)
                    .received(audiences.join(", ")),
            );
        }
    }
    if restrictions == 0 {
        let finding = Finding::failed("the assertion does not say for whom it is");
        return refuse(
            finding
                .expected(expectations.sp_entity_id)
                .received("no AudienceRestriction"),
        );
    }
    let finding = Finding::passed("for this service provider").expected(expectations.sp_entity_id);
    Ok(finding.received(expectations.sp_entity_id))
}
