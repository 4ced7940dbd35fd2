//! The speed of the engine beside the limits of the machine: `cargo bench --bench engine`, with
//! `-- --members 1000000` for the big run.
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

use anyhow::{Context, Result, bail};

use engine::bench::Bench;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Members at the end of a run, where nothing else is said.
const MEMBERS: u64 = 20_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut members, mut is_bench) = (MEMBERS, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => is_bench = true,
            "--members" => {
                members = arguments
                    .next()
                    .context("--members takes a number")?
                    .parse()?;
            }
            engine::fixed::FLAG => {
                let port = arguments.next().context("a port")?.parse()?;
                return engine::fixed::serve(port);
            }
            other => bail!("{other} is unknown; there is --members N"),
        }
    }
    if !is_bench {
        // Started by a test runner that looks for tests; here are none.
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(members))
}

async fn run(members: u64) -> Result<()> {
    eprintln!("engine, {members} members:");
    let mut bench = Bench::start().await?;
    bench.empty()?;
    // Costs are compared between a small directory and the whole one.
    let small = (members / 10).clamp(1_000, 10_000);
    bench.fill(small).await?;
    let before = bench.costs().await?;
    bench.creates().await?;
    bench.fill(members).await?;
    bench.changes().await?;
    bench.memberships().await?;
    bench.reads().await?;
    let after = bench.costs().await?;
    bench.growth(&before, &after);
    bench.searches().await?;
    bench.sizes()?;
    let table = bench.restart().await?;
    println!("\n{table}");
    Ok(())
}
