//! What is asked before an admin changes one member: roles, profile, who rules them, merging, removing, purging.

use super::App;
use crate::admin::AdminError;
use crate::admin::sso::PasswordLinkKind;
use crate::admin::types::{
    Done, IfVersion, LinkMember, Management, MemberDetail, MemberEdit, MergeMember, RoleOrigin,
};
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Effect, MemberDeed, Write};
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Confirm, FormOverlay, Overlay};
use crate::console::words;

/// So many names are told before a question.
const NAMES: usize = 10;

impl App {
    /// The open member, where all of them is here.
    pub fn loaded_member(&self) -> Option<&MemberDetail> {
        let row = self.members.current()?;
        let detail = self.members.detail.remote.value()?;
        (detail.row.id == row.id).then_some(&**detail)
    }

    /// Whom a merge would remove: the one marked member who is not the one at hand.
    pub fn merge_partner(
        &self,
    ) -> Result<(&MemberDetail, &crate::admin::types::MemberRow), Reason> {
        let survivor = self
            .loaded_member()
            .ok_or(Reason::of("the member is not loaded yet; Enter opens it"))?;
        let mut others = self.members.marks.rows();
        match (others.next(), others.next()) {
            (Some(other), None) if other.id != survivor.row.id => Ok((survivor, other)),
            _ => Err(Reason::of(
                "mark the one who shall go (space), then open the one who stays",
            )),
        }
    }

    /// Opens the form for roles.
    pub fn open_roles(&mut self) -> Vec<Effect> {
        if let Some(form) = self.loaded_member().map(FormOverlay::roles) {
            self.open(Overlay::Form(Box::new(form)));
        }
        Vec::new()
    }

    /// Opens the form for the profile.
    pub fn open_profile(&mut self) -> Vec<Effect> {
        if let Some(form) = self.loaded_member().map(FormOverlay::profile) {
            self.open(Overlay::Form(Box::new(form)));
        }
        Vec::new()
    }

