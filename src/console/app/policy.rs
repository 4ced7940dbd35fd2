//! What is done on pane Policy, and undoing what a request changed: each asked about before it happens.

use super::App;
use crate::admin::AdminError;
use crate::admin::policy::{
    AdoptPreset, PolicyDiff, PolicyDifference, SetPolicy, Simulate, Simulation, in_groups,
};
use crate::admin::types::{RequestDetail, RequestId};
use crate::console::app::detail::Body;
use crate::console::command::Danger;
use crate::console::effect::{Effect, Export, Load, Write};
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Confirm, FormOverlay, Menu, Overlay};
use crate::console::panes::PaneId;
use crate::console::panes::policy::SHADOW_TAB;
use crate::console::panes::policy::table::value;
use crate::console::place::Jump;
use crate::console::store::Generation;
use crate::console::widgets::doc::Link;
use crate::console::words;

/// What holds whatever the policy says.
const STAYS: &str = "members, teams and memberships stay as they are";
/// How far back the requests lie on which another policy is tried.
pub(super) const STRETCH: &str = "since:24h";

impl App {
    /// Asks for the policy, unless an answer is awaited.
    pub(super) fn ask_policy(&mut self) -> Option<Effect> {
        if self.policies.policy.is_awaited() {
            return None;
        }
        Some(Effect::Load(self.policies.policy.ask(), Load::Policy))
    }

    /// The key of the policy that decided what is open: a request, or the last one of an incident.
    pub fn deciding_key(&self) -> Option<&str> {
        match self.pane {
            PaneId::Requests => {
                let detail = self.requests.detail.remote.value()?;
                detail.exchange.policy_key.as_deref()
            }
            PaneId::Incidents => {
                let detail = self.incidents.detail.remote.value()?;
                let current = self.incidents.current()?;
                let is_shown = detail.incident.id == current.id;
                detail.policy_key.as_deref().filter(|_| is_shown)
            }
            _ => None,
        }
    }

    /// Goes to that key.
    pub fn go_to_policy(&mut self) -> Vec<Effect> {
        match self.deciding_key().map(str::to_owned) {
            Some(key) => self.jump(Jump::Policy(key)),
            None => Vec::new(),
        }
    }

    fn policy_version(&self) -> Option<u64> {
        self.policies.policy.value().map(|policy| policy.version)
    }

    /// Opens the form for the selected key.
    pub fn edit_policy(&mut self) -> Vec<Effect> {
        if let Some(row) = self.policies.current() {
            let form = FormOverlay::policy(row);
            self.open(Overlay::Form(Box::new(form)));
        }
        Vec::new()
    }

    /// Asks whether the selected key shall have another value; `None` gives it back to the preset.
    pub(super) fn ask_set_policy(&mut self, then: Option<String>) -> Vec<Effect> {
        let Some(row) = self.policies.current() else {
            return Vec::new();
        };
        if then.as_ref() == Some(&row.value) {
            let text = format!("{} is {} already", row.key, value(&row.value));
            self.say(Tone::Info, text, "");
            return Vec::new();
        }
        let shown = then.as_deref().unwrap_or(&row.preset_value);
        let (question, yes) = match &then {
            Some(_) => (format!("Set {}?", row.key), "Set"),
            None => (format!("Give {} back to the preset?", row.key), "Reset"),
        };
        let arrow = self.look.glyphs.arrow;
        let changes = vec![
            format!("{} {arrow} {}", value(&row.value), value(shown)),
            format!("it is {}", row.meaning),
            "it holds for every request from then on".to_owned(),
        ];
        let set = SetPolicy {
            key: row.key.clone(),
            value: then,
            if_version: self.policy_version(),
        };
        let effect = Effect::Write(Write::SetPolicy(set));
        let mut confirm = Confirm::new(Danger::Write, question, &row.key, yes, effect);
        confirm.changes = changes;
        confirm.stays = vec![STAYS.to_owned()];
        confirm.undo = format!("{} on the key undoes it", self.key("policy.undo"));
        self.ask(confirm)
    }

    /// Asks whether the selected key shall be given back to the preset.
    pub fn ask_reset_policy(&mut self) -> Vec<Effect> {
        self.ask_set_policy(None)
    }

