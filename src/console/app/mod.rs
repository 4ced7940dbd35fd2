//! The whole state of the console. [`App::update`] is the only thing that changes it: pure, without a clock and without
//! I/O; what shall happen outside comes back as [`Effect`](super::effect::Effect)s. The view reads it, the runtime owns it.

mod acts;
mod asks;
mod bulk;
pub mod detail;
mod dialogs;
mod filters;
mod incidents;
mod keys;
mod link;
mod member_acts;
mod mouse;
mod places;
mod policy;
mod questions;
mod sessions;
mod sso;
pub mod steps;
mod sync;
mod team_questions;
mod test_drive;
mod timers;
mod update;
mod views;
mod wishes;
mod writes;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Size;

use super::command::{CommandId, Scope};
use super::error::Exit;
use super::history::History;
use super::input::Pending;
use super::keymap::Keymap;
use super::layout::{Areas, Arrangement, Focus};
use super::options::ConsoleOptions;
use super::overlays::Overlay;
use super::overlays::messages::{Message, Messages, Tone, next_step};
use super::panes::PaneId;
use super::panes::home::Home;
use super::panes::incidents::Incidents;
use super::panes::members::Members;
use super::panes::policy::Policies;
use super::panes::requests::Requests;
use super::panes::scim::Scim;
use super::panes::sso::SsoPane;
use super::panes::teams::Teams;
use super::place::Place;
use super::remote::{Remote, Standing};
use super::theme::{Look, Role};
use super::views::Views;
use crate::admin::types::{Overview, RequestDetail};
use crate::admin::{AdminError, AdminErrorKind};

/// Whether this console may change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It may.
    ReadWrite,
    /// It only looks.
    ReadOnly,
}

/// Which engine this is, for the admin's eyes.
#[derive(Clone, Debug)]
pub struct Context {
    /// What it is called.
    pub name: String,
    /// How the name is shown.
    pub role: Role,
    /// Where it is: `this process`, a socket or a URL.
    pub place: String,
}

/// How the console stands with its engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The first answer is awaited.
    Connecting,
    /// It answers.
    Up,
    /// It cannot be reached.
    Down,
    /// It answers, but not as it should.
    Troubled,
}

/// The whole state.
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct App {
    /// Which engine this is.
    pub context: Context,
    /// Whether anything may be changed.
    pub access: Access,
    /// Shows commands that try the console itself.
    pub debug: bool,
    /// Theme and glyphs.
    pub look: Look,
    /// The zone of all times on the screen.
    pub zone: TimeZone,
    /// The time of the last message.
    pub now: Timestamp,
    /// The size of the terminal.
    pub size: Size,
    /// Which keys do what.
    pub keymap: Keymap,
    /// The keys of an unfinished chord.
    pub pending: Pending,
    /// Which pane is on the screen.
    pub pane: PaneId,
    /// What of it has the keyboard.
    pub focus: Focus,
    /// Whether that has all the room.
    pub zoomed: bool,
    /// Whether the terminal tells about the mouse.
    pub mouse: bool,
    /// Whether a link led to where one is.
    pub jumped: bool,
    /// Where one came from.
    pub history: History<Place>,
    /// What lies over the panes; the last is topmost.
    pub overlays: Vec<Overlay>,
    /// What the console said.
    pub messages: Messages,
    /// The admin's saved views.
    pub views: Views,
    /// The state of everything at the engine.
    pub overview: Remote<Box<Overview>>,
    /// Pane 1.
    pub home: Home,
    /// Pane 2.
    pub members: Members,
    /// Pane 3.
    pub teams: Teams,
    /// Pane 4.
    pub requests: Requests,
    /// Pane 5.
    pub sso: SsoPane,
    /// Pane 6.
    pub scim: Scim,
    /// Pane 9.
    pub policies: Policies,
    /// What a request changed that shall perhaps be undone.
    undoing: Remote<Box<RequestDetail>>,
    /// Team sync and provisioning.
    pub sync: sync::Sync,
    /// Pane 7.
    pub incidents: Incidents,
    timers: timers::Timers,
    lookups: asks::Lookups,
    /// What was typed in the palette and waits for what it is about.
    wish: Option<wishes::Wish>,
    dirty: bool,
    exit: Option<Exit>,
}

impl App {
    /// A console that has not seen anything yet.
    pub fn new(
        options: &ConsoleOptions,
        look: Look,
        access: Access,
        place: String,
        now: Timestamp,
    ) -> Self {
        Self {
            context: Context {
                name: options.context_name.clone(),
                role: options.context_role,
                place,
            },
            access,
            debug: options.debug,
            look,
            zone: options.time_zone.clone(),
            now,
            size: Size::new(80, 24),
            keymap: Keymap::default(),
            pending: Pending::default(),
            pane: PaneId::default(),
            focus: Focus::List,
            zoomed: false,
            mouse: options.mouse,
            jumped: false,
            history: History::default(),
            overlays: Vec::new(),
            messages: Messages::default(),
            views: Views::default(),
            overview: Remote::default(),
            home: Home::default(),
            members: Members::default(),
            teams: Teams::default(),
            requests: Requests::default(),
            sso: SsoPane::default(),
            scim: Scim::default(),
            policies: Policies::default(),
            undoing: Remote::default(),
            sync: sync::Sync::default(),
            incidents: Incidents::default(),
            timers: timers::Timers::default(),
            lookups: asks::Lookups::default(),
            wish: None,
            dirty: true,
            exit: None,
        }
    }

    /// Whether something changed since it was last drawn; asking takes the mark away.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// Why the console ends, once it does.
    pub fn exit(&self) -> Option<Exit> {
        self.exit
    }

