//! Team sync and provisioning: how they stand, and the questions before their switches are thrown.

use super::App;
use crate::admin::AdminError;
use crate::admin::types::{Provisioning, SomeTeams, SyncStatus, TeamRow, TeamSource};
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Effect, Load, Write};
use crate::console::overlays::Confirm;
use crate::console::overlays::messages::Tone;
use crate::console::remote::Remote;
use crate::console::store::Generation;
use crate::console::words;

/// What is known of team sync.
#[derive(Debug, Default)]
pub struct Sync {
    /// How it stands, and what its switch would do.
    pub remote: Remote<Box<SyncStatus>>,
    seen: Option<u64>,
    /// The question that is to be asked once the counts are here.
    asking: Option<Wanted>,
}

/// How an admin wants team sync to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Otherwise than it is.
    Switched,
    /// On, or off.
    To(bool),
}

impl App {
    /// Asks how team sync stands, where that is not known or something has changed since.
    pub(super) fn need_sync(&mut self, effects: &mut Vec<Effect>) {
        let newest = self.newest_change();
        let nothing = self.sync.remote.value().is_none() && self.sync.remote.error().is_none();
        let outdated = newest.is_some() && self.sync.seen != newest;
        if !self.sync.remote.is_awaited() && (nothing || outdated) {
            self.sync.seen = newest;
            effects.push(Effect::Load(self.sync.remote.ask(), Load::Sync));
        }
    }

    /// Asks whether team sync shall be turned on or off, once the counts of this moment are here.
    pub fn ask_team_sync(&mut self) -> Vec<Effect> {
        self.ask_sync(Wanted::Switched)
    }

    /// The same, where the admin said which of both.
    pub(super) fn ask_team_sync_to(&mut self, on: bool) -> Vec<Effect> {
        self.ask_sync(Wanted::To(on))
    }

    fn ask_sync(&mut self, wanted: Wanted) -> Vec<Effect> {
        self.sync.asking = Some(wanted);
        vec![Effect::Load(self.sync.remote.ask_anew(), Load::Sync)]
    }

