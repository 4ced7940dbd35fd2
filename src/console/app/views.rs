//! Saved views: taking one, showing one, taking one away.

use super::App;
use crate::console::effect::Effect;
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Overlay, ViewPicker};
use crate::console::panes::PaneId;
use crate::console::place::Jump;
use crate::console::redact::may_hold_secret;
use crate::console::views::View;

impl App {
    /// Saves the filter and the order of the list under a name.
    pub fn save_view(&mut self, name: &str) -> Vec<Effect> {
        let sort = match self.pane {
            PaneId::Members => Some(self.members.rows.sort),
            PaneId::Teams => Some(self.teams.rows.sort),
            PaneId::Home
            | PaneId::Requests
            | PaneId::Sso
            | PaneId::Scim
            | PaneId::Policy
            | PaneId::Incidents => None,
        };
        let query = self.filter().to_owned();
        if may_hold_secret(&query) {
            let next = "Take the secret out of the filter first.";
            self.say(Tone::Warning, "this filter is not saved", next);
            return Vec::new();
        }
        let view = View {
            name: name.trim().to_owned(),
            pane: self.pane,
            query,
            sort,
        };
        let what = format!("view {} is saved", view.name);
        match self.views.put(view) {
            Ok(()) => vec![Effect::SaveViews(self.views.all.clone(), what)],
            Err(reason) => {
                self.say(
                    Tone::Warning,
                    format!("the view is not saved: {reason}"),
                    "",
                );
                Vec::new()
            }
        }
    }

    /// Shows the view of this name; without a name, those there are.
    pub fn open_view(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            self.open(Overlay::Views(ViewPicker::default()));
            return Vec::new();
        }
        match self.views.find(name).cloned() {
            Some(view) => self.show_view(&view),
            None => {
                let next = format!("{} shows those there are.", self.key("view.open"));
                self.say(Tone::Info, format!("no view is called {name}"), next);
                Vec::new()
            }
        }
    }

    /// Shows a view.
    fn show_view(&mut self, view: &View) -> Vec<Effect> {
        let mut effects = self.jump(Jump::Pane(view.pane));
        self.focus_list();
        match (self.pane, view.sort) {
            (PaneId::Members, Some(sort)) => self.members.rows.set_sort(sort),
            (PaneId::Teams, Some(sort)) => self.teams.rows.set_sort(sort),
            _ => {}
        }
        effects.extend(self.apply_filter(&view.query));
        effects
    }

    /// Shows the view that is chosen in the picker.
    pub(super) fn take_view(&mut self, chosen: usize) -> Vec<Effect> {
        self.overlays.pop();
        match self.views.all.get(chosen).cloned() {
            Some(view) => self.show_view(&view),
            None => Vec::new(),
        }
    }

    /// Takes the chosen view away.
    pub fn delete_view(&mut self) -> Vec<Effect> {
        let Some(Overlay::Views(picker)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        if picker.chosen >= self.views.all.len() {
            return Vec::new();
        }
        let gone = self.views.all.remove(picker.chosen);
        picker.chosen = picker.chosen.min(self.views.all.len().saturating_sub(1));
        let what = format!("view {} is deleted", gone.name);
        vec![Effect::SaveViews(self.views.all.clone(), what)]
    }

    /// A change of the views was written, or not.
    pub(super) fn views_saved(&mut self, what: String, result: Result<(), String>) {
        match result {
            Ok(()) => self.say(Tone::Success, what, ""),
            Err(why) => self.say(
                Tone::Failure,
                format!("the views could not be written: {why}"),
                "They are as they were when the console is started again.",
            ),
        }
    }
}