    /// Shows the presets, to choose another one.
    pub fn choose_preset(&mut self) -> Vec<Effect> {
        let load =
            |name: &str| Effect::Load(Generation::default(), Load::PolicyDiff(name.to_owned()));
        self.preset_menu("Follow preset", load, Vec::new());
        Vec::new()
    }

    /// Shows which other policies can be tried.
    pub fn choose_shadow(&mut self) -> Vec<Effect> {
        let generation = Generation::default();
        let query = STRETCH.to_owned();
        let load = |name: &str| {
            let simulate = Simulate {
                preset: Some(name.to_owned()),
                query: query.clone(),
                ..Simulate::default()
            };
            Effect::Load(generation, Load::SimulatePolicy(simulate))
        };
        let mut values = Vec::new();
        if let Some(row) = self.policies.current() {
            let others = row.values.iter().filter(|word| **word != row.value);
            values.extend(others.map(|word| {
                let simulate = Simulate {
                    overrides: [(row.key.clone(), word.clone())].into(),
                    query: query.clone(),
                    ..Simulate::default()
                };
                let effect = Effect::Load(generation, Load::SimulatePolicy(simulate));
                (format!("{} = {word}", row.key), effect)
            }));
        }
        self.preset_menu("Try on the requests of the last day", load, values);
        Vec::new()
    }

    fn preset_menu(
        &mut self,
        title: &str,
        load: impl Fn(&str) -> Effect,
        more: Vec<(String, Effect)>,
    ) {
        let Some(policy) = self.policies.policy.value() else {
            return;
        };
        let presets = policy.presets.iter().map(|name| {
            let here = if *name == policy.preset {
                " (in force)"
            } else {
                ""
            };
            (format!("preset {name}{here}"), load(name))
        });
        let items = presets
            .chain(more)
            .map(|(words, effect)| (words, effect.into()))
            .collect();
        self.open(Overlay::Menu(Menu {
            title: title.to_owned(),
            items,
            chosen: 0,
        }));
    }

