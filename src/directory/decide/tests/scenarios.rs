//! The acceptance scenarios as far as one decision shows them, under each preset that has a column.
//!
//! The fixture is the scenarios' own: `own` is the owner, `pre` was added by hand before provisioning, `ada` was
//! provisioned and is a writer in team Pay (synced) and team Loc (local), `bob` was provisioned and is inactive.

use rstest::rstest;
use serde_json::json;

use super::teams::edit;
use super::*;

const LD: &str = "launchdarkly";
const UN: &str = "unleash";
const FS: &str = "flagsmith";
const DD: &str = "datadog";
const SAFE: &str = "safe";

fn preset(name: &str) -> Policy {
    Policy::preset(name).unwrap()
}

fn ada() -> Member {
    member(
        1,
        json!({
            "userName": "ada@x.io",
            "externalId": "e-a",
            "active": true,
            "emails": [{"value": "ada@x.io", "primary": true}],
        }),
    )
}

fn bob() -> Member {
    member(
        5,
        json!({"userName": "bob@x.io", "externalId": "e-b", "active": false}),
    )
}

fn pre() -> Member {
    let mut pre = member(6, json!({"userName": "pre@x.io", "active": true}));
    pre.origin = Origin::Manual;
    pre.management = Management::Local;
    pre
}

fn pay() -> Team {
    let mut pay = team(4, "Pay");
    pay.attributes.insert("externalId".into(), json!("g-p"));
    pay
}

fn loc() -> Team {
    let mut loc = team(7, "Loc");
    loc.source = TeamSource::Local;
    loc.attributes
        .insert("description".into(), json!("kept here"));
    loc
}

/// Provisioning and team sync are on, and Okta is asking.
fn live() -> Facts {
    Facts {
        is_provisioning: true,
        team_sync: true,
        idp: Some("okta".into()),
        ..Facts::default()
    }
}

fn about(member: &Member) -> Facts {
    Facts {
        member: Some(member.clone()),
        teams_of_member: vec![(pay().id, "Pay".into()), (loc().id, "Loc".into())],
        others: others(1),
        ..live()
    }
}

fn rivals(attribute: &'static str, member: &Member) -> Facts {
    Facts {
        rivals: vec![Rival {
            attribute,
            member: member.clone(),
        }],
        teams_of_member: vec![(pay().id, "Pay".into())],
        ..live()
    }
}

fn by_admin(policy: &Policy, facts: &Facts, command: &Command) -> Decision {
    let actor = Actor::admin("own@x.io");
    let circumstance = Circumstance {
        actor: &actor,
        now: Timestamp::UNIX_EPOCH,
    };
    decide(policy, facts, command, &circumstance)
}

fn put(member: &Member, value: Value) -> Command {
    Command::UpdateMember {
        id: member.id,
        attributes: attributes(value),
        extent: Extent::Whole,
        if_version: None,
    }
}

/// What became of a command in one word: the code of a refusal, or the outcome.
fn word(decision: &Decision) -> String {
    match &decision.refusal {
        Some(refusal) => refusal.code.clone(),
        None => decision.outcome.as_str().to_owned(),
    }
}

/// The member as they are after a decision; `None` where they are gone or were not touched.
fn after(decision: &Decision) -> Option<&Member> {
    decision
        .changes
        .iter()
        .rev()
        .find_map(|change| match change {
            Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => Some(&**after),
            _ => None,
        })
}

fn leaves(decision: &Decision) -> usize {
    let mut changes = decision.changes.iter();
    let mut count = 0;
    while changes.any(|change| matches!(change, Change::MembershipRemoved { .. })) {
        count += 1;
    }
    count
}

#[rstest]
#[case(LD, "DUP_USER")]
#[case(UN, "DUP_USER")]
#[case(FS, "no_op")]
#[case(DD, "DUP_USER")]
#[case(SAFE, "DUP_USER")]
fn s02_creating_an_active_member_again(#[case] name: &str, #[case] expected: &str) {
    let policy = preset(name);
    let attribute = match policy.users.r#match.first() {
        Some(MatchKey::ExternalId) => "externalId",
        Some(MatchKey::Email) => "emails",
        _ => "userName",
    };
    let command = create(json!({"userName": "ada@x.io", "externalId": "e-a"}));
    assert_eq!(
        word(&ask(&policy, &rivals(attribute, &ada()), &command)),
        expected
    );
}

