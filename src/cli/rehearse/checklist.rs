//! What to see to before the real identity provider is connected, as the policy and the provider have it. Pure.

use crate::admin::link::{ConnectionAuth, SSO_COMMAND, credential_command};
use crate::admin::local::Rules;
use crate::simulate::rehearsal::Idp;

/// The list, in the order in which it is worked through.
pub fn checklist(idp: Idp, rules: &Rules, base_url: &str) -> Vec<String> {
    let mut list = Vec::new();
    if rules.value("scim.requires_sso") == "true" {
        list.push(format!(
            "Single sign-on: configured before anything else; scim.requires_sso asks for it: {SSO_COMMAND}."
        ));
    }
    list.extend([credential(idp, rules), address(idp, base_url)]);
    if rules.value("scim.max_connections") == "1" {
        list.push(
            "One identity provider at a time (scim.max_connections): disconnect another first."
                .into(),
        );
    }
    list.extend(team_sync(idp, rules));
    list.push(matching(idp, rules));
    list.push(roles(rules));
    list.extend(warnings(rules));
    list
}

fn credential(idp: Idp, rules: &Rules) -> String {
    let name = idp.as_str();
    let auth = match rules.value("scim.auth") {
        "oauth2" => ConnectionAuth::Oauth2,
        "owned_key" => ConnectionAuth::OwnedKey,
        _ => ConnectionAuth::Bearer,
    };
    let what = match auth {
        ConnectionAuth::Oauth2 => "OAuth 2.0, an OAuth client that an admin then allows",
        ConnectionAuth::OwnedKey => "a token whose owner stays, such as a service account",
        ConnectionAuth::Bearer => "a bearer token, shown once",
    };
    format!("Credential: {what}: {}.", credential_command(auth, name))
}

fn address(idp: Idp, base_url: &str) -> String {
    let flag = match idp {
        Idp::Entra => "; with ?aadOptscim062020 at its end the requests are standard ones",
        Idp::Okta | Idp::OneLogin => "",
    };
    format!("Base URL: {base_url}, reachable from the identity provider by TLS{flag}.")
}

fn team_sync(idp: Idp, rules: &Rules) -> Option<String> {
    let idps = rules.list("teams.idps");
    if !idps.contains(&"any") && !idps.contains(&idp.as_str()) {
        return Some(format!(
            "Groups: leave them out; teams.idps takes those of {} alone.",
            idps.join(" and ")
        ));
    }
    (rules.value("teams.sync_toggle") == "toggle").then(|| {
        "Team sync: turn it on; it was on for the rehearsal alone (teams.sync_toggle).".to_owned()
    })
}

fn matching(idp: Idp, rules: &Rules) -> String {
    let keys = rules.list("users.match").join(", then ");
    let external_id = match idp {
        Idp::Okta => "externalId is Okta's user id",
        Idp::Entra => "map externalId to objectId, not to mailNickname",
        Idp::OneLogin => "the template has externalId: {$user.id}",
    };
    let user_name = match rules.value("users.username_is_email") {
        "require" => "map userName to an e-mail address, which is required",
        _ => "map userName to what people sign in with",
    };
    format!("Mapping: members are recognised by {keys}; {user_name}; {external_id}.")
}

fn roles(rules: &Rules) -> String {
    let base = rules.list("roles.base").join(", ");
    let place = match rules.value("roles.source") {
        "none" => {
            return "Roles: map none; they come with teams, or are given here (roles.source)."
                .into();
        }
        "roles" => "the core attribute roles",
        "ext_ld" => "role of urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User",
        _ => {
            "role of urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User, or the core attribute roles"
        }
    };
    format!("Roles: map them to {place}, by their keys: {base}.")
}

/// What this policy lets happen that admins may not expect.
fn warnings(rules: &Rules) -> Vec<String> {
    let mut warnings = Vec::new();
    if rules.value("guard.owner") == "off" && rules.value("guard.last_admin") == "off" {
        warnings.push(
            "Lock-out: the owner is deactivated when the identity provider says so (guard.owner, guard.last_admin); \
             keep an admin whom it does not know."
                .into(),
        );
    }
    if rules.value("roles.absent") == "reset_default" {
        warnings.push(
            "Roles given here are reset by the next update of the member (roles.absent); give them to teams.".into(),
        );
    }
    if rules.value("guard.blast_radius") == "off" {
        warnings.push(
            "Mass deactivation: nothing holds it (guard.blast_radius); try the assignment with few people first."
                .into(),
        );
    }
    warnings
}
