//! Members: created, changed, removed, brought back.

mod create;
mod deprovision;
mod invite;
mod length;
mod manage;
mod password;
mod purge;
mod roles;
mod update;

pub use create::recognised;
pub(super) use create::{NewMember, create};
pub(super) use deprovision::delete;
pub(super) use invite::{invite, may_invite};
pub(super) use manage::{hand_over, merge, take_back};
pub(super) use password::set_password;
pub(super) use purge::purge;
pub(super) use roles::clear as clear_roles;
pub(super) use update::{Edit, update};

use super::verdict::{Draft, Verdict, expect_version};
use super::{Request, keys};
use crate::directory::change::Change;
use crate::directory::command::Extent;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::{Facts, Rival};
use crate::directory::ids::TeamId;
use crate::directory::member::Member;

/// The attributes by which a member is found again.
const KEYS: [&str; 2] = ["userName", "externalId"];

pub(super) fn restore(request: &Request<'_>, draft: Draft) -> Verdict {
    let Some(before) = &request.facts.member else {
        return Err(missing(draft));
    };
    let mut rivals = request.facts.rivals.iter();
    if let Some(rival) = rivals.find(|rival| rival.is_unique() && rival.member.id != before.id) {
        return Err(taken(draft, rival, before));
    }
    let mut after = before.clone();
    after.deleted = None;
    if !after.is_active() {
        after.set_active(true);
    }
    if let Some(former) = &request.facts.former {
        after.take_back_keys(&former.member);
    }
    if after.user_name().is_empty() {
        let what = "nothing is kept of what this member was called; add them anew";
        let step = TraceStep::failed(Stage::Match, what);
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    }
    Ok(change(request, draft, before, after))
}

/// The member the command names, at the version the caller insists on.
fn found<'a>(
    request: &Request<'a>,
    draft: Draft,
    if_version: Option<u64>,
) -> Result<(&'a Member, Draft), Decision> {
    let member = request.facts.member.as_ref();
    let Some(member) = member.filter(|member| member.deleted.is_none()) else {
        return Err(missing(draft));
    };
    let draft = expect_version(draft, "member", member.version, if_version)?;
    Ok((member, draft))
}

fn missing(draft: Draft) -> Decision {
    let step = TraceStep::failed(Stage::Match, "there is no member with this id");
    draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step)
}

/// Somebody else holds a key this member wants.
fn taken(draft: Draft, rival: &Rival, wanted: &Member) -> Decision {
    let attribute = rival.attribute;
    let spelled_alike = attribute != "userName" || rival.member.user_name() == wanted.user_name();
    let (code, what) = if !rival.member.is_active() {
        (
            "REACTIVATE",
            format!("{attribute} belongs to an inactive member"),
        )
    } else if spelled_alike {
        ("DUP_USER", format!("{attribute} is already in use"))
    } else {
        (
            "CASE_FOLD",
            format!("{attribute} is already in use, spelled with other letters of the same kind"),
        )
    };
    // For admins alone: the client is told `what`, since whom it concerns is none of its business.
    let (user_name, name) = (rival.member.user_name(), rival.member.display_name());
    let came = if name == user_name {
        format!("held by {user_name}")
    } else {
        format!("held by {name} ({user_name})")
    };
    let step = TraceStep::failed(Stage::Match, what)
        .comparing(format!("a free {attribute}"), came)
        .about(rival.member.id);
    draft.refuse(RefusalKind::Uniqueness, code, step)
}

fn leave_all_teams(facts: &Facts, member: &Member) -> Vec<Change> {
    leave(&facts.teams_of_member, member)
}

fn leave(teams: &[(TeamId, String)], member: &Member) -> Vec<Change> {
    let name = member.display_name();
    teams
        .iter()
        .map(|(team, team_name)| Change::MembershipRemoved {
            team: *team,
            team_name: team_name.clone(),
            member: member.id,
            member_name: name.clone(),
        })
        .collect()
}

/// Records the change, or that there is none.
fn change(request: &Request<'_>, draft: Draft, before: &Member, after: Member) -> Decision {
    if after == *before {
        return draft.done(Vec::new());
    }
    draft.done(vec![updated(request, before, after)])
}

fn updated(request: &Request<'_>, before: &Member, mut after: Member) -> Change {
    after.version = before.version + 1;
    after.modified = request.circumstance.now;
    Change::MemberUpdated {
        before: Box::new(before.clone()),
        after: Box::new(after),
    }
}