#[rstest]
#[case(LD, "DUP_USER", None)]
#[case(UN, "applied", Some(Management::Provisioned))]
#[case(FS, "applied", Some(Management::Provisioned))]
#[case(DD, "DUP_USER", None)]
#[case(SAFE, "applied", Some(Management::Linked))]
fn s03_creating_somebody_who_was_there_before(
    #[case] name: &str,
    #[case] expected: &str,
    #[case] management: Option<Management>,
) {
    let command = create(json!({"userName": "pre@x.io", "externalId": "e-p"}));
    let decision = ask(&preset(name), &rivals("userName", &pre()), &command);
    assert_eq!(word(&decision), expected);
    let adopted = after(&decision);
    assert_eq!(adopted.map(|member| member.management), management);
    assert!(adopted.is_none_or(|member| member.id == pre().id));
    assert!(adopted.is_none_or(|member| member.external_id() == Some("e-p")));
}

#[rstest]
#[case(LD, "linked")]
#[case(DD, "provisioned")]
fn s03_putting_somebody_who_was_there_before_links_them(#[case] name: &str, #[case] word: &str) {
    let command = put(
        &pre(),
        json!({"userName": "pre@x.io", "externalId": "e-p", "active": true}),
    );
    let decision = ask(&preset(name), &about(&pre()), &command);
    assert_eq!(after(&decision).unwrap().management.as_str(), word);
}

#[rstest]
#[case(LD, false, 0)]
#[case(UN, true, 2)]
#[case(DD, false, 0)]
#[case(SAFE, false, 0)]
fn s05_active_false(#[case] name: &str, #[case] hidden: bool, #[case] left: usize) {
    let command = update(
        &ada(),
        json!({"userName": "ada@x.io", "externalId": "e-a", "active": false}),
    );
    let decision = ask(&preset(name), &about(&ada()), &command);
    let member = after(&decision).unwrap();
    assert_eq!(
        (member.is_active(), member.deleted.is_some()),
        (false, hidden)
    );
    assert_eq!(leaves(&decision), left);
    assert_eq!(decision.policy_key, Some("users.on_inactive"));
}

#[test]
fn s05_active_false_removes_from_the_organisation_under_flagsmith() {
    let command = update(&ada(), json!({"userName": "ada@x.io", "active": false}));
    let decision = ask(&preset(FS), &about(&ada()), &command);
    assert_eq!(leaves(&decision), 2);
    let last = decision.changes.last();
    assert!(matches!(last, Some(Change::MemberRemoved { .. })));
}

#[rstest]
#[case(LD, Some((false, false)))]
#[case(UN, Some((false, true)))]
#[case(FS, None)]
#[case(DD, Some((false, false)))]
#[case(SAFE, Some((false, true)))]
fn s08_delete(#[case] name: &str, #[case] expected: Option<(bool, bool)>) {
    let command = Command::DeleteMember {
        id: ada().id,
        if_version: None,
    };
    let decision = ask(&preset(name), &about(&ada()), &command);
    let state = after(&decision).map(|member| (member.is_active(), member.deleted.is_some()));
    assert_eq!(state, expected);
    assert_eq!(decision.policy_key, Some("users.on_delete"));
}

#[rstest]
#[case(LD, "OWNER_PROTECTED", "applied")]
#[case(UN, "applied", "LAST_ADMIN")]
#[case(FS, "applied", "LAST_ADMIN")]
#[case(DD, "applied", "LAST_ADMIN")]
#[case(SAFE, "OWNER_PROTECTED", "applied")]
fn s09_deactivating_the_owner(
    #[case] name: &str,
    #[case] expected: &str,
    #[case] with_guard: &str,
) {
    let mut policy = preset(name);
    policy.users.preexisting = crate::directory::policy::Preexisting::Adopt;
    let command = update(&owner(), json!({"userName": "own@x.io", "active": false}));
    let mut facts = about(&owner());
    assert_eq!(word(&ask(&policy, &facts, &command)), expected);
    policy.guard.owner = crate::directory::policy::GuardSwitch::Off;
    policy.guard.last_admin = LastAdmin::Deny;
    facts.others = others(u64::from(with_guard == "applied"));
    assert_eq!(word(&ask(&policy, &facts, &command)), with_guard);
}

