//! What is done in overlays: accept, cancel, choose, confirm.

use super::App;
use super::timers::after;
use crate::admin::types::QueryKey;
use crate::console::command::Reason;
use crate::console::effect::{Effect, Load};
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Choice, Confirm, Doctor, Overlay, Palette, Prompt};
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
            Some(Overlay::Menu(menu)) => {
                let chosen = menu.items.get(menu.chosen);
                let chosen = chosen.map(|(_, choice)| choice.clone());
                match chosen {
                    Some(Choice::Nothing) => Vec::new(),
                    Some(Choice::Effect(effect)) => {
                        self.overlays.pop();
                        vec![self.asked_by_menu(effect)]
                    }
                    Some(Choice::Command(id)) => {
                        self.overlays.pop();
                        self.invoke_id(id)
                    }
                    None => {
                        self.overlays.pop();
                        Vec::new()
                    }
                }
            }
            Some(Overlay::Views(picker)) => {
                let chosen = picker.chosen;
                self.take_view(chosen)
            }
            Some(
                Overlay::Confirm(_) | Overlay::Doctor(_) | Overlay::Secret(_) | Overlay::Qr(_),
            )
            | None => self.cancel(),
            Some(Overlay::Form(_)) => Vec::new(),
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
        if prompt.error().is_some() || prompt.is_amid_key() {
            return Vec::new();
        }
        let text = prompt.input.text().trim().to_owned();
        self.apply_filter(&text)
    }

    /// Escape: closes without doing anything. A filter that was tried out is taken back.
    pub fn cancel(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Secret(shown)) = self.overlays.last_mut()
            && !shown.try_close()
        {
            return Vec::new();
        }
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
            Some(Overlay::Menu(menu)) => menu.items.len(),
            Some(Overlay::Views(_)) => self.views.all.len(),
            Some(Overlay::Confirm(_) | Overlay::Form(_) | Overlay::Secret(_) | Overlay::Qr(_))
            | None => 0,
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
            Some(Overlay::Menu(menu)) => step(&mut menu.chosen),
            Some(Overlay::Views(picker)) => step(&mut picker.chosen),
            Some(Overlay::Confirm(confirm)) => {
                confirm.scroll(&self.look, (self.size.width, self.size.height), by);
            }
            Some(Overlay::Form(_) | Overlay::Secret(_) | Overlay::Qr(_)) | None => {}
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
            Some(Overlay::Menu(menu)) => menu.chosen = row,
            Some(Overlay::Views(picker)) => picker.chosen = row,
            Some(Overlay::Form(form)) => {
                form.form.set_focus(row);
                return Vec::new();
            }
            Some(
                Overlay::Confirm(_) | Overlay::Doctor(_) | Overlay::Secret(_) | Overlay::Qr(_),
            )
            | None => return Vec::new(),
        }
        self.accept()
    }

    /// Tab: completes what is typed.
    pub fn next_field(&mut self, by: i64) -> Vec<Effect> {
        if let Some(Overlay::Prompt(prompt)) = self.overlays.last_mut() {
            if by > 0 && prompt.complete() {
                self.text_changed();
            }
        } else if let Some(Overlay::Palette(palette)) = self.overlays.last() {
            let rows = palette.rows(self);
            if let Some(verb) = rows.get(palette.chosen).and_then(|row| row.command.verb) {
                return self.ask_for_argument(verb.word);
            }
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
            _ => {}
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
            prompt.known = vec![
                (QueryKey::Code, codes.collect()),
                (QueryKey::Token, tokens.collect()),
            ];
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

    /// Copies what is shown this once.
    pub fn copy_secret(&mut self) -> Vec<Effect> {
        let Some(Overlay::Secret(shown)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        shown.copied = true;
        vec![Effect::Copy {
            what: shown.called(),
            text: shown.secret.clone(),
        }]
    }
}
