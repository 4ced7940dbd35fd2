//! What a provider did not get as it expects it, because the policy makes something else of what was sent. Pure.

use super::report::Adjustment;
use crate::admin::local::Rules;
use crate::simulate::Unexpected;

/// The attribute in which roles are mapped for presets that read the extension.
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";

/// What the policy says about an answer that the provider would not accept, if it says something.
pub fn of_answer(unexpected: &Unexpected, rules: &Rules) -> Option<Adjustment> {
    let exchange = unexpected.exchange.as_str();
    if let Some(attribute) = attribute(&unexpected.expected) {
        return of_attribute(attribute, exchange, rules);
    }
    let is_still_there =
        unexpected.expected == "status 404" && unexpected.came.starts_with("status 200");
    if is_still_there && exchange.starts_with("GET /Users/") {
        return by(rules, "users.on_delete", &["deactivate", "disable"])
            .map(|key| adjustment(key, "a user who is deleted stays, inactive"));
    }
    None
}

/// What the policy says about a refusal that no policy key decided.
pub fn of_refusal(method: &str, path: &str, status: u16, rules: &Rules) -> Option<Adjustment> {
    let deletes_nobody = method == "DELETE" && path.contains("/Users/") && status == 404;
    if !deletes_nobody {
        return None;
    }
    by(rules, "users.on_inactive", &["soft_delete", "remove"])
        .map(|key| adjustment(key, "they were gone already: whoever leaves is removed"))
}

fn of_attribute(attribute: &str, exchange: &str, rules: &Rules) -> Option<Adjustment> {
    let heard = rules.value("roles.source");
    let is_extension = attribute.starts_with(EXTENSION);
    if is_extension && !heard.contains("ext_ld") {
        let what = "the role that was sent has no effect: roles come with teams, or are given here";
        return Some(adjustment("roles.source", what));
    }
    if is_extension || attribute.starts_with("roles") {
        return by(rules, "roles.unknown", &["drop_audit"])
            .map(|key| adjustment(key, "a role that is not there was left out"));
    }
    if attribute == "displayName" && exchange.contains("/Groups") {
        return by(rules, "teams.name_rule", &["dd_charset"])
            .map(|key| adjustment(key, "the name was made one that a team may have"));
    }
    None
}

/// The key, where it has one of these values.
fn by(rules: &Rules, key: &'static str, values: &[&str]) -> Option<&'static str> {
    values.contains(&rules.value(key)).then_some(key)
}

fn adjustment(key: &str, what: &str) -> Adjustment {
    Adjustment {
        policy_key: key.to_owned(),
        what: what.to_owned(),
    }
}

/// The attribute that an answer must have shown: `` `title` "Lead" ``.
fn attribute(expected: &str) -> Option<&str> {
    let (attribute, _) = expected.strip_prefix('`')?.split_once("` ")?;
    Some(attribute)
}