#[rstest]
#[case(LD, "OWNER_PROTECTED", None)]
#[case(UN, "applied", None)]
#[case(FS, "applied", None)]
#[case(SAFE, "OWNER_PROTECTED", None)]
fn s11_creating_an_owner(#[case] name: &str, #[case] expected: &str, #[case] role: Option<&str>) {
    let command = create(json!({"userName": "eve@x.io", PROVOST_USER: {"role": "owner"}}));
    let decision = ask(&preset(name), &live(), &command);
    assert_eq!(word(&decision), expected);
    assert_eq!(after(&decision).and_then(Member::role), role);
}

#[test]
fn s11_an_unknown_role_is_dropped_and_told_under_datadog() {
    let roles = json!([{"value": "owner"}, {"value": "Admin"}]);
    let decision = ask(
        &preset(DD),
        &live(),
        &create(json!({"userName": "eve@x.io", "roles": roles})),
    );
    assert_eq!(after(&decision).unwrap().named_roles(), ["Admin"]);
    assert_eq!(decision.policy_key, Some("roles.unknown"));
}

#[rstest]
#[case(json!({"role": "superuser"}), "'superuser' is not a valid primary role")]
#[case(json!({"role": "reader", "customRole": ["nope"]}), "Unknown custom role 'nope'")]
fn s12_unknown_roles_are_refused_under_launchdarkly(#[case] roles: Value, #[case] detail: &str) {
    let command = put(
        &ada(),
        json!({"userName": "ada@x.io", "active": true, PROVOST_USER: roles}),
    );
    let facts = Facts {
        settings: std::sync::Arc::new(crate::directory::Settings::initial(LD)),
        ..about(&ada())
    };
    let decision = ask(&preset(LD), &facts, &command);
    assert_eq!(word(&decision), "ROLE_NOT_APPLIED");
    assert_eq!(decision.refusal.unwrap().detail, detail);
}

#[rstest]
#[case(LD, Some("admin"))]
#[case(UN, None)]
#[case(FS, Some("admin"))]
#[case(DD, Some("admin"))]
#[case(SAFE, Some("admin"))]
fn s14_a_role_given_by_hand_and_the_next_put(#[case] name: &str, #[case] role: Option<&str>) {
    let mut promoted = ada();
    let given = json!({"role": "admin"});
    promoted.attributes.insert(PROVOST_USER.into(), given);
    let command = put(
        &promoted,
        json!({"userName": "ada@x.io", "externalId": "e-a", "active": true, "title": "Dr"}),
    );
    let decision = ask(&preset(name), &about(&promoted), &command);
    assert_eq!(after(&decision).unwrap().role(), role);
}

#[rstest]
#[case(LD, "INACTIVE")]
#[case(UN, "NOT_FOUND")]
#[case(FS, "NOT_FOUND")]
#[case(DD, "applied")]
#[case(SAFE, "applied")]
fn s15_changing_an_inactive_member(#[case] name: &str, #[case] expected: &str) {
    let command = put(
        &bob(),
        json!({"userName": "bob@x.io", "externalId": "e-b", "active": false, "title": "Dr"}),
    );
    assert_eq!(
        word(&ask(&preset(name), &about(&bob()), &command)),
        expected
    );
}

#[rstest]
#[case(LD)]
#[case(DD)]
#[case(SAFE)]
fn s16_a_change_that_activates_is_whole(#[case] name: &str) {
    let command = put(
        &bob(),
        json!({"userName": "bob@x.io", "externalId": "e-b", "active": true, "title": "Dr"}),
    );
    let decision = ask(&preset(name), &about(&bob()), &command);
    let member = after(&decision).unwrap();
    assert!(member.is_active() && member.id == bob().id);
    assert_eq!(member.attributes["title"], "Dr");
}

