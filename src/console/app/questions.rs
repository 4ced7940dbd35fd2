//! What is asked before a change.

use super::App;
use crate::admin::types::{Origin, RotateToken};
use crate::console::command::Danger;
use crate::console::effect::{BulkVerb, Effect, Write};
use crate::console::overlays::Confirm;
use crate::console::words;

/// How long the old secret of a rotated token works, in days.
const OVERLAP_DAYS: u64 = 7;

impl App {
    /// Asks whether a member shall lose the right to sign in.
    pub fn ask_deactivate(&mut self) -> Vec<Effect> {
        if !self.members.marks.is_empty() {
            return self.ask_marked(BulkVerb::Deactivate);
        }
        let Some(member) = self.members.current() else {
            return Vec::new();
        };
        let effect = Effect::Write(Write::DeactivateMember(member.id, member.user_name.clone()));
        let mut confirm = Confirm::new(
            Danger::Write,
            format!("Deactivate {}?", member.name),
            &member.user_name,
            "Deactivate",
            effect,
        );
        confirm.changes = vec![format!("{} can no longer sign in", member.user_name)];
        for key in self.keys_of(&[member.id]) {
            confirm.changes.push(self.key_ends(&key));
        }
        confirm.stays = vec![match member.teams {
            0 => "their data and their role stay".to_owned(),
            teams => format!(
                "their data, their role and their {} stay",
                words::counted(u64::from(teams), "team")
            ),
        }];
        if member.origin == Origin::Scim {
            confirm
                .stays
                .push("their IdP may activate them again with its next push".to_owned());
        }
        confirm.undo = format!("{} restores them", self.key("member.restore"));
        self.ask(confirm)
    }

    /// Asks whether a member shall come back.
    pub fn ask_restore(&mut self) -> Vec<Effect> {
        if !self.members.marks.is_empty() {
            return self.ask_marked(BulkVerb::Restore);
        }
        let Some(member) = self.members.current() else {
            return Vec::new();
        };
        let effect = Effect::Write(Write::RestoreMember(member.id, member.user_name.clone()));
        let mut confirm = Confirm::new(
            Danger::Write,
            format!("Restore {}?", member.name),
            &member.user_name,
            "Restore",
            effect,
        );
        confirm.changes = vec![format!("{} can sign in again", member.user_name)];
        confirm.stays = vec!["their id, role and teams are as they were".to_owned()];
        confirm.undo = format!("{} deactivates them again", self.key("member.deactivate"));
        self.ask(confirm)
    }

    /// Asks whether a token shall get a new secret.
    pub fn ask_rotate(&mut self) -> Vec<Effect> {
        let Some(token) = self.scim.current() else {
            return Vec::new();
        };
        let rotation = RotateToken {
            overlap_seconds: OVERLAP_DAYS * 86_400,
            ttl_seconds: None,
        };
        let effect = Effect::Write(Write::RotateToken(token.id, rotation, token.name.clone()));
        let mut confirm = Confirm::new(
            Danger::Write,
            format!("Rotate token {}?", token.name),
            &token.name,
            "Rotate",
            effect,
        );
        confirm.changes = vec![
            "a new secret is shown, this once; enter it in the IdP".to_owned(),
            format!("the old secret ends in {OVERLAP_DAYS} days, or sooner if it was to"),
        ];
        confirm.stays = vec!["until then both work, and no request is refused".to_owned()];
        confirm.undo = format!(
            "{} on the old secret ends it sooner",
            self.key("token.revoke")
        );
        self.ask(confirm)
    }

    /// Asks whether a token shall become worthless; its name must be typed.
    pub fn ask_revoke(&mut self) -> Vec<Effect> {
        let Some(token) = self.scim.current() else {
            return Vec::new();
        };
        let effect = Effect::Write(Write::RevokeToken(token.id, token.name.clone()));
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Revoke token {}?", token.name),
            &token.name,
            "Revoke",
            effect,
        );
        let used = token.last_used.map_or_else(
            || "it was never used".to_owned(),
            |at| format!("it was last used {}", words::age(at, self.now)),
        );
        confirm.changes = vec![
            format!("every request with it is answered 401 from now on; {used}"),
            "an IdP that uses it stops until it gets another one".to_owned(),
        ];
        confirm.stays = vec!["members and teams stay as they are".to_owned()];
        "cannot be undone; issue a new token instead".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }
}