    /// Ends the console.
    pub fn quit(&mut self, exit: Exit) {
        self.exit.get_or_insert(exit);
    }

    /// Where things stand on the screen; `None` where it is too small.
    pub fn areas(&self) -> Option<Areas> {
        Arrangement {
            size: self.size,
            focus: self.focus,
            zoomed: self.zoomed,
            has_detail: self.pane.has_detail(),
            short_list: match self.pane {
                // The state comes first here; the list of sign-ins takes what is left.
                PaneId::Sso => {
                    let third = (self.size.height.saturating_sub(3) / 3).saturating_sub(2);
                    let rows = u16::try_from(self.sso.list.len()).unwrap_or(u16::MAX);
                    Some(rows.min(third))
                }
                PaneId::Scim if self.scim.tokens.value().is_some() => {
                    Some(u16::try_from(self.scim.list.len()).unwrap_or(u16::MAX))
                }
                PaneId::Incidents
                    if self.incidents.all.value().is_some() && !self.has_nothing() =>
                {
                    Some(u16::try_from(self.incidents.list.len()).unwrap_or(u16::MAX))
                }
                _ => None,
            },
        }
        .areas()
    }

    /// Whether the pane's list came without a row and nothing else is open, so that its detail has nothing to show.
    pub fn has_nothing(&self) -> bool {
        match self.pane {
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy => false,
            PaneId::Incidents => {
                self.incidents.list.is_empty() && self.incidents.detail.open.is_none()
            }
            PaneId::Members => {
                self.members.rows.list.is_empty() && self.members.detail.open.is_none()
            }
            PaneId::Teams => self.teams.rows.list.is_empty() && self.teams.detail.open.is_none(),
            PaneId::Requests => {
                self.requests.ring.is_empty() && self.requests.detail.open.is_none()
            }
        }
    }

    /// The scopes whose keys are live, the nearest first.
    pub fn scopes(&self) -> Vec<Scope> {
        match self.overlays.last() {
            Some(overlay) => {
                let mut scopes: Vec<Scope> = overlay.scope().into_iter().collect();
                scopes.extend([Scope::Dialog, Scope::Always]);
                scopes
            }
            None => self.pane_scopes(),
        }
    }

    /// The scopes whose keys are live where no overlay is open.
    pub fn pane_scopes(&self) -> Vec<Scope> {
        let pane = match self.pane {
            PaneId::Home => Scope::Home,
            PaneId::Members => Scope::Members,
            PaneId::Teams => Scope::Teams,
            PaneId::Requests => Scope::Requests,
            PaneId::Sso => Scope::Sso,
            PaneId::Scim => Scope::Scim,
            PaneId::Policy => Scope::Policy,
            PaneId::Incidents => Scope::Incidents,
        };
        let focus = match self.focus {
            Focus::List => Scope::List,
            Focus::Detail => Scope::Detail,
        };
        vec![pane, focus, Scope::Everywhere, Scope::Always]
    }

    /// How the console stands with its engine.
    pub fn link(&self) -> Link {
        match self.overview.standing() {
            Standing::NotAsked | Standing::Loading => match self.overview.error() {
                Some(error) => Self::trouble(error),
                None => Link::Connecting,
            },
            Standing::Here => Link::Up,
            Standing::Refreshing => self.overview.error().map_or(Link::Up, Self::trouble),
            Standing::Stale(error) | Standing::Failed(error) => Self::trouble(error),
        }
    }

    fn trouble(error: &AdminError) -> Link {
        match error.kind {
            AdminErrorKind::Unreachable => Link::Down,
            AdminErrorKind::Invalid
            | AdminErrorKind::Refused
            | AdminErrorKind::NotFound
            | AdminErrorKind::Conflict
            | AdminErrorKind::Unauthorized
            | AdminErrorKind::Unavailable
            | AdminErrorKind::Internal => Link::Troubled,
        }
    }

    /// The newest change the engine told of.
    pub fn newest_change(&self) -> Option<u64> {
        let overview = self.overview.value()?;
        Some(overview.last_changes.first().map_or(0, |row| row.seq))
    }

    /// Whether `guard.owner` keeps the owner out of reach. While nothing is known of it, it does.
    pub fn owner_is_guarded(&self) -> bool {
        let overview = self.overview.value();
        overview.is_none_or(|overview| !overview.guard.owner_unguarded)
    }

    /// Whether `guard.last_admin` keeps the last admin. While nothing is known of it, it does.
    pub fn last_admin_is_guarded(&self) -> bool {
        let overview = self.overview.value();
        overview.is_none_or(|overview| overview.guard.armed)
    }

    /// The key to show for a command; where it has none, the one of the palette.
    pub fn key(&self, id: CommandId) -> String {
        let chord = self
            .keymap
            .chord_of(id)
            .or(self.keymap.chord_of("app.palette"));
        chord.map_or_else(|| id.to_owned(), ToString::to_string)
    }

    /// Puts something over the panes.
    pub fn open(&mut self, overlay: Overlay) {
        self.pending.clear();
        self.overlays.push(overlay);
    }

    /// Says something at the bottom of the screen.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>, next: impl Into<String>) {
        self.messages.say(Message {
            at: self.now,
            tone,
            text: text.into(),
            next: next.into(),
            request: None,
        });
    }

    /// Says that something failed, why, and what to do next.
    pub fn say_failed(&mut self, what: &str, error: &AdminError) {
        let mut next = next_step(error).to_owned();
        if let Some(request) = error.request_id {
            next = format!("{} opens request {request}.", self.key("message.request"));
        }
        self.messages.say(Message {
            at: self.now,
            tone: Tone::Failure,
            text: format!("{what}: {}", error.detail),
            next,
            request: error.request_id,
        });
    }
}
