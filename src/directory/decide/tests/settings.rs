//! The settings: set, given back, refused, and never half.

use std::sync::Arc;

use super::*;
use crate::directory::{Provisioning, Settings};

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
#[case(Command::AdoptPreset { name: "saef".into(), if_version: None }, "safe")]
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
