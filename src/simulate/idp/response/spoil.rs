//! What somebody does to an answer after it was signed.

use super::plan::{NameId, Plan};
use crate::saml::{XmlWriter, uris};
use crate::simulate::idp::Outcome;

/// Whom a forger would like to be.
const FORGED: &str = "admin@elsewhere.example";

/// The document as it arrives. What is changed stands where our own writer put it, so that finding it is no parsing.
pub(super) fn spoil(xml: &str, outcome: Outcome, plan: &Plan) -> String {
    match outcome {
        Outcome::DocumentType => {
            format!("<!DOCTYPE samlp:Response [<!ENTITY who \"{FORGED}\">]>{xml}")
        }
        Outcome::SecondAssertion => xml.replacen(
            "<saml:Assertion ",
            &format!("{}<saml:Assertion ", forged_assertion(xml, "")),
            1,
        ),
        Outcome::WrappedSignature => {
            let signed = assertion_of(xml);
            let forged = forged_assertion(xml, signed);
            xml.replacen(signed, &forged, 1)
        }
        Outcome::TamperedResponse => xml.replacen(
            &format!("<saml:Issuer xmlns:saml=\"{}\">", uris::ASSERTION),
            &format!(
                "<saml:Issuer xmlns:saml=\"{}\" Format=\"{ENTITY_FORMAT}\">",
                uris::ASSERTION
            ),
            1,
        ),
        Outcome::TamperedNameId => xml.replacen(&name_id(plan.email()), &name_id(FORGED), 1),
        Outcome::CommentInNameId => {
            let NameId::Commented(name, rest) = &plan.name_id else {
                return xml.to_owned();
            };
            let whole = name_id(&format!("{name}{rest}"));
            let (name, rest) = (escaped(name), escaped(rest));
            let commented = format!(
                "<saml:NameID Format=\"{}\">{name}<!-- -->{rest}</saml:NameID>",
                uris::NAME_ID_EMAIL
            );
            xml.replacen(&whole, &commented, 1)
        }
        Outcome::Good
        | Outcome::GoodSignedTwice
        | Outcome::AuthnFailed
        | Outcome::WrongDestination
        | Outcome::WrongInResponseTo
        | Outcome::WrongIssuer
        | Outcome::Unsigned
        | Outcome::WrongCertificate
        | Outcome::Sha1Signature
        | Outcome::NameIdNotEmail
        | Outcome::WrongRecipient
        | Outcome::ConfirmationExpired
        | Outcome::Expired
        | Outcome::NotYetValid
        | Outcome::UnknownCondition
        | Outcome::WrongAudience
        | Outcome::NoAudience
        | Outcome::SessionOver
        | Outcome::ReplayedId
        | Outcome::UnknownRole => xml.to_owned(),
    }
}

/// What an Issuer is, said in words (SAML core §8.3.6): harmless, and a change of what was signed.
const ENTITY_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/// The NameID as the writer writes it.
fn name_id(name: &str) -> String {
    let mut xml = XmlWriter::new();
    xml.leaf("saml:NameID", &[("Format", uris::NAME_ID_EMAIL)], name);
    xml.finish()
}

fn escaped(text: &str) -> String {
    let mut xml = XmlWriter::new();
    xml.text(text);
    xml.finish()
}

/// The assertion of the document.
fn assertion_of(xml: &str) -> &str {
    let end_tag = "</saml:Assertion>";
    let start = xml.find("<saml:Assertion ").unwrap_or(xml.len());
    let end = xml.find(end_tag).map_or(xml.len(), |at| at + end_tag.len());
    xml.get(start..end).unwrap_or_default()
}

/// The assertion of the document without its signature, under another id and for somebody else, with `hidden` in the place
/// where the signature was.
fn forged_assertion(xml: &str, hidden: &str) -> String {
    let end_tag = "</ds:Signature>";
    let assertion = assertion_of(xml);
    let (before, rest) = assertion
        .split_once("<ds:Signature ")
        .unwrap_or((assertion, ""));
    let (_, after) = rest.split_once(end_tag).unwrap_or(("", ""));
    let before = before.replacen(" ID=\"", " ID=\"_forged", 1);
    let subject = after
        .find("<saml:NameID ")
        .zip(after.find("</saml:NameID>"))
        .and_then(|(start, end)| Some((after.get(..start)?, after.get(end..)?)));
    let after = match subject {
        Some((start, end)) => {
            let forged = name_id(FORGED);
            let open = forged.trim_end_matches("</saml:NameID>");
            format!("{start}{open}{end}")
        }
        None => after.to_owned(),
    };
    if hidden.is_empty() {
        format!("{before}{after}")
    } else {
        format!(
            "{before}<ds:Object xmlns:ds=\"{}\">{hidden}</ds:Object>{after}",
            uris::XML_SIGNATURE
        )
    }
}
