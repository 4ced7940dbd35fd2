//! When the state wants to be woken: the engine is to be asked again, a message goes, a filter is to be applied, an age
//! on the screen reads differently. Between these nothing happens and nothing is drawn.

use jiff::{SignedDuration, Timestamp};

use super::{App, Link};
use crate::console::effect::Effect;
use crate::console::overlays::Overlay;
use crate::console::panes::PaneId;

/// When something is due.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timers {
    /// To ask the engine how everything stands.
    pub(super) overview: Option<Timestamp>,
    /// How often it could not be asked, one after the other.
    pub(super) failures: u32,
    /// To follow the log again.
    pub(super) tail: Option<Timestamp>,
    /// To draw ages anew.
    pub(super) ages: Option<Timestamp>,
}

/// A time so many milliseconds after another.
pub(super) fn after(now: Timestamp, milliseconds: i64) -> Option<Timestamp> {
    now.saturating_add(SignedDuration::from_millis(milliseconds))
        .ok()
}

impl App {
    /// When to wake the state, if nothing else happens before.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let prompt = match self.overlays.last() {
            Some(Overlay::Prompt(prompt)) => prompt.due,
            _ => None,
        };
        [
            self.timers.overview,
            self.timers.tail,
            self.timers.ages,
            self.messages.until(),
            self.members.detail.due(),
            self.teams.detail.due(),
            self.requests.detail.due(),
            self.incidents.detail.due(),
            self.sso.drive.due,
            prompt,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Does what is due. Tells whether the screen looks different.
    pub(super) fn wake(&mut self, effects: &mut Vec<Effect>) -> bool {
        let is_due = |at: Option<Timestamp>, now| at.is_some_and(|at| at <= now);
        let mut changed = self.messages.expire(self.now);
        self.members.detail.woke(self.now);
        self.teams.detail.woke(self.now);
        self.requests.detail.woke(self.now);
        self.incidents.detail.woke(self.now);
        if is_due(self.timers.overview, self.now) {
            self.timers.overview = None;
            effects.push(self.ask_overview());
            effects.extend(self.ask_again());
        }
        if is_due(self.sso.drive.due, self.now) {
            effects.extend(self.ask_outcome());
        }
        if is_due(self.timers.tail, self.now) {
            self.timers.tail = None;
            effects.push(self.follow_tail());
        }
        if is_due(self.timers.ages, self.now) {
            self.timers.ages = after(self.now, 60_000);
            changed = true;
        }
        if let Some(Overlay::Prompt(prompt)) = self.overlays.last_mut()
            && is_due(prompt.due, self.now)
        {
            prompt.due = None;
            effects.extend(self.preview_filter());
            changed = true;
        }
        changed
    }

    /// Plans when to ask the engine again how everything stands.
    pub(super) fn plan_overview(&mut self) {
        let wait = match self.link() {
            Link::Up if self.pane == PaneId::Home => 2_000,
            Link::Up | Link::Connecting => 5_000,
            // 1, 2, 4, 8 and then every 15 seconds.
            Link::Down | Link::Troubled => {
                (500_i64 << self.timers.failures.clamp(1, 5)).min(15_000)
            }
        };
        self.timers.overview = after(self.now, wait);
    }
}
