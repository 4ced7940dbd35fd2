//! How a change at the engine ended, told to the admin.

use super::App;
use crate::admin::types::{Done, Outcome, TeamChange, TokenRow};
use crate::admin::{AdminError, AdminErrorKind};
use crate::console::effect::{Effect, MemberDeed, TeamWish, TeamWrite, Write};
use crate::console::overlays::messages::{Message, Tone};
use crate::console::overlays::{MadeLink, Overlay, SecretOf, SecretOverlay};
use crate::console::panes::PaneId;
use crate::console::place::Jump;
use crate::counted;
use crate::secret::Secret;

impl App {
    /// A change was answered.
    pub(super) fn write_finished(
        &mut self,
        write: &Write,
        result: Result<Done, AdminError>,
        effects: &mut Vec<Effect>,
    ) {
        let done = match result {
            Ok(done) => done,
            Err(error) => {
                self.refused(&not_done(write), &error);
                if let Write::Sso(deed) = write {
                    self.sso_refused(deed, &error);
                }
                return;
            }
        };
        let (tone, text) = match done.outcome {
            Outcome::NoOp => (Tone::Info, format!("{}: it was so already", said(write))),
            Outcome::Held => (
                Tone::Warning,
                format!("{}: it waits for an admin", said(write)),
            ),
            Outcome::Ignored => (
                Tone::Warning,
                format!("{}: the policy ignores it", said(write)),
            ),
            Outcome::Applied | Outcome::Refused | Outcome::Error => (Tone::Success, said(write)),
        };
        self.close_forms();
        self.messages.say(Message {
            at: self.now,
            tone,
            text,
            next: done.warnings.join("; "),
            request: done.request_id,
        });
        match write {
            Write::AddMember(_) => {
                if let Ok(id) = done.id.parse() {
                    effects.extend(self.jump(Jump::Member(id)));
                }
            }
            Write::AddTeam(_) => {
                if let Ok(id) = done.id.parse() {
                    effects.extend(self.jump(Jump::Team(id)));
                }
            }
            Write::ChangeTeam(write) => {
                if write.wish == TeamWish::Change(TeamChange::Delete) {
                    self.teams.detail.close();
                }
            }
            Write::Sso(deed) => self.sso_done(deed),
            Write::DeactivateMember(..)
            | Write::SwitchTeamSync { .. }
            | Write::SwitchProvisioning { .. }
            | Write::RestoreMember(..)
            | Write::Member(..)
            | Write::PurgeMembers(_)
            | Write::ForeseePurge
            | Write::Bulk(_)
            | Write::IssueToken(_)
            | Write::Connect { .. }
            | Write::Disconnect(_)
            | Write::RevokeToken(..)
            | Write::RotateToken(..)
            | Write::SetPolicy(_)
            | Write::AdoptPreset(_)
            | Write::UndoRequest(_)
            | Write::StartTestDrive
            | Write::MakeLink(..)
            | Write::TendIncident(..)
            | Write::RuleHold(..) => {}
        }
        effects.extend(self.refresh());
    }

    /// A token was issued: its secret is shown, this once.
    pub(super) fn token_issued(
        &mut self,
        name: &str,
        result: Result<(TokenRow, Secret), AdminError>,
        effects: &mut Vec<Effect>,
    ) {
        match result {
            Ok((token, secret)) => {
                self.close_forms();
                effects.extend(self.jump(Jump::Pane(PaneId::Scim)));
                let of = SecretOf::Token(Box::new(token));
                self.open(Overlay::Secret(Box::new(SecretOverlay::new(of, secret))));
                effects.extend(self.refresh());
            }
            Err(error) => self.refused(&format!("token {name} was not issued"), &error),
        }
    }

    /// A link to set a password with was made: it is shown, this once.
    pub(super) fn link_made(
        &mut self,
        name: &str,
        result: Result<(MadeLink, Option<Secret>), AdminError>,
        effects: &mut Vec<Effect>,
    ) {
        match result {
            Ok((link, secret)) => {
                if let Some(secret) = secret {
                    let of = SecretOf::Link(link);
                    self.open(Overlay::Secret(Box::new(SecretOverlay::new(of, secret))));
                }
                effects.extend(self.refresh());
            }
            Err(error) => self.refused(&format!("no link was made for {name}"), &error),
        }
    }

    /// A change was refused: the form it came from stays, and says why.
    pub(super) fn refused(&mut self, what: &str, error: &AdminError) {
        for overlay in &mut self.overlays {
            if let Overlay::Form(form) = overlay {
                form.sending = false;
                form.error = Some(error.clone());
                if error.kind == AdminErrorKind::Conflict {
                    let first = form.form.fields().first().map(|field| field.id);
                    form.form
                        .set_error(first.unwrap_or_default(), error.detail.clone());
                }
            }
        }
        self.say_failed(what, error);
    }

    pub(super) fn close_forms(&mut self) {
        self.overlays
            .retain(|overlay| !matches!(overlay, Overlay::Form(_)));
    }
}

