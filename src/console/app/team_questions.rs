//! What is asked before a team is changed, and the forms in which it is.

use super::App;
use crate::admin::types::{Leaving, TeamChange, TeamDetail, TeamRow, TeamSource};
use crate::console::command::Danger;
use crate::console::effect::{Effect, TeamWish, TeamWrite, Write};
use crate::console::overlays::team_form::{TeamForm, TeamSubject};
use crate::console::overlays::{Confirm, FormOverlay, Overlay};
use crate::console::words;
use crate::counted;

impl App {
    /// The team a command is about, and the version of it on the screen.
    fn subject(&self) -> Option<(TeamRow, TeamSubject)> {
        let row = self.teams.current()?.clone();
        let detail = self.open_team().filter(|detail| detail.row.id == row.id);
        let subject = TeamSubject {
            id: row.id,
            name: row.name.clone(),
            version: detail.map(|detail| detail.version),
        };
        Some((row, subject))
    }

    fn open_team(&self) -> Option<&TeamDetail> {
        self.teams.detail.remote.value().map(AsRef::as_ref)
    }

    /// Opens a form about the team.
    pub fn open_team_form(&mut self, form: TeamForm) -> Vec<Effect> {
        let Some((row, subject)) = self.subject() else {
            return Vec::new();
        };
        let detail = self.open_team().filter(|detail| detail.row.id == row.id);
        let fields = form.form(&row.name, detail);
        let overlay = FormOverlay::of_team(form, fields, subject);
        self.open(Overlay::Form(Box::new(overlay)));
        Vec::new()
    }

    /// Asks whether the IdP's changes of the team shall be stopped for a while, or let in again.
    pub fn ask_pause_team(&mut self) -> Vec<Effect> {
        let Some((row, subject)) = self.subject() else {
            return Vec::new();
        };
        let name = row.name.clone();
        let pause = self.key("team.pause");
        if row.paused {
            let then = write(subject, TeamChange::Resume);
            let question = format!("Let the IdP change {name} again?");
            let mut confirm = Confirm::new(Danger::Write, question, &name, "Resume", then);
            confirm.changes = vec![
                "what the IdP pushes of it from now on is applied".into(),
                "its name and members are the IdP's again".into(),
            ];
            confirm.stays = vec!["it stays as it is until the next push".into()];
            confirm.undo = format!("{pause} pauses it again");
            return self.ask(confirm);
        }
        let then = write(subject, TeamChange::Pause);
        let question = format!("Pause the sync of {name}?");
        let mut confirm = Confirm::new(Danger::Write, question, &name, "Pause", then);
        confirm.changes = vec![
            "what the IdP pushes of it is acknowledged and ignored".into(),
            "its name and members can be edited here".into(),
        ];
        confirm.stays = vec![format!(
            "its {} stay, and so does its link",
            words::counted(row.members, "member")
        )];
        confirm.undo = format!("{pause} lets them in again");
        self.ask(confirm)
    }

    /// Asks whether the team shall be taken out of the IdP's hands.
    pub fn ask_unlink(&mut self, members: Leaving) -> Vec<Effect> {
        let Some((row, subject)) = self.subject() else {
            return Vec::new();
        };
        let name = row.name.clone();
        let count = words::counted(row.members, "member");
        let then = write(subject, TeamChange::Unlink { members });
        let (danger, yes) = match members {
            Leaving::Keep => (Danger::Write, "Unlink"),
            Leaving::Empty => (Danger::Destructive, "Unlink and empty"),
        };
        let question = format!("Unlink {name} from its IdP group?");
        let mut confirm = Confirm::new(danger, question, &name, yes, then);
        confirm.changes = vec![
            "it is kept here: its name and members can be edited".into(),
            "what the IdP pushes to it is refused until it is linked again".into(),
        ];
        match members {
            Leaving::Keep => confirm.stays.push(format!("its {count} stay")),
            Leaving::Empty => {
                confirm.changes.push(format!("its {count} leave it"));
                confirm.changes.extend(self.first_members());
            }
        }
        if row.parked > 0 {
            let parked = words::counted(row.parked, "person");
            let text = format!("it no longer waits for {parked} the IdP named");
            confirm.changes.push(text);
        }
        confirm
            .stays
            .push("roles, maintainers and description".into());
        let link = self.key("team.link");
        confirm.undo = match members {
            Leaving::Keep => format!("{link} links it again"),
            Leaving::Empty => {
                format!("{link} links it again; its members come back when the IdP pushes them")
            }
        };
        self.ask(confirm)
    }

    /// Asks whether the team shall be deleted; its name must be typed.
    pub fn ask_delete_team(&mut self) -> Vec<Effect> {
        let Some((row, subject)) = self.subject() else {
            return Vec::new();
        };
        let name = row.name.clone();
        let then = write(subject, TeamChange::Delete);
        let question = format!("Delete team {name}?");
        let mut confirm = Confirm::new(Danger::Destructive, question, &name, "Delete", then);
        let count = counted::count(row.members, "member is", "members are");
        confirm.changes = vec![format!("{count} no longer in it")];
        confirm.changes.extend(self.first_members());
        if !row.roles.is_empty() {
            let roles = row.roles.join(", ");
            let text = format!("they lose the roles they have through it: {roles}");
            confirm.changes.push(text);
        }
        confirm.stays = vec!["its members stay members of the organisation".into()];
        if row.source == TeamSource::Synced {
            let text = "the IdP may push it again with its next cycle";
            confirm.stays.push(text.into());
        }
        "cannot be undone; its timeline stays".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether the chosen member shall leave the team.
    pub fn ask_leave(&mut self) -> Vec<Effect> {
        let (Some((row, subject)), Some(member)) =
            (self.subject(), self.teams.members.selected_row().cloned())
        else {
            return Vec::new();
        };
        let then = write(
            subject,
            TeamChange::Members {
                add: Vec::new(),
                remove: vec![member.id],
            },
        );
        let question = format!("Take {} out of {}?", member.name, row.name);
        let mut confirm = Confirm::new(Danger::Write, question, &row.name, "Take out", then);
        let has = match row.roles.as_slice() {
            [] => String::new(),
            roles => format!(", and has no more through it: {}", roles.join(", ")),
        };
        confirm.changes = vec![format!("{} is no longer in {}{has}", member.name, row.name)];
        confirm.stays = vec!["their other teams and their own roles".into()];
        confirm.undo = format!("{} takes them in again", self.key("team.join"));
        self.ask(confirm)
    }

    /// The first members of the open team, a line each.
    fn first_members(&self) -> Vec<String> {
        let total = self.teams.members.len();
        let shown = (0..total.min(10)).filter_map(|index| self.teams.members.row(index));
        let mut lines: Vec<String> = shown.map(|row| format!("  {}", row.user_name)).collect();
        let shown = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        if total > shown {
            lines.push(format!("  and {} more", words::count(total - shown)));
        }
        lines
    }
}

fn write(subject: TeamSubject, change: TeamChange) -> Effect {
    let wish = TeamWish::Change(change);
    Effect::Write(Write::ChangeTeam(Box::new(TeamWrite { subject, wish })))
}
