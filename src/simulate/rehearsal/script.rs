//! The script of a rehearsal: what happens to whom, in an order in which each step can be understood by itself.

use super::cast::Cast;
use super::{Idp, RoleMapping, Stage};
use crate::simulate::cast::{PersonKey, Role, Roster, TeamKey};
use crate::simulate::day::{Act, Edit, Step};
use crate::simulate::provider::Mistake;

/// A role that no policy has.
const NO_ROLE: &str = "no-such-role";

/// The steps of a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scene {
    /// The connection is tested.
    Connection,
    /// Somebody joins.
    Joiner,
    /// Somebody else joins.
    SecondJoiner,
    /// Somebody joins with a role.
    JoinerWithRole,
    /// Somebody is assigned who is here already.
    Takeover,
    /// A group is pushed with its members.
    Group,
    /// A group is pushed whose name a team here has.
    Namesake,
    /// A group is pushed before one of its members is assigned.
    GroupFirst,
    /// The missing member is assigned.
    LateJoiner,
    /// The missing member comes into the group.
    LateMember,
    /// One comes into the group, one leaves it.
    OneInOneOut,
    /// Somebody's title and department change.
    Mover,
    /// Somebody's name and `userName` change.
    Rename,
    /// Somebody's role changes.
    OtherRole,
    /// The group gets another name.
    GroupRename,
    /// Somebody leaves.
    Leaver,
    /// The leaver is looked up.
    LeaverLookUp,
    /// The leaver comes back.
    Rehire,
    /// Somebody leaves who was here before.
    LocalLeaver,
    /// Another leaver.
    SecondLeaver,
    /// That leaver is deleted.
    Erased,
    /// The group is deleted.
    GroupRemoved,
    /// Somebody gets a role that is not there.
    UnknownRole,
    /// Somebody is looked up at the end.
    LookUp,
    /// The owner is assigned.
    OwnerAssigned,
    /// The owner is deactivated by mistake.
    OwnerDeactivated,
}

impl Scene {
    /// What it is called in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connection => "the connection is tested",
            Self::Joiner => "somebody joins",
            Self::SecondJoiner => "somebody else joins",
            Self::JoinerWithRole => "somebody joins with a role",
            Self::Takeover => "somebody is assigned who is here already",
            Self::Group => "a group is pushed with its members",
            Self::Namesake => "a group is pushed whose name a team here has",
            Self::GroupFirst => "a group is pushed before its user",
            Self::LateJoiner => "the user is assigned",
            Self::LateMember => "the group is pushed again",
            Self::OneInOneOut => "one comes into the group, one leaves it",
            Self::Mover => "somebody moves to another department",
            Self::Rename => "somebody takes another userName",
            Self::OtherRole => "somebody gets another role",
            Self::GroupRename => "the group takes another name",
            Self::Leaver => "somebody leaves",
            Self::LeaverLookUp => "the leaver is looked up",
            Self::Rehire => "the leaver comes back",
            Self::LocalLeaver => "somebody leaves who was here before",
            Self::SecondLeaver => "somebody else leaves",
            Self::Erased => "they are deleted",
            Self::GroupRemoved => "the group is deleted",
            Self::UnknownRole => "somebody gets a role that is not there",
            Self::LookUp => "somebody is looked up again",
            Self::OwnerAssigned => "the owner is assigned",
            Self::OwnerDeactivated => "the owner is deactivated by mistake",
        }
    }

    /// A stable name for scripts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Joiner => "joiner",
            Self::SecondJoiner => "second_joiner",
            Self::JoinerWithRole => "joiner_with_role",
            Self::Takeover => "takeover",
            Self::Group => "group",
            Self::Namesake => "namesake",
            Self::GroupFirst => "group_first",
            Self::LateJoiner => "late_joiner",
            Self::LateMember => "late_member",
            Self::OneInOneOut => "one_in_one_out",
            Self::Mover => "mover",
            Self::Rename => "rename",
            Self::OtherRole => "other_role",
            Self::GroupRename => "group_rename",
            Self::Leaver => "leaver",
            Self::LeaverLookUp => "leaver_look_up",
            Self::Rehire => "rehire",
            Self::LocalLeaver => "local_leaver",
            Self::SecondLeaver => "second_leaver",
            Self::Erased => "erased",
            Self::GroupRemoved => "group_removed",
            Self::UnknownRole => "unknown_role",
            Self::LookUp => "look_up",
            Self::OwnerAssigned => "owner_assigned",
            Self::OwnerDeactivated => "owner_deactivated",
        }
    }
}

