//! The speed of the console beside its targets: `cargo bench --bench console`.
//!
//! The console is driven as its loop drives it: facts in, effects answered, frames drawn through ratatui's diff into
//! bytes for a terminal. Behind it stands the made-up engine of the console's tests with a million members and a busy
//! log, or, where the engine's own speed counts, a real database.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

#[path = "common/sample.rs"]
#[expect(dead_code, reason = "shared with the engine's bench")]
mod sample;
#[path = "common/table.rs"]
#[expect(dead_code, reason = "shared with the engine's bench")]
mod table;

mod console {
    #[path = "../../tests/console/data.rs"]
    #[expect(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "shared with tests"
    )]
    pub mod data;
    #[path = "../../tests/console/fake.rs"]
    #[expect(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        dead_code,
        reason = "shared with tests"
    )]
    pub mod fake;
    #[path = "../../tests/console/fake_sso.rs"]
    #[expect(clippy::unwrap_used, reason = "shared with tests")]
    pub mod fake_sso;
    #[path = "../../tests/console/incident_data.rs"]
    #[expect(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "shared with tests"
    )]
    pub mod incident_data;
    #[path = "../../tests/console/linked.rs"]
    pub mod linked;
    #[path = "../../tests/console/policy.rs"]
    #[expect(clippy::unwrap_used, reason = "shared with tests")]
    pub mod policy;
    #[path = "../../tests/console/request_data.rs"]
    pub mod request_data;
    #[path = "../../tests/console/sso_data.rs"]
    #[expect(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        dead_code,
        reason = "shared with tests"
    )]
    pub mod sso_data;

    pub mod bodies;
    pub mod keys;
    pub mod log;
    pub mod memory;
    pub mod real;
    pub mod screen;
}

use anyhow::{Result, bail};

use console::{bodies, keys, log, memory, real};
use table::Table;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let mut is_bench = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--bench" => is_bench = true,
            other => bail!("{other} is unknown; there are no arguments"),
        }
    }
    if !is_bench {
        // Started by a test runner that looks for tests; here are none.
        return Ok(());
    }
    eprintln!("console:");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let mut table = Table::default();
    runtime.block_on(async {
        keys::first_frame(&mut table).await?;
        keys::keystrokes(&mut table).await?;
        log::frames(&mut table).await?;
        log::ingest(&mut table).await?;
        log::idle(&mut table).await?;
        bodies::open(&mut table)?;
        memory::rows(&mut table);
        real::engine(&mut table).await
    })?;
    println!("\n{table}");
    Ok(())
}
