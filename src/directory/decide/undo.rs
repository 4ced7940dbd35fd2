//! Taking back what a request changed: the inverses of its changes, last first, each on a state that must still be as
//! the request left it.
//!
//! Guards hold as for every command. Locks of what an identity provider rules do not: undoing its mistake is what an
//! admin asks for, and its next push may set it again.

use super::Request;
use super::guard;
use super::settings;
use super::team::is_same_name;
use super::verdict::{Draft, Verdict};
use crate::counted::counted;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::ids::{MemberId, RequestId, TeamId};
use crate::directory::member::Member;
use crate::directory::policy::TeamPostExisting;
use crate::directory::settings::Settings;
use crate::directory::sso::SsoState;
use crate::directory::team::Team;
use crate::directory::undo::{Standing, is_same_member, is_same_team};

pub(super) fn undo(
    request: &Request<'_>,
    mut draft: Draft,
    id: RequestId,
    changes: &[Change],
) -> Verdict {
    draft.step(TraceStep::passed(
        Stage::Match,
        format!(
            "request {id} made {}",
            counted(changes.len() as u64, "change")
        ),
    ));
    let mut way = Way {
        request,
        state: request.facts.standing.clone(),
        settings: None,
        undone: Vec::new(),
    };
    let mut reasons = Vec::new();
    for change in changes.iter().rev() {
        match change.inverse() {
            Ok(inverse) => {
                if let Err(what) = way.take(inverse) {
                    return Err(changed_meanwhile(request, draft, &what));
                }
            }
            Err(reason) => {
                let what = format!("{} stays as it is: {reason}", change.view().label);
                draft.step(TraceStep::noted(Stage::Match, what));
                reasons.push(reason);
            }
        }
    }
    if let (Some(reason), true) = (reasons.first(), way.undone.is_empty()) {
        let step = TraceStep::failed(Stage::Match, format!("it cannot be undone: {reason}"));
        return Err(draft.refuse(RefusalKind::Forbidden, "NOT_UNDOABLE", step));
    }
    let Way {
        state,
        settings: settings_then,
        mut undone,
        ..
    } = way;
    let draft = keys_are_free(request, draft, &state)?;
    let mut draft = match settings_then {
        Some(after) => {
            let decision = settings::settle(request, draft, after)?;
            let (draft, changes) = Draft::going_on(&request.facts.settings.preset, decision);
            undone.extend(changes);
            draft
        }
        None => draft,
    };
    draft = owner_stays(request, draft, &state)?;
    for change in &undone {
        if let Change::MemberCreated { after } = change {
            let name = after.display_name();
            let what = format!("{name} comes back without a password; the one before is not kept");
            draft.step(TraceStep::noted(Stage::Effect, what));
        }
    }
    Ok(draft.done(undone))
}

/// The state as it comes to be while change after change is taken back.
struct Way<'a> {
    request: &'a Request<'a>,
    state: Standing,
    settings: Option<Settings>,
    undone: Vec<Change>,
}

