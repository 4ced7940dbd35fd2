//! What was typed in the palette about something that is on another pane: it waits there until the engine has told what it
//! is about, and is dropped when the admin goes on meanwhile.

use super::App;
use crate::admin::AdminError;
use crate::admin::guards::{IncidentId, Ruling};
use crate::admin::policy::Simulate;
use crate::admin::types::RequestId;
use crate::console::effect::{Effect, Load};
use crate::console::overlays::messages::Tone;
use crate::console::panes::PaneId;
use crate::console::place::Jump;
use crate::console::store::Generation;
use crate::nearest::nearest;

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// A key of the policy is to be set; without a value, one is asked for.
    SetPolicy { key: String, value: Option<String> },
    /// A preset is to be tried on the requests of the last day.
    Simulate { preset: String },
    /// A token is to be shown.
    ShowToken { name: String },
    /// A token is to get a new secret.
    RotateToken { name: String },
    /// What an incident holds is to be ruled on; without a number, that of the only one that holds something.
    Rule {
        incident: Option<IncidentId>,
        ruling: Ruling,
    },
}

impl Wish {
    fn pane(&self) -> PaneId {
        match self {
            Self::SetPolicy { .. } | Self::Simulate { .. } => PaneId::Policy,
            Self::ShowToken { .. } | Self::RotateToken { .. } => PaneId::Scim,
            Self::Rule { .. } => PaneId::Incidents,
        }
    }
}

impl App {
    // ── words of the palette ────────────────────────────────────────────────────────────────────────────────────
    /// `set KEY VALUE`.
    pub fn set_named_key(&mut self, typed: &str) -> Vec<Effect> {
        let typed = typed.trim();
        if typed.is_empty() {
            return self.ask_for_argument("set");
        }
        let parted = typed.split_once([' ', '=']);
        let (key, value) = parted.map_or((typed, ""), |(key, value)| {
            (key, value.trim_start_matches([' ', '=']))
        });
        self.wish(Wish::SetPolicy {
            key: key.to_owned(),
            value: (!value.is_empty()).then(|| value.to_owned()),
        })
    }

