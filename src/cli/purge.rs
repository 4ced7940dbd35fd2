//! What identity providers rule goes at once, members or teams: it is listed first, and their number is typed to go on.

use super::confirm::{Foreseen, asks, foresee, reach_to_ask, type_to_go_on};
use super::connect;
use super::error::CliError;
use super::output::{Form, text};
use super::session::{Session, note};
use super::written;
use crate::admin::types::{ChangeOp, Done, ObjectKind};
use crate::admin::{AdminError, AdminWrite};

/// How many of those that go are named before it is asked about.
const LISTED: usize = 20;

/// One of the purges, in words.
pub struct Purge {
    /// The command.
    pub verb: &'static str,
    /// What it is called in its answer.
    pub title: &'static str,
    /// Of what kind those are that go.
    pub kind: ObjectKind,
    /// What would become of one of them.
    pub goes: &'static str,
    /// What would become of several.
    pub go: &'static str,
    /// What is said before the number is asked for.
    pub question: &'static str,
    /// What has changed where others would go than those that were listed.
    pub changed: &'static str,
}

impl Purge {
    /// Lists, asks and purges.
    pub async fn run(
        &self,
        session: &mut Session,
        purge: impl AsyncFn(&dyn AdminWrite) -> Result<Done, AdminError>,
    ) -> Result<(), CliError> {
        let mut reach = reach_to_ask(session).await?;
        if asks(session) {
            let would = foresee(reach, &purge);
            let going;
            (reach, going) = match would.await? {
                Foreseen::Change(reach, would) => (reach, would),
                Foreseen::AlreadySo(done) => return written::report(session, &done, self.title),
            };
            let names = self.removed(&going);
            note(&format!("{}:", self.removal(names.len())));
            for name in names.iter().take(LISTED) {
                note(&format!("  {name}"));
            }
            if names.len() > LISTED {
                let more = text::thousands((names.len() - LISTED) as u64);
                note(&format!("  and {more} more; --dry-run lists them all"));
            }
            for warning in &going.warnings {
                note(&format!("note: {warning}"));
            }
            reach.close().await?;
            type_to_go_on(self.verb, self.question, &names.len().to_string())?;
            // What is asked about must still be what goes.
            let again = connect::reach_to_foresee(session).await?;
            if let Foreseen::Change(again, would) = foresee(again, &purge).await? {
                again.close().await?;
                if self.removed(&would) != names {
                    let what = self.changed.to_owned();
                    return Err(CliError::ChangedMeanwhile { what });
                }
            }
            reach = session.reach_to_write().await?;
        }
        let purged = async { Ok::<_, CliError>(purge(reach.write()?).await?) }.await;
        let done = reach.finish(purged).await?;
        if session.global.dry_run && session.out.form != Form::Json {
            session.out.line(&self.removal(self.removed(&done).len()))?;
        }
        written::report(session, &done, self.title)
    }

    /// How many go, in a sentence.
    fn removal(&self, count: usize) -> String {
        text::count(count as u64, self.goes, self.go)
    }

    /// The names of those whom a change removes.
    fn removed(&self, done: &Done) -> Vec<String> {
        // The line that sums them up is about none.
        let none = uuid::Uuid::nil().to_string();
        let removed = done
            .changes
            .iter()
            .filter(|it| it.kind == self.kind && it.op == ChangeOp::Remove && it.id != none);
        removed.map(|it| it.label.clone()).collect()
    }
}
