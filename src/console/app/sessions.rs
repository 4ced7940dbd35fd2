//! The sessions of a member: asked for, and ended.

use uuid::Uuid;

use super::App;
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Effect, Load, Write};
use crate::console::overlays::Confirm;
use crate::console::panes::members::SESSIONS_TAB;
use crate::console::sso_deed::SsoDeed;
use crate::console::words;

impl App {
    /// Asks for the sessions of the open member, where they are looked at and not here.
    pub(super) fn need_sessions(&mut self, effects: &mut Vec<Effect>) {
        let needed = self.members.needs_sessions();
        effects.extend(needed.map(|(generation, id)| Effect::Load(generation, Load::Sessions(id))));
    }

    /// Whether there are sessions to end, as far as is known.
    pub fn may_end_sessions(&self) -> Result<(), Reason> {
        match self.members.open_sessions() {
            Some([]) => Err(Reason::of("they are not signed in anywhere")),
            Some(_) | None => Ok(()),
        }
    }

    /// The sessions came: asks about them where that was waited for.
    pub(super) fn sessions_came(&mut self, taken: bool) -> Vec<Effect> {
        if !taken || !std::mem::take(&mut self.members.ending) {
            return Vec::new();
        }
        self.invoke_then("member.end_sessions", |app| {
            if app.members.open_sessions().is_none() {
                return Vec::new();
            }
            app.ask_end_sessions(None)
        })
    }

    /// Asks whether one session shall end, or all of the open member. What is to end is shown first.
    pub fn ask_end_sessions(&mut self, one: Option<Uuid>) -> Vec<Effect> {
        let Some(name) = self.members.current().map(|row| row.user_name.clone()) else {
            return Vec::new();
        };
        let Some(all) = self.members.open_sessions() else {
            self.open_tab(SESSIONS_TAB);
            self.members.ending = true;
            let mut effects = Vec::new();
            self.need_sessions(&mut effects);
            return effects;
        };
        let ends = all.iter().filter(|it| one.is_none_or(|id| it.id == id));
        let ends: Vec<_> = ends.cloned().collect();
        let ids: Vec<Uuid> = ends.iter().map(|it| it.id).collect();
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        let then = Effect::Write(Write::Sso(Box::new(SsoDeed::EndSessions(
            ids,
            name.clone(),
        ))));
        let question = format!("End {} of {name}?", words::counted(count, "session"));
        let mut confirm = Confirm::new(Danger::Write, question, &name, "End", then);
        confirm.changes = vec!["whoever uses them has to sign in again".to_owned()];
        confirm.changes.extend(ends.iter().take(10).map(|it| {
            let since = words::exact_moment(it.created, &self.zone);
            format!("  since {since}, {}", it.user_agent)
        }));
        confirm.stays = vec!["they may sign in again; their access stays as it is".to_owned()];
        "cannot be undone; they sign in again".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }
}
