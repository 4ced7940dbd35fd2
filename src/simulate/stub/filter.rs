//! The few filters that identity providers send.

use serde_json::Value;

use super::flaw::Flaw;
use crate::simulate::wire::ENTERPRISE;

/// Whether `resource` matches `filter`; `None` when the filter is none of those.
pub(super) fn matches(filter: &str, resource: &Value, flaw: Option<Flaw>) -> Option<bool> {
    let mut all = true;
    for term in filter.split(" and ") {
        all &= holds(term, resource, flaw)?;
    }
    Some(all)
}

fn holds(term: &str, resource: &Value, flaw: Option<Flaw>) -> Option<bool> {
    let (attribute, literal) = term.rsplit_once(" eq ")?;
    let literal: String = serde_json::from_str(literal).ok()?;
    let exact = |value: Option<&Value>| value.and_then(Value::as_str) == Some(&*literal);
    let folded = |value: Option<&Value>| match flaw {
        Some(Flaw::ExactCase) => exact(value),
        _ => value.and_then(Value::as_str).map(str::to_lowercase) == Some(literal.to_lowercase()),
    };
    Some(match attribute {
        "id" | "externalId" => exact(resource.get(attribute)),
        "userName" | "displayName" => folded(resource.get(attribute)),
        "emails[type eq \"work\"].value" => {
            let emails = resource["emails"].as_array();
            let mut emails = emails.into_iter().flatten();
            emails.any(|email| email["type"] == "work" && folded(email.get("value")))
        }
        "members" => {
            let members = resource["members"].as_array();
            let mut members = members.into_iter().flatten();
            members.any(|member| exact(member.get("value")))
        }
        "manager" => exact(resource[ENTERPRISE]["manager"].get("value")),
        _ => return None,
    })
}
