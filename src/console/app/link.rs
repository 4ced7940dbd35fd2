//! The connection of an identity provider: asked for, made and ended from the console.

use super::App;
use crate::admin::link::ScimLink;
use crate::admin::types::MemberId;
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Effect, Load, Write};
use crate::console::overlays::Confirm;
use crate::console::overlays::messages::Tone;
use crate::console::panes::PaneId;
use crate::console::words;

impl App {
    /// Asks who is connected, unless an answer is awaited.
    pub(super) fn ask_connections(&mut self) -> Option<Effect> {
        if self.scim.link.is_awaited() {
            return None;
        }
        Some(Effect::Load(self.scim.link.ask(), Load::Link))
    }

    /// Whether there is something to disconnect.
    pub fn may_disconnect(&self) -> Result<(), Reason> {
        match self.scim.link.value() {
            None => {
                self.ctx().on(PaneId::Scim)?;
                Err(Reason::of("the engine has not told it yet"))
            }
            Some(link) if link.connections.is_empty() => Err(Reason(
                format!(
                    "nothing is connected; what has only a token ends when that is revoked ({})",
                    self.key("token.revoke")
                )
                .into(),
            )),
            Some(_) => Ok(()),
        }
    }

    /// Asks whether a connection shall end; its name must be typed. `named` is needed where there are several.
    pub fn ask_disconnect(&mut self, named: &str) -> Vec<Effect> {
        let rows = self.scim.link.value().map(|link| link.connections.clone());
        let rows = rows.unwrap_or_default();
        let row = match (named, rows.as_slice()) {
            ("", [one]) => Some(one),
            (name, rows) => rows.iter().find(|row| row.connection.name == name),
        };
        let Some(row) = row else {
            let names: Vec<&str> = rows
                .iter()
                .map(|row| row.connection.name.as_str())
                .collect();
            let next = format!("Say which: {}.", names.join(", "));
            self.say(
                Tone::Warning,
                "which connection is meant is not clear",
                next,
            );
            return Vec::new();
        };
        let name = row.connection.name.clone();
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Disconnect {}?", row.title),
            &name,
            "Disconnect",
            Effect::Write(Write::Disconnect(name.clone())),
        );
        confirm.changes = vec![
            format!(
                "its {} {name} is refused from the next request on",
                row.connection.credential.as_str()
            ),
            "another identity provider can be connected".to_owned(),
        ];
        confirm.stays = match self.overview.value() {
            Some(overview) => vec![format!(
                "{} and {} stay as they are",
                words::counted(overview.members, "member"),
                words::counted(overview.teams, "team")
            )],
            None => vec!["members and teams stay as they are".to_owned()],
        };
        "connect it anew; it gets another credential then".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// The names of the live keys that end with members, as far as the tokens are known here.
    pub(super) fn keys_of(&self, members: &[MemberId]) -> Vec<String> {
        let tokens = self.scim.tokens.value().into_iter().flatten();
        let owned = tokens.filter(|token| {
            token.revoked.is_none() && token.owner.is_some_and(|owner| members.contains(&owner))
        });
        owned.map(|token| token.name.clone()).collect()
    }

    /// What ends with a key of a member: whoever uses it, and the connection that comes in by it.
    pub(super) fn key_ends(&self, key: &str) -> String {
        let link = self.known_link();
        match link.and_then(|link| link.connected_by(key)) {
            Some(row) => format!(
                "the key {key} dies with its owner, and the connection of {} ends: it provisions nobody until it is connected anew",
                row.title
            ),
            None => {
                format!("the key {key} dies with its owner: whoever uses it is refused, for ever")
            }
        }
    }

    /// The link, where it is known.
    pub fn known_link(&self) -> Option<&ScimLink> {
        self.scim.link.value().map(|link| &**link)
    }
}
