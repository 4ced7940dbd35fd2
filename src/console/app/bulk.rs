//! Marks, and what is done to all marked members at once.
//!
//! The engine gets one command for each member, so that each is decided, refused or done, and logged by itself. Whoever
//! was not changed stays marked.

use super::App;
use crate::admin::AdminError;
use crate::admin::types::{Listing, MemberId, MemberRow, Origin, Outcome, Page, Total};
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Bulk, BulkVerb, Effect, Load, Write};
use crate::console::msg::BulkResult;
use crate::console::overlays::Confirm;
use crate::console::overlays::messages::{Message, Tone};
use crate::console::store::{Generation, MOST_MARKS};
use crate::console::words;
use crate::counted;

/// How many names a question lists.
const NAMES: usize = 10;

impl App {
    /// Marks the selected member, or takes the mark away, and goes to the next.
    pub fn toggle_mark(&mut self) -> Vec<Effect> {
        let Some(row) = self.members.rows.list.selected_row() else {
            return Vec::new();
        };
        if !self.members.marks.toggle(row) {
            self.say_marks_are_full();
        }
        self.members.rows.list.move_by(1);
        Vec::new()
    }

    /// Marks everybody the list holds, whether or not their page is here.
    pub fn mark_all(&mut self) -> Vec<Effect> {
        let listing = Listing {
            filter: self.members.rows.filter.clone(),
            sort: self.members.rows.sort,
            offset: 0,
            limit: u32::try_from(MOST_MARKS).unwrap_or(u32::MAX),
        };
        let generation = self.members.marking.ask();
        vec![Effect::Load(generation, Load::MarkMembers(listing))]
    }

    /// Takes all marks away.
    pub fn clear_marks(&mut self) -> Vec<Effect> {
        self.members.marks.clear();
        // An answer that is on its way is not wanted any more.
        self.members.marking.clear();
        Vec::new()
    }

    /// Those who shall be marked came.
    pub(super) fn marks_loaded(
        &mut self,
        generation: Generation,
        result: Result<Page<MemberRow>, AdminError>,
    ) -> bool {
        let (page, result) = match result {
            Ok(page) => (Some(page), Ok(())),
            Err(error) => (None, Err(error)),
        };
        let failed = result.clone().err();
        if !self.members.marking.answer(generation, result) {
            return false;
        }
        if let Some(error) = failed {
            self.say_failed("nobody was marked", &error);
        }
        let Some(page) = page else { return true };
        let came = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
        let all = match page.total {
            Total::Exact(total) => total <= came,
            Total::AtLeast(_) => false,
        };
        let mut has_room = true;
        for row in page.items {
            has_room &= self.members.marks.add(row);
        }
        if !all || !has_room {
            self.say_marks_are_full();
        }
        true
    }

    fn say_marks_are_full(&mut self) {
        let count = words::counted(u64::try_from(MOST_MARKS).unwrap_or(u64::MAX), "member");
        self.say(
            Tone::Warning,
            format!("no more than {count} can be marked at once"),
            "Not everybody is marked; a filter makes the list shorter.",
        );
    }

    /// Those of the marked members whom a verb would change.
    fn concerned(&self, verb: BulkVerb) -> Vec<&MemberRow> {
        let may = |row: &&MemberRow| row.active && row.deleted.is_none();
        let rows = self.members.marks.rows();
        match verb {
            BulkVerb::Deactivate => rows.filter(|row| may(row) && !row.owner).collect(),
            BulkVerb::Restore => rows.filter(|row| !may(row)).collect(),
        }
    }

    /// Why nothing can be done to the marked members, where that is so.
    pub fn can_change_marked(&self, verb: BulkVerb) -> Result<(), Reason> {
        if !self.concerned(verb).is_empty() {
            return Ok(());
        }
        Err(match verb {
            BulkVerb::Deactivate => Reason::of(
                "of the marked members only the owner is active, if anybody; nobody may deactivate the owner together with others",
            ),
            BulkVerb::Restore => Reason::of("all marked members are active already"),
        })
    }