/// What was done.
fn said(write: &Write) -> String {
    match write {
        Write::AddMember(member) => format!("{} was added", member.user_name),
        Write::DeactivateMember(_, name) => format!("{name} was deactivated"),
        Write::RestoreMember(_, name) => format!("{name} was restored"),
        Write::Member(_, deed, name) => format!("{name} was {}", participle(deed)),
        Write::MakeLink(_, _, name) => format!("a link was made for {name}"),
        Write::PurgeMembers(_) => "every provisioned member was removed".to_owned(),
        Write::ForeseePurge => "nothing was changed".to_owned(),
        Write::Bulk(bulk) => format!(
            "{} changed",
            counted::count(bulk.members.len() as u64, "member was", "members were")
        ),
        Write::AddTeam(team) => format!("team {} was added", team.name),
        Write::ChangeTeam(write) => told(write, ""),
        Write::SwitchTeamSync { on, .. } => format!("team sync is {}", on_off(*on)),
        Write::SwitchProvisioning { state, .. } => format!("provisioning is {}", state.as_str()),
        Write::IssueToken(token) => format!("token {} was issued", token.name),
        Write::Connect { connection, .. } => format!("{} was connected", connection.name),
        Write::Disconnect(name) => format!("{name} was disconnected; members and teams stay"),
        Write::RevokeToken(_, name) => format!("token {name} was revoked"),
        Write::RotateToken(_, _, name) => format!("token {name} was rotated"),
        Write::TendIncident(id, _, said) => format!("incident {id} {said}"),
        Write::RuleHold(id, _, said) => format!("what incident {id} held was {said}"),
        Write::SetPolicy(set) => match &set.value {
            Some(value) => format!("{} is {value} from now on", set.key),
            None => format!("{} is as the preset has it", set.key),
        },
        Write::AdoptPreset(adopt) => format!("preset {} is in force", adopt.preset),
        Write::UndoRequest(id) => format!("what request {id} changed was undone"),
        Write::Sso(deed) => deed.said(),
        Write::StartTestDrive => "a test-drive was started".to_owned(),
    }
}

fn participle(deed: &MemberDeed) -> &'static str {
    match deed {
        MemberDeed::Edit(_) => "changed",
        MemberDeed::Delete(_) => "deleted",
        MemberDeed::Link(_) => "handed to the IdP",
        MemberDeed::Unlink(_) => "taken out of the IdP's hands",
        MemberDeed::Merge(_) => "merged",
    }
}

/// What was not done.
fn not_done(write: &Write) -> String {
    match write {
        Write::AddMember(member) => format!("{} was not added", member.user_name),
        Write::DeactivateMember(_, name) => format!("{name} was not deactivated"),
        Write::RestoreMember(_, name) => format!("{name} was not restored"),
        Write::Member(_, deed, name) => format!("{name} was not {}", participle(deed)),
        Write::MakeLink(_, _, name) => format!("no link was made for {name}"),
        Write::PurgeMembers(_) => "provisioned members were not removed".to_owned(),
        Write::ForeseePurge => "it cannot be told who would be removed".to_owned(),
        Write::Bulk(bulk) => format!(
            "{} not changed",
            counted::count(bulk.members.len() as u64, "member was", "members were")
        ),
        Write::AddTeam(team) => format!("team {} was not added", team.name),
        Write::ChangeTeam(write) => told(write, "not "),
        Write::SwitchTeamSync { on, .. } => format!("team sync was not turned {}", on_off(*on)),
        Write::SwitchProvisioning { state, .. } => {
            format!("provisioning was not set to {}", state.as_str())
        }
        Write::IssueToken(token) => format!("token {} was not issued", token.name),
        Write::Connect { connection, .. } => format!("{} was not connected", connection.name),
        Write::Disconnect(name) => format!("{name} was not disconnected"),
        Write::RevokeToken(_, name) => format!("token {name} was not revoked"),
        Write::RotateToken(_, _, name) => format!("token {name} was not rotated"),
        Write::TendIncident(id, ..) => format!("incident {id} is as it was"),
        Write::RuleHold(id, _, said) => format!("what incident {id} holds was not {said}"),
        Write::SetPolicy(set) => format!("{} was not set", set.key),
        Write::AdoptPreset(adopt) => format!("preset {} is not in force", adopt.preset),
        Write::UndoRequest(id) => format!("what request {id} changed was not undone"),
        Write::Sso(deed) => deed.not_done(),
        Write::StartTestDrive => "no test-drive was started".to_owned(),
    }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// What was done to a team, or, with `not`, what was not.
fn told(write: &TeamWrite, not: &str) -> String {
    let name = &write.subject.name;
    let change = match &write.wish {
        TeamWish::Own { .. } => return format!("what is kept of {name} here was {not}changed"),
        TeamWish::Join(member) => return format!("{member} was {not}taken into {name}"),
        TeamWish::Change(change) => change,
    };
    match change {
        TeamChange::Rename { name: new } => format!("{name} was {not}renamed to {new}"),
        TeamChange::Describe(_) => format!("what is kept of {name} here was {not}changed"),
        TeamChange::Members { .. } => format!("the members of {name} were {not}changed"),
        TeamChange::Link { .. } => format!("{name} was {not}linked"),
        TeamChange::Unlink { .. } => format!("{name} was {not}unlinked"),
        TeamChange::Pause => format!("the sync of {name} was {not}paused"),
        TeamChange::Resume => format!("the sync of {name} was {not}resumed"),
        TeamChange::Delete => format!("team {name} was {not}deleted"),
    }
}
