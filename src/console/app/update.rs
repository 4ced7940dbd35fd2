//! The one way the state changes.

use super::timers::after;
use super::{App, Link};
use crate::admin::types::{Overview, TailEvent};
use crate::admin::{AdminError, AdminErrorKind};
use crate::console::effect::Effect;
use crate::console::error::Exit;
use crate::console::msg::{Fact, Msg};
use crate::console::overlays::Overlay;
use crate::console::overlays::messages::Tone;
use crate::console::panes::requests::Tail;
use crate::console::place::Jump;
use crate::console::store::Generation;

impl App {
    /// Takes in what happened, and gives what shall happen outside.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.now = self.now.max(msg.at);
        let mut effects = Vec::new();
        let mut changed = self.take(msg.fact, &mut effects);
        changed |= self.grant(&mut effects);
        self.gather(&mut effects);
        self.dirty |= changed;
        effects
    }

    /// Takes a fact in. Tells whether the screen looks different.
    fn take(&mut self, fact: Fact, effects: &mut Vec<Effect>) -> bool {
        match fact {
            Fact::Started => {
                effects.push(self.ask_overview());
                effects.push(self.follow_tail());
                self.timers.ages = after(self.now, 60_000);
                true
            }
            Fact::Woke => self.wake(effects),
            Fact::KeyPressed(key) => {
                effects.extend(self.press(key));
                true
            }
            Fact::Pasted(text) => {
                effects.extend(self.paste(&text));
                true
            }
            Fact::Clicked(target) => {
                effects.extend(self.click(target));
                true
            }
            Fact::Scrolled { target, lines } => {
                self.scroll(target, lines);
                true
            }
            Fact::Resized { width, height } => {
                (self.size.width, self.size.height) = (width, height);
                true
            }
            Fact::OverviewLoaded(generation, result) => {
                self.overview_loaded(generation, result, effects)
            }
            Fact::DoctorLoaded(generation, result) => match self.overlays.last_mut() {
                Some(Overlay::Doctor(doctor)) => doctor.findings.answer(generation, result),
                _ => false,
            },
            Fact::MembersLoaded(generation, offset, result) => {
                self.members.rows.loaded(generation, offset, result)
            }
            Fact::MarksLoaded(generation, result) => self.marks_loaded(generation, result),
            Fact::MemberLoaded(generation, result) => {
                self.members.detail.loaded(generation, result)
            }
            Fact::TimelineLoaded(generation, result) => {
                self.members.older_loaded(generation, result)
            }
            Fact::TeamsLoaded(generation, offset, result) => {
                self.teams.rows.loaded(generation, offset, result)
            }
            Fact::TeamLoaded(generation, result) => self.teams.detail.loaded(generation, result),
            Fact::TeamMembersLoaded(generation, offset, result) => {
                self.teams.members_loaded(generation, offset, result)
            }
            Fact::MemberFound(generation, result) => self.found(effects, "no such member", |app| {
                let taken = app.lookups.member.answer(generation, result);
                taken.then(|| match app.lookups.member.error() {
                    Some(error) => Err(error.clone()),
                    None => Ok(app.lookups.member.value().copied().map(Jump::Member)),
                })
            }),
            Fact::TeamFound(generation, result) => self.found(effects, "no such team", |app| {
                let taken = app.lookups.team.answer(generation, result);
                taken.then(|| match app.lookups.team.error() {
                    Some(error) => Err(error.clone()),
                    None => Ok(app.lookups.team.value().copied().map(Jump::Team)),
                })
            }),
            Fact::RequestsLoaded(generation, span, result) => {
                let taken = match result {
                    Ok(page) => {
                        self.requests.error = None;
                        self.requests.ring.page_loaded(generation, span, page)
                    }
                    Err(error) => {
                        let wanted = self.requests.ring.page_failed(generation, span);
                        if wanted {
                            self.requests.error = Some(error);
                        }
                        wanted
                    }
                };
                if taken {
                    effects.extend(self.go_on_seeking());
                }
                taken
            }
            Fact::RequestLoaded(generation, result) => {
                self.requests.detail.loaded(generation, result)
            }
            Fact::TailStarted(generation) => self.tail_started(generation),
            Fact::TailArrived(generation, events) => self.tail_arrived(generation, events),
            Fact::TailEnded(generation, error) => self.tail_ended(generation, error),
            Fact::TokensLoaded(generation, result) => self.scim.loaded(generation, result),
            Fact::PolicyLoaded(generation, result) => self.policies.loaded(generation, result),
            Fact::PolicyDiffLoaded(generation, result) => {
                self.policy_diff_loaded(generation, result)
            }
            Fact::SimulationLoaded(generation, result) => {
                self.simulation_loaded(generation, result)
            }
            Fact::UndoAsked(generation, result) => self.undo_asked(generation, result),
            Fact::LinkLoaded(generation, result) => self.scim.link_loaded(generation, result),
            Fact::SyncLoaded(generation, result) => self.sync_loaded(generation, result),
            Fact::SsoLoaded(generation, result) => self.sso_loaded(generation, result),
            Fact::SignInsLoaded(generation, result) => {
                let changed = self.sso.sign_ins_loaded(generation, result);
                self.sign_ins_came(changed, effects)
            }
            Fact::SignInExplained(generation, result) => {
                self.sso.explained.answer(generation, result)
            }
            Fact::TestDriveStarted(result) => {
                self.test_drive_started(result);
                true
            }
            Fact::TestDriveLooked(generation, result) => {
                self.outcome_came(generation, result, effects)
            }
            Fact::ResponseExamined(generation, result) => self.examined(generation, result),
            Fact::SessionsLoaded(generation, result) => {
                let taken = self.members.sessions_loaded(generation, result);
                effects.extend(self.sessions_came(taken));
                taken
            }
            Fact::BrowserOpened(result) => {
                self.browser_opened(result);
                true
            }
            Fact::IncidentsLoaded(generation, result) => self.incidents.loaded(generation, result),
            Fact::IncidentLoaded(generation, result) => {
                self.incidents.detail.loaded(generation, result)
            }
            Fact::WriteFinished(write, result) => {
                self.write_finished(&write, result, effects);
                true
            }
            Fact::PurgeForeseen(result) => self.purge_foreseen(result),
            Fact::BulkFinished(bulk, results) => {
                self.bulk_finished(&bulk, results, effects);
                true
            }
            Fact::TokenIssued(name, result) => {
                self.token_issued(&name, result, effects);
                true
            }
            Fact::LinkMade(name, result) => {
                self.link_made(&name, result, effects);
                true
            }
            Fact::Copied(what, result) => {
                match result {
                    Ok(()) => self.say(Tone::Success, format!("{what} is on the clipboard"), ""),
                    Err(why) => self.say(
                        Tone::Failure,
                        format!("{what} could not be copied: {why}"),
                        "An export to a file has no such limit.",
                    ),
                }
                true
            }
            Fact::Exported(what, result) => {
                match result {
                    Ok(path) => self.say(Tone::Success, format!("{what} is in {path}"), ""),
                    Err(why) => self.say(
                        Tone::Failure,
                        format!("{what} could not be written: {why}"),
                        "",
                    ),
                }
                true
            }
            Fact::ViewsSaved(what, result) => {
                self.views_saved(what, result);
                true
            }
            Fact::TaskPanicked(report) => {
                // What the task was asked will never be answered.
                self.plan_overview();
                let next =
                    report.map_or_else(String::new, |path| format!("The report is in {path}."));
                self.say(
                    Tone::Failure,
                    "a background task failed; this is a mistake in Provost",
                    next,
                );
                true
            }
            Fact::Interrupted => {
                self.quit(Exit::Signal);
                false
            }
        }
    }

    fn overview_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<Overview>, AdminError>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let link = self.link();
        let before = self.overview.value().cloned();
        if !self.overview.answer(generation, result) {
            return false;
        }
        let is_down = self.overview.error().is_some();
        self.timers.failures = if is_down { self.timers.failures + 1 } else { 0 };
        self.plan_overview();
        let reached_again = matches!(link, Link::Down | Link::Troubled) && !is_down;
        if reached_again {
            self.say(Tone::Success, "the engine answers again", "");
            self.members.rows.retry();
            self.members.detail.retry();
            self.teams.rows.retry();
            self.teams.detail.retry();
            self.teams.members.retry();
            self.requests.ring.retry();
            self.requests.detail.retry();
            effects.extend(self.reload());
            effects.push(self.follow_tail());
        }
        // The engine's clock goes on with every answer; that alone changes nothing on the screen.
        let same = match (&before, self.overview.value()) {
            (Some(before), Some(now)) => {
                let clocked = Overview {
                    now: now.now,
                    ..(**before).clone()
                };
                clocked == **now
            }
            _ => false,
        };
        !same || self.link() != link
    }

    fn found(
        &mut self,
        effects: &mut Vec<Effect>,
        what: &str,
        answer: impl FnOnce(&mut Self) -> Option<Result<Option<Jump>, AdminError>>,
    ) -> bool {
        match answer(self) {
            Some(Ok(Some(jump))) => effects.extend(self.jump(jump)),
            Some(Err(error)) => self.say_failed(what, &error),
            Some(Ok(None)) | None => return false,
        }
        true
    }

    fn go_on_seeking(&mut self) -> Vec<Effect> {
        let Some(left) = self.requests.seeking.take() else {
            return Vec::new();
        };
        let effects = self.go_to_failure(true);
        // Not found yet, and older lines are on their way.
        if self.requests.seeking.is_some() {
            self.requests.seeking = left.checked_sub(1);
            if self.requests.seeking.is_none() {
                self.say(
                    Tone::Info,
                    "no failure in the lines looked through",
                    "Once more looks further back.",
                );
            }
        }
        effects
    }

    fn tail_started(&mut self, generation: Generation) -> bool {
        if !self.requests.is_current_tail(generation) {
            return false;
        }
        self.requests.tail = Tail::Live;
        // What was written before the tail stood and after the page was read would be missing.
        self.requests.ring.refresh();
        true
    }

    fn tail_arrived(&mut self, generation: Generation, events: Vec<TailEvent>) -> bool {
        if !self.requests.is_current_tail(generation) {
            return false;
        }
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            match event {
                TailEvent::Request { row } => rows.push(*row),
                TailEvent::Dropped { count } => self.requests.ring.note_dropped(count),
            }
        }
        self.requests.ring.push(rows, self.now);
        self.pane == crate::console::panes::PaneId::Requests
    }

    fn tail_ended(&mut self, generation: Generation, error: AdminError) -> bool {
        if !self.requests.is_current_tail(generation) {
            return false;
        }
        // The log ends when the engine does: whether it still answers is asked now, not when it is due.
        if error.kind == AdminErrorKind::Unreachable && self.link() == Link::Up {
            self.timers.overview = Some(self.now);
        }
        self.requests.tail = Tail::Ended(error);
        self.timers.tail = after(self.now, 2_000);
        true
    }
}