#[rstest]
#[case(LD, "REACTIVATE", None)]
#[case(UN, "applied", Some(2))]
#[case(FS, "applied", Some(5))]
#[case(DD, "applied", Some(5))]
#[case(SAFE, "applied", Some(5))]
fn s17_creating_an_inactive_member_again(
    #[case] name: &str,
    #[case] expected: &str,
    #[case] id: Option<u128>,
) {
    let command = create(json!({"userName": "bob@x.io", "externalId": "e-b", "active": true}));
    let decision = ask(&preset(name), &rivals("externalId", &bob()), &command);
    assert_eq!(word(&decision), expected);
    let member = after(&decision);
    assert_eq!(member.map(|member| member.id.0.as_u128()), id);
    assert!(member.is_none_or(Member::is_active));
}

#[rstest]
#[case(LD, "PREEXISTING_PROTECTED")]
#[case(UN, "applied")]
#[case(FS, "applied")]
#[case(DD, "applied")]
#[case(SAFE, "PREEXISTING_PROTECTED")]
fn s18_deactivating_somebody_who_was_there_before(#[case] name: &str, #[case] expected: &str) {
    let mut linked = pre();
    linked.management = Management::Linked;
    let command = update(&linked, json!({"userName": "pre@x.io", "active": false}));
    assert_eq!(
        word(&ask(&preset(name), &about(&linked), &command)),
        expected
    );
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
fn s19_taking_somebody_else_s_name(#[case] name: &str) {
    let facts = Facts {
        rivals: rivals("userName", &pre()).rivals,
        ..about(&ada())
    };
    let command = put(&ada(), json!({"userName": "pre@x.io", "active": true}));
    assert_eq!(word(&ask(&preset(name), &facts, &command)), "DUP_USER");
}

fn push(name: &str, external_id: &str) -> Command {
    Command::CreateTeam {
        id: TeamId(Uuid::from_u128(20)),
        attributes: attributes(json!({"displayName": name, "externalId": external_id})),
        members: Vec::new(),
        references: Vec::new(),
    }
}

#[rstest]
#[case(LD, "TEAM_SYNC_OFF")]
#[case(UN, "applied")]
#[case(FS, "applied")]
#[case(DD, "applied")]
#[case(SAFE, "TEAM_SYNC_OFF")]
fn s20_a_group_while_team_sync_is_off(#[case] name: &str, #[case] expected: &str) {
    let facts = Facts {
        team_sync: false,
        ..live()
    };
    let decision = ask(&preset(name), &facts, &push("New", "g-n"));
    assert_eq!(word(&decision), expected);
}

#[rstest]
#[case(LD, "Data Eng")]
#[case(DD, "Data_Eng")]
fn s21_the_name_of_a_new_team(#[case] name: &str, #[case] expected: &str) {
    let decision = ask(&preset(name), &live(), &push("Data Eng", "g-d"));
    let Some(Change::TeamCreated { after }) = decision.changes.first() else {
        panic!("{decision:?}");
    };
    assert_eq!(after.display_name(), expected);
    assert_eq!(after.source, TeamSource::Synced);
}

#[rstest]
#[case(LD, "linked")]
#[case(UN, "DUP_GROUP")]
#[case(FS, "created")]
#[case(DD, "linked")]
#[case(SAFE, "linked")]
fn s22_a_group_with_the_name_of_a_team(#[case] name: &str, #[case] expected: &str) {
    let facts = Facts {
        rival_teams: vec![loc()],
        ..live()
    };
    let decision = ask(&preset(name), &facts, &push("Loc", "g-l"));
    let came = match decision.changes.first() {
        Some(Change::TeamUpdated { after, .. }) => {
            assert_eq!((after.id, after.source), (loc().id, TeamSource::Synced));
            assert_eq!(after.attributes["description"], "kept here");
            assert_eq!(after.external_id(), Some("g-l"));
            "linked".to_owned()
        }
        Some(Change::TeamCreated { .. }) => "created".to_owned(),
        _ => word(&decision),
    };
    assert_eq!(came, expected);
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
fn s23_another_case_is_another_team(#[case] name: &str) {
    let facts = Facts {
        rival_teams: vec![loc()],
        ..live()
    };
    let decision = ask(&preset(name), &facts, &push("loc", "g-l"));
    assert!(matches!(
        decision.changes.first(),
        Some(Change::TeamCreated { .. })
    ));
}

#[rstest]
#[case(LD, "GROUP_FIRST", 0)]
#[case(UN, "applied", 1)]
#[case(FS, "applied", 1)]
#[case(DD, "GROUP_FIRST", 0)]
#[case(SAFE, "applied", 1)]
fn s27_somebody_unknown_in_a_group(
    #[case] name: &str,
    #[case] expected: &str,
    #[case] joined: usize,
) {
    let facts = Facts {
        known_members: [(ada().id, "Ada".to_owned())].into(),
        team: Some(pay()),
        ..live()
    };
    let decision = ask(&preset(name), &facts, &edit(None, &[], &[1, 99]));
    assert_eq!(word(&decision), expected);
    let joins = |change: &&Change| matches!(change, Change::MembershipAdded { .. });
    assert_eq!(decision.changes.iter().filter(joins).count(), joined);
}

#[rstest]
#[case(LD, "MANAGED_BY_IDP")]
#[case(UN, "MANAGED_BY_IDP")]
#[case(FS, "applied")]
#[case(DD, "MANAGED_BY_IDP")]
#[case(SAFE, "MANAGED_BY_IDP")]
fn s28_editing_the_members_of_a_synced_team_by_hand(#[case] name: &str, #[case] expected: &str) {
    let facts = Facts {
        known_members: [(ada().id, "Ada".to_owned())].into(),
        team: Some(pay()),
        ..live()
    };
    let command = edit(None, &[], &[1]);
    assert_eq!(word(&by_admin(&preset(name), &facts, &command)), expected);
    let local = Facts {
        team: Some(loc()),
        ..facts.clone()
    };
    assert_eq!(word(&by_admin(&preset(name), &local, &command)), "applied");
    let off = Facts {
        is_provisioning: false,
        ..facts
    };
    assert_eq!(word(&by_admin(&preset(name), &off, &command)), "applied");
}

#[rstest]
#[case(LD, "MANAGED_BY_IDP")]
#[case(UN, "applied")]
#[case(FS, "applied")]
#[case(DD, "applied")]
#[case(SAFE, "applied")]
fn s30_making_a_team_by_hand_while_team_sync_is_on(#[case] name: &str, #[case] expected: &str) {
    let decision = by_admin(&preset(name), &live(), &push("Mine", "g-m"));
    assert_eq!(word(&decision), expected);
}

#[rstest]
#[case(LD, 1, false)]
#[case(UN, 1, false)]
#[case(FS, 1, false)]
#[case(DD, 1, true)]
#[case(SAFE, 1, true)]
fn s31_deleting_a_group(#[case] name: &str, #[case] left: usize, #[case] stays: bool) {
    let facts = Facts {
        team: Some(pay()),
        current_members: [(ada().id, "Ada".to_owned())].into(),
        ..live()
    };
    let command = Command::DeleteTeam {
        id: pay().id,
        if_version: None,
    };
    let decision = ask(&preset(name), &facts, &command);
    assert_eq!(leaves(&decision), left);
    match decision.changes.last() {
        Some(Change::TeamUpdated { after, .. }) => {
            assert!(stays);
            assert_eq!(
                (after.source, after.external_id()),
                (TeamSource::Released, None)
            );
        }
        Some(Change::TeamRemoved { .. }) => assert!(!stays),
        _ => panic!("{decision:?}"),
    }
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
fn s47_a_recovery_admin_is_out_of_reach(#[case] name: &str) {
    let mut rescue = ada();
    rescue.recovery = true;
    let commands = [
        put(&rescue, json!({"userName": "ada@x.io", "active": false})),
        Command::DeleteMember {
            id: rescue.id,
            if_version: None,
        },
    ];
    for command in commands {
        let decision = ask(&preset(name), &about(&rescue), &command);
        assert_eq!(word(&decision), "RECOVERY_EXEMPT");
        assert_ne!(
            word(&by_admin(&preset(name), &about(&rescue), &command)),
            "RECOVERY_EXEMPT"
        );
    }
}
