//! Teams, their members, and tokens.

use rstest::rstest;

use super::*;

fn pay_with(current: &[u128], known: &[u128]) -> Facts {
    let name = |n: &u128| (MemberId(Uuid::from_u128(*n)), format!("m{n}"));
    Facts {
        team: Some(team(4, "Pay")),
        current_members: current.iter().map(name).collect(),
        known_members: known.iter().map(name).collect(),
        ..Facts::default()
    }
}

pub(super) fn edit(replace: Option<&[u128]>, remove: &[u128], add: &[u128]) -> Command {
    let ids = |list: &[u128]| {
        list.iter()
            .map(|n| MemberId(Uuid::from_u128(*n)))
            .collect::<Vec<_>>()
    };
    Command::UpdateTeam {
        id: TeamId(Uuid::from_u128(4)),
        attributes: None,
        members: MembersEdit {
            replace: replace.map(ids),
            remove: ids(remove),
            add: ids(add),
            ..MembersEdit::default()
        },
        if_version: None,
    }
}

fn joined_and_left(decision: &Decision) -> (Vec<u128>, Vec<u128>) {
    let (mut joined, mut left) = (Vec::new(), Vec::new());
    for change in &decision.changes {
        match change {
            Change::MembershipAdded { member, .. } => joined.push(member.0.as_u128()),
            Change::MembershipRemoved { member, .. } => left.push(member.0.as_u128()),
            other => panic!("{other:?}"),
        }
    }
    (joined, left)
}

#[rstest]
#[case::add(edit(None, &[], &[2, 3]), vec![3], vec![])]
#[case::add_twice_is_once(edit(None, &[], &[3, 3]), vec![3], vec![])]
#[case::remove_who_is_in(edit(None, &[1, 8], &[]), vec![], vec![1])]
#[case::remove_then_add_is_nothing(edit(None, &[1], &[1]), vec![], vec![])]
#[case::replace(edit(Some(&[2, 3]), &[], &[]), vec![3], vec![1])]
#[case::replace_with_nobody(edit(Some(&[]), &[], &[]), vec![], vec![1, 2])]
#[case::replace_then_remove_then_add(edit(Some(&[1, 2]), &[2], &[3]), vec![3], vec![2])]
fn a_membership_edit_becomes_who_joins_and_who_leaves(
    #[case] command: Command,
    #[case] joined: Vec<u128>,
    #[case] left: Vec<u128>,
) {
    let decision = ask(&rfc(), &pay_with(&[1, 2], &[1, 2, 3]), &command);
    assert_eq!(joined_and_left(&decision), (joined, left));
}

#[test]
fn an_unknown_member_stops_the_whole_edit_or_is_left_out() {
    let facts = pay_with(&[1], &[2]);
    let command = edit(None, &[], &[2, 77]);
    let mut policy = rfc();
    policy.teams.unknown_member = UnknownMember::Reject;
    let decision = ask(&policy, &facts, &command);
    assert_eq!(refusal(&decision), (RefusalKind::NotFound, "GROUP_FIRST"));
    policy.teams.unknown_member = UnknownMember::SkipReport;
    assert_eq!(
        joined_and_left(&ask(&policy, &facts, &command)),
        (vec![2], vec![])
    );
}

#[test]
fn a_taken_team_name_conflicts_without_case() {
    let facts = Facts {
        rival_teams: vec![team(4, "Pay")],
        ..Facts::default()
    };
    let command = Command::CreateTeam {
        id: TeamId(Uuid::from_u128(5)),
        attributes: attributes(json!({"displayName": "PAY"})),
        members: vec![],
        references: vec![],
    };
    assert_eq!(
        refusal(&ask(&rfc(), &facts, &command)),
        (RefusalKind::Uniqueness, "DUP_GROUP")
    );
}

#[test]
fn deleting_a_team_names_who_leaves_it() {
    let command = Command::DeleteTeam {
        id: team(4, "Pay").id,
        if_version: None,
    };
    let decision = ask(&rfc(), &pay_with(&[1, 2], &[]), &command);
    assert_eq!(decision.changes.len(), 3);
    assert!(matches!(
        decision.changes.last(),
        Some(Change::TeamRemoved { .. })
    ));
    let mut policy = rfc();
    policy.teams.on_delete = TeamOnDelete::EmptyUnlink;
    let decision = ask(&policy, &pay_with(&[1, 2], &[]), &command);
    let Some(Change::TeamUpdated { after, .. }) = decision.changes.last() else {
        panic!("{decision:?}")
    };
    assert_eq!(after.source, TeamSource::Released);
}

#[rstest]
#[case::fine("okta", None, None)]
#[case::taken("okta", Some(false), Some(RefusalKind::Uniqueness))]
#[case::free_again("okta", Some(true), None)]
#[case::no_name("", None, Some(RefusalKind::Invalid))]
#[case::control_characters("ok\u{1b}ta", None, Some(RefusalKind::Invalid))]
fn a_token_needs_a_free_printable_name(
    #[case] name: &str,
    #[case] revoked: Option<bool>,
    #[case] refused: Option<RefusalKind>,
) {
    let facts = Facts {
        token: revoked.map(|revoked| KnownToken {
            name: name.into(),
            revoked,
            ..KnownToken::default()
        }),
        ..Facts::default()
    };
    let command = Command::IssueToken {
        id: TokenId(Uuid::from_u128(1)),
        name: name.into(),
        scope: "scim".into(),
        owner: None,
    };
    assert_eq!(
        ask(&rfc(), &facts, &command)
            .refusal
            .map(|refusal| refusal.kind),
        refused
    );
}
