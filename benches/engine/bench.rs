//! What all figures of the engine share: the program at work, the limits, and who has been created so far.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use anyhow::{Context, Result};

use super::load::{Load, Served, Until};
use super::process::{Account, Engine};
use super::wire::{Wire, request};
use super::{fixed, people};
use crate::limits::CommitLimit;
use crate::sample::Sample;
use crate::table::{Figure, Goal, Table};

/// Limit and figure take turns so often.
const TURNS: usize = 3;
/// How long one turn of a limit takes.
const LIMIT_TURN: Duration = Duration::from_millis(600);
/// How long one turn of a figure takes.
const TURN: Duration = Duration::from_secs(1);
/// Clients while members are created that nothing is measured of.
const FILLERS: usize = 64;

/// The bench.
pub struct Bench {
    /// Where its data are.
    pub account: Account,
    /// The program.
    pub engine: Engine,
    /// The server of the fixed document.
    pub fixed: Engine,
    /// The bare commits.
    pub commits: CommitLimit,
    /// What is known so far.
    pub table: Table,
    /// The ids of the members, by their numbers.
    pub ids: RefCell<Vec<String>>,
    created: Cell<u64>,
}

/// A figure and its limit.
pub struct Measured {
    /// What the engine did.
    pub served: Served,
    /// What the machine can do, a second.
    pub limit: f64,
    /// Processor time of the engine a request.
    pub cpu: Duration,
}

/// What a figure is compared with.
#[derive(Clone, Copy)]
pub enum Limit {
    /// Commits of so many rows.
    Commits(u32),
    /// The fixed document.
    Http,
}

impl Bench {
    /// Starts everything.
    pub async fn start() -> Result<Self> {
        let account = Account::new()?;
        let document = people::body(0, "Engineer");
        let commits = CommitLimit::new(&account.path().join("limit.db"), &document, &document)?;
        let engine = account.serve()?;
        let fixed = fixed::start()?;
        let bench = Self {
            account,
            engine,
            fixed,
            commits,
            table: Table::default(),
            ids: RefCell::default(),
            created: Cell::new(0),
        };
        bench.ask("GET", "/scim/v2/Users?count=1", "").await?;
        Ok(bench)
    }

    /// The memory of an engine that holds nobody.
    pub fn empty(&mut self) -> Result<()> {
        let goal = Goal::at_most(40.0).and_at_best(25.0);
        self.table.add(Figure::value(
            "resident memory, empty",
            self.engine.resident()?,
            "MiB",
            goal,
        ));
        Ok(())
    }

    /// One request of an identity provider.
    pub async fn ask(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let mut wire = Wire::connect(self.engine.address).await?;
        let mut text = Vec::new();
        request(&mut text, &self.account.scim_token, method, path, body);
        let status = wire.ask(&text).await?;
        let answer = String::from_utf8_lossy(wire.body()).into_owned();
        anyhow::ensure!(
            (200..300).contains(&status),
            "{method} {path}: {status} {answer}"
        );
        Ok(answer)
    }

    /// Creates members until there are so many.
    pub async fn fill(&self, members: u64) -> Result<()> {
        self.create(FILLERS, Until::Number(members)).await?;
        Ok(())
    }

    /// Creates members.
    pub async fn create(&self, clients: usize, until: Until) -> Result<Served> {
        let answered = |number: u64, body: &[u8]| {
            let id = id_in(body).unwrap_or_default();
            let mut ids = self.ids.borrow_mut();
            let at = usize::try_from(number).unwrap_or(usize::MAX);
            if ids.len() <= at {
                ids.resize(at + 1, String::new());
            }
            if let Some(place) = ids.get_mut(at) {
                *place = id;
            }
        };
        let token = &self.account.scim_token;
        Load {
            address: self.engine.address,
            clients,
            request: &|number, into| {
                let body = people::body(number, "Engineer");
                request(into, token, "POST", "/scim/v2/Users", &body);
            },
            answered: &answered,
            next: &self.created,
        }
        .run(until)
        .await
    }

    /// How many members there are.
    pub fn members(&self) -> u64 {
        self.created.get()
    }

    /// The id of a member, by a number however high.
    pub fn id(&self, number: u64) -> String {
        let ids = self.ids.borrow();
        let at = usize::try_from(number % self.members().max(1)).unwrap_or_default();
        ids.get(at).cloned().unwrap_or_default()
    }

    /// Measures limit and figure in turns. `turn` does the work of one turn.
    pub async fn measure(
        &mut self,
        limit: Limit,
        turn: impl AsyncFn(&Self, Until) -> Result<Served>,
    ) -> Result<Measured> {
        let mut served = Served::default();
        let (mut limits, mut cpu) = (0.0, Duration::ZERO);
        for _ in 0..TURNS {
            limits += match limit {
                Limit::Commits(rows) => self.commits.measure(rows, LIMIT_TURN)?,
                Limit::Http => self.http_limit().await?,
            };
            let before = self.engine.cpu()?;
            served.absorb(turn(self, Until::Time(TURN)).await?);
            cpu += self.engine.cpu()?.saturating_sub(before);
        }
        let requests = u32::try_from(served.sample.len().max(1))?;
        Ok(Measured {
            served,
            limit: limits / TURNS as f64,
            cpu: cpu / requests,
        })
    }

    async fn http_limit(&self) -> Result<f64> {
        let token = &self.account.scim_token;
        let served = Load {
            address: self.fixed.address,
            clients: 16,
            request: &|number, into| {
                request(into, token, "GET", &format!("/scim/v2/Users/{number}"), "");
            },
            answered: &|_, _| {},
            next: &Cell::new(0),
        }
        .run(Until::Time(LIMIT_TURN))
        .await?;
        Ok(served.rate())
    }

    /// Adds a rate to the table, with what it costs the processor.
    pub fn add_rate(&mut self, name: &str, measured: &Measured, goal: Goal) {
        let name = format!("{name} ({} µs CPU)", measured.cpu.as_micros());
        self.table.add(Figure::ratio(
            name,
            measured.served.rate(),
            measured.limit,
            goal,
        ));
    }

    /// Adds how far the slowest writes are from the middle ones.
    pub fn add_tail(&mut self, name: &str, sample: &Sample) {
        let ratio = sample.percentile(99) / sample.percentile(50).max(1e-6);
        let name = format!(
            "p99 / p50 of {name} ({:.1} / {:.1} ms)",
            sample.percentile(99),
            sample.percentile(50)
        );
        let goal = Goal::at_most(6.0).and_at_best(3.0);
        self.table.add(Figure::value(name, ratio, "", goal));
    }
}

/// The `id` of an answer.
pub fn id_in(body: &[u8]) -> Result<String> {
    let at = memchr::memmem::find(body, b"\"id\":\"").context("an answer without an id")? + 6;
    let id = body.get(at..at + 36).context("an id that is cut")?;
    Ok(String::from_utf8(id.to_vec())?)
}
