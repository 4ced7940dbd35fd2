//! What `decide` says, row by row.

mod held;
mod scenarios;
mod settings;
mod teams;

use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::directory::facts::{KnownToken, Rival};
use crate::directory::lead::Lead;
use crate::directory::member::PROVOST_USER;
use crate::directory::policy::{
    LastAdmin, MatchKey, OnDelete, OnInactive, PostExistingInactive, TeamOnDelete, UnknownMember,
    UpdateInactive,
};
use crate::directory::{
    Attributes, Change, Extent, Management, Member, MemberId, MembersEdit, Origin, Outcome,
    OwnFields, RefusalKind, Team, TeamId, TeamSource, TokenId, Verdict,
};

fn rfc() -> Policy {
    Policy::preset("rfc").unwrap()
}

fn attributes(value: Value) -> Attributes {
    match value {
        Value::Object(attributes) => attributes,
        other => panic!("{other}"),
    }
}

fn member(n: u128, value: Value) -> Member {
    Member {
        id: MemberId(Uuid::from_u128(n)),
        attributes: attributes(value),
        origin: Origin::Scim,
        management: Management::Provisioned,
        owner: false,
        recovery: false,
        invited: None,
        version: 3,
        created: Timestamp::UNIX_EPOCH,
        modified: Timestamp::UNIX_EPOCH,
        deleted: None,
    }
}

fn ada() -> Member {
    member(
        1,
        json!({"userName": "ada@x.io", "externalId": "e-a", "active": true}),
    )
}

fn owner() -> Member {
    let mut owner = member(
        9,
        json!({"userName": "own@x.io", "active": true, PROVOST_USER: {"role": "owner"}}),
    );
    owner.owner = true;
    owner
}

fn team(n: u128, name: &str) -> Team {
    Team {
        id: TeamId(Uuid::from_u128(n)),
        attributes: attributes(json!({"displayName": name})),
        source: TeamSource::Synced,
        own: OwnFields::default(),
        paused: false,
        version: 5,
        created: Timestamp::UNIX_EPOCH,
        modified: Timestamp::UNIX_EPOCH,
        deleted: None,
    }
}

fn ask(policy: &Policy, facts: &Facts, command: &Command) -> Decision {
    let actor = Actor::idp("okta");
    decide(
        policy,
        facts,
        command,
        &Circumstance {
            actor: &actor,
            now: Timestamp::UNIX_EPOCH,
        },
    )
}

fn create(value: Value) -> Command {
    Command::CreateMember {
        id: MemberId(Uuid::from_u128(2)),
        attributes: attributes(value),
        owner: false,
    }
}

fn update(member: &Member, value: Value) -> Command {
    Command::UpdateMember {
        id: member.id,
        attributes: attributes(value),
        extent: Extent::Part,
        if_version: None,
    }
}

fn refusal(decision: &Decision) -> (RefusalKind, &str) {
    assert_eq!(decision.outcome, Outcome::Refused, "{decision:?}");
    assert!(decision.changes.is_empty());
    assert_eq!(decision.trace.last().unwrap().verdict, Verdict::Failed);
    let refusal = decision.refusal.as_ref().unwrap();
    (refusal.kind, refusal.code.as_str())
}

#[test]
fn a_new_member_is_created_at_version_one() {
    let decision = ask(
        &rfc(),
        &Facts::default(),
        &create(json!({"userName": "eve@x.io"})),
    );
    assert_eq!(decision.outcome, Outcome::Applied);
    let [Change::MemberCreated { after }] = decision.changes.as_slice() else {
        panic!("{decision:?}")
    };
    assert_eq!((after.version, after.origin), (1, Origin::Scim));
}

#[rstest]
#[case::active_and_spelled_alike(true, "ada@x.io", "DUP_USER", "users.post_existing_active")]
#[case::active_in_other_letters(true, "ADA@x.io", "CASE_FOLD", "users.post_existing_active")]
#[case::inactive(false, "ada@x.io", "REACTIVATE", "users.post_existing_inactive")]
fn a_taken_user_name_conflicts(
    #[case] active: bool,
    #[case] wanted: &str,
    #[case] code: &str,
    #[case] key: &str,
) {
    let mut holder = ada();
    holder.set_active(active);
    let facts = Facts {
        rivals: vec![Rival {
            attribute: "userName",
            member: holder,
        }],
        ..Facts::default()
    };
    let decision = ask(&rfc(), &facts, &create(json!({"userName": wanted})));
    assert_eq!(refusal(&decision), (RefusalKind::Uniqueness, code));
    assert_eq!(decision.policy_key, Some(key));
}

