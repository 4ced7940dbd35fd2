//! How a change at the engine ended, told to the admin.

use super::App;
use crate::admin::types::{Done, Outcome, TokenRow};
use crate::admin::{AdminError, AdminErrorKind};
use crate::console::effect::{Effect, Write};
use crate::console::overlays::messages::{Message, Tone};
use crate::console::overlays::{NewTokenOverlay, Overlay};
use crate::console::panes::PaneId;
use crate::console::place::Jump;
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
            next: String::new(),
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
            Write::DeactivateMember(..)
            | Write::RestoreMember(..)
            | Write::Bulk(_)
            | Write::IssueToken(_)
            | Write::RevokeToken(..)
            | Write::TendIncident(..)
            | Write::RuleHold(..)
            | Write::RotateToken(..) => {}
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
                self.open(Overlay::NewToken(Box::new(NewTokenOverlay::new(
                    token, secret,
                ))));
                effects.extend(self.refresh());
            }
            Err(error) => self.refused(&format!("token {name} was not issued"), &error),
        }
    }

    /// A change was refused: the form it came from stays, and says why.
    fn refused(&mut self, what: &str, error: &AdminError) {
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

    fn close_forms(&mut self) {
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
        Write::Bulk(bulk) => format!("{} members were changed", bulk.members.len()),
        Write::AddTeam(team) => format!("team {} was added", team.name),
        Write::IssueToken(token) => format!("token {} was issued", token.name),
        Write::RevokeToken(_, name) => format!("token {name} was revoked"),
        Write::RotateToken(_, _, name) => format!("token {name} was rotated"),
        Write::TendIncident(id, _, said) => format!("incident {id} {said}"),
        Write::RuleHold(id, _, said) => format!("what incident {id} held was {said}"),
    }
}

/// What was not done.
fn not_done(write: &Write) -> String {
    match write {
        Write::AddMember(member) => format!("{} was not added", member.user_name),
        Write::DeactivateMember(_, name) => format!("{name} was not deactivated"),
        Write::RestoreMember(_, name) => format!("{name} was not restored"),
        Write::Bulk(bulk) => format!("{} members were not changed", bulk.members.len()),
        Write::AddTeam(team) => format!("team {} was not added", team.name),
        Write::IssueToken(token) => format!("token {} was not issued", token.name),
        Write::RevokeToken(_, name) => format!("token {name} was not revoked"),
        Write::RotateToken(_, _, name) => format!("token {name} was not rotated"),
        Write::TendIncident(id, ..) => format!("incident {id} is as it was"),
        Write::RuleHold(id, _, said) => format!("what incident {id} holds was not {said}"),
    }
}
