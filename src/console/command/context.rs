//! What a command may look at to tell whether it can be used: the state, through a few questions.

use super::Reason;
use crate::admin::guards::Incident;
use crate::admin::types::{MemberRow, RequestRow, TeamRow, TokenRow};
use crate::console::app::{Access, App};
use crate::console::layout::Focus;
use crate::console::overlays::Overlay;
use crate::console::panes::PaneId;

/// The state, as far as commands ask about it.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    app: &'a App,
}

impl<'a> Ctx<'a> {
    /// The context of a state.
    pub fn new(app: &'a App) -> Self {
        Self { app }
    }

    /// The state itself.
    pub fn app(&self) -> &'a App {
        self.app
    }

    /// Why nothing may be changed in this console, where that is so.
    pub fn read_only(&self) -> Option<Reason> {
        match self.app.access {
            Access::ReadWrite => None,
            Access::ReadOnly => Some(Reason::of(
                "this console is read-only; start it without --read-only to change things",
            )),
        }
    }

    /// Whether a pane is on the screen; if not, the reason names the key that goes there.
    pub fn on(&self, pane: PaneId) -> Result<(), Reason> {
        if self.app.pane == pane {
            return Ok(());
        }
        let key = self.app.key(pane.command());
        Err(Reason(
            format!("go to {} first ({key})", pane.title()).into(),
        ))
    }

    /// The member that a command would be about.
    pub fn member(&self) -> Result<&'a MemberRow, Reason> {
        self.on(PaneId::Members)?;
        self.app
            .members
            .current()
            .ok_or(Reason::of("no member is selected"))
    }

    /// The team that a command would be about.
    pub fn team(&self) -> Result<&'a TeamRow, Reason> {
        self.on(PaneId::Teams)?;
        self.app
            .teams
            .current()
            .ok_or(Reason::of("no team is selected"))
    }

    /// The request that a command would be about.
    pub fn request(&self) -> Result<&'a RequestRow, Reason> {
        self.on(PaneId::Requests)?;
        self.app
            .requests
            .current()
            .ok_or(Reason::of("no request is selected"))
    }

    /// The token that a command would be about.
    pub fn token(&self) -> Result<&'a TokenRow, Reason> {
        self.on(PaneId::Scim)?;
        self.app
            .scim
            .current()
            .ok_or(Reason::of("no token is selected"))
    }

    /// Whether the cursor of a timeline stands on a change that a request made.
    pub fn change(&self) -> Result<(), Reason> {
        match self.app.request_under_cursor() {
            Some(_) if self.app.focus == Focus::Detail => Ok(()),
            _ => Err(Reason::of("choose a change in the timeline first")),
        }
    }

    /// The incident that a command would be about.
    pub fn incident(&self) -> Result<&'a Incident, Reason> {
        self.on(PaneId::Incidents)?;
        self.app
            .incidents
            .current()
            .ok_or(Reason::of("no incident is selected"))
    }

    /// The topmost overlay.
    pub fn overlay(&self) -> Option<&'a Overlay> {
        self.app.overlays.last()
    }
}
