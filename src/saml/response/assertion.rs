//! The assertion element and its subject (SAML Core §2.3.3, §2.4.1).

use email_address::EmailAddress;

use super::envelope::{check_issuer, check_version, only_known_children};
use super::expectations::Expectations;
use super::finding::{Finding, Refusal, refuse};
use crate::saml::namespaces::{ASSERTION, XML_SIGNATURE};
use crate::saml::xml::{Node, child_elements, value};

/// RFC 5321 §4.5.3.1.3, less the angle brackets of a path.
const MAX_ADDRESS_BYTES: usize = 254;

/// The NameID of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameId {
    pub name_id: String,
    pub format: Option<String>,
}

pub(super) fn check(
    assertion: Node<'_, '_>,
    expectations: &Expectations<'_>,
) -> Result<Finding, Refusal> {
    check_version(assertion)?;
    let known = [
        (ASSERTION, "Issuer"),
        (XML_SIGNATURE, "Signature"),
        (ASSERTION, "Subject"),
        (ASSERTION, "Conditions"),
        (ASSERTION, "Advice"),
        (ASSERTION, "AuthnStatement"),
        (ASSERTION, "AuthzDecisionStatement"),
        (ASSERTION, "AttributeStatement"),
    ];
    only_known_children(
        assertion,
        &known,
        &["Issuer", "Subject", "Conditions", "Advice"],
    )?;
    match check_issuer(assertion, expectations)? {
        Some(issuer) => {
            let finding = Finding::passed("from the configured identity provider");
            Ok(finding
                .expected(expectations.idp_entity_id)
                .received(issuer))
        }
        None => {
            let finding = Finding::failed("the assertion has no Issuer");
            refuse(finding.expected(expectations.idp_entity_id))
        }
    }
}

/// The Subject of an assertion, of which there is one at most.
pub(super) fn subject<'a, 'input>(assertion: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    assertion
        .children()
        .find(|it| it.has_tag_name((ASSERTION, "Subject")))
}

/// Reads the one NameID; whether it is an address is for [`check_address`].
pub(super) fn read_name_id(assertion: Node<'_, '_>) -> Result<NameId, Refusal> {
    let Some(subject) = subject(assertion) else {
        return refuse(Finding::failed("the assertion has no Subject"));
    };
    let children = child_elements(subject)?;
    let identifiers: Vec<_> = children
        .iter()
        .filter(|it| !it.has_tag_name((ASSERTION, "SubjectConfirmation")))
        .collect();
    match *identifiers.as_slice() {
        [name_id] if name_id.has_tag_name((ASSERTION, "NameID")) => Ok(NameId {
            name_id: value(*name_id)?.trim().to_owned(),
            format: name_id.attribute("Format").map(str::to_owned),
        }),
        ref other => {
            let names: Vec<_> = other.iter().map(|it| it.tag_name().name()).collect();
            let finding =
                Finding::failed("the Subject must have one NameID and no other identifier");
            refuse(finding.expected("NameID").received(names.join(", ")))
        }
    }
}

/// A member is known by an e-mail address in ASCII: addresses in other scripts look like each other too easily, and a
/// domain has an ASCII form anyway.
pub(super) fn check_address(address: &str) -> Result<Finding, Refusal> {
    let is_plain = address
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"<>(),;:\"[]\\".contains(&byte));
    let is_address = match address.split_once('@') {
        Some((local, domain)) => !local.is_empty() && !domain.contains('@') && domain.contains('.'),
        None => false,
    };
    if is_plain
        && is_address
        && address.len() <= MAX_ADDRESS_BYTES
        && EmailAddress::is_valid(address)
    {
        return Ok(Finding::passed("an e-mail address").received(address));
    }
    let finding = Finding::failed(
        "the NameID is no e-mail address: set it to the member's address at the identity provider",
    );
    refuse(
        finding
            .expected("an e-mail address in ASCII")
            .received(address),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("ada@x.io", true)]
    #[case::case("Ada.Lovelace+a@Mail.X.io", true)]
    #[case::apostrophe("o'neil@x.io", true)]
    #[case::empty("", false)]
    #[case::name("ada", false)]
    #[case::no_dot("ada@localhost", false)]
    #[case::two_signs("ada@x.io@y.io", false)]
    #[case::no_local("@x.io", false)]
    #[case::space("ada @x.io", false)]
    #[case::tab("ada\t@x.io", false)]
    #[case::line("ada@x.io\nbob@x.io", false)]
    #[case::list("ada@x.io,bob@x.io", false)]
    #[case::display("Ada<ada@x.io>", false)]
    #[case::quoted("\"a b\"@x.io", false)]
    #[case::literal("ada@[127.0.0.1]", false)]
    #[case::comment("ada(x)@x.io", false)]
    #[case::script("аda@x.io", false)]
    #[case::nul("ada@x.io\0", false)]
    #[case::empty_label("ada@x..io", false)]
    fn a_name_id_is_an_address(#[case] address: &str, #[case] is_valid: bool) {
        assert_eq!(check_address(address).is_ok(), is_valid);
    }

    #[test]
    fn an_address_has_254_bytes_at_most() {
        let domain = ["d".repeat(63), "d".repeat(63), "d".repeat(63)].join(".");
        let address = |length: usize| format!("{}@{domain}", "l".repeat(length - domain.len() - 1));
        assert!(check_address(&address(254)).is_ok());
        assert!(check_address(&address(255)).is_err());
    }
}