    /// Asks whether what was filled into a form shall be done.
    pub(super) fn ask_edit(&mut self, write: Write) -> Vec<Effect> {
        let Write::Member(_, MemberDeed::Edit(edit), name) = &write else {
            return vec![Effect::Write(write)];
        };
        let changes = told(edit);
        if changes.is_empty() {
            return self.cancel();
        }
        let mut confirm = Confirm::new(
            Danger::Write,
            format!("Change {name}?"),
            name,
            "Change",
            Effect::Write(write.clone()),
        );
        confirm.changes = changes;
        confirm.stays = vec!["their id, their teams and everything else stay".to_owned()];
        "change them back in the same form; what an IdP sends later counts over it"
            .clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether a member shall be handed to the IdP, or taken back.
    pub fn ask_link(&mut self) -> Vec<Effect> {
        let Some(member) = self.loaded_member() else {
            return Vec::new();
        };
        let (id, name, version) = (member.row.id, &member.row.user_name, Some(member.version));
        let key = self.key("member.link");
        let mut confirm = if member.management == Management::Local {
            let link = LinkMember {
                external_id: None,
                if_version: version,
            };
            let write = Write::Member(id, MemberDeed::Link(link), name.clone());
            let question = format!("Hand {name} to the IdP?");
            let mut confirm = Confirm::new(
                Danger::Write,
                question,
                name,
                "Hand over",
                Effect::Write(write),
            );
            confirm.changes = vec![
                "what the IdP sends of them counts from now on".to_owned(),
                "it may change, deactivate and delete them".to_owned(),
            ];
            confirm.undo = format!("{key} takes them back");
            confirm
        } else {
            let seen = IfVersion {
                if_version: version,
            };
            let write = Write::Member(id, MemberDeed::Unlink(seen), name.clone());
            let question = format!("Take {name} out of the IdP's hands?");
            let mut confirm = Confirm::new(
                Danger::Write,
                question,
                name,
                "Take back",
                Effect::Write(write),
            );
            confirm.changes = vec![
                "they are kept here alone, and may be edited here".to_owned(),
                "the IdP takes them over again if it still pushes them".to_owned(),
            ];
            confirm.undo = format!("{key} hands them over again");
            confirm
        };
        confirm.stays = vec!["their id, roles and teams stay".to_owned()];
        self.ask(confirm)
    }

    /// Asks whether a link shall be made by which the member sets a password.
    pub fn ask_password_link(&mut self, kind: PasswordLinkKind) -> Vec<Effect> {
        let Some(member) = self.members.current() else {
            return Vec::new();
        };
        let (id, name) = (member.id, member.user_name.clone());
        let then = Effect::Write(Write::MakeLink(id, kind, name.clone()));
        let question = match kind {
            PasswordLinkKind::Invitation => format!("Make a link that invites {name}?"),
            PasswordLinkKind::Reset => format!("Make a password link for {name}?"),
        };
        let mut confirm = Confirm::new(Danger::Write, question, &name, "Make it", then);
        confirm.changes = vec![
            match kind {
                PasswordLinkKind::Invitation => {
                    "a link by which they set a first password; it works once, as long as users.invite_ttl says"
                        .to_owned()
                }
                PasswordLinkKind::Reset => {
                    "a link by which they set another password; it works once, for an hour".to_owned()
                }
            },
            "a link that was made for them before ends".to_owned(),
            "where a mail server is configured, it is mailed to them, too".to_owned(),
        ];
        confirm.stays = vec!["their password and sessions stay until they use it".to_owned()];
        "another link ends it, and so does its time".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether the marked member shall become one with the open one.
    pub fn ask_merge(&mut self) -> Vec<Effect> {
        let Ok((survivor, other)) = self.merge_partner() else {
            return Vec::new();
        };
        let (stays, goes) = (&survivor.row.user_name, &other.user_name);
        let merge = MergeMember {
            other: other.id,
            if_versions: None,
        };
        let write = Write::Member(survivor.row.id, MemberDeed::Merge(merge), stays.clone());
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Merge {goes} into {stays}?"),
            goes,
            "Merge",
            Effect::Write(write),
        );
        confirm.changes = vec![
            format!("{goes} is removed"),
            format!(
                "{stays} joins their {}",
                words::counted(u64::from(other.teams), "team")
            ),
            format!("{stays} takes the keys and roles they lack"),
        ];
        confirm.stays = vec![format!("the id and the roles of {stays} stay")];
        "a tombstone keeps them, and the timeline tells of both".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether a member shall be removed.
    pub fn ask_delete(&mut self) -> Vec<Effect> {
        let Some(member) = self.loaded_member() else {
            return Vec::new();
        };
        let name = &member.row.user_name;
        let seen = IfVersion {
            if_version: Some(member.version),
        };
        let write = Write::Member(member.row.id, MemberDeed::Delete(seen), name.clone());
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Delete {name}?"),
            name,
            "Delete",
            Effect::Write(write),
        );
        confirm.changes = loses(member);
        if member.management != Management::Local {
            confirm
                .changes
                .push("they may be re-added by the IdP with its next push".to_owned());
        }
        confirm.stays = vec!["the audit keeps their name".to_owned()];
        "as users.on_delete says: hidden and restorable, inactive, or gone"
            .clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Shows what a member would lose with their access, and asks whether they shall.
    pub fn ask_what_if(&mut self) -> Vec<Effect> {
        let Some(member) = self.loaded_member() else {
            return Vec::new();
        };
        let name = &member.row.user_name;
        let write = Write::DeactivateMember(member.row.id, name.clone());
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("What if {name} loses their access?"),
            name,
            "Deactivate",
            Effect::Write(write),
        );
        confirm.changes = loses(member);
        confirm.stays = vec!["nothing changes unless their name is typed below".to_owned()];
        confirm.undo = format!("{} restores them", self.key("member.restore"));
        self.ask(confirm)
    }

    /// Has the engine say whom removing every provisioned member would remove, to ask about them.
    pub fn ask_purge(&mut self) -> Vec<Effect> {
        vec![Effect::Write(Write::ForeseePurge)]
    }

    /// Whom it would remove came: asks, and wants their number typed.
    pub(super) fn purge_foreseen(&mut self, result: Result<Done, AdminError>) -> bool {
        let would = match result {
            Ok(would) => would,
            Err(error) => {
                self.say_failed("it cannot be told who would be removed", &error);
                return true;
            }
        };
        let names = would.removed_members();
        if names.is_empty() {
            self.say(
                Tone::Info,
                "no IdP has provisioned anybody",
                "There is nobody to remove.",
            );
            return true;
        }
        let count = u64::try_from(names.len()).unwrap_or(u64::MAX);
        let members = words::counted(count, "member");
        let mut changes = vec![format!(
            "{members} whom an IdP provisioned removed, for ever:"
        )];
        changes.extend(names.iter().take(NAMES).cloned());
        if count > NAMES as u64 {
            let more = words::count(count - NAMES as u64);
            changes.push(format!(
                "and {more} more; provost member purge --provisioned --dry-run lists them"
            ));
        }
        changes.extend(would.warnings);
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Remove {members}?"),
            &count.to_string(),
            "Remove all",
            Effect::Write(Write::PurgeMembers(names)),
        );
        confirm.changes = changes;
        confirm.stays = vec![
            "members kept here, the owner and recovery admins stay".to_owned(),
            "the audit keeps every name".to_owned(),
        ];
        "cannot be undone; an IdP may add them again".clone_into(&mut confirm.undo);
        self.ask(confirm);
        true
    }
}

/// What goes with a member's access.
fn loses(member: &MemberDetail) -> Vec<String> {
    let mut lines = vec![format!("{} can no longer sign in", member.row.user_name)];
    if member.access.is_admin {
        lines.push("there is one admin less".to_owned());
    }
    for held in &member.access.roles {
        if held.without_effect.is_none() && held.from != RoleOrigin::Default {
            lines.push(format!("role {}, {}", held.role, held.from));
        }
    }
    for team in member.memberships.iter().take(10) {
        lines.push(format!("a place in team {}", team.name));
    }
    let more = member.memberships.len().saturating_sub(10);
    if more > 0 {
        lines.push(format!(
            "and in {}",
            words::counted(more as u64, "more team")
        ));
    }
    lines
}

/// Each change of an edit in words.
fn told(edit: &MemberEdit) -> Vec<String> {
    let named = [
        ("userName", &edit.user_name),
        ("e-mail", &edit.email),
        ("given name", &edit.given_name),
        ("family name", &edit.family_name),
        ("shown name", &edit.display_name),
        ("title", &edit.title),
        ("base role", &edit.role),
    ];
    let mut lines: Vec<String> = named
        .into_iter()
        .filter_map(|(what, value)| match value.as_deref()? {
            "" if what == "base role" => Some("the base role is the default".to_owned()),
            "" => Some(format!("no {what}")),
            value => Some(format!("{what} is {value}")),
        })
        .collect();
    if let Some(roles) = &edit.custom_roles {
        lines.push(match roles.as_slice() {
            [] => "no custom roles".to_owned(),
            roles => format!("custom roles are {}", roles.join(", ")),
        });
    }
    lines
}