/// The steps of this identity provider: what it never does is left out.
pub(super) fn script(idp: Idp, stage: &Stage, roster: &Roster, cast: &Cast) -> Vec<(Scene, Step)> {
    let renames_groups = idp != Idp::OneLogin;
    let deletes_users = idp != Idp::Okta;
    let mut steps = joiners(cast);
    steps.extend(movers(stage, cast));
    if renames_groups {
        let name = format!("{} 2", roster.team(cast.payments).display_name);
        steps.push((Scene::GroupRename, Act::RenameTeam(cast.payments, name)));
    }
    steps.extend(leavers(cast));
    if deletes_users {
        steps.push((Scene::SecondLeaver, Act::Deactivate(cast.dan)));
        steps.push((Scene::Erased, Act::Erase(cast.dan)));
    }
    if renames_groups {
        steps.push((Scene::GroupRemoved, Act::UnlinkTeam(cast.payments)));
    }
    let unknown = Act::Update(cast.ben, vec![role(stage, NO_ROLE)]);
    steps.push((Scene::UnknownRole, unknown));
    steps.push((Scene::LookUp, Act::LookUp(cast.ada)));
    if let Some(owner) = cast.owner {
        steps.push((Scene::OwnerAssigned, Act::Assign(owner)));
        steps.push((Scene::OwnerDeactivated, Act::Deactivate(owner)));
    }
    let step = |(scene, act): (Scene, Act)| {
        let name = scene.name();
        (scene, Step { name, act })
    };
    steps.into_iter().map(step).collect()
}

fn joiners(cast: &Cast) -> Vec<(Scene, Act)> {
    vec![
        (Scene::Connection, Act::TestConnection),
        (Scene::Joiner, Act::Assign(cast.ada)),
        (Scene::SecondJoiner, Act::Assign(cast.ben)),
        (Scene::JoinerWithRole, Act::Assign(cast.cleo)),
        (Scene::Takeover, Act::Assign(cast.local)),
        (Scene::Group, Act::PushTeam(cast.payments)),
        (Scene::Namesake, Act::PushTeam(cast.namesake)),
        (
            Scene::GroupFirst,
            Act::Mistake(Mistake::GroupBeforeUser(cast.payments)),
        ),
        (Scene::LateJoiner, Act::Assign(cast.dan)),
        (Scene::LateMember, members(cast.payments, &[cast.dan], &[])),
    ]
}

fn movers(stage: &Stage, cast: &Cast) -> Vec<(Scene, Act)> {
    let transfer = Edit::Transfer {
        department: cast.moved.department.clone(),
        title: cast.moved.title.clone(),
    };
    let rename = Edit::Rename {
        family_name: cast.renamed.family_name.clone(),
        user_name: cast.renamed.user_name.clone(),
    };
    vec![
        (
            Scene::OneInOneOut,
            members(cast.payments, &[cast.cleo], &[cast.ada]),
        ),
        (Scene::Mover, Act::Update(cast.ben, vec![transfer])),
        (Scene::Rename, Act::Update(cast.ada, vec![rename])),
        (
            Scene::OtherRole,
            Act::Update(cast.cleo, vec![role(stage, &stage.next_role)]),
        ),
    ]
}

fn leavers(cast: &Cast) -> Vec<(Scene, Act)> {
    vec![
        (Scene::Leaver, Act::Deactivate(cast.ben)),
        (Scene::LeaverLookUp, Act::LookUp(cast.ben)),
        // The provider has forgotten the id of somebody who was gone for long.
        (Scene::Rehire, Act::Reassign(cast.ben)),
        (Scene::LocalLeaver, Act::Deactivate(cast.local)),
    ]
}

fn role(stage: &Stage, key: &str) -> Edit {
    let role = Role::Named(key.to_owned());
    match stage.mapping {
        RoleMapping::Extension => Edit::Role(role),
        RoleMapping::Core => Edit::AppRole(role),
    }
}

fn members(team: TeamKey, added: &[PersonKey], removed: &[PersonKey]) -> Act {
    Act::ChangeMembers {
        team,
        added: added.to_vec(),
        removed: removed.to_vec(),
    }
}
