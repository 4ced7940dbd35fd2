//! The settings: set, given back, refused, and never half.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::directory::{Fixed, LeadGuard, Outlook, Provisioning, Settings};

fn facts(settings: Settings) -> Facts {
    Facts {
        settings: Arc::new(settings),
        ..Facts::default()
    }
}

fn decided(settings: &Settings, command: &Command) -> Decision {
    let actor = Actor::admin("own@x.io");
    let circumstance = Circumstance {
        actor: &actor,
        now: Timestamp::UNIX_EPOCH,
    };
    let policy = settings.policy().unwrap();
    decide(&policy, &facts(settings.clone()), command, &circumstance)
}

fn after(decision: &Decision) -> Settings {
    match decision.changes.as_slice() {
        [Change::SettingsChanged { after, .. }] => (**after).clone(),
        other => panic!("{other:?}"),
    }
}

fn set(key: &str, value: Option<&str>, if_version: Option<u64>) -> Command {
    Command::SetPolicy {
        key: key.into(),
        value: value.map(Into::into),
        if_version,
    }
}

#[test]
fn a_key_is_set_and_given_back() {
    let fresh = Settings::initial("safe");
    let decision = decided(&fresh, &set("users.on_delete", Some("remove"), None));
    let settings = after(&decision);
    assert_eq!(settings.version, 1);
    assert_eq!(
        settings.policy().unwrap().value("users.on_delete").unwrap(),
        "remove"
    );
    let view = decision.changes.first().unwrap().view();
    let field = view.fields.first().unwrap();
    assert_eq!(
        (
            field.path.as_str(),
            field.before.clone(),
            field.after.clone()
        ),
        (
            "users.on_delete",
            Some(json!("soft_delete")),
            Some(json!("remove"))
        )
    );

    let back = after(&decided(&settings, &set("users.on_delete", None, Some(1))));
    assert_eq!((back.version, back.overrides.is_empty()), (2, true));
    let same = decided(&fresh, &set("users.on_delete", Some("soft_delete"), None));
    assert_eq!(same.outcome, Outcome::NoOp);
}

#[rstest]
#[case(
    set("users.on_delet", Some("remove"), None),
    "did you mean users.on_delete?"
)]
#[case(set("users.on_delete", Some("burn"), None), "soft_delete")]
#[case(set("roles.default", Some("king"), None), "roles.base")]
#[case(Command::AdoptPreset { name: "saef".into(), overrides: BTreeMap::new(), if_version: None }, "safe")]
fn what_does_not_fit_is_refused(#[case] command: Command, #[case] says: &str) {
    let decision = decided(&Settings::initial("safe"), &command);
    assert_eq!(refusal(&decision), (RefusalKind::Invalid, "BAD_POLICY"));
    let detail = decision.refusal.unwrap().detail;
    assert!(detail.contains(says), "{detail}");
}

#[test]
fn who_has_not_seen_the_newest_settings_is_told() {
    let mut settings = Settings::initial("safe");
    settings.version = 4;
    let decision = decided(
        &settings,
        &Command::SwitchTeamSync {
            on: true,
            if_version: Some(3),
        },
    );
    assert_eq!(refusal(&decision).0, RefusalKind::VersionMismatch);
}

#[test]
fn a_preset_takes_what_was_set_otherwise_with_it() {
    let one = after(&decided(
        &Settings::initial("safe"),
        &set("users.on_delete", Some("remove"), None),
    ));
    let command = Command::AdoptPreset {
        name: "datadog".into(),
        overrides: BTreeMap::new(),
        if_version: None,
    };
    let two = after(&decided(&one, &command));
    assert!(two.overrides.is_empty());
    assert_eq!(two.policy().unwrap(), Policy::preset("datadog").unwrap());
}

#[test]
fn team_sync_is_a_switch_only_where_the_policy_has_one() {
    let on = Command::SwitchTeamSync {
        on: true,
        if_version: None,
    };
    assert!(after(&decided(&Settings::initial("launchdarkly"), &on)).team_sync);
    let decision = decided(&Settings::initial("unleash"), &on);
    assert_eq!(
        refusal(&decision),
        (RefusalKind::Forbidden, "NO_SYNC_SWITCH")
    );
    assert_eq!(decision.policy_key, Some("teams.sync_toggle"));
}

