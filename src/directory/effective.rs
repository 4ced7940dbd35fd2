//! What a member may do, role by role, with where each comes from and why one has no effect. Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::TeamId;
use super::member::{Member, PROVOST_USER, ROLES};
use super::policy::{EffectiveRoles, Roles};

/// A team the member is in, with the roles it gives.
pub type TeamRoles = (TeamId, String, Vec<String>);

/// All that a member may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Whether they are active; without that no role is of use.
    #[serde(default)]
    pub active: bool,
    /// Whether and by what they can sign in. Nothing is known of it here; the engine says it of whom it is asked about.
    #[serde(flatten)]
    pub sign_in: SignIn,
    /// Whether any of it leads to admin.
    pub is_admin: bool,
    /// Each role, their own first.
    pub roles: Vec<HeldRole>,
    /// What fills the placeholders of custom roles.
    pub attributes: Vec<RoleAttribute>,
}

/// Whether somebody can sign in, by what, and else why not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Whether they can.
    #[serde(default)]
    pub may_sign_in: bool,
    /// By what: `password`, `2 recovery codes`, `single sign-on`.
    #[serde(default)]
    pub signs_in_by: Vec<String>,
    /// Why they cannot, and what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// A role that a member has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    /// The role.
    pub role: String,
    /// Whether it is one of the base roles.
    pub is_base: bool,
    /// Where it comes from.
    pub from: RoleOrigin,
    /// Why it has no effect, where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_effect: Option<String>,
}

/// The role of the account's owner: one member has it, who is said to be the owner beside it.
pub const OWNER: &str = "owner";

/// Where a role comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum RoleOrigin {
    /// They are the owner of the account.
    Owner,
    /// It was given to the member.
    Member,
    /// None was given; the policy says what that means (`roles.default`).
    Default,
    /// They are in a team that gives it.
    Team {
        /// The team.
        id: TeamId,
        /// Its name.
        name: String,
    },
}

impl std::fmt::Display for RoleOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Owner => f.write_str("owner of the account"),
            Self::Member => f.write_str("given to the member"),
            Self::Default => f.write_str("default, none was given"),
            Self::Team { name, .. } => write!(f, "team {name}"),
        }
    }
}

/// One placeholder of custom roles with its values (`roleAttributes`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAttribute {
    /// The placeholder.
    pub key: String,
    /// What fills it.
    pub values: Vec<String>,
}

/// What a member may do under a policy.
pub fn access(policy: &Roles, member: &Member, teams: &[TeamRoles]) -> Access {
    let mut roles = own(policy, member);
    let own_count = roles.len();
    roles.extend(teams.iter().flat_map(|team| of_team(policy, team)));
    let (own, of_teams) = roles.split_at_mut(own_count);
    if policy.effective == EffectiveRoles::Replace
        && of_teams.iter().any(|role| role.without_effect.is_none())
    {
        for role in own.iter_mut().filter(|role| role.from != RoleOrigin::Owner) {
            role.without_effect = Some("the roles of the teams take its place".into());
        }
    }
    let active = member.deleted.is_none() && member.is_active();
    Access {
        active,
        sign_in: SignIn::default(),
        is_admin: active && roles.iter().any(|held| held.leads(policy)),
        roles,
        attributes: attributes(member),
    }
}

impl HeldRole {
    /// Whether it has an effect, and that is to be an admin.
    pub fn leads(&self, policy: &Roles) -> bool {
        let is_admin = self.from == RoleOrigin::Owner || policy.admin.contains(&self.role);
        self.without_effect.is_none() && is_admin
    }

    /// Whether the policy knows no role of this name.
    pub fn is_unknown(&self, policy: &Roles) -> bool {
        self.from != RoleOrigin::Owner && !self.is_base && !policy.custom.has(&self.role)
    }
}

fn own(policy: &Roles, member: &Member) -> Vec<HeldRole> {
    let held = |role: &str, from: RoleOrigin| HeldRole {
        role: role.to_owned(),
        is_base: policy.base.iter().any(|base| base == role),
        from,
        without_effect: None,
    };
    let named = if policy.source.hears(ROLES) {
        member.named_roles()
    } else {
        Vec::new()
    };
    let mut given: Vec<&str> = Vec::new();
    // `owner` is said by the account and not by a role of that name.
    let all = member.role().into_iter().chain(member.custom_roles());
    for role in all.chain(named).filter(|role| *role != OWNER) {
        if !given.contains(&role) {
            given.push(role);
        }
    }
    let mut roles: Vec<HeldRole> = Vec::new();
    if member.owner {
        roles.push(held("owner", RoleOrigin::Owner));
    }
    roles.extend(given.iter().map(|role| held(role, RoleOrigin::Member)));
    if !member.owner && !roles.iter().any(|role| role.is_base) {
        roles.push(held(&policy.default, RoleOrigin::Default));
    }
    let is_custom = |role: &HeldRole| !role.is_base && policy.custom.has(&role.role);
    let has_custom = roles.iter().any(is_custom);
    for role in &mut roles {
        if role.from == RoleOrigin::Owner {
            continue;
        }
        role.without_effect = if role.is_base && has_custom && policy.custom_supersedes_base {
            Some("a custom role takes its place".into())
        } else if !role.is_base && !policy.custom.has(&role.role) {
            Some("there is no such role".into())
        } else {
            None
        };
    }
    roles
}

fn of_team<'a>(
    policy: &'a Roles,
    (id, name, roles): &'a TeamRoles,
) -> impl Iterator<Item = HeldRole> + 'a {
    roles.iter().map(move |role| {
        let is_base = policy.base.contains(role);
        let is_known = is_base || policy.custom.has(role);
        HeldRole {
            role: role.clone(),
            is_base,
            from: RoleOrigin::Team {
                id: *id,
                name: name.clone(),
            },
            without_effect: match (role.as_str(), is_known) {
                (OWNER, _) => Some("the owner is one member, and no team makes one".into()),
                (_, false) => Some("there is no such role".into()),
                (_, true) => None,
            },
        }
    })
}

