//! Sends an invented company to a fresh server.

use std::fmt;

use futures::StreamExt;
use futures::stream;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::population::{Population, Seeded};
use crate::simulate::cast::{
    Casting, Names, Person, PersonKey, Provider, PushedTeam, Standing, TeamKey,
};
use crate::simulate::client::{Answer, Call, IdpClient, wait_before_retry};
use crate::simulate::dice::Dice;
use crate::simulate::entra::patch::{self, Operation, Verb};
use crate::simulate::error::SimulateError;
use crate::simulate::target::Targets;
use crate::simulate::wire::ENTERPRISE;
use crate::simulate::{entra, okta};

/// How many requests are under way at once.
const IN_FLIGHT: usize = 16;
/// How many members one request puts into a team.
const BATCH: usize = 100;

/// How much to seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeding {
    /// How many members.
    pub members: usize,
    /// How many teams, of 5 to 120 members each.
    pub teams: usize,
    /// What the company is made from.
    pub seed: u64,
}

impl Default for Seeding {
    /// The size of the demo.
    fn default() -> Self {
        Self {
            members: 2000,
            teams: 60,
            seed: 8470,
        }
    }
}

/// What is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedStage {
    /// Members are created.
    Members,
    /// Those who left are deactivated.
    Leavers,
    /// Teams are pushed.
    Teams,
}

impl fmt::Display for SeedStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Members => "members",
            Self::Leavers => "leavers",
            Self::Teams => "teams",
        })
    }
}

/// How far seeding has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedProgress {
    /// What is being sent.
    pub stage: SeedStage,
    /// How many of this stage are done.
    pub done: usize,
    /// How many this stage has.
    pub total: usize,
}

/// Fills a server that holds nobody of the company yet; `progress` is called after each member and each team.
pub async fn seed_directory(
    targets: &Targets,
    seeding: Seeding,
    mut progress: impl FnMut(SeedProgress) + Send,
) -> Result<Seeded, SimulateError> {
    let names = Names::load()?;
    let domain = names.domain.clone();
    let casting = Casting::new(names, &domain, seeding.seed);
    let mut seeded = Seeded::invent(casting, seeding.members, seeding.teams);
    let sender = Sender {
        okta: IdpClient::new(&targets.okta, okta::PROFILE)?,
        entra: IdpClient::new(&targets.entra, entra::profile_of(entra::EntraMode::Legacy))?,
    };
    sender.members(&mut seeded, &mut progress).await?;
    sender.leavers(&seeded, &mut progress).await?;
    sender.teams(&mut seeded, &mut progress).await?;
    Ok(seeded)
}

struct Sender {
    okta: IdpClient,
    entra: IdpClient,
}

/// One member or team to send, with everything it takes, so that jobs can run side by side.
struct Job<K> {
    provider: Provider,
    key: K,
    what: String,
    call: Call,
}

impl Sender {
    fn client(&self, provider: Provider) -> &IdpClient {
        match provider {
            Provider::Okta => &self.okta,
            Provider::Entra => &self.entra,
        }
    }

    /// Leads come first, so that those who report to them can name their ids.
    async fn members(
        &self,
        seeded: &mut Seeded,
        progress: &mut (impl FnMut(SeedProgress) + Send),
    ) -> Result<(), SimulateError> {
        let total = seeded.okta.roster.people().len() + seeded.entra.roster.people().len();
        let mut done = 0;
        for wave in [Wave::First, Wave::Leads, Wave::Staff] {
            let mut jobs = Vec::new();
            let mut dice = seeded.casting.dice().clone();
            for (provider, population) in shares(seeded) {
                for person in population.roster.people() {
                    if Wave::of(population, person) == wave {
                        jobs.push(create_job(provider, population, person, &mut dice));
                    }
                }
            }
            let mut sent = stream::iter(jobs)
                .map(|job| self.create(job))
                .buffer_unordered(IN_FLIGHT);
            let mut created = Vec::new();
            while let Some(member) = sent.next().await {
                created.push(member?);
                done += 1;
                progress(SeedProgress {
                    stage: SeedStage::Members,
                    done,
                    total,
                });
            }
            drop(sent);
            for (provider, key, id) in created {
                share(seeded, provider).ids.insert(key, id);
            }
        }
        Ok(())
    }

