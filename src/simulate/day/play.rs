//! Plays a script: reads the server, does every step, reads the server again and compares.

use super::act::Step;
use super::perform::perform;
use super::report::{DayReport, StepReport};
use super::snapshot::Snapshot;
use super::verify::verify;
use crate::simulate::cast::Roster;
use crate::simulate::client::Session;
use crate::simulate::error::SimulateError;
use crate::simulate::provider::IdentityProvider;

/// A day before it is played.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// The cast, nobody assigned and no group pushed.
    pub roster: Roster,
    /// What happens, with a different name for each step.
    pub steps: Vec<Step>,
    /// What the day was made from.
    pub seed: u64,
}

/// Plays `script` through `idp`; `reader` reads the server before and after. Fails only when the server cannot be
/// reached or read at all.
pub(crate) async fn play(
    idp: &mut dyn IdentityProvider,
    reader: &mut Session,
    script: Script,
) -> Result<DayReport, SimulateError> {
    let Script {
        mut roster,
        steps,
        seed,
    } = script;
    reader.begin("read the server before the day");
    let before = Snapshot::read(reader, "before the day").await?;
    refuse_unless_fresh(&roster, &before)?;
    let mut reports = Vec::with_capacity(steps.len());
    for step in steps {
        idp.session().begin(step.name);
        let sent = idp.session().record().exchanges.len();
        let completed = match perform(idp, &mut roster, &step.act).await {
            Ok(()) => true,
            Err(SimulateError::Unacceptable { .. }) => false,
            Err(error) => return Err(error),
        };
        reports.push(StepReport {
            name: step.name.to_owned(),
            requests: idp.session().record().exchanges.len() - sent,
            completed,
        });
    }
    reader.begin("read the server after the day");
    let after = Snapshot::read(reader, "after the day").await?;
    let differences = verify(idp, &roster, &before, &after);
    let record = idp.session().take_record();
    let mut unexpected = record.unexpected;
    unexpected.extend(reader.take_record().unexpected);
    Ok(DayReport {
        idp: idp.name().to_owned(),
        mode: idp.mode().to_owned(),
        seed,
        steps: reports,
        exchanges: record.exchanges,
        unexpected,
        differences,
    })
}

fn refuse_unless_fresh(roster: &Roster, before: &Snapshot) -> Result<(), SimulateError> {
    let people = roster.people().iter().map(|person| &person.user_name);
    let teams = roster.teams().iter().map(|team| &team.display_name);
    let known = people
        .filter(|name| !before.users_named(name).is_empty())
        .chain(teams.filter(|name| !before.groups_named(name).is_empty()))
        .next();
    match known {
        Some(name) => Err(SimulateError::NotFresh { name: name.clone() }),
        None => Ok(()),
    }
}
