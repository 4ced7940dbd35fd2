//! How long the texts of a member may be, where the policy says so: names, e-mail addresses, keys of custom roles.

use serde_json::Value;

use super::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::member::{Attributes, Member, PROVOST_USER};

/// The simple attributes that are names.
const NAMES: [&str; 3] = ["userName", "displayName", "nickName"];

/// Refuses a text that is longer than `users.longest`. One that the member has already may stay, so that they can still be
/// changed in everything else.
pub(super) fn check(
    request: &Request<'_>,
    mut draft: Draft,
    after: &Member,
) -> Result<Draft, Decision> {
    let longest = request.policy.users.longest;
    if longest == 0 {
        return Ok(draft);
    }
    let before = request.facts.member.as_ref().filter(|it| it.id == after.id);
    let had = before.map(|member| texts(&member.attributes));
    let had = had.unwrap_or_default();
    let most = usize::try_from(longest).unwrap_or(usize::MAX);
    let too_long = |(_, text): &(String, &str)| {
        text.chars().count() > most && !had.iter().any(|(_, known)| known == text)
    };
    let Some((path, text)) = texts(&after.attributes).into_iter().find(too_long) else {
        return Ok(draft);
    };
    draft.policy(
        "users.longest",
        longest,
        "how long names, e-mail addresses and keys of custom roles may be",
    );
    let what = format!("{path} has more than {longest} characters");
    let step = TraceStep::failed(Stage::Policy, what).comparing(
        format!("{longest} characters at most"),
        text.chars().count().to_string(),
    );
    Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step))
}

/// The texts that have a limit, each with its path.
fn texts(attributes: &Attributes) -> Vec<(String, &str)> {
    let mut texts = Vec::new();
    for name in NAMES {
        if let Some(text) = attributes.get(name).and_then(Value::as_str) {
            texts.push((name.to_owned(), text));
        }
    }
    let parts = attributes.get("name").and_then(Value::as_object);
    for (part, value) in parts.into_iter().flatten() {
        if let Some(text) = value.as_str() {
            texts.push((format!("name.{part}"), text));
        }
    }
    let emails = attributes.get("emails").and_then(Value::as_array);
    for email in emails.into_iter().flatten() {
        if let Some(text) = email.get("value").and_then(Value::as_str) {
            texts.push(("emails.value".to_owned(), text));
        }
    }
    let extension = attributes.get(PROVOST_USER);
    let keys = extension.and_then(|it| it.get("customRoles").or_else(|| it.get("customRole")));
    match keys {
        Some(Value::Array(keys)) => {
            let keys = keys.iter().filter_map(Value::as_str);
            texts.extend(keys.map(|key| ("customRole".to_owned(), key)));
        }
        Some(Value::String(key)) => texts.push(("customRole".to_owned(), key)),
        _ => {}
    }
    texts
}
