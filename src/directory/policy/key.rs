//! The register of policy keys: what each changes, the values it can have, and the scenarios that show it.

/// One dimension of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyKey {
    /// Its name in files, traces and on screens: group, point, word.
    pub name: &'static str,
    /// What it changes, one sentence.
    pub meaning: &'static str,
    /// The words its value is made of. Empty where the value is free.
    pub values: &'static [&'static str],
    /// The numbers of the acceptance scenarios in which it makes a difference.
    pub scenarios: &'static [u8],
}

impl PolicyKey {
    /// The part before the point.
    pub fn group(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(group, _)| group)
    }

    /// The part after the point.
    pub fn word(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(_, word)| word)
    }
}

const fn key(
    name: &'static str,
    meaning: &'static str,
    values: &'static [&'static str],
    scenarios: &'static [u8],
) -> PolicyKey {
    PolicyKey {
        name,
        meaning,
        values,
        scenarios,
    }
}

const BOOLEAN: &[&str] = &["true", "false"];

/// Every key, in the order in which people read them.
pub const KEYS: &[PolicyKey] = &[
    key(
        "users.match",
        "by which attributes a user is recognised as a member, the first that finds somebody counts",
        &["externalId", "userName", "email"],
        &[2, 3, 17],
    ),
    key(
        "users.case",
        "whether letters of either case are the same in these attributes",
        &["fold", "lower", "exact"],
        &[1, 2, 4],
    ),
    key(
        "users.username_is_email",
        "whether userName must be an e-mail address",
        &["require", "any"],
        &[1],
    ),
    key(
        "users.post_existing_active",
        "what creating a user does who is an active member",
        &["conflict", "adopt", "adopt_if_unmanaged", "attach"],
        &[2, 3],
    ),
    key(
        "users.post_existing_inactive",
        "what creating a user does who is an inactive member",
        &["conflict", "reactivate", "new", "attach"],
        &[17, 50],
    ),
    key(
        "users.on_inactive",
        "what active: false means",
        &["deactivate", "soft_delete", "remove", "disable", "ignore"],
        &[5, 6, 7, 18],
    ),
    key(
        "users.on_delete",
        "what deleting a user means",
        &["deactivate", "soft_delete", "remove", "disable"],
        &[8],
    ),
    key(
        "users.deprovision_clears",
        "what a member loses with their access",
        &[
            "roles",
            "teams",
            "permissions",
            "sessions",
            "tokens",
            "keys",
        ],
        &[5, 8, 16, 17],
    ),
    key(
        "users.update_inactive",
        "what changing an inactive member does",
        &["reject", "allow", "404"],
        &[15, 16],
    ),
    key(
        "users.preexisting",
        "what an identity provider may do to members who were there before it",
        &["protect", "adopt"],
        &[3, 18],
    ),
    key(
        "users.manual_edit",
        "what an admin may change by hand in members whom an identity provider manages",
        &["open", "lock_profile", "lock_all"],
        &[14, 49],
    ),
    key(
        "users.manual_delete",
        "whether an admin may remove members whom an identity provider manages",
        &["allow", "warn", "deny"],
        &[43],
    ),
    key(
        "users.invite_ttl",
        "how long the link in an invitation works: off, or hours such as 48h",
        &[],
        &[1],
    ),
    key(
        "users.password",
        "what a password does that an identity provider sends",
        &["ignore", "store"],
        &[1],
    ),
    key(
        "users.longest",
        "how many characters names, e-mail addresses and keys of custom roles have at most; 0 for as many as the protocol takes",
        &[],
        &[1],
    ),
    key(
        "roles.source",
        "which attributes say a member's roles",
        &["ext_ld", "roles", "roles+ext_ld", "none"],
        &[1, 12, 13],
    ),
    key("roles.base", "the base roles there are", &[], &[1, 12]),
    key(
        "roles.admin",
        "the base roles that lead to admin",
        &[],
        &[9, 14],
    ),
    key(
        "roles.custom",
        "the custom roles there are: any, or their keys",
        &[],
        &[12, 13],
    ),
    key(
        "roles.default",
        "the base role of a member to whom none was given",
        &[],
        &[1, 12, 14],
    ),
    key(
        "roles.absent",
        "what a whole resource without roles means",
        &["keep", "reset_default"],
        &[14],
    ),
    key(
        "roles.unknown",
        "what naming a role that is not there does",
        &["reject", "drop_audit", "ignore"],
        &[11, 12],
    ),
    key(
        "roles.custom_supersedes_base",
        "whether a custom role takes the base role's place",
        BOOLEAN,
        &[13],
    ),
    key(
        "roles.effective",
        "what a member may do who has roles and is in teams with roles",
        &["union", "replace"],
        &[13],
    ),
    key(
        "guard.owner",
        "whether the owner is out of reach",
        &["immutable", "off"],
        &[9, 10, 11],
    ),
    key(
        "guard.last_admin",
        "whether the last admin may go",
        &["deny", "warn", "off"],
        &[9],
    ),
    key(
        "guard.recovery_admin",
        "whether there must be an admin whom no identity provider may touch",
        &["require_proven", "recommend", "off"],
        &[36, 47],
    ),
    key(
        "guard.blast_radius",
        "how many members may go at once before the rest waits for an admin: off, or such as 20 per 60s or 5%",
        &[],
        &[42],
    ),
    key(
        "teams.sync_toggle",
        "whether team sync is a switch or always on",
        &["toggle", "always"],
        &[20, 32, 33],
    ),
    key(
        "teams.match",
        "by what a group is recognised as a team, the first that finds one counts",
        &["externalId", "name"],
        &[21, 22, 33],
    ),
    key(
        "teams.name_case",
        "whether letters of either case are the same in a team's name",
        &["fold", "exact"],
        &[23],
    ),
    key(
        "teams.post_existing_name",
        "what pushing a group does whose name a team has",
        &["link", "conflict", "duplicate"],
        &[22],
    ),
    key(
        "teams.local_create_while_sync",
        "whether teams may be made here while team sync is on",
        &["deny", "allow"],
        &[30],
    ),
    key(
        "teams.locked_fields",
        "what only the identity provider may change in a synced team",
        &["name", "handle", "members"],
        &[28, 29],
    ),
    key(
        "teams.on_delete",
        "what deleting a group means",
        &["delete", "empty_then_delete", "empty_unlink", "unlink"],
        &[31],
    ),
    key(
        "teams.on_sync_off",
        "what turning team sync off does",
        &["unlock_keep"],
        &[32],
    ),
    key(
        "teams.unknown_member",
        "what naming a member does who is not there",
        &["reject", "skip_report", "park"],
        &[27],
    ),
    key(
        "teams.idps",
        "whose groups become teams: any, or names of identity providers",
        &[],
        &[20],
    ),
    key(
        "teams.name_rule",
        "which names a team may have",
        &["none", "dd_charset"],
        &[21],
    ),
    key(
        "sso.machine",
        "which states single sign-on has",
        &["test_drive", "on_off"],
        &[34, 36],
    ),
    key(
        "sso.on_enable",
        "what ends when single sign-on is enabled",
        &["no_password", "no_invite"],
        &[36],
    ),
    key(
        "sso.on_disable_reset",
        "whether members without a password must set one when single sign-on is disabled",
        BOOLEAN,
        &[37],
    ),
    key(
        "sso.team_precedence",
        "who is right about a member's teams where sign-in and provisioning differ",
        &["scim_wins", "login_reconciles", "source_setting"],
        &[39],
    ),
    key(
        "sso.team_source",
        "which source an admin chose for teams, where sso.team_precedence is source_setting",
        &["scim", "sign_in"],
        &[39],
    ),
    key(
        "sso.profile_update",
        "whether the name in an assertion becomes the member's at each sign-in",
        &["always", "not_when_scim_managed", "never"],
        &[46],
    ),
    key(
        "sso.no_role_match",
        "what a sign-in without a known role does",
        &["keep", "deny_login"],
        &[40],
    ),
    key(
        "sso.jit",
        "whether somebody unknown who signs in becomes a member",
        &["on", "off", "off_when_scim"],
        &[44],
    ),
    key(
        "sso.jit_domains",
        "the domains of the e-mail addresses whose owners become members so; empty for any",
        &[],
        &[44],
    ),
    key(
        "scim.requires_sso",
        "whether provisioning needs single sign-on first",
        BOOLEAN,
        &[34],
    ),
    key(
        "scim.max_connections",
        "how many identity providers may be connected at a time; 0 for any number",
        &[],
        &[38],
    ),
    key(
        "scim.auth",
        "how an identity provider authenticates",
        &["oauth2", "bearer", "owned_key"],
        &[41, 48],
    ),
    key(
        "scim.rotation",
        "what issuing another token does to the one before",
        &["instant", "overlap"],
        &[41],
    ),
    key(
        "scim.base_path",
        "where the provider is besides /scim/v2",
        &[],
        &[48],
    ),
];

