//! What the assertion says of the member (SAML Core §2.7.3).

use std::collections::BTreeMap;

use super::envelope::only_known_children;
use super::finding::{Finding, Refusal, refuse};
use crate::saml::namespaces::ASSERTION;
use crate::saml::xml::{Node, child_elements, value};

const XML_SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The values of each attribute by its Name.
pub(super) type Attributes = BTreeMap<String, Vec<String>>;

/// Reads all attributes; several elements of one Name are one attribute. A value that is nil (§2.7.3.1.1) is none, an
/// empty one is an empty text.
pub(super) fn check(assertion: Node<'_, '_>) -> Result<(Attributes, Finding), Refusal> {
    let mut attributes = Attributes::new();
    let mut encrypted = 0;
    for statement in assertion
        .children()
        .filter(|it| it.has_tag_name((ASSERTION, "AttributeStatement")))
    {
        let known = [(ASSERTION, "Attribute"), (ASSERTION, "EncryptedAttribute")];
        only_known_children(statement, &known, &[])?;
        for attribute in child_elements(statement)? {
            if attribute.has_tag_name((ASSERTION, "EncryptedAttribute")) {
                encrypted += 1;
                continue;
            }
            let Some(name) = attribute.attribute("Name").filter(|it| !it.is_empty()) else {
                return refuse(Finding::failed("an attribute has no Name"));
            };
            only_known_children(attribute, &[(ASSERTION, "AttributeValue")], &[])?;
            let values = attributes.entry(name.to_owned()).or_default();
            for element in child_elements(attribute)? {
                let text = value(element).map_err(|error| {
                    let detail = format!("the attribute {name} cannot be read: {error}");
                    Box::new(
                        Finding::failed(detail)
                            .expected("text")
                            .received("elements"),
                    )
                })?;
                let nil = element.attribute((XML_SCHEMA_INSTANCE, "nil"));
                if !matches!(nil, Some("true" | "1")) {
                    values.push(text);
                }
            }
        }
    }
    let names: Vec<_> = attributes.keys().map(String::as_str).collect();
    let finding = match encrypted {
        0 => Finding::passed(format!("{} attributes", attributes.len())),
        _ => Finding::warned(format!(
            "{encrypted} encrypted attributes are not read; encrypt the assertion instead"
        )),
    };
    let finding = finding.received(names.join(", "));
    Ok((attributes, finding))
}
