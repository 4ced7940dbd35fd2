//! Makes the pictures of the README: `cargo run --example pictures` writes `docs/pictures/*.svg`.
//!
//! Runs the real `provost demo` in a pseudo-terminal, presses the keys an admin would press, and draws what is on the
//! screen. Nothing is waited for by the clock: each picture is taken when what it shall show is there.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

mod paint;
mod shapes;
mod svg;
mod terminal;

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use portable_pty::CommandBuilder;
use tempfile::TempDir;
use terminal::Terminal;

const COLUMNS: NonZeroU16 = NonZeroU16::new(120).expect("120 is not zero");
const ROWS: NonZeroU16 = NonZeroU16::new(36).expect("36 is not zero");

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let provost = build(root)?;
    let album = Album {
        directory: root.join("docs/pictures"),
    };
    fs::create_dir_all(&album.directory)?;
    let home = TempDir::new()?;
    let mut console = Terminal::run(demo(&provost, &home), COLUMNS, ROWS)?;
    take_all(&mut console, &album)?;
    console.press("q")?;
    console.wait_for_end()
}

/// Where the pictures go.
struct Album {
    directory: PathBuf,
}

impl Album {
    /// Draws what is on the screen.
    fn take(&self, console: &Terminal, name: &str, title: &str) -> Result<()> {
        let path = self.directory.join(name).with_extension("svg");
        fs::write(&path, svg::draw(console.screen(), title))
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("{name}");
        Ok(())
    }
}

/// Builds the program in the profile of this one: an example does not bring its package's program along.
fn build(root: &Path) -> Result<PathBuf> {
    let directory = env::current_exe()?
        .parent()
        .and_then(Path::parent)
        .context("run this by cargo")?
        .to_owned();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root)
        .args(["build", "--bin", "provost", "--example", "pictures"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    ensure!(cargo.status()?.success(), "cargo build failed");
    Ok(directory.join("provost"))
}

/// The demo, with nothing of this machine around it that could show in a picture.
fn demo(provost: &Path, home: &TempDir) -> CommandBuilder {
    let mut command = CommandBuilder::new(provost);
    command.args(["demo", "--pace", "4"]);
    command.env_clear();
    for name in ["HOME", "TMPDIR"] {
        command.env(name, home.path());
    }
    command.cwd(home.path());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.env("TZ", "UTC");
    command
}

fn take_all(console: &mut Terminal, album: &Album) -> Result<()> {
    console.wait_for("failures on Home", |text| {
        text.contains("DUP_USER") && text.contains("MONO_FILTER")
    })?;
    album.take(console, "home", "provost demo")?;

    console.press("4")?;
    console.wait_for("failures in the log", |text| {
        text.matches("! refused").count() >= 4
    })?;
    album.take(console, "requests", "provost demo")?;
    console.press("/code:DUP_USER\r")?;
    console.wait_for("only one failure", |text| {
        text.contains("code:DUP_USER") && text.contains("409") && !text.contains("200 ")
    })?;
    console.press("x")?;
    console.wait_for("an explanation", |text| text.contains("What next"))?;
    album.take(console, "explanation", "provost demo")?;
    console.press("t")?;
    console.wait_for("the steps", |text| text.contains("[Trace]"))?;
    album.take(console, "trace", "provost demo")?;

    console.press("2/ada\r")?;
    console.wait_for("members called Ada", |text| text.contains("Ada Barros"))?;
    console.press("\r")?;
    console.wait_for("their teams", |text| {
        text.contains("[Profile]") && text.contains("Identity")
    })?;
    album.take(console, "member", "provost demo")?;

    console.press("3")?;
    console.wait_for("teams", |text| text.contains("Accounting"))?;
    console.press("\r")?;
    console.wait_for("a team", |text| text.contains("[Members]"))?;
    album.take(console, "teams", "provost demo")?;

    console.press("6")?;
    console.wait_for("tokens", |text| text.contains("Tokens 2"))?;
    console.press("l")?;
    console.wait_for("what to paste", |text| text.contains("[Connect an IdP]"))?;
    album.take(console, "scim", "provost demo")?;
    console.press("?")?;
    console.wait_for("help", |text| text.contains("Issue a token"))?;
    album.take(console, "help", "provost demo")?;
    console.press("\x1b")?;
    console.wait_for("no help", |text| !text.contains("Issue a token"))?;
    Ok(())
}
