//! The speed of the engine beside the limits of the machine: `cargo bench --bench engine` in about a
//! minute, with `-- --full` up to a million members, with `-- --members N` up to as many as are wanted.
//!
//! Everything goes through the real program over real HTTP; limit and figure are measured in turns, so that a machine
//! that is busy with other things spoils both alike. Two limits: bare SQLite commits on the same disk
//! ([`limits`]), and an axum server that answers a fixed document of 1.8 KB ([`engine::fixed`]). The ratios are
//! what counts; absolute figures differ from machine to machine.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "common/limits.rs"]
mod limits;
#[path = "common/sample.rs"]
mod sample;
#[path = "common/table.rs"]
mod table;

mod engine {
    pub mod bench;
    pub mod bulk;
    pub mod fixed;
    pub mod growth;
    pub mod load;
    pub mod log;
    pub mod people;
    pub mod process;
    pub mod reads;
    pub mod wire;
    pub mod writes;
}

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use engine::bench::{Bench, Pace};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Members at the end of a run, where nothing else is said.
const MEMBERS: u64 = 20_000;
/// Members at the end of a full run.
const MEMBERS_FULL: u64 = 1_000_000;
/// Rates are measured with so many members; what is beyond is there for growth, memory and searches.
const MEMBERS_FOR_RATES: u64 = 100_000;
/// Costs are compared between directories of these sizes.
const SIZES: [u64; 3] = [1_000, 10_000, MEMBERS_FOR_RATES];

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    Creates,
    Changes,
    Memberships,
    Reads,
    Filter,
    Team,
    Search,
    Sizes,
    Start,
}

impl Rows {
    const ALL: [(&str, Self); 9] = [
        ("creates", Self::Creates),
        ("changes", Self::Changes),
        ("memberships", Self::Memberships),
        ("reads", Self::Reads),
        ("filter", Self::Filter),
        ("team", Self::Team),
        ("search", Self::Search),
        ("sizes", Self::Sizes),
        ("start", Self::Start),
    ];

    /// The rows of a list, such as `filter,team`.
    fn parse(list: &str) -> Result<Vec<Self>> {
        list.split(',')
            .map(|word| {
                let known = Self::ALL.iter().find(|(name, _)| *name == word);
                known.map(|(_, rows)| *rows).with_context(|| {
                    let names = Self::ALL.map(|(name, _)| name).join(", ");
                    format!("{word} is no row; there are {names}")
                })
            })
            .collect()
    }
}

/// What the command line asks for.
struct Wanted {
    members: u64,
    pace: Pace,
    rows: Vec<Rows>,
    /// Whether members that nothing is measured of come without HTTP.
    in_bulk: bool,
    /// The data directory that an earlier run left.
    data: Option<PathBuf>,
}

impl Wanted {
    fn has(&self, rows: Rows) -> bool {
        self.rows.contains(&rows)
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut is_bench = false;
    let mut wanted = Wanted {
        members: MEMBERS,
        pace: Pace::QUICK,
        rows: Rows::ALL.map(|(_, rows)| rows).to_vec(),
        in_bulk: false,
        data: None,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => is_bench = true,
            "--full" => (wanted.members, wanted.pace) = (MEMBERS_FULL, Pace::FULL),
            "--members" => {
                wanted.members = arguments
                    .next()
                    .context("--members takes a number")?
                    .parse()?;
                anyhow::ensure!(
                    wanted.members >= 2_000,
                    "a bench needs at least 2000 members"
                );
            }
            "--rows" => {
                wanted.rows = Rows::parse(&arguments.next().context("--rows takes a list")?)?;
            }
            "--bulk" => wanted.in_bulk = true,
            "--data" => {
                wanted.data = Some(arguments.next().context("--data takes a directory")?.into());
            }
            engine::fixed::FLAG => {
                let port = arguments.next().context("a port")?.parse()?;
                return engine::fixed::serve(port);
            }
            other => {
                bail!(
                    "{other} is unknown; there are --full, --members N, --rows LIST, --bulk and --data DIRECTORY"
                )
            }
        }
    }
    if !is_bench {
        // Started by a test runner that looks for tests; here are none.
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(wanted))
}

async fn run(wanted: Wanted) -> Result<()> {
    let mut bench = Bench::start(wanted.pace, wanted.in_bulk, wanted.data.clone()).await?;
    bench.fills_log = [Rows::Search, Rows::Sizes]
        .iter()
        .any(|rows| wanted.has(*rows));
    let already = bench.members();
    let members = wanted.members.max(already);
    eprintln!("engine, {members} members:");
    if wanted.has(Rows::Sizes) {
        bench.empty()?;
    }
    let mut costs = Vec::new();
    let mut start = None;
    let small = if wanted.has(Rows::Filter) {
        let mut small = Bench::start(wanted.pace, wanted.in_bulk, None).await?;
        small.fill(SIZES[0]).await?;
        Some(small)
    } else {
        None
    };
    for size in SIZES
        .into_iter()
        .filter(|size| *size < members && *size > already)
    {
        bench.fill(size).await?;
        if let Some(small) = &small {
            costs.push(bench.costs().await?);
            if size > small.members() {
                bench.filters_beside(small).await?;
            }
        }
        if start.is_none() && wanted.has(Rows::Start) {
            start = Some((size, bench.restart().await?));
        }
    }
    bench
        .fill(members.min(MEMBERS_FOR_RATES.max(already)))
        .await?;
    if wanted.has(Rows::Creates) {
        bench.creates().await?;
    }
    if wanted.has(Rows::Changes) {
        bench.changes().await?;
    }
    if wanted.has(Rows::Memberships) {
        bench.memberships().await?;
    }
    if wanted.has(Rows::Reads) {
        bench.reads().await?;
    }
    bench.fill(members).await?;
    if wanted.has(Rows::Team) {
        bench.team_sizes().await?;
    }
    if let Some(small) = &small {
        costs.push(bench.costs().await?);
        bench.filters_beside(small).await?;
        bench.growth(&costs);
    }
    if wanted.has(Rows::Search) {
        bench.searches().await?;
    }
    if wanted.has(Rows::Sizes) {
        bench.sizes()?;
    }
    let after = bench.restart().await?;
    if wanted.has(Rows::Search) {
        bench.first_search().await?;
    }
    if wanted.has(Rows::Start) {
        bench.restarts(start, after);
    }
    println!("\n{}", bench.table);
    Ok(())
}
