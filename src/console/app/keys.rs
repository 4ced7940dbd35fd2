//! What a key, a paste or a click does.

use super::App;
use crate::console::command::{self, Command, Ctx, Scope};
use crate::console::effect::Effect;
use crate::console::input::{Key, KeyCode};
use crate::console::keymap::Lookup;
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Adds, Overlay};
use crate::console::place::Jump;
use crate::console::regions::Target;
use crate::console::widgets::form::FormEvent;

impl App {
    /// A key was pressed.
    pub(super) fn press(&mut self, key: Key) -> Vec<Effect> {
        // Whoever goes on is not to be asked about what they typed before.
        self.wish = None;
        self.members.ending = false;
        // The line at the bottom has been read once the admin goes on.
        if self
            .messages
            .shown()
            .is_some_and(|message| message.at < self.now)
        {
            self.messages.dismiss();
        }
        if matches!(self.overlays.last(), Some(Overlay::Form(_))) {
            return self.press_in_form(key);
        }
        let takes_text = self
            .overlays
            .last_mut()
            .is_some_and(|top| top.text().is_some());
        if takes_text && key.as_text().is_some() {
            return self.type_key(key);
        }
        let scopes = self.scopes();
        let begun = self.pending.is_begun();
        let keys = self.pending.push(key);
        match self.keymap.lookup(&scopes, keys) {
            Lookup::Command(command) => {
                self.pending.clear();
                self.invoke(command, "")
            }
            Lookup::Begun => Vec::new(),
            Lookup::Unbound => {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                self.pending.clear();
                if takes_text {
                    return self.type_key(key);
                }
                if begun && key.code != KeyCode::Esc {
                    let next = format!("{} shows all keys.", self.key("app.help"));
                    let text = format!("{} does nothing here", keys.join(" "));
                    self.say(Tone::Info, text, next);
                }
                Vec::new()
            }
        }
    }

    /// Runs a command, or says why it cannot be used now.
    pub fn invoke(&mut self, command: &Command, argument: &str) -> Vec<Effect> {
        self.invoke_then(command.id, |app| (command.run)(app, argument))
    }

    /// Does what a command stands for in another way, if the command can be used now; says why not otherwise.
    pub(super) fn invoke_then(
        &mut self,
        id: &str,
        run: impl FnOnce(&mut Self) -> Vec<Effect>,
    ) -> Vec<Effect> {
        match command::find(id).map(|command| (command.title, command.check(Ctx::new(self)))) {
            Some((_, Ok(()))) => run(self),
            Some((title, Err(reason))) => {
                self.say(Tone::Info, format!("{title}: {}", reason.0), "");
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Runs a command by its name.
    pub fn invoke_id(&mut self, id: &str) -> Vec<Effect> {
        command::find(id).map_or_else(Vec::new, |command| self.invoke(command, ""))
    }

    /// A form's fields know their own keys; only what works everywhere comes before them.
    fn press_in_form(&mut self, key: Key) -> Vec<Effect> {
        if let Lookup::Command(command) = self.keymap.lookup(&[Scope::Always], &[key]) {
            return self.invoke(command, "");
        }
        let Some(Overlay::Form(form)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        match form.press(key) {
            FormEvent::Cancelled => self.cancel(),
            FormEvent::Submitted(values) if form.adds == Adds::PolicyValue => {
                let value = values.into_iter().next().map(|(_, value)| value);
                self.overlays.pop();
                self.ask_set_policy(value)
            }
            FormEvent::Submitted(values) if !form.sending && matches!(form.adds, Adds::Sso(_)) => {
                match form.adds {
                    Adds::Sso(kind) => self.sso_form_sent(kind, &values),
                    _ => Vec::new(),
                }
            }
            FormEvent::Submitted(values) if form.asks_first() && !form.sending => {
                let write = form.write(&values);
                write.map(|write| self.ask_edit(write)).unwrap_or_default()
            }
            FormEvent::Submitted(values) if !form.sending => {
                form.sending = true;
                form.error = None;
                form.write(&values).map(Effect::Write).into_iter().collect()
            }
            FormEvent::Submitted(_)
            | FormEvent::Nothing
            | FormEvent::Edited
            | FormEvent::Invalid => Vec::new(),
        }
    }

    fn type_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(field) = self.overlays.last_mut().and_then(Overlay::text) else {
            return Vec::new();
        };
        if field.press(key) {
            self.text_changed();
        }
        Vec::new()
    }

    /// Text was pasted: it goes into a text field, and nowhere else. A paste is never taken as commands.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        if let Some(Overlay::Form(form)) = self.overlays.last_mut() {
            form.form.paste(text);
            return Vec::new();
        }
        let field = self.overlays.last_mut().and_then(Overlay::text);
        match field.map(|field| field.paste(text)) {
            Some(true) => self.text_changed(),
            Some(false) => {}
            None => self.say(
                Tone::Info,
                "pasted text goes into a field; there is none here",
                "",
            ),
        }
        Vec::new()
    }

    /// The mouse was pressed on something.
    pub(super) fn click(&mut self, target: Target) -> Vec<Effect> {
        match target {
            Target::Command(id) => self.invoke_id(id),
            Target::Choice(row) => self.click_choice(row),
            Target::Overlay => Vec::new(),
            // A click beside an overlay closes it without doing anything.
            _ if !self.overlays.is_empty() => self.cancel(),
            Target::Backdrop => Vec::new(),
            Target::Pane(pane) => self.jump(Jump::Pane(pane)),
            Target::Row(row) => self.click_row(row),
            Target::Column(column) => self.click_column(column),
            Target::List => {
                self.focus_list();
                Vec::new()
            }
            Target::Tab(tab) => {
                self.focus_detail();
                self.show_tab(tab);
                Vec::new()
            }
            Target::Line(line) => self.click_line(line),
            Target::Detail => {
                self.focus_detail();
                Vec::new()
            }
        }
    }
}