    async fn leavers(
        &self,
        seeded: &Seeded,
        progress: &mut (impl FnMut(SeedProgress) + Send),
    ) -> Result<(), SimulateError> {
        let mut jobs = Vec::new();
        for (provider, population) in shares(seeded) {
            for person in population.roster.people() {
                let id = population.ids.get(&person.key);
                if let (Standing::Inactive, Some(id)) = (person.standing, id) {
                    jobs.push(deactivate_job(provider, person, id));
                }
            }
        }
        let total = jobs.len();
        let mut sent = stream::iter(jobs)
            .map(|job| async move {
                self.send(job.provider, &job.call, &job.what, &[200, 204])
                    .await
            })
            .buffer_unordered(IN_FLIGHT);
        let mut done = 0;
        while let Some(answer) = sent.next().await {
            answer?;
            done += 1;
            progress(SeedProgress {
                stage: SeedStage::Leavers,
                done,
                total,
            });
        }
        Ok(())
    }

    async fn teams(
        &self,
        seeded: &mut Seeded,
        progress: &mut (impl FnMut(SeedProgress) + Send),
    ) -> Result<(), SimulateError> {
        let mut jobs = Vec::new();
        for (provider, population) in shares(seeded) {
            let teams = population.roster.teams().iter();
            jobs.extend(teams.map(|team| (provider, population, team)));
        }
        let total = jobs.len();
        let mut sent = stream::iter(jobs)
            .map(|(provider, population, team)| self.team(provider, population, team))
            .buffer_unordered(IN_FLIGHT);
        let mut created = Vec::new();
        while let Some(team) = sent.next().await {
            created.push(team?);
            progress(SeedProgress {
                stage: SeedStage::Teams,
                done: created.len(),
                total,
            });
        }
        drop(sent);
        for (provider, key, id) in created {
            share(seeded, provider).team_ids.insert(key, id);
        }
        Ok(())
    }

    /// Creates a team, then sends its members batch by batch, in order.
    async fn team(
        &self,
        provider: Provider,
        population: &Population,
        team: &PushedTeam,
    ) -> Result<(Provider, TeamKey, String), SimulateError> {
        let what = format!("team {}", team.display_name);
        let body = match provider {
            Provider::Okta => okta::bodies::create_group(&team.display_name),
            Provider::Entra => entra::bodies::create_group(team),
        };
        let job = Job {
            provider,
            key: team.key,
            what: what.clone(),
            call: Call::post("/Groups", body),
        };
        let (provider, key, id) = self.create(job).await?;
        let members: Vec<PersonKey> = team.members.iter().copied().collect();
        for batch in members.chunks(BATCH) {
            let body = match provider {
                Provider::Okta => okta_members(population, batch),
                Provider::Entra => {
                    let ids = batch.iter().filter_map(|who| population.ids.get(who));
                    let ids: Vec<String> = ids.cloned().collect();
                    patch::add_members(entra::EntraMode::Legacy, &ids)
                }
            };
            let call = Call::patch(format!("/Groups/{id}"), body);
            self.send(provider, &call, &what, &[200, 204]).await?;
        }
        Ok((provider, key, id))
    }

    async fn create<K>(&self, job: Job<K>) -> Result<(Provider, K, String), SimulateError> {
        let answer = self
            .send(job.provider, &job.call, &job.what, &[201])
            .await?;
        match answer.id() {
            Some(id) => Ok((job.provider, job.key, id.to_owned())),
            None => Err(refused(&job.what, &answer)),
        }
    }