#[test]
fn an_inactive_member_can_be_revived_by_policy_with_the_same_id() {
    let mut policy = rfc();
    policy.users.post_existing_inactive = PostExistingInactive::Reactivate;
    let mut holder = ada();
    holder.set_active(false);
    let facts = Facts {
        rivals: vec![Rival {
            attribute: "externalId",
            member: holder.clone(),
        }],
        ..Facts::default()
    };
    let decision = ask(
        &policy,
        &facts,
        &create(json!({"userName": "ada@x.io", "externalId": "e-a"})),
    );
    let [Change::MemberUpdated { after, .. }] = decision.changes.as_slice() else {
        panic!("{decision:?}")
    };
    assert_eq!(after.id, holder.id);
    assert!(after.is_active());
}

#[test]
fn an_equal_update_is_a_no_op() {
    let facts = Facts {
        member: Some(ada()),
        ..Facts::default()
    };
    let decision = ask(
        &rfc(),
        &facts,
        &Command::UpdateMember {
            id: ada().id,
            attributes: ada().attributes,
            extent: Extent::Part,
            if_version: None,
        },
    );
    assert_eq!(
        (decision.outcome, decision.changes.len()),
        (Outcome::NoOp, 0)
    );
}

#[test]
fn an_update_that_takes_anothers_key_is_refused() {
    let rival = member(7, json!({"userName": "pre@x.io"}));
    let facts = Facts {
        member: Some(ada()),
        rivals: vec![Rival {
            attribute: "userName",
            member: rival,
        }],
        ..Facts::default()
    };
    let decision = ask(
        &rfc(),
        &facts,
        &update(&ada(), json!({"userName": "pre@x.io"})),
    );
    assert_eq!(refusal(&decision), (RefusalKind::Uniqueness, "DUP_USER"));
}