    /// `simulate preset NAME`.
    pub fn simulate_preset(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            return self.ask_for_argument("simulate preset");
        }
        let preset = name.to_owned();
        self.wish(Wish::Simulate { preset })
    }

    /// `token NAME`.
    pub fn find_token(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            return self.ask_for_argument("token");
        }
        let name = name.to_owned();
        self.wish(Wish::ShowToken { name })
    }

    /// `token rotate NAME`.
    pub fn rotate_named_token(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            return self.ask_for_argument("token rotate");
        }
        let name = name.to_owned();
        self.wish(Wish::RotateToken { name })
    }

    /// `hold allow` or `hold reject`, and the number of the incident where several hold something.
    pub fn rule_named_hold(&mut self, typed: &str) -> Vec<Effect> {
        let mut words = typed.split_whitespace();
        let ruling = match words.next() {
            Some("allow") => Ruling::Allowed,
            Some("reject") => Ruling::Rejected,
            _ => return self.ask_for_argument("hold"),
        };
        let incident = match words.next().map(str::parse) {
            None => None,
            Some(Ok(incident)) => Some(incident),
            Some(Err(_)) => {
                let text = format!("{typed} does not end with the number of an incident");
                self.say(Tone::Warning, text, "Write it as hold allow 3.");
                return Vec::new();
            }
        };
        self.wish(Wish::Rule { incident, ruling })
    }

    /// `team sync on`, `off` or `pause`.
    pub fn switch_named_sync(&mut self, word: &str) -> Vec<Effect> {
        match word {
            "on" => self.ask_team_sync_to(true),
            "off" => self.ask_team_sync_to(false),
            "pause" => self.invoke_id("team.pause"),
            _ => self.ask_for_argument("team sync"),
        }
    }

    /// `undo NUMBER`.
    pub fn undo_numbered(&mut self, number: &str) -> Vec<Effect> {
        if number.is_empty() {
            return self.ask_for_argument("undo");
        }
        let Ok(request) = number.parse::<RequestId>() else {
            let text = format!("{number} is not the number of a request");
            self.say(Tone::Warning, text, "Write it as 4812 or #4812.");
            return Vec::new();
        };
        self.ask_undo(request)
    }

    // ── waiting ─────────────────────────────────────────────────────────────────────────────────────────────────
    fn wish(&mut self, wish: Wish) -> Vec<Effect> {
        let mut effects = self.jump(Jump::Pane(wish.pane()));
        // What is here may be older than what the admin has heard of; what jumping has asked is not asked again.
        effects.extend(self.ask_again());
        self.wish = Some(wish);
        effects
    }

    /// Does what was wished for, once what it is about is here. Tells whether the screen looks different.
    pub(super) fn grant(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(pane) = self.wish.as_ref().map(Wish::pane) else {
            return false;
        };
        let (awaited, failed) = match pane {
            PaneId::Policy => awaited(&self.policies.policy),
            PaneId::Scim => awaited(&self.scim.tokens),
            _ => awaited(&self.incidents.all),
        };
        if awaited {
            return false;
        }
        let Some(wish) = self.wish.take().filter(|_| self.pane == pane) else {
            return false;
        };
        if let Some(error) = failed {
            self.say_failed("it cannot be told what this is about", &error);
            return true;
        }
        effects.extend(match wish {
            Wish::SetPolicy { key, value } => self.set_key(&key, value),
            Wish::Simulate { preset } => self.try_preset(preset),
            Wish::ShowToken { name } => {
                self.select_token(&name);
                Vec::new()
            }
            Wish::RotateToken { name } if self.select_token(&name) => {
                self.invoke_id("token.rotate")
            }
            Wish::RotateToken { .. } => Vec::new(),
            Wish::Rule { incident, ruling } => self.rule_incident(incident, ruling),
        });
        true
    }

    fn set_key(&mut self, key: &str, value: Option<String>) -> Vec<Effect> {
        let keys = self.policies.policy.value().map(|policy| &policy.keys);
        let keys = keys.map(Vec::as_slice).unwrap_or_default();
        let Some(index) = keys.iter().position(|row| row.key == key) else {
            let near = nearest(key, keys.iter().map(|row| row.key.as_str()));
            let next = near.map_or_else(String::new, |near| format!("Perhaps {near} is meant."));
            self.say(Tone::Warning, format!("no key is called {key}"), next);
            return Vec::new();
        };
        self.policies.list.select(place(index));
        self.policies.set_tab(0);
        match value {
            Some(value) => self.invoke_then("policy.set", |app| app.ask_set_policy(Some(value))),
            None => self.invoke_id("policy.set"),
        }
    }

    fn try_preset(&mut self, preset: String) -> Vec<Effect> {
        let presets = self.policies.policy.value().map(|policy| &policy.presets);
        let presets = presets.map(Vec::as_slice).unwrap_or_default();
        if !presets.contains(&preset) {
            let next = format!("There are {}.", presets.join(", "));
            self.say(Tone::Warning, format!("no preset is called {preset}"), next);
            return Vec::new();
        }
        let simulate = Simulate {
            preset: Some(preset),
            query: super::policy::STRETCH.to_owned(),
            ..Simulate::default()
        };
        let load = Effect::Load(Generation::default(), Load::SimulatePolicy(simulate));
        vec![self.asked_by_menu(load)]
    }

    /// Selects the token of this name, one that works if there is one.
    fn select_token(&mut self, name: &str) -> bool {
        let tokens = self.scim.tokens.value().into_iter().flatten();
        let named = tokens.enumerate().filter(|(_, row)| row.name == name);
        let found = named.min_by_key(|(_, row)| row.revoked.is_some() || row.rotated.is_some());
        let Some(index) = found.map(|(index, _)| index) else {
            let text = format!("no token is called {name}");
            self.say(Tone::Warning, text, "The list has their names.");
            return false;
        };
        self.scim.list.select(place(index));
        self.scim.tab = 0;
        true
    }

    fn rule_incident(&mut self, id: Option<IncidentId>, ruling: Ruling) -> Vec<Effect> {
        let all = self.incidents.all.value().map(Vec::as_slice);
        let rows = all.unwrap_or_default().iter().enumerate();
        let meant: Vec<usize> = rows
            .filter(|(_, row)| id.map_or(row.waiting > 0, |id| row.id == id))
            .map(|(index, _)| index)
            .collect();
        let &[index] = meant.as_slice() else {
            let (text, next) = match (id, meant.is_empty()) {
                (Some(id), _) => (format!("there is no open incident {id}"), ""),
                (None, true) => ("no incident holds anything".to_owned(), ""),
                (None, false) => (
                    "several incidents hold something".to_owned(),
                    "Say which: its number stands above its detail.",
                ),
            };
            self.say(Tone::Warning, text, next);
            return Vec::new();
        };
        self.incidents.list.select(place(index));
        self.invoke_id(match ruling {
            Ruling::Allowed => "incident.allow",
            Ruling::Rejected => "incident.reject",
        })
    }
}

fn awaited<T>(remote: &crate::console::remote::Remote<T>) -> (bool, Option<AdminError>) {
    (remote.is_awaited(), remote.error().cloned())
}

fn place(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}
