//! What all figures of the engine share: the program at work, the limits, and who has been created so far.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use super::load::{Load, Served, Until};
use super::process::{Account, Engine, Used};
use super::wire::{Wire, request};
use super::{fixed, people};
use crate::limits::CommitLimit;
use crate::sample::{Sample, median};
use crate::table::{Figure, Goal, Table};

/// How long and how often is measured.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Limit and figure take turns so often.
    pub turns: usize,
    /// How long one turn of a limit takes.
    pub limit: Duration,
    /// How long one turn of a figure takes.
    pub figure: Duration,
}

impl Pace {
    /// For a look in between.
    pub const QUICK: Self = Self {
        turns: 3,
        limit: Duration::from_millis(300),
        figure: Duration::from_millis(500),
    };
    /// For figures that are written down.
    pub const FULL: Self = Self {
        turns: 7,
        limit: Duration::from_millis(500),
        figure: Duration::from_millis(800),
    };
}

/// Clients while members are created that nothing is measured of.
const FILLERS: usize = 64;

/// The bench.
pub struct Bench {
    /// How long and how often is measured.
    pub pace: Pace,
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
    /// Whether members that nothing is measured of come without HTTP.
    in_bulk: bool,
    /// Whether these have lines in the log.
    pub fills_log: bool,
}

/// A figure and its limit.
pub struct Measured {
    /// How long each request took.
    pub sample: Sample,
    /// Requests a second, in the middle turn.
    pub rate: f64,
    /// What the machine can do a second, in the middle turn.
    pub limit: f64,
    /// What the engine reached of the limit next to it, in the middle turn.
    pub ratio: f64,
    /// What the engine used for a request, and the limit for what it did, in words.
    pub costs: String,
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
    pub async fn start(pace: Pace, in_bulk: bool, data: Option<PathBuf>) -> Result<Self> {
        let account = match data {
            Some(data) => Account::of(data)?,
            None => Account::new()?,
        };
        let ids = super::bulk::ids(&account.database())?;
        let document = people::body(0, "Engineer");
        let limit = account
            .path()
            .join(format!("limit-{}.db", std::process::id()));
        let commits = CommitLimit::new(&limit, &document, &document)?;
        let engine = account.serve()?;
        let fixed = fixed::start()?;
        let bench = Self {
            pace,
            account,
            engine,
            fixed,
            commits,
            table: Table::default(),
            created: Cell::new(ids.len() as u64),
            ids: RefCell::new(ids),
            in_bulk,
            fills_log: true,
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
    pub async fn fill(&mut self, members: u64) -> Result<()> {
        if self.in_bulk && members > self.members() {
            return self.load_in_bulk(members).await;
        }
        self.create(FILLERS, Until::Number(members)).await?;
        Ok(())
    }

    /// Notes members that came without HTTP.
    pub fn loaded(&mut self, ids: Vec<String>) {
        self.created.set(self.created.get() + ids.len() as u64);
        self.ids.borrow_mut().extend(ids);
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
        let mut sample = Sample::default();
        let (mut rates, mut limits, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let (mut used, mut limit_used, mut limit_count) = (Used::default(), Used::default(), 0.0);
        for _ in 0..self.pace.turns {
            let before = self.limit_used(limit)?;
            let most = match limit {
                Limit::Commits(rows) => self.commits.measure(rows, self.pace.limit)?,
                Limit::Http => self.http_limit().await?,
            };
            limit_used.add(self.limit_used(limit)?.since(before));
            limit_count += most * self.pace.limit.as_secs_f64();
            let before = self.engine.used()?;
            let served = turn(self, Until::Time(self.pace.figure)).await?;
            used.add(self.engine.used()?.since(before));
            limits.push(most);
            rates.push(served.rate());
            ratios.push(served.rate() / most.max(f64::MIN_POSITIVE));
            sample.absorb(served.sample);
        }
        let count = sample.len() as f64;
        let mut costs = format!(
            "{:.0} µs CPU, limit {:.0}",
            used.micros_each(count),
            limit_used.micros_each(limit_count)
        );
        if matches!(limit, Limit::Commits(_)) {
            costs.push_str(&format!(
                "; {:.1} kB written, limit {:.1}",
                used.kilobytes_each(count),
                limit_used.kilobytes_each(limit_count)
            ));
        }
        Ok(Measured {
            sample,
            rate: median(rates),
            limit: median(limits),
            ratio: median(ratios),
            costs,
        })
    }

    fn limit_used(&self, limit: Limit) -> Result<Used> {
        match limit {
            Limit::Commits(_) => Used::here(),
            Limit::Http => self.fixed.used(),
        }
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
        .run(Until::Time(self.pace.limit))
        .await?;
        Ok(served.rate())
    }

    /// Adds a rate to the table, with what it costs.
    pub fn add_rate(&mut self, name: &str, measured: &Measured, goal: Goal) {
        self.table.add(Figure::ratio(
            format!("{name} ({})", measured.costs),
            (measured.rate, measured.limit),
            measured.ratio,
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