#[rstest]
#[case::deactivate(OnInactive::Deactivate, Outcome::Applied)]
#[case::soft_delete(OnInactive::SoftDelete, Outcome::Applied)]
#[case::remove(OnInactive::Remove, Outcome::Applied)]
#[case::ignore(OnInactive::Ignore, Outcome::Ignored)]
fn inactive_means_what_the_policy_says(#[case] value: OnInactive, #[case] outcome: Outcome) {
    let mut policy = rfc();
    policy.users.on_inactive = value;
    let facts = Facts {
        member: Some(ada()),
        teams_of_member: vec![(TeamId(Uuid::from_u128(4)), "Pay".into())],
        ..Facts::default()
    };
    let mut wanted = ada();
    wanted.set_active(false);
    let command = Command::UpdateMember {
        id: ada().id,
        attributes: wanted.attributes,
        extent: Extent::Part,
        if_version: None,
    };
    let decision = ask(&policy, &facts, &command);
    assert_eq!(
        (decision.outcome, decision.policy_key),
        (outcome, Some("users.on_inactive"))
    );
    let left_teams = decision
        .changes
        .iter()
        .any(|change| matches!(change, Change::MembershipRemoved { .. }));
    // Whoever is hidden keeps their places for the day they return; the store sets them aside.
    assert_eq!(left_teams, value == OnInactive::Remove);
    match (value, decision.changes.last()) {
        (OnInactive::Deactivate, Some(Change::MemberUpdated { after, .. })) => {
            assert!(!after.is_active());
        }
        (OnInactive::SoftDelete, Some(Change::MemberUpdated { after, .. })) => {
            assert!(after.deleted.is_some());
        }
        (OnInactive::Remove, Some(Change::MemberRemoved { .. })) | (OnInactive::Ignore, None) => {}
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::remove(OnDelete::Remove)]
#[case::deactivate(OnDelete::Deactivate)]
#[case::soft_delete(OnDelete::SoftDelete)]
fn delete_means_what_the_policy_says(#[case] value: OnDelete) {
    let mut policy = rfc();
    policy.users.on_delete = value;
    let facts = Facts {
        member: Some(ada()),
        ..Facts::default()
    };
    let decision = ask(
        &policy,
        &facts,
        &Command::DeleteMember {
            id: ada().id,
            if_version: None,
        },
    );
    match (value, decision.changes.as_slice()) {
        (OnDelete::Remove, [Change::MemberRemoved { .. }]) => {}
        (OnDelete::Deactivate, [Change::MemberUpdated { after, .. }]) => {
            assert!(!after.is_active() && after.deleted.is_none());
        }
        (OnDelete::SoftDelete, [Change::MemberUpdated { after, .. }]) => {
            assert!(after.deleted.is_some());
        }
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::allow(UpdateInactive::Allow, None)]
#[case::reject(UpdateInactive::Reject, Some(RefusalKind::Invalid))]
#[case::not_found(UpdateInactive::NotFound, Some(RefusalKind::NotFound))]
fn an_inactive_member_changes_as_the_policy_says(
    #[case] value: UpdateInactive,
    #[case] refused: Option<RefusalKind>,
) {
    let mut policy = rfc();
    policy.users.update_inactive = value;
    let mut bob = ada();
    bob.set_active(false);
    let facts = Facts {
        member: Some(bob.clone()),
        ..Facts::default()
    };
    let decision = ask(
        &policy,
        &facts,
        &update(&bob, json!({"userName": "bob@x.io", "active": false})),
    );
    assert_eq!(decision.refusal.map(|refusal| refusal.kind), refused);
}

/// So many other admins, none of whom can sign in.
fn others(admins: u64) -> Lead {
    Lead {
        admins,
        signs_in: false,
    }
}

#[test]
fn the_owner_cannot_be_deactivated_or_deleted_and_keeps_their_role() {
    let facts = Facts {
        member: Some(owner()),
        others: others(5),
        ..Facts::default()
    };
    let mut inactive = owner();
    inactive.set_active(false);
    let decision = ask(
        &rfc(),
        &facts,
        &Command::UpdateMember {
            id: owner().id,
            attributes: inactive.attributes,
            extent: Extent::Part,
            if_version: None,
        },
    );
    assert_eq!(
        refusal(&decision),
        (RefusalKind::Invalid, "OWNER_PROTECTED")
    );
    let decision = ask(
        &rfc(),
        &facts,
        &Command::DeleteMember {
            id: owner().id,
            if_version: None,
        },
    );
    assert_eq!(
        refusal(&decision),
        (RefusalKind::Invalid, "OWNER_PROTECTED")
    );
    let lesser = json!({"userName": "own@x.io", "active": true, PROVOST_USER: {"role": "reader"}});
    let decision = ask(&rfc(), &facts, &update(&owner(), lesser));
    assert_eq!(
        (decision.outcome, decision.policy_key),
        (Outcome::Ignored, Some("guard.owner"))
    );
}

#[test]
fn nobody_becomes_owner_by_a_request() {
    let decision = ask(
        &rfc(),
        &Facts::default(),
        &create(json!({"userName": "eve@x.io", PROVOST_USER: {"role": "owner"}})),
    );
    assert_eq!(
        refusal(&decision),
        (RefusalKind::Invalid, "OWNER_PROTECTED")
    );
}

#[rstest]
#[case::deny(LastAdmin::Deny, 0, true)]
#[case::deny_with_others(LastAdmin::Deny, 1, false)]
#[case::warn(LastAdmin::Warn, 0, false)]
#[case::off(LastAdmin::Off, 0, false)]
fn the_last_admin_stays_as_the_guard_says(
    #[case] value: LastAdmin,
    #[case] left: u64,
    #[case] refused: bool,
) {
    let mut policy = rfc();
    policy.guard.last_admin = value;
    let admin = member(
        3,
        json!({"userName": "adm@x.io", "active": true, PROVOST_USER: {"role": "admin"}}),
    );
    let facts = Facts {
        member: Some(admin.clone()),
        others: others(left),
        ..Facts::default()
    };
    for command in [
        Command::DeleteMember {
            id: admin.id,
            if_version: None,
        },
        update(
            &admin,
            json!({"userName": "adm@x.io", "active": true, PROVOST_USER: {"role": "reader"}}),
        ),
        update(
            &admin,
            json!({"userName": "adm@x.io", "active": false, PROVOST_USER: {"role": "admin"}}),
        ),
    ] {
        let decision = ask(&policy, &facts, &command);
        assert_eq!(
            decision.outcome == Outcome::Refused,
            refused,
            "{decision:?}"
        );
    }
}

#[test]
fn another_version_than_the_client_insists_on_is_refused() {
    let facts = Facts {
        member: Some(ada()),
        team: Some(team(4, "Pay")),
        ..Facts::default()
    };
    for command in [
        Command::UpdateMember {
            id: ada().id,
            attributes: ada().attributes,
            extent: Extent::Part,
            if_version: Some(2),
        },
        Command::DeleteMember {
            id: ada().id,
            if_version: Some(2),
        },
        Command::DeleteTeam {
            id: team(4, "Pay").id,
            if_version: Some(2),
        },
    ] {
        assert_eq!(
            refusal(&ask(&rfc(), &facts, &command)),
            (RefusalKind::VersionMismatch, "VERSION_MISMATCH")
        );
    }
}

#[test]
fn restore_brings_back_hidden_and_inactive_alike() {
    let mut gone = ada();
    gone.set_active(false);
    gone.deleted = Some(Timestamp::UNIX_EPOCH);
    let facts = Facts {
        member: Some(gone.clone()),
        ..Facts::default()
    };
    let decision = ask(&rfc(), &facts, &Command::RestoreMember { id: gone.id });
    let [Change::MemberUpdated { after, .. }] = decision.changes.as_slice() else {
        panic!("{decision:?}")
    };
    assert!(after.is_active() && after.deleted.is_none());
    assert_eq!(after.version, gone.version + 1);
}