impl Way<'_> {
    /// Takes one step back; or says what is no longer as it was.
    fn take(&mut self, inverse: Change) -> Result<(), String> {
        match inverse {
            Change::MemberRemoved { before } => self.remove_member(&before)?,
            Change::MemberUpdated { before, after } => {
                let now = self.member_as(&before)?;
                let mut after = after;
                after.version = now.version + 1;
                after.modified = self.request.circumstance.now;
                self.state.members.insert(after.id, (*after).clone());
                self.undone.push(Change::MemberUpdated {
                    before: Box::new(now),
                    after,
                });
            }
            Change::MemberCreated { mut after } => {
                if self.state.members.contains_key(&after.id) {
                    return Err(format!("{} is there again", after.display_name()));
                }
                after.version += 1;
                after.modified = self.request.circumstance.now;
                self.state.members.insert(after.id, (*after).clone());
                self.undone.push(Change::MemberCreated { after });
            }
            Change::TeamRemoved { before } => self.remove_team(&before)?,
            Change::TeamUpdated { before, after } => {
                let now = match self.state.teams.get(&before.id) {
                    Some(now) if is_same_team(now, &before) => now.clone(),
                    now => return Err(no_longer(now.is_some(), before.display_name())),
                };
                let mut after = after;
                after.version = now.version + 1;
                after.modified = self.request.circumstance.now;
                self.state.teams.insert(after.id, (*after).clone());
                self.undone.push(Change::TeamUpdated {
                    before: Box::new(now),
                    after,
                });
            }
            Change::TeamCreated { mut after } => {
                if self.state.teams.contains_key(&after.id) {
                    return Err(format!("the team {} is there again", after.display_name()));
                }
                after.version += 1;
                after.modified = self.request.circumstance.now;
                self.state.teams.insert(after.id, (*after).clone());
                self.undone.push(Change::TeamCreated { after });
            }
            Change::MembershipAdded { team, member, .. } => {
                self.join(team, member, &inverse)?;
                self.undone.push(inverse);
            }
            Change::MembershipRemoved {
                team,
                ref team_name,
                member,
                ref member_name,
            } => {
                if !self.state.memberships.remove(&(team, member)) {
                    return Err(format!("{member_name} is no longer in {team_name}"));
                }
                self.undone.push(inverse);
            }
            Change::SettingsChanged { before, after } => {
                let now = self.settings.as_ref();
                let now = now.unwrap_or(&self.request.facts.settings);
                if !now.says_the_same(&before) {
                    return Err(no_longer(true, "the policy"));
                }
                let is_enabled = |settings: &Settings| {
                    let sso = settings.sso.as_ref();
                    sso.is_some_and(|sso| sso.state == SsoState::Enabled)
                };
                if is_enabled(&after) && !is_enabled(now) {
                    return Err("single sign-on would be enabled again; enable it anew, so that what it needs is looked at".into());
                }
                self.settings = Some(Settings {
                    version: now.version,
                    ..*after
                });
            }
            // No inverse is anything else.
            _ => {}
        }
        Ok(())
    }

    fn member_as(&self, expected: &Member) -> Result<Member, String> {
        match self.state.members.get(&expected.id) {
            Some(now) if is_same_member(now, expected) => Ok(now.clone()),
            now => Err(no_longer(now.is_some(), &expected.display_name())),
        }
    }

    fn remove_member(&mut self, expected: &Member) -> Result<(), String> {
        let before = self.member_as(expected)?;
        let id = before.id;
        if self
            .state
            .memberships
            .iter()
            .any(|(_, member)| *member == id)
        {
            return Err(format!("{} has joined a team", before.display_name()));
        }
        self.state.members.remove(&id);
        self.undone.push(Change::MemberRemoved {
            before: Box::new(before),
        });
        Ok(())
    }

    fn remove_team(&mut self, expected: &Team) -> Result<(), String> {
        let (id, name) = (expected.id, expected.display_name());
        let before = match self.state.teams.get(&id) {
            Some(now) if is_same_team(now, expected) => now.clone(),
            now => return Err(no_longer(now.is_some(), name)),
        };
        if self.state.memberships.iter().any(|(team, _)| *team == id) {
            return Err(format!("somebody has joined the team {name}"));
        }
        self.state.teams.remove(&id);
        self.undone.push(Change::TeamRemoved {
            before: Box::new(before),
        });
        Ok(())
    }

    fn join(&mut self, team: TeamId, member: MemberId, change: &Change) -> Result<(), String> {
        let Change::MembershipAdded {
            team_name,
            member_name,
            ..
        } = change
        else {
            return Ok(());
        };
        let teams = &self.state.teams;
        if teams.get(&team).is_none_or(|it| it.deleted.is_some()) {
            return Err(no_longer(false, team_name));
        }
        let members = &self.state.members;
        if members.get(&member).is_none_or(|it| it.deleted.is_some()) {
            return Err(no_longer(false, member_name));
        }
        if !self.state.memberships.insert((team, member)) {
            return Err(format!("{member_name} is in {team_name} again"));
        }
        Ok(())
    }
}

fn no_longer(is_there: bool, what: &str) -> String {
    if is_there {
        format!("{what} is no longer as the request left it")
    } else {
        format!("{what} is gone")
    }
}

fn changed_meanwhile(request: &Request<'_>, draft: Draft, what: &str) -> Decision {
    let what = match &request.facts.meanwhile {
        Some(meanwhile) => format!("it cannot be undone: {what}; since then {meanwhile}"),
        None => format!("it cannot be undone: {what}"),
    };
    let step = TraceStep::failed(Stage::Match, what);
    draft.refuse(RefusalKind::VersionMismatch, "UNDO_STALE", step)
}

/// Refuses to bring back a name that is somebody else's now.
fn keys_are_free(request: &Request<'_>, draft: Draft, state: &Standing) -> Result<Draft, Decision> {
    let mut holders = state.rivals.iter().filter(|rival| {
        // One of those who change with it has the key only until then.
        rival.is_unique() && !state.members.contains_key(&rival.member.id)
    });
    let mut teams = state.rival_teams.iter().filter(|rival| {
        let mut restored = state.teams.values();
        !state.teams.contains_key(&rival.id)
            && restored.any(|team| takes_keys_of(request, team, rival))
    });
    let taken = match (holders.next(), teams.next()) {
        (Some(rival), _) => format!(
            "{} belongs to {} now",
            rival.attribute,
            rival.member.display_name()
        ),
        (None, Some(team)) => {
            format!("its name belongs to the team {} now", team.display_name())
        }
        (None, None) => return Ok(draft),
    };
    Err(changed_meanwhile(request, draft, &taken))
}

/// Whether a team would get a key that another one has, as far as the policy lets no two teams have it.
fn takes_keys_of(request: &Request<'_>, team: &Team, other: &Team) -> bool {
    let policy = &request.policy.teams;
    let now = request.facts.standing.teams.get(&team.id);
    let gets_name = now.is_none_or(|now| now.display_name() != team.display_name());
    let shares_name = policy.post_existing_name != TeamPostExisting::Duplicate
        && is_same_name(policy.name_case, team.display_name(), other.display_name());
    let shares_id = team.external_id().is_some() && team.external_id() == other.external_id();
    shares_id || (gets_name && shares_name)
}

/// The owner is out of reach of an undo, too.
fn owner_stays(
    request: &Request<'_>,
    mut draft: Draft,
    state: &Standing,
) -> Result<Draft, Decision> {
    let has_access =
        |member: &Member| member.owner && member.is_active() && member.deleted.is_none();
    for before in request.facts.standing.members.values() {
        let stays = state.members.get(&before.id).is_some_and(has_access);
        if has_access(before) && !stays {
            draft = guard::owner_stays(request, draft, before, "Cannot deactivate an owner")?;
        }
    }
    Ok(draft)
}
