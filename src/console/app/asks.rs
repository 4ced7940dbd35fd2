//! What the state asks the engine for: after every message, whatever is missing on the screen.

use super::App;
use crate::admin::types::{MemberId, RequestId, TeamId};
use crate::console::command::Ctx;
use crate::console::effect::{Effect, Load};
use crate::console::overlays::messages::Tone;
use crate::console::panes::PaneId;
use crate::console::panes::requests::EXPLAIN_TAB;
use crate::console::place::Jump;
use crate::console::remote::Remote;

/// Names that are being looked up.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    pub(super) member: Remote<MemberId>,
    pub(super) team: Remote<TeamId>,
}

impl App {
    /// Asks how everything stands.
    pub(super) fn ask_overview(&mut self) -> Effect {
        Effect::Load(self.overview.ask(), Load::Overview)
    }

    /// Asks for the tokens, unless an answer is awaited.
    pub(super) fn ask_tokens(&mut self) -> Option<Effect> {
        if self.scim.tokens.is_awaited() {
            return None;
        }
        Some(Effect::Load(self.scim.tokens.ask(), Load::Tokens))
    }

    /// Follows the request log with the query in force.
    pub(super) fn follow_tail(&mut self) -> Effect {
        let generation = self.requests.begin_tail();
        Effect::FollowTail(generation, self.requests.ring.query().to_owned())
    }

    /// Whatever the screen misses.
    pub(super) fn gather(&mut self, effects: &mut Vec<Effect>) {
        let Some(areas) = self.areas() else { return };
        let newest = self.newest_change();
        let now = self.now;
        let shows_detail = areas.detail.is_some();
        let height = areas.list_rows();
        if let Some(body) = areas.detail_body() {
            self.prepare_body(body.height);
        }
        match self.pane {
            PaneId::Home => {}
            PaneId::Members => {
                // A question about a member tells which keys end with them.
                if self.scim.tokens.value().is_none() && self.scim.tokens.error().is_none() {
                    effects.extend(self.ask_tokens());
                }
                // And which connections end with such a key.
                let owned = self.scim.tokens.value();
                let owned = owned.is_some_and(|all| all.iter().any(|token| token.owner.is_some()));
                if owned && self.scim.link.value().is_none() && self.scim.link.error().is_none() {
                    effects.extend(self.ask_connections());
                }
                let pages = self.members.rows.needs(height, newest);
                effects.extend(
                    pages.into_iter().map(|(generation, listing)| {
                        Effect::Load(generation, Load::Members(listing))
                    }),
                );
                let selected = self.members.rows.list.selected_row().map(|row| row.id);
                self.members.detail.follow(selected);
                if shows_detail
                    && let Some((generation, id)) = self.members.detail.needs(now, newest)
                {
                    effects.push(Effect::Load(generation, Load::Member(id)));
                }
            }
            PaneId::Teams => {
                self.need_sync(effects);
                let pages = self.teams.rows.needs(height, newest);
                effects.extend(
                    pages.into_iter().map(|(generation, listing)| {
                        Effect::Load(generation, Load::Teams(listing))
                    }),
                );
                let selected = self.teams.rows.list.selected_row().map(|row| row.id);
                self.teams.follow(selected);
                if let Some(detail) = areas.detail {
                    effects.extend(self.teams.needs(detail, now, newest));
                }
            }
            PaneId::Requests => {
                if let Some(request) = self.requests.ring.needs(height) {
                    effects.push(Effect::Load(request.generation, Load::Requests(request)));
                }
                self.requests.follow_selection();
                if shows_detail
                    && let Some((generation, id)) = self.requests.detail.needs(now, None)
                {
                    effects.push(Effect::Load(generation, Load::Request(id)));
                }
            }
            PaneId::Incidents => {
                self.incidents.list.set_height(height);
                let selected = self.incidents.current().map(|incident| incident.id);
                self.incidents.detail.follow(selected);
                if self.incidents.all.value().is_none() && self.incidents.all.error().is_none() {
                    effects.extend(self.ask_incidents());
                }
                if shows_detail
                    && let Some((generation, id)) = self.incidents.detail.needs(now, newest)
                {
                    effects.push(Effect::Load(generation, Load::Incident(id)));
                }
            }
            PaneId::Scim => {
                self.need_sync(effects);
                self.scim.list.set_height(height);
                self.scim.follow();
                if self.scim.tokens.value().is_none() && self.scim.tokens.error().is_none() {
                    effects.extend(self.ask_tokens());
                }
                if self.scim.link.value().is_none() && self.scim.link.error().is_none() {
                    effects.extend(self.ask_connections());
                }
            }
            PaneId::Policy => {
                self.policies.list.set_height(height);
                self.policies.follow();
                let policy = &self.policies.policy;
                if policy.value().is_none() && policy.error().is_none() {
                    effects.extend(self.ask_policy());
                }
            }
        }
    }

