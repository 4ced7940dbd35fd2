//! The name in an assertion.

use serde_json::{Map, Value};

use super::is_scims;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Stage, TraceStep};
use crate::directory::member::{Attributes, Member};
use crate::directory::policy::ProfileUpdate;
use crate::saml::claims::{Claim, Claims};

/// The parts of a name that an assertion can hold, each with where it goes.
const PARTS: [(Claim, &str); 2] = [
    (Claim::FirstName, "givenName"),
    (Claim::LastName, "familyName"),
];

/// Writes given and family name into the attributes, where they came.
pub(super) fn take(attributes: &mut Attributes, claims: &Claims) {
    let had = attributes.get("name").and_then(Value::as_object).cloned();
    let mut name = had.clone().unwrap_or_default();
    for (claim, part) in PARTS {
        let value = claims.of(claim).values.first();
        let is_new = |value: &&str| name.get(part).and_then(Value::as_str) != Some(value);
        if let Some(value) = value.filter(is_new) {
            name.insert(part.into(), value.into());
            name.remove("formatted");
        }
    }
    let had = had.unwrap_or_default();
    if name == had {
        return;
    }
    // A name to show that was made of the two parts is made of them anew.
    let shown = attributes.get("displayName").and_then(Value::as_str);
    if let (Some(shown), Some(was), Some(is)) = (shown, whole(&had), whole(&name))
        && shown == was
    {
        attributes.insert("displayName".into(), is.into());
    }
    attributes.insert("name".into(), Value::Object(name));
}

/// The name of a member becomes what came, where the policy has it.
pub(super) fn settle(
    request: &Request<'_>,
    draft: &mut Draft,
    member: &Member,
    attributes: &mut Attributes,
    claims: &Claims,
) {
    let mut renamed = attributes.clone();
    take(&mut renamed, claims);
    if renamed == *attributes {
        return;
    }
    let value = request.policy.sso.profile_update;
    draft.policy(
        "sso.profile_update",
        value,
        "whether the name in an assertion becomes the member's",
    );
    let stays = match value {
        ProfileUpdate::Always => None,
        ProfileUpdate::NotWhenScimManaged => is_scims(request, member).then_some(
            "the name stays: an identity provider provisions this member (sso.profile_update = not_when_scim_managed)",
        ),
        ProfileUpdate::Never => Some("the name stays (sso.profile_update = never)"),
    };
    match stays {
        None => *attributes = renamed,
        Some(why) => draft.step(TraceStep::noted(Stage::Policy, why)),
    }
}

fn whole(name: &Map<String, Value>) -> Option<String> {
    let part = |part: &str| name.get(part).and_then(Value::as_str);
    Some(format!("{} {}", part("givenName")?, part("familyName")?))
}
