//! What is asked before something is done about an incident.

use super::App;
use crate::admin::guards::{Incident, RuleHold, Ruling, TendIncident, Tending};
use crate::console::command::Danger;
use crate::console::effect::{Effect, Load, Write};
use crate::console::overlays::Confirm;
use crate::console::words;
use crate::counted;

/// How long an incident is put off, in seconds.
const PUT_OFF: i64 = 4 * 3_600;

impl App {
    /// Asks for the incidents, unless an answer is awaited.
    pub(super) fn ask_incidents(&mut self) -> Option<Effect> {
        if self.incidents.all.is_awaited() {
            return None;
        }
        Some(Effect::Load(self.incidents.all.ask(), Load::Incidents))
    }

    /// Asks whether what an incident holds shall happen.
    pub fn ask_allow(&mut self) -> Vec<Effect> {
        let Some(incident) = self.incidents.current() else {
            return Vec::new();
        };
        let members = counted::count(incident.waiting, "member is", "members are");
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Carry out what incident {} holds?", incident.id),
            "allow",
            "Allow",
            rule(incident, Ruling::Allowed, "allowed"),
        );
        confirm.changes = vec![
            format!("{members} deactivated or removed, each as the policy says"),
            "what the IdP sends again for them passes".to_owned(),
        ];
        confirm.stays = vec![
            "who was brought back meanwhile stays".to_owned(),
            match (self.owner_is_guarded(), self.last_admin_is_guarded()) {
                (true, true) => "the owner, the last admin and recovery admins stay",
                (true, false) => "the owner and recovery admins stay",
                (false, true) => "the last admin and recovery admins stay",
                (false, false) => "recovery admins stay",
            }
            .to_owned(),
        ];
        "each member can be restored, unless the policy removes for good"
            .clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether what an incident holds shall be refused.
    pub fn ask_reject(&mut self) -> Vec<Effect> {
        let Some(incident) = self.incidents.current() else {
            return Vec::new();
        };
        let members = words::counted(incident.waiting, "member");
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("Refuse what incident {} holds?", incident.id),
            "reject",
            "Reject",
            rule(incident, Ruling::Rejected, "rejected"),
        );
        confirm.changes = vec!["the IdP is answered 403 when it sends it again".to_owned()];
        confirm.stays = vec![format!("{members} stay as they are")];
        "cannot be undone; closing the incident ends it, and so does a day"
            .clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Says who looks after the incident.
    pub fn assign_incident(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            return self.ask_for_argument("assign");
        }
        let assign = Tending::Assign {
            to: Some(name.to_owned()),
        };
        self.tend(assign, &format!("is {name}'s"))
    }

    /// Asks whether the incident shall be put off, or shown again.
    pub fn ask_snooze(&mut self) -> Vec<Effect> {
        let Some(incident) = self.incidents.current() else {
            return Vec::new();
        };
        let is_put_off = incident.tended.snoozed.is_some_and(|at| at > self.now);
        let span = jiff::SignedDuration::from_secs(PUT_OFF);
        let until = self.now.checked_add(span).ok().filter(|_| !is_put_off);
        let (question, said, changes) = if is_put_off {
            (
                format!("Show incident {} again?", incident.id),
                "is shown again",
                "it is counted among the open ones again",
            )
        } else {
            (
                format!("Put incident {} off for four hours?", incident.id),
                "is put off for four hours",
                "the header and Home do not count it meanwhile",
            )
        };
        let then = write(incident, Tending::Snooze { until }, said);
        let mut confirm = Confirm::new(Danger::Write, question, "", "Do it", then);
        confirm.changes = vec![changes.to_owned()];
        confirm.stays = vec!["what it holds stays held".to_owned()];
        confirm.undo = format!("{} again", self.key("incident.snooze"));
        self.ask(confirm)
    }

    /// Asks whether the incident shall be closed.
    pub fn ask_close(&mut self) -> Vec<Effect> {
        let Some(incident) = self.incidents.current() else {
            return Vec::new();
        };
        let question = format!("Close incident {}?", incident.id);
        let then = write(incident, Tending::Close { note: None }, "is closed");
        let mut confirm = Confirm::new(Danger::Write, question, "close", "Close", then);
        confirm.changes =
            vec!["it leaves the list; what was rejected is rejected no longer".into()];
        confirm.stays =
            vec!["it stays in the audit, and is opened anew if it happens again".into()];
        "cannot be undone, and need not be".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    fn tend(&mut self, tending: Tending, said: &str) -> Vec<Effect> {
        let incident = self.incidents.current();
        incident.map_or_else(Vec::new, |incident| vec![write(incident, tending, said)])
    }
}

fn write(incident: &Incident, tending: Tending, said: &str) -> Effect {
    let tend = TendIncident {
        tending,
        if_version: Some(incident.tended.version),
    };
    Effect::Write(Write::TendIncident(incident.id, tend, said.to_owned()))
}

fn rule(incident: &Incident, ruling: Ruling, said: &str) -> Effect {
    let rule = RuleHold {
        ruling,
        if_version: Some(incident.tended.version),
    };
    Effect::Write(Write::RuleHold(incident.id, rule, said.to_owned()))
}