    /// Asks anew for what a pane shows whose list comes whole: it may be older than what was heard meanwhile.
    pub(super) fn ask_again(&mut self) -> Vec<Effect> {
        let asked = match self.pane {
            PaneId::Home | PaneId::Members | PaneId::Teams | PaneId::Requests => [None, None],
            PaneId::Scim => [self.ask_tokens(), self.ask_connections()],
            PaneId::Policy => [self.ask_policy(), None],
            PaneId::Incidents => [self.ask_incidents(), None],
        };
        asked.into_iter().flatten().collect()
    }

    /// Asks anew for everything on the screen, because the admin wants it.
    pub fn refresh(&mut self) -> Vec<Effect> {
        let mut effects = vec![self.ask_overview()];
        self.timers.overview = None;
        effects.extend(self.reload());
        effects
    }

    /// Asks anew for what the pane shows.
    pub(super) fn reload(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let load = |asked: Option<Effect>| asked.into_iter();
        match self.pane {
            PaneId::Home => {}
            PaneId::Members => {
                self.members.rows.refresh();
                let asked = self.members.detail.refresh();
                effects.extend(load(asked.map(|(g, id)| Effect::Load(g, Load::Member(id)))));
            }
            PaneId::Teams => {
                self.teams.rows.refresh();
                self.teams.members.retry();
                let asked = self.teams.detail.refresh();
                effects.extend(load(asked.map(|(g, id)| Effect::Load(g, Load::Team(id)))));
            }
            PaneId::Requests => {
                self.requests.ring.refresh();
                let asked = self.requests.detail.refresh();
                effects.extend(load(
                    asked.map(|(g, id)| Effect::Load(g, Load::Request(id))),
                ));
            }
            PaneId::Scim => {
                effects.extend(self.ask_tokens());
                effects.extend(self.ask_connections());
            }
            PaneId::Policy => effects.extend(self.ask_policy()),
            PaneId::Incidents => {
                effects.extend(self.ask_incidents());
                let asked = self.incidents.detail.refresh();
                effects.extend(load(
                    asked.map(|(g, id)| Effect::Load(g, Load::Incident(id))),
                ));
            }
        }
        effects
    }

    /// Looks a member up by name and goes there.
    pub fn find_member(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            return self.ask_for_argument("member");
        }
        let generation = self.lookups.member.ask();
        vec![Effect::Load(generation, Load::FindMember(name.to_owned()))]
    }

    /// Looks a team up by name and goes there.
    pub fn find_team(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            return self.ask_for_argument("team");
        }
        let generation = self.lookups.team.ask();
        vec![Effect::Load(generation, Load::FindTeam(name.to_owned()))]
    }

    /// Goes to a request by its number.
    pub fn find_request(&mut self, number: &str) -> Vec<Effect> {
        if number.is_empty() {
            return self.ask_for_argument("request");
        }
        let Ok(request) = number.parse::<RequestId>() else {
            let text = format!("{number} is not the number of a request");
            self.say(Tone::Warning, text, "Write it as 4812 or #4812.");
            return Vec::new();
        };
        self.jump(Jump::Request(request))
    }

    /// Goes to the newest failed request that the engine knows of, and explains it.
    pub fn explain_last_failure(&mut self) -> Vec<Effect> {
        let last = self
            .overview
            .value()
            .and_then(|overview| overview.failures.iter().map(|failure| failure.last).max());
        let Some(request) = last else {
            self.say(Tone::Success, "nothing failed in the last 24 hours", "");
            return Vec::new();
        };
        let effects = self.jump(Jump::Request(request));
        self.requests.detail.set_tab(EXPLAIN_TAB);
        effects
    }

    /// The context that commands are checked against.
    pub fn ctx(&self) -> Ctx<'_> {
        Ctx::new(self)
    }
}