    /// Asks whether all marked members shall be changed: how many must be typed.
    pub(super) fn ask_marked(&mut self, verb: BulkVerb) -> Vec<Effect> {
        let rows = self.concerned(verb);
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let marked = u64::try_from(self.members.marks.len()).unwrap_or(u64::MAX);
        let members = words::counted(count, "member");
        let (asked, yes, can) = match verb {
            BulkVerb::Deactivate => ("Deactivate", "Deactivate", "can no longer sign in"),
            BulkVerb::Restore => ("Restore", "Restore", "can sign in again"),
        };
        let ids: Vec<MemberId> = rows.iter().map(|row| row.id).collect();
        let keys = self.keys_of(&ids);
        let bulk = Bulk {
            verb,
            members: rows
                .iter()
                .map(|row| (row.id, row.user_name.clone()))
                .collect(),
        };
        let mut changes = vec![format!("{members} {can}:")];
        changes.extend(rows.iter().take(NAMES).map(|row| named(row)));
        let more = rows.len().saturating_sub(NAMES);
        if more > 0 {
            let more = u64::try_from(more).unwrap_or(u64::MAX);
            changes.push(format!("and {} more", words::count(more)));
        }
        let admins = rows.iter().filter(|row| row.leads);
        let admins: Vec<&str> = admins.map(|row| row.user_name.as_str()).collect();
        if let (BulkVerb::Deactivate, Some(first)) = (verb, admins.first()) {
            let others = u64::try_from(admins.len() - 1).unwrap_or(u64::MAX);
            let others = match others {
                0 => String::new(),
                _ => format!(" and {} more", words::count(others)),
            };
            changes.push(format!("admins lose their way in: {first}{others}"));
        }
        let mut stays = vec![match verb {
            BulkVerb::Deactivate => "their data, roles and teams stay".to_owned(),
            BulkVerb::Restore => "their ids, roles and teams are as they were".to_owned(),
        }];
        if marked > count {
            let why = match verb {
                BulkVerb::Deactivate => "are inactive already, or own the account",
                BulkVerb::Restore => "are active already",
            };
            let stay = "other marked member stays as is";
            let rest = counted::count(
                marked - count,
                stay,
                "other marked members stay as they are",
            );
            stays.push(format!("{rest}: they {why}"));
        }
        if verb == BulkVerb::Deactivate && rows.iter().any(|row| row.origin == Origin::Scim) {
            stays.push("their IdP may activate them again with its next push".to_owned());
        }
        let typed = words::count(count);
        let mut confirm = Confirm::new(
            Danger::Destructive,
            format!("{asked} {members}?"),
            &typed,
            yes,
            Effect::Write(Write::Bulk(bulk)),
        );
        confirm.changes = changes;
        if verb == BulkVerb::Deactivate {
            for key in keys {
                confirm.changes.push(self.key_ends(&key));
            }
        }
        confirm.stays = stays;
        confirm.undo = match verb {
            BulkVerb::Deactivate => format!("mark them again, then {}", self.key("member.restore")),
            BulkVerb::Restore => format!("mark them again, then {}", self.key("member.deactivate")),
        };
        self.ask(confirm)
    }

    /// All marked members were gone through.
    pub(super) fn bulk_finished(
        &mut self,
        bulk: &Bulk,
        results: Vec<BulkResult>,
        effects: &mut Vec<Effect>,
    ) {
        let mut done: Vec<MemberId> = Vec::new();
        let mut undone: Vec<(String, String, Option<AdminError>)> = Vec::new();
        for ((id, name), result) in bulk.members.iter().zip(results) {
            match result {
                Ok(answer) => match answer.outcome {
                    Outcome::Applied | Outcome::NoOp => done.push(*id),
                    Outcome::Ignored => {
                        undone.push((name.clone(), "the policy ignores it".into(), None));
                    }
                    Outcome::Held => {
                        undone.push((name.clone(), "it waits for an admin".into(), None));
                    }
                    Outcome::Refused | Outcome::Error => {
                        undone.push((name.clone(), "it was refused".into(), None));
                    }
                },
                Err(error) => undone.push((name.clone(), error.detail.clone(), Some(error))),
            }
        }
        self.members.marks.remove(&done);
        let were = |many: usize| counted::count(many as u64, "was", "were");
        let verb = match bulk.verb {
            BulkVerb::Deactivate => "deactivated",
            BulkVerb::Restore => "restored",
        };
        let all = words::counted(
            u64::try_from(bulk.members.len()).unwrap_or(u64::MAX),
            "member",
        );
        let message = match undone.first() {
            None => Message {
                at: self.now,
                tone: Tone::Success,
                text: format!("{all} were {verb}"),
                next: String::new(),
                request: None,
            },
            Some((name, why, error)) => Message {
                at: self.now,
                tone: Tone::Failure,
                text: format!(
                    "{} of {all} {} {verb}, {} not; first {name}: {why}",
                    done.len(),
                    if bulk.members.len() == 1 {
                        "was"
                    } else {
                        "were"
                    },
                    were(undone.len()),
                ),
                next: "Those who were not are still marked.".into(),
                request: error.as_ref().and_then(|error| error.request_id),
            },
        };
        self.messages.say(message);
        effects.extend(self.refresh());
    }
}

fn named(row: &MemberRow) -> String {
    if row.name == row.user_name {
        return format!("  {}", row.user_name);
    }
    format!("  {} ({})", row.name, row.user_name)
}