    /// How team sync stands came.
    pub(super) fn sync_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<SyncStatus>, AdminError>,
    ) -> bool {
        let failed = result.as_ref().err().cloned();
        if !self.sync.remote.answer(generation, result) {
            return false;
        }
        if let Some(wanted) = self.sync.asking.take() {
            match (failed, self.sync.remote.value().cloned()) {
                (Some(error), _) => self.say_failed("team sync was not changed", &error),
                (None, Some(status)) if wanted == Wanted::To(status.on) && status.has_switch => {
                    let how = if status.on { "on" } else { "off" };
                    self.say(Tone::Info, format!("team sync is {how} already"), "");
                }
                (None, Some(status)) => self.team_sync_question(&status),
                (None, None) => {}
            }
        }
        true
    }

    fn team_sync_question(&mut self, status: &SyncStatus) {
        if !status.has_switch {
            let text = "team sync is always on under this policy; there is no switch to turn";
            self.say(Tone::Info, text, "The policy key is teams.sync_toggle.");
            return;
        }
        let on = !status.on;
        let (question, yes) = if on {
            ("Turn team sync on?", "Turn on")
        } else {
            ("Turn team sync off?", "Turn off")
        };
        let then = Effect::Write(Write::SwitchTeamSync {
            on,
            version: status.version,
        });
        let mut confirm = Confirm::new(Danger::Write, question.to_owned(), "team sync", yes, then);
        let locked = status.locked_fields.join(" and ");
        let synced = words::counted(status.lockable.count, "synced team");
        if on {
            confirm
                .changes
                .push("groups that an IdP pushes become teams".into());
            if !status.locked_fields.is_empty() {
                confirm.changes.push(match status.lockable.count {
                    0 => format!("their {locked} will be locked for admins"),
                    _ => format!("{synced}: {locked} locked for admins"),
                });
                confirm.changes.extend(names(&status.lockable));
            }
            if status.linkable.count > 0 {
                let local = words::counted(status.linkable.count, "team");
                let text = format!("{local} kept here: linked where an IdP pushes the same name");
                confirm.changes.push(text);
                confirm.changes.extend(names(&status.linkable));
            }
            if !status.local_create {
                let text = "teams can no longer be made here: they come from the IdP";
                confirm.changes.push(text.into());
            }
            if status.stay_local.count > 0 {
                let local = words::counted(status.stay_local.count, "team");
                confirm
                    .stays
                    .push(format!("{local} stay local whatever is pushed"));
            }
        } else {
            confirm
                .changes
                .push("groups that an IdP pushes are refused (403 TEAM_SYNC_OFF)".into());
            if !status.locked_fields.is_empty() && status.lockable.count > 0 {
                let text = format!("{synced}: {locked} editable by admins");
                confirm.changes.push(text);
                confirm.changes.extend(names(&status.lockable));
            }
        }
        confirm
            .stays
            .push("nothing is deleted: members, roles and maintainers of every team stay".into());
        confirm.undo = format!(
            "{} turns it {} again",
            self.key("scim.team_sync"),
            if on { "off" } else { "on" }
        );
        self.ask(confirm);
    }

    /// Asks whether provisioning shall be paused, or go on.
    pub fn ask_pause_provisioning(&mut self) -> Vec<Effect> {
        let state = match self.provisioning() {
            Provisioning::On => Provisioning::Paused,
            Provisioning::Paused | Provisioning::Off => Provisioning::On,
        };
        self.ask_provisioning(state)
    }

    /// Asks whether provisioning shall be on, paused or off.
    pub fn ask_provisioning(&mut self, state: Provisioning) -> Vec<Effect> {
        let version = self.sync.remote.value().map(|status| status.version);
        let then = Effect::Write(Write::SwitchProvisioning { state, version });
        let (question, yes) = match state {
            Provisioning::On => ("Turn provisioning on?", "Turn on"),
            Provisioning::Paused => ("Pause provisioning?", "Pause"),
            Provisioning::Off => ("Turn provisioning off?", "Turn off"),
        };
        let mut confirm = Confirm::new(Danger::Write, question.into(), "provisioning", yes, then);
        let (changes, stays): (&[&str], &[&str]) = match state {
            Provisioning::On => (
                &["requests of IdPs are decided and answered again"],
                &["what was refused meanwhile is not made up for until the IdP sends it again"],
            ),
            Provisioning::Paused => (
                &[
                    "every request of an IdP is answered 503 with Retry-After, and logged as held",
                    "an IdP tries again by itself; nothing it sends is lost",
                ],
                &[
                    "members and teams stay as they are",
                    "what an IdP locks stays locked",
                ],
            ),
            Provisioning::Off => (
                &[
                    "every request of an IdP is answered 403 SCIM_OFF, also what it only reads",
                    "what an IdP locks can be edited",
                ],
                &["no member and no team is deleted", "tokens stay"],
            ),
        };
        confirm.changes = changes.iter().map(|text| (*text).to_owned()).collect();
        confirm.stays = stays.iter().map(|text| (*text).to_owned()).collect();
        confirm.undo = format!("{} switches it again", self.key("scim.pause"));
        self.ask(confirm)
    }

    /// Whether identity providers may provision, as far as is known.
    pub fn provisioning(&self) -> Provisioning {
        let overview = self.overview.value();
        overview.map_or(Provisioning::On, |overview| overview.provisioning)
    }

    /// Why an admin cannot change a field of a team now, where that is so.
    pub fn may_edit_team(&self, team: &TeamRow, field: &str) -> Result<(), Reason> {
        let Some(status) = self.sync.remote.value() else {
            // The engine knows.
            return Ok(());
        };
        let is_locked = status.on
            && status.provisioning != Provisioning::Off
            && team.source == TeamSource::Synced
            && !team.paused
            && status.locked_fields.iter().any(|locked| locked == field);
        if !is_locked {
            return Ok(());
        }
        Err(Reason(
            format!(
                "{} of a synced team are managed by {} while team sync is on; change them there, or pause the team ({})",
                if field == "name" { "names" } else { "members" },
                self.idp_name(),
                self.key("team.pause"),
            )
            .into(),
        ))
    }

    /// Why no team can be made here now, where that is so.
    pub fn may_add_team(&self) -> Result<(), Reason> {
        let Some(status) = self.sync.remote.value() else {
            return Ok(());
        };
        if status.on && !status.local_create && status.provisioning != Provisioning::Off {
            let text = "teams are managed by your IdP while team sync is on; push a group there";
            return Err(Reason::of(text));
        }
        Ok(())
    }

    /// Why team sync cannot be switched, where the policy has no switch for it.
    pub fn may_switch_sync(&self) -> Result<(), Reason> {
        match self.overview.value() {
            Some(overview) if !overview.team_sync_switch => Err(Reason::of(
                "this policy has no switch for it; teams.sync_toggle gives it one (pane Policy)",
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// The identity provider that called last.
    pub fn idp_name(&self) -> String {
        let connection = self
            .overview
            .value()
            .and_then(|overview| overview.connections.first());
        match connection.and_then(|connection| connection.idp.as_deref()) {
            Some("okta") => "Okta".into(),
            Some("entra") => "Microsoft Entra ID".into(),
            Some("onelogin") => "OneLogin".into(),
            Some(other) => other.to_owned(),
            None => "the IdP".into(),
        }
    }
}

/// The first teams by name, a line each.
fn names(teams: &SomeTeams) -> Vec<String> {
    let mut lines: Vec<String> = teams
        .first
        .iter()
        .map(|team| format!("  {}", team.name))
        .collect();
    let shown = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    if teams.count > shown {
        lines.push(format!("  and {} more", words::count(teams.count - shown)));
    }
    lines
}