    async fn send(
        &self,
        provider: Provider,
        call: &Call,
        what: &str,
        statuses: &[u16],
    ) -> Result<Answer, SimulateError> {
        let mut attempt = 0;
        loop {
            let answer = self.client(provider).send(call).await?;
            if let Some(wait) = wait_before_retry(&answer, attempt) {
                sleep(wait).await;
                attempt += 1;
            } else if statuses.contains(&answer.status) {
                return Ok(answer);
            } else {
                return Err(refused(what, &answer));
            }
        }
    }
}

/// Who must be there before whom.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wave {
    /// The one who reports to nobody.
    First,
    /// Those who report to the first.
    Leads,
    /// Everybody else.
    Staff,
}

impl Wave {
    fn of(population: &Population, person: &Person) -> Self {
        let Some(manager) = person.manager else {
            return Self::First;
        };
        match population.roster.person(manager).manager {
            None => Self::Leads,
            Some(_) => Self::Staff,
        }
    }
}

fn shares(seeded: &Seeded) -> [(Provider, &Population); 2] {
    [
        (Provider::Okta, &seeded.okta),
        (Provider::Entra, &seeded.entra),
    ]
}

fn share(seeded: &mut Seeded, provider: Provider) -> &mut Population {
    match provider {
        Provider::Okta => &mut seeded.okta,
        Provider::Entra => &mut seeded.entra,
    }
}

/// Everybody joins active; those who left are deactivated in a stage of their own.
fn create_job(
    provider: Provider,
    population: &Population,
    person: &Person,
    dice: &mut Dice,
) -> Job<PersonKey> {
    let mut joiner = person.clone();
    joiner.standing = Standing::Active;
    let body = match provider {
        Provider::Okta => without_password(okta::bodies::create_user(
            &population.roster,
            &joiner,
            &dice.letters(12),
        )),
        Provider::Entra => {
            let manager = person.manager.and_then(|key| population.ids.get(&key));
            with_manager(entra::bodies::create_user(&joiner), manager)
        }
    };
    Job {
        provider,
        key: person.key,
        what: format!("member {}", person.user_name),
        call: Call::post("/Users", body),
    }
}

/// Nobody signs in with these, and a server takes its time over each password by design.
fn without_password(mut body: Value) -> Value {
    if let Some(attributes) = body.as_object_mut() {
        attributes.remove("password");
    }
    body
}

/// Entra would send the manager in a second request; one is enough here.
fn with_manager(mut body: Value, manager: Option<&String>) -> Value {
    let enterprise = body.get_mut(ENTERPRISE).and_then(Value::as_object_mut);
    if let (Some(enterprise), Some(id)) = (enterprise, manager) {
        enterprise.insert("manager".into(), json!({"value": id}));
    }
    body
}

fn deactivate_job(provider: Provider, person: &Person, id: &str) -> Job<PersonKey> {
    let body = match provider {
        Provider::Okta => okta::bodies::patch_active(false),
        Provider::Entra => {
            let disable = Operation::new(Verb::Replace, "active", false);
            patch::patch(entra::EntraMode::Legacy, vec![disable])
        }
    };
    Job {
        provider,
        key: person.key,
        what: format!("leaver {}", person.user_name),
        call: Call::patch(format!("/Users/{id}"), body),
    }
}

fn okta_members(population: &Population, batch: &[PersonKey]) -> Value {
    let pushed = batch.iter().filter_map(|who| {
        Some(okta::bodies::Pushed {
            id: population.ids.get(who)?.clone(),
            user_name: population.roster.person(*who).user_name.clone(),
        })
    });
    okta::bodies::patch_members(&pushed.collect::<Vec<_>>(), &[])
}

fn refused(what: &str, answer: &Answer) -> SimulateError {
    SimulateError::Refused {
        what: what.to_owned(),
        status: answer.status,
        detail: answer.detail(),
    }
}
