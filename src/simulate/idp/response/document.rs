//! Writes an answer in canonical form, and signs it.

use super::plan::{NameId, Plan, Signed, SigningWith};
use crate::saml::instant::write_instant;
use crate::saml::signing_key::SigningKeyError;
use crate::saml::{XmlWriter, uris};
use crate::simulate::idp::TestIdp;
use crate::simulate::idp::sign::Unsigned;

/// The document (SAML core §3.3.3).
pub(super) fn write(idp: &TestIdp, plan: &Plan) -> Result<String, SigningKeyError> {
    let key = match plan.with {
        SigningWith::Own => &idp.key,
        SigningWith::Foreign => &idp.foreign_key,
    };
    let assertion = if plan.is_success {
        let unsigned = assertion(plan);
        match plan.signed {
            Signed::Nothing => unsigned.text,
            Signed::Assertion | Signed::Both => unsigned.sign(key, plan.strength)?,
        }
    } else {
        String::new()
    };
    let response = response(plan, &assertion);
    match plan.signed {
        Signed::Nothing | Signed::Assertion => Ok(response.text),
        Signed::Both => response.sign(key, plan.strength),
    }
}

fn response(plan: &Plan, assertion: &str) -> Unsigned {
    let issue_instant = write_instant(plan.issue_instant);
    let mut attributes = vec![
        ("xmlns:samlp", uris::PROTOCOL),
        ("Destination", plan.destination.as_str()),
        ("ID", plan.ids.response.as_str()),
    ];
    if let Some(id) = &plan.in_response_to {
        attributes.push(("InResponseTo", id));
    }
    attributes.extend([("IssueInstant", issue_instant.as_str()), ("Version", "2.0")]);
    let mut xml = XmlWriter::new();
    xml.start("samlp:Response", &attributes);
    xml.leaf(
        "saml:Issuer",
        &[("xmlns:saml", uris::ASSERTION)],
        &plan.issuer,
    );
    let signature_at = xml.position();
    xml.start("samlp:Status", &[]);
    if plan.is_success {
        xml.empty("samlp:StatusCode", &[("Value", uris::STATUS_SUCCESS)]);
    } else {
        xml.start("samlp:StatusCode", &[("Value", uris::STATUS_RESPONDER)])
            .empty("samlp:StatusCode", &[("Value", uris::STATUS_AUTHN_FAILED)])
            .end()
            .leaf(
                "samlp:StatusMessage",
                &[],
                "This member is not assigned to the application.",
            );
    }
    xml.end().raw(assertion);
    Unsigned {
        text: xml.finish(),
        signature_at,
        id: plan.ids.response.clone(),
    }
}

fn assertion(plan: &Plan) -> Unsigned {
    let mut xml = XmlWriter::new();
    xml.start(
        "saml:Assertion",
        &[
            ("xmlns:saml", uris::ASSERTION),
            ("ID", &plan.ids.assertion),
            ("IssueInstant", &write_instant(plan.issue_instant)),
            ("Version", "2.0"),
        ],
    )
    .leaf("saml:Issuer", &[], &plan.issuer);
    let signature_at = xml.position();
    subject(&mut xml, plan);
    conditions(&mut xml, plan);
    xml.start(
        "saml:AuthnStatement",
        &[
            ("AuthnInstant", &write_instant(plan.issue_instant)),
            ("SessionIndex", &plan.ids.session_index),
            (
                "SessionNotOnOrAfter",
                &write_instant(plan.session_not_on_or_after),
            ),
        ],
    )
    .start("saml:AuthnContext", &[])
    .leaf("saml:AuthnContextClassRef", &[], uris::CONTEXT_PASSWORD)
    .end()
    .end();
    if !plan.attributes.is_empty() {
        xml.start("saml:AttributeStatement", &[]);
        for (name, values) in &plan.attributes {
            xml.start(
                "saml:Attribute",
                &[("Name", name), ("NameFormat", uris::ATTRIBUTE_NAME_BASIC)],
            );
            for value in values {
                xml.leaf("saml:AttributeValue", &[], value);
            }
            xml.end();
        }
        xml.end();
    }
    Unsigned {
        text: xml.finish(),
        signature_at,
        id: plan.ids.assertion.clone(),
    }
}

fn subject(xml: &mut XmlWriter, plan: &Plan) {
    xml.start("saml:Subject", &[])
        .start("saml:NameID", &[("Format", uris::NAME_ID_EMAIL)]);
    match &plan.name_id {
        NameId::Plain(name) => xml.text(name),
        // What is signed has no comment: canonical form leaves it out. It is put in afterwards.
        NameId::Commented(name, rest) => xml.text(name).text(rest),
    };
    xml.end().start(
        "saml:SubjectConfirmation",
        &[("Method", uris::CONFIRMATION_BEARER)],
    );
    let not_on_or_after = write_instant(plan.confirmation_not_on_or_after);
    let mut attributes = Vec::new();
    if let Some(id) = &plan.in_response_to {
        attributes.push(("InResponseTo", id.as_str()));
    }
    attributes.extend([
        ("NotOnOrAfter", not_on_or_after.as_str()),
        ("Recipient", plan.recipient.as_str()),
    ]);
    xml.empty("saml:SubjectConfirmationData", &attributes)
        .end()
        .end();
}

fn conditions(xml: &mut XmlWriter, plan: &Plan) {
    xml.start(
        "saml:Conditions",
        &[
            ("NotBefore", &write_instant(plan.not_before)),
            (
                "NotOnOrAfter",
                &write_instant(plan.conditions_not_on_or_after),
            ),
        ],
    );
    if let Some(audience) = &plan.audience {
        xml.start("saml:AudienceRestriction", &[])
            .leaf("saml:Audience", &[], audience)
            .end();
    }
    if plan.has_unknown_condition {
        xml.empty("saml:OnlyOnTuesdays", &[]);
    }
    xml.end();
}