#[cfg(test)]
mod tests {
    use super::super::{Policy, preset_names};
    use super::*;

    #[test]
    fn the_register_is_the_policy() {
        let table = toml::Table::try_from(Policy::preset("rfc").unwrap()).unwrap();
        let mut typed: Vec<String> = Vec::new();
        for (group, keys) in &table {
            typed.extend(
                keys.as_table()
                    .unwrap()
                    .keys()
                    .map(|word| format!("{group}.{word}")),
            );
        }
        let mut registered: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        typed.sort();
        registered.sort_unstable();
        assert_eq!(registered, typed);
    }

    #[test]
    fn every_listed_value_is_one() {
        for key in KEYS {
            for value in key.values {
                let policy = Policy::preset("rfc").unwrap();
                let set = policy
                    .with(key.name, value)
                    .unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(set.value(key.name).unwrap(), *value);
            }
        }
    }

    #[test]
    fn every_value_of_a_preset_is_listed() {
        for name in preset_names() {
            let policy = Policy::preset(&name).unwrap();
            for key in KEYS.iter().filter(|key| !key.values.is_empty()) {
                for word in policy
                    .value(key.name)
                    .unwrap()
                    .split(',')
                    .filter(|w| !w.is_empty())
                {
                    assert!(key.values.contains(&word), "{name}: {} = {word}", key.name);
                }
            }
        }
    }
}
