//! What is done in overlays: accept, cancel, choose, confirm.

use super::App;
use super::timers::after;
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Effect, Load};
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Confirm, Doctor, Overlay, Palette, Prompt};
use crate::console::panes::PaneId;
use crate::console::place::Jump;

/// How long after the last key a filter is applied, in milliseconds.
const FILTER_REST: i64 = 150;

impl Overlay {
    /// Whether it can be confirmed, and if not, why not.
    pub fn can_confirm(&self) -> Result<(), Reason> {
        match self {
            Self::Confirm(confirm) => confirm.can_confirm(),
            _ => Err(Reason::of("there is nothing to confirm")),
        }
    }
}

impl App {
    /// Enter: takes what is chosen. In a question that is Cancel.
    pub fn accept(&mut self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Help(help)) => {
                let command = help.rows(self).get(help.chosen).map(|row| row.command);
                self.overlays.pop();
                command.map_or_else(Vec::new, |command| self.invoke(command, ""))
            }
            Some(Overlay::Palette(palette)) => {
                let chosen = palette.rows(self).into_iter().nth(palette.chosen);
                let Some(row) = chosen else {
                    return Vec::new();
                };
                if let (Some(verb), None) = (row.command.verb, &row.argument) {
                    return self.ask_for_argument(verb.word);
                }
                self.overlays.pop();
                self.invoke(row.command, &row.argument.unwrap_or_default())
            }
            Some(Overlay::Prompt(_)) => self.accept_filter(),
            Some(Overlay::Messages(chosen)) => {
                let request = self.messages.all().nth(*chosen).and_then(|m| m.request);
                match request {
                    Some(request) => self.jump(Jump::Request(request)),
                    None => self.cancel(),
                }
            }
            Some(Overlay::Confirm(_) | Overlay::Doctor(_)) | None => self.cancel(),
        }
    }

    fn accept_filter(&mut self) -> Vec<Effect> {
        let Some(Overlay::Prompt(prompt)) = self.overlays.last() else {
            return Vec::new();
        };
        if prompt.error().is_some() {
            return Vec::new();
        }
        let text = prompt.input.text().trim().to_owned();
        self.overlays.pop();
        self.jumped = false;
        self.focus_list();
        self.apply_filter(&text)
    }

    /// Applies what is typed so far, if it can be read.
    pub(super) fn preview_filter(&mut self) -> Vec<Effect> {
        let Some(Overlay::Prompt(prompt)) = self.overlays.last() else {
            return Vec::new();
        };
        if prompt.error().is_some() {
            return Vec::new();
        }
        let text = prompt.input.text().trim().to_owned();
        self.apply_filter(&text)
    }

    /// Escape: closes without doing anything. A filter that was tried out is taken back.
    pub fn cancel(&mut self) -> Vec<Effect> {
        match self.overlays.pop() {
            Some(Overlay::Prompt(prompt)) => self.apply_filter(&prompt.before),
            Some(Overlay::Confirm(_)) => {
                self.say(Tone::Info, "nothing was changed", "");
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Yes: does what a question is about.
    pub fn confirm(&mut self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Confirm(confirm)) if confirm.can_confirm().is_ok() => {
                let then = confirm.then.clone();
                self.overlays.pop();
                vec![then]
            }
            _ => Vec::new(),
        }
    }

    /// Asks before something that changes.
    pub fn ask(&mut self, confirm: Confirm) -> Vec<Effect> {
        self.open(Overlay::Confirm(confirm));
        Vec::new()
    }

    /// Chooses another row of the topmost overlay.
    pub fn choose(&mut self, by: i64) -> Vec<Effect> {
        let rows = match self.overlays.last() {
            Some(Overlay::Help(help)) => help.rows(self).len(),
            Some(Overlay::Palette(palette)) => palette.rows(self).len(),
            Some(Overlay::Prompt(prompt)) => prompt.completions().len(),
            Some(Overlay::Messages(_)) => self.messages.all().count(),
            Some(Overlay::Doctor(doctor)) => doctor.findings.value().map_or(0, Vec::len) * 4,
            Some(Overlay::Confirm(_)) | None => return Vec::new(),
        };
        let by = isize::try_from(by).unwrap_or(0);
        let last = rows.saturating_sub(1);
        let step = |chosen: &mut usize| *chosen = chosen.saturating_add_signed(by).min(last);
        match self.overlays.last_mut() {
            Some(Overlay::Help(help)) => step(&mut help.chosen),
            Some(Overlay::Palette(palette)) => step(&mut palette.chosen),
            Some(Overlay::Prompt(prompt)) => step(&mut prompt.chosen),
            Some(Overlay::Messages(chosen)) => step(chosen),
            Some(Overlay::Doctor(doctor)) => step(&mut doctor.cursor.line),
            Some(Overlay::Confirm(_)) | None => {}
        }
        Vec::new()
    }

    /// A row of the topmost overlay was clicked.
    pub(super) fn click_choice(&mut self, row: usize) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Help(help)) => help.chosen = row,
            Some(Overlay::Palette(palette)) => palette.chosen = row,
            Some(Overlay::Prompt(prompt)) => {
                prompt.chosen = row;
                return self.next_field(1);
            }
            Some(Overlay::Messages(chosen)) => *chosen = row,
            Some(Overlay::Confirm(_) | Overlay::Doctor(_)) | None => return Vec::new(),
        }
        self.accept()
    }

    /// Tab: completes what is typed.
    pub fn next_field(&mut self, by: i64) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Prompt(prompt)) => {
                if by > 0 && prompt.complete() {
                    self.text_changed();
                }
            }
            Some(Overlay::Palette(palette)) => {
                let chosen = palette.chosen;
                let Some(Overlay::Palette(palette)) = self.overlays.last() else {
                    return Vec::new();
                };
                let verb = palette.rows(self).get(chosen).and_then(|row| row.command.verb);
                if let Some(verb) = verb {
                    return self.ask_for_argument(verb.word);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// What is typed into the topmost overlay changed.
    pub(super) fn text_changed(&mut self) {
        let due = after(self.now, FILTER_REST);
        match self.overlays.last_mut() {
            Some(Overlay::Help(help)) => help.chosen = 0,
            Some(Overlay::Palette(palette)) => palette.chosen = 0,
            Some(Overlay::Prompt(prompt)) => {
                prompt.chosen = 0;
                prompt.due = due;
            }
            Some(Overlay::Confirm(_) | Overlay::Messages(_) | Overlay::Doctor(_)) | None => {}
        }
    }

    /// Has the palette ask for a verb's argument.
    pub(super) fn ask_for_argument(&mut self, verb: &str) -> Vec<Effect> {
        if matches!(self.overlays.last(), Some(Overlay::Palette(_))) {
            self.overlays.pop();
        }
        let mut palette = Palette::default();
        palette.input.replace(&format!("{verb} "));
        self.open(Overlay::Palette(palette));
        Vec::new()
    }

    /// Opens the prompt for the filter of the list.
    pub fn open_filter(&mut self) -> Vec<Effect> {
        let mut prompt = Prompt::new(self.pane, self.filter());
        if let Some(overview) = self.overview.value() {
            let codes = overview.failures.iter().map(|failure| failure.code.clone());
            let tokens = overview.connections.iter().map(|c| c.token.clone());
            prompt.known = vec![("code", codes.collect()), ("token", tokens.collect())];
        }
        self.open(Overlay::Prompt(prompt));
        Vec::new()
    }

    /// Has the doctor look at the engine.
    pub fn open_doctor(&mut self) -> Vec<Effect> {
        let mut doctor = Doctor::default();
        let generation = doctor.findings.ask();
        self.open(Overlay::Doctor(doctor));
        vec![Effect::Load(generation, Load::Doctor)]
    }

    /// Asks whether a member shall lose the right to sign in.
    pub fn ask_deactivate(&mut self) -> Vec<Effect> {
        let Some(member) = self.members.current() else {
            return Vec::new();
        };
        let effect = Effect::Write(crate::console::effect::Write::DeactivateMember(
            member.id,
            member.user_name.clone(),
        ));
        let mut confirm = Confirm::new(
            Danger::Write,
            format!("Deactivate {}?", member.name),
            &member.user_name,
            "Deactivate",
            effect,
        );
        confirm.changes = vec![format!("{} can no longer sign in", member.user_name)];
        confirm.stays = vec![format!(
            "their data, their role and their {} stay",
            crate::console::words::counted(u64::from(member.teams), "team")
        )];
        if member.origin == crate::admin::types::Origin::Scim {
            confirm.stays.push("their IdP may activate them again with its next push".to_owned());
        }
        confirm.undo = "U restores them".to_owned();
        self.ask(confirm)
    }

    /// Asks whether a member shall come back.
    pub fn ask_restore(&mut self) -> Vec<Effect> {
        let Some(member) = self.members.current() else {
            return Vec::new();
        };
        let effect = Effect::Write(crate::console::effect::Write::RestoreMember(
            member.id,
            member.user_name.clone(),
        ));
        let mut confirm = Confirm::new(
            Danger::Write,
            format!("Restore {}?", member.name),
            &member.user_name,
            "Restore",
            effect,
        );
        confirm.changes = vec![format!("{} can sign in again", member.user_name)];
        confirm.stays = vec!["their id, role and teams are as they were".to_owned()];
        confirm.undo = "D deactivates them again".to_owned();
        self.ask(confirm)
    }

    /// Asks whether a token shall become worthless; its name must be typed.
    pub fn ask_revoke(&mut self) -> Vec<Effect> {
        let Some(token) = self.scim.current() else {
            return Vec::new();
        };
        let effect = Effect::Write(crate::console::effect::Write::RevokeToken(
            token.id,
            token.name.clone(),
        ));
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Revoke token {}?", token.name),
            &token.name,
            "Revoke",
            effect,
        );
        let used = token.last_used.map_or_else(
            || "it was never used".to_owned(),
            |at| format!("it was last used {}", crate::console::words::age(at, self.now)),
        );
        confirm.changes = vec![
            format!("every request with it is answered 401 from now on; {used}"),
            "an IdP that uses it stops until it gets another one".to_owned(),
        ];
        confirm.stays = vec!["members and teams stay as they are".to_owned()];
        confirm.undo = "cannot be undone; issue a new token instead".to_owned();
        self.ask(confirm)
    }

    /// Where the mouse goes.
    pub fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.mouse = !self.mouse;
        let text = if self.mouse {
            "the console takes the mouse"
        } else {
            "the mouse is the terminal's: select text as usual"
        };
        self.say(Tone::Info, text, "");
        vec![Effect::CaptureMouse(self.mouse)]
    }

    /// Copies the secret of a new token.
    pub fn copy_secret(&mut self) -> Vec<Effect> {
        Vec::new()
    }

    /// A row of the list was clicked; on the selected one it opens.
    pub(super) fn click_row(&mut self, row: u64) -> Vec<Effect> {
        let before = self.selected_row();
        match self.pane {
            PaneId::Home => {
                self.home.chosen = usize::try_from(row).unwrap_or(0);
                return self.open_list();
            }
            PaneId::Members => self.members.rows.list.select(row),
            PaneId::Teams => self.teams.rows.list.select(row),
            PaneId::Scim => self.scim.list.select(row),
            PaneId::Requests => {
                if let Ok(index) = usize::try_from(row) {
                    self.requests.ring.pause();
                    self.requests.ring.select_index(index);
                    self.requests.ring.pause();
                }
            }
        }
        if before == Some(row) {
            return self.open_list();
        }
        self.focus_list();
        Vec::new()
    }

    fn selected_row(&self) -> Option<u64> {
        match self.pane {
            PaneId::Home => None,
            PaneId::Members => self.members.rows.list.selected(),
            PaneId::Teams => self.teams.rows.list.selected(),
            PaneId::Scim => self.scim.list.selected(),
            PaneId::Requests => self
                .requests
                .ring
                .selected_index()
                .and_then(|index| u64::try_from(index).ok()),
        }
    }

    /// A column's head was clicked: its order.
    pub(super) fn click_column(&mut self, column: usize) -> Vec<Effect> {
        use crate::console::panes::{members, teams};
        match self.pane {
            PaneId::Members => {
                if let Some(sort) = members::table::sort_of(column) {
                    self.members.rows.set_sort(sort);
                }
            }
            PaneId::Teams => {
                if let Some(sort) = teams::table::sort_of(column) {
                    self.teams.rows.set_sort(sort);
                }
            }
            PaneId::Home | PaneId::Requests | PaneId::Scim => {}
        }
        self.focus_list();
        Vec::new()
    }

    /// A line of the detail was clicked; a line that leads somewhere is followed when it is clicked again.
    pub(super) fn click_line(&mut self, line: usize) -> Vec<Effect> {
        self.focus_detail();
        if matches!(self.body(80), super::moves::Body::TeamMembers) {
            let row = u64::try_from(line).unwrap_or(0);
            let again = self.teams.members.selected() == Some(row);
            self.teams.members.select(row);
            return if again { self.open_detail() } else { Vec::new() };
        }
        let again = self.cursor().line == line;
        if let Some(cursor) = self.cursor_mut() {
            cursor.line = line;
        }
        if again { self.open_detail() } else { Vec::new() }
    }
}