fn attributes(member: &Member) -> Vec<RoleAttribute> {
    let extension = member.attributes.get(PROVOST_USER);
    let list = extension.and_then(|extension| extension.get("roleAttributes")?.as_array());
    let texts = |value: Option<&Value>| {
        let values = value.and_then(Value::as_array).into_iter().flatten();
        values
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    list.into_iter()
        .flatten()
        .filter_map(|attribute| {
            Some(RoleAttribute {
                key: attribute.get("key")?.as_str()?.to_owned(),
                values: texts(attribute.get("values")),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rstest::rstest;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::directory::{Management, MemberId, Origin, Policy};

    fn member(value: Value) -> Member {
        let Value::Object(attributes) = value else {
            unreachable!("it is an object");
        };
        Member {
            id: MemberId(Uuid::from_u128(1)),
            attributes,
            origin: Origin::Scim,
            management: Management::Provisioned,
            owner: false,
            recovery: false,
            invited: None,
            version: 1,
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            deleted: None,
        }
    }

    /// `role < origin`, with `!` before one that has no effect.
    fn words(access: &Access) -> Vec<String> {
        let roles = access.roles.iter();
        roles
            .map(|held| {
                let mark = if held.without_effect.is_some() {
                    "!"
                } else {
                    ""
                };
                format!("{mark}{} < {}", held.role, held.from)
            })
            .collect()
    }

    fn pay(role: &str) -> Vec<TeamRoles> {
        vec![(TeamId(Uuid::from_u128(4)), "Pay".into(), vec![role.into()])]
    }

    #[rstest]
    #[case::nothing_given("launchdarkly", json!({}), &[], &["noAccess < default, none was given"])]
    #[case::default_of_unleash("unleash", json!({}), &[], &["Viewer < default, none was given"])]
    #[case::union("safe", json!({PROVOST_USER: {"role": "writer"}}), &pay("reader"),
        &["writer < given to the member", "reader < team Pay"])]
    #[case::superseded("safe", json!({PROVOST_USER: {"role": "writer", "customRole": ["qa"]}}), &[],
        &["!writer < given to the member", "qa < given to the member"])]
    #[case::default_is_superseded("safe", json!({PROVOST_USER: {"customRole": ["qa"]}}), &[],
        &["qa < given to the member", "!noAccess < default, none was given"])]
    #[case::beside_each_other("rfc", json!({PROVOST_USER: {"role": "writer", "customRole": ["qa"]}}), &[],
        &["writer < given to the member", "qa < given to the member"])]
    #[case::several_roles("datadog", json!({"roles": [{"value": "Standard"}, {"value": "Admin"}]}), &[],
        &["Standard < given to the member", "Admin < given to the member"])]
    #[case::roles_that_nobody_hears("launchdarkly", json!({"roles": [{"value": "admin"}]}), &[],
        &["noAccess < default, none was given"])]
    #[case::unknown_team_role("unleash", json!({}), &pay("nope"),
        &["Viewer < default, none was given", "!nope < team Pay"])]
    fn roles_come_from_somewhere(
        #[case] preset: &str,
        #[case] attributes: Value,
        #[case] teams: &[TeamRoles],
        #[case] expected: &[&str],
    ) {
        let policy = Policy::preset(preset).unwrap();
        let found = access(&policy.roles, &member(attributes), teams);
        assert_eq!(words(&found), expected);
    }

    #[test]
    fn teams_take_the_place_of_own_roles_where_the_policy_says_so() {
        let policy = Policy::preset("safe").unwrap();
        let policy = policy.with("roles.effective", "replace").unwrap();
        let admin = member(json!({PROVOST_USER: {"role": "admin"}}));
        let found = access(&policy.roles, &admin, &pay("reader"));
        assert_eq!(
            words(&found),
            ["!admin < given to the member", "reader < team Pay"]
        );
        assert!(!found.is_admin);
        let alone = access(&policy.roles, &admin, &pay("nope"));
        assert!(
            !alone.is_admin,
            "safe takes any custom role, so a team may have one"
        );
        assert!(access(&policy.roles, &admin, &[]).is_admin);
    }

    #[test]
    fn a_team_can_make_an_admin_and_an_inactive_member_is_none() {
        let policy = Policy::preset("unleash").unwrap();
        let mut ada = member(json!({}));
        assert!(access(&policy.roles, &ada, &pay("Admin")).is_admin);
        ada.set_active(false);
        let found = access(&policy.roles, &ada, &pay("Admin"));
        assert!(!found.is_admin && !found.active);
    }

    #[test]
    fn the_owner_is_admin_whatever_their_roles() {
        let policy = Policy::preset("safe").unwrap();
        let mut own = member(json!({PROVOST_USER: {"role": "owner", "customRole": ["qa"]}}));
        own.owner = true;
        let found = access(&policy.roles, &own, &[]);
        assert_eq!(
            words(&found),
            ["owner < owner of the account", "qa < given to the member"]
        );
        assert!(found.is_admin);
    }

    #[test]
    fn role_attributes_are_read() {
        let policy = Policy::preset("launchdarkly").unwrap();
        let given = json!([{"key": "project", "values": ["web", "ios"]}, {"values": ["x"]}]);
        let found = access(
            &policy.roles,
            &member(json!({PROVOST_USER: {"roleAttributes": given}})),
            &[],
        );
        let expected = RoleAttribute {
            key: "project".into(),
            values: vec!["web".into(), "ios".into()],
        };
        assert_eq!(found.attributes, [expected]);
    }
}