    /// How a preset would differ came: asks whether it shall be followed.
    pub(super) fn policy_diff_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<PolicyDiff>, AdminError>,
    ) -> bool {
        if !self.policies.diff.answer(generation, result) {
            return false;
        }
        if let Some(error) = self.policies.diff.error().cloned() {
            self.say_failed("the presets could not be compared", &error);
            return true;
        }
        let Some(diff) = self.policies.diff.value().cloned() else {
            return true;
        };
        if diff.differences.is_empty() && diff.from == diff.preset {
            self.say(
                Tone::Info,
                format!("preset {} is in force", diff.preset),
                "",
            );
            return true;
        }
        let adopt = AdoptPreset {
            preset: diff.preset.clone(),
            overrides: [].into(),
            if_version: Some(diff.version),
        };
        let keys = u64::try_from(diff.differences.len()).unwrap_or(u64::MAX);
        let question = format!("Follow preset {}?", diff.preset);
        let effect = Effect::Write(Write::AdoptPreset(adopt));
        let mut confirm = Confirm::new(Danger::Write, question, &diff.preset, "Follow", effect);
        let arrow = self.look.glyphs.arrow;
        confirm.changes = vec![format!("{} change:", words::counted(keys, "key"))];
        let told = |it: &PolicyDifference| {
            format!("{}: {} {arrow} {}", it.key, value(&it.now), value(&it.then))
        };
        confirm.groups = in_groups(&diff.differences)
            .into_iter()
            .map(|(group, differences)| {
                let lines = differences.into_iter().map(told).collect();
                (group.title().to_owned(), lines)
            })
            .collect();
        confirm.stays = vec![STAYS.to_owned()];
        "the request it is logged as can be undone".clone_into(&mut confirm.undo);
        self.ask(confirm);
        true
    }

    /// What a menu asks the engine for is asked when it is chosen, not when the menu is shown.
    pub(super) fn asked_by_menu(&mut self, effect: Effect) -> Effect {
        match effect {
            Effect::Load(_, load @ Load::PolicyDiff(_)) => {
                Effect::Load(self.policies.diff.ask(), load)
            }
            Effect::Load(_, Load::SimulatePolicy(simulate)) => {
                self.shadow_asked(&simulate);
                Effect::Load(self.policies.shadow.ask(), Load::SimulatePolicy(simulate))
            }
            other => other,
        }
    }

    /// A simulation was asked for: its tab is shown while it runs.
    fn shadow_asked(&mut self, simulate: &Simulate) {
        let set = simulate.overrides.iter();
        let mut words: Vec<String> = set.map(|(key, value)| format!("{key} = {value}")).collect();
        let preset = simulate.preset.iter().map(|name| format!("preset {name}"));
        words.splice(0..0, preset);
        self.policies.shadow_of = words.join(", ");
        self.open_tab(SHADOW_TAB);
    }

    /// What another policy would have answered came.
    pub(super) fn simulation_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<Simulation>, AdminError>,
    ) -> bool {
        self.policies.shadow.answer(generation, result)
    }

    /// Exports the policy.
    pub fn export_policy(&mut self) -> Vec<Effect> {
        let policy = self.policies.policy.value();
        policy.map_or_else(Vec::new, |policy| {
            vec![Effect::Export(Export::Policy(policy.clone()))]
        })
    }

    // ── undo ────────────────────────────────────────────────────────────────────────────────────────────────────
    /// Asks what a request changed, to ask whether that shall be taken back.
    pub fn ask_undo(&mut self, id: RequestId) -> Vec<Effect> {
        vec![Effect::Load(self.undoing.ask(), Load::BeforeUndo(id))]
    }

    /// Undoes the last change of the selected key.
    pub fn undo_policy(&mut self) -> Vec<Effect> {
        let changed = self.policies.current().and_then(|row| row.changed.as_ref());
        match changed.and_then(|changed| changed.request) {
            Some(id) => self.ask_undo(id),
            None => Vec::new(),
        }
    }

    /// Undoes the selected request.
    pub fn undo_selected(&mut self) -> Vec<Effect> {
        match self.requests.current().map(|row| row.id) {
            Some(id) => self.ask_undo(id),
            None => Vec::new(),
        }
    }

    /// Undoes the change under the cursor of a timeline.
    pub fn undo_under_cursor(&mut self) -> Vec<Effect> {
        match self.request_under_cursor() {
            Some(id) => self.ask_undo(id),
            None => Vec::new(),
        }
    }

    /// The request that the line of the detail's cursor leads to.
    pub fn request_under_cursor(&self) -> Option<RequestId> {
        let area = self.areas()?.detail_body()?;
        let Body::Doc(doc) = self.body(area.width) else {
            return None;
        };
        match doc.link_at(self.cursor().line) {
            Some(Link::Jump(Jump::Request(id))) => Some(*id),
            _ => None,
        }
    }

    /// What a request changed came: asks whether that shall be taken back.
    pub(super) fn undo_asked(
        &mut self,
        generation: Generation,
        result: Result<Box<RequestDetail>, AdminError>,
    ) -> bool {
        if !self.undoing.answer(generation, result) {
            return false;
        }
        if let Some(error) = self.undoing.error().cloned() {
            self.say_failed("it cannot be told what would be undone", &error);
            return true;
        }
        let Some(detail) = self.undoing.value().cloned() else {
            return true;
        };
        let exchange = &detail.exchange;
        let id = exchange.row.id;
        if exchange.changed.is_empty() {
            self.say(Tone::Info, format!("request {id} changed nothing"), "");
            return true;
        }
        let effect = Effect::Write(Write::UndoRequest(id));
        let question = format!("Undo what request {id} changed?");
        let mut confirm = Confirm::new(Danger::Write, question, &id.to_string(), "Undo", effect);
        let glyphs = self.look.glyphs;
        let taken_back = exchange.changed.iter();
        confirm.changes = taken_back
            .map(|view| {
                format!(
                    "taken back: {}: {}",
                    words::changed(view),
                    words::change_summary(view, glyphs)
                )
            })
            .collect();
        confirm.stays = vec![
            "nothing is undone where something changed since; it says what".to_owned(),
            "passwords and tokens do not come back".to_owned(),
            "the IdP does not know of it and may send the same again".to_owned(),
        ];
        "the undo is a request of its own and can be undone".clone_into(&mut confirm.undo);
        self.ask(confirm);
        true
    }
}