#[test]
fn provisioning_is_paused() {
    let command = Command::SwitchProvisioning {
        state: Provisioning::Paused,
        if_version: None,
    };
    let settings = after(&decided(&Settings::initial("safe"), &command));
    assert_eq!(settings.provisioning, Provisioning::Paused);
}

#[test]
fn a_preset_comes_with_what_is_set_otherwise() {
    let command = Command::AdoptPreset {
        name: "datadog".into(),
        overrides: BTreeMap::from([
            ("users.on_delete".into(), "remove".into()),
            // As the preset has it: nothing is set otherwise.
            ("users.on_inactive".into(), "disable".into()),
        ]),
        if_version: None,
    };
    let settings = after(&decided(&Settings::initial("safe"), &command));
    assert_eq!(settings.overrides.len(), 1);
    assert_eq!(
        settings.policy().unwrap().value("users.on_delete").unwrap(),
        "remove"
    );
}

fn fixed(preset: Option<&str>, values: &[(&str, &str)]) -> Fixed {
    let values = values
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    Fixed {
        preset: preset.map(Into::into),
        values: values.collect(),
    }
}

fn decided_beside(fixed: Fixed, command: &Command) -> Decision {
    let settings = Settings::initial("safe");
    let policy = settings.policy_under(&fixed).unwrap();
    let facts = Facts {
        fixed: Arc::new(fixed),
        ..facts(settings)
    };
    let actor = Actor::admin("own@x.io");
    let now = Timestamp::UNIX_EPOCH;
    decide(
        &policy,
        &facts,
        command,
        &Circumstance { actor: &actor, now },
    )
}

#[test]
fn what_the_configuration_file_says_is_not_set_otherwise() {
    let file = fixed(None, &[("users.on_delete", "remove")]);
    let decision = decided_beside(file.clone(), &set("users.on_delete", Some("disable"), None));
    assert_eq!(refusal(&decision), (RefusalKind::Forbidden, "POLICY_FIXED"));
    let decision = decided_beside(file, &set("users.on_inactive", Some("ignore"), None));
    assert_eq!(after(&decision).overrides.len(), 1);

    let adopt = Command::AdoptPreset {
        name: "datadog".into(),
        overrides: BTreeMap::new(),
        if_version: None,
    };
    let decision = decided_beside(fixed(Some("rfc"), &[]), &adopt);
    assert_eq!(refusal(&decision), (RefusalKind::Forbidden, "POLICY_FIXED"));
}

#[rstest]
#[case::somebody_stays((2, 1), None)]
#[case::nobody_stays((2, 0), Some("LAST_ADMIN"))]
#[case::nobody_was_there((0, 0), Some("LAST_ADMIN"))]
fn a_policy_that_leaves_no_admin_is_refused(
    #[case] (now, then): (u64, u64),
    #[case] code: Option<&str>,
) {
    let settings = Settings::initial("safe");
    let facts = Facts {
        under_policy: Some(Outlook {
            now: others(now),
            then: others(then),
        }),
        ..facts(settings.clone())
    };
    let policy = settings.policy().unwrap();
    let actor = Actor::admin("own@x.io");
    let circumstance = Circumstance {
        actor: &actor,
        now: Timestamp::UNIX_EPOCH,
    };
    let command = set("roles.admin", Some("owner"), None);
    let decision = decide(&policy, &facts, &command, &circumstance);
    assert_eq!(
        decision.refusal.map(|refusal| refusal.code).as_deref(),
        code
    );
    if code.is_none() {
        let LeadGuard::Needs { roles, signs_in } = decision.lead else {
            unreachable!("the commit must look again");
        };
        assert_eq!((roles.admin, signs_in), (vec!["owner".to_owned()], false));
    }
    // The guard itself may be switched off where nobody is an admin, as long as nobody loses it by that.
    let off = set("guard.last_admin", Some("off"), None);
    let decision = decide(&policy, &facts, &off, &circumstance);
    assert_eq!(decision.refusal.is_none(), now == 0 || then > 0);
}
