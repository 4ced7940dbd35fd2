//! From a key to the bytes of the frame that answers it.

use std::time::Instant;

use anyhow::Result;
use provost::console::input::Key;
use provost::console::msg::Fact;

use super::screen::{Screen, fake};
use crate::sample::{Sample, undisturbed};
use crate::table::{Figure, Goal, Table};

/// What an admin types, over and over: moving about in a million members, in the log, filtering, opening.
const TYPED: &[&str] = &[
    "2", "j", "j", "j", "pagedown", "pagedown", "G", "k", "k", "pageup", "g", "g", "enter", "tab",
    "j", "tab", "/", "a", "d", "a", "esc", "4", "k", "k", "enter", "esc", "G", "?", "esc",
    "ctrl-p", "m", "e", "esc", "3", "j", "1",
];
/// How often that is typed.
const ROUNDS: usize = 40;

/// From nothing to the first frame.
pub async fn first_frame(table: &mut Table) -> Result<()> {
    let mut sample = Sample::default();
    for _ in 0..20 {
        let began = Instant::now();
        let mut screen = Screen::open(fake().client(), 200, 60)?;
        let effects = screen.take(Fact::Started);
        screen.draw()?;
        sample.add(began.elapsed());
        screen.answer(effects).await;
    }
    table.add(Figure::value(
        "first frame at 200x60",
        sample.percentile(50),
        "ms",
        Goal::at_most(50.0),
    ));
    Ok(())
}

/// Keys while 10,000 lines a second arrive: each waits for a batch of lines that came just before it.
pub async fn keystrokes(table: &mut Table) -> Result<()> {
    let mut screen = Screen::started(200, 60).await?;
    let mut sample = Sample::default();
    for _ in 0..ROUNDS {
        for name in TYPED {
            let key: Key = name.parse()?;
            let events = screen.events();
            let (effects, took) = undisturbed(|| {
                screen.ingest(events);
                let effects = screen.take(Fact::KeyPressed(key));
                screen.draw().map(|_| effects)
            });
            if let Some(took) = took {
                sample.add(took);
            }
            screen.answer(effects?).await;
            screen.draw()?;
        }
    }
    let name = "key to frame, 1,000,000 members, 10,000 events/s";
    table.add(Figure::value(
        format!("{name}: p99"),
        sample.percentile(99),
        "ms",
        Goal::at_most(8.0),
    ));
    table.add(Figure::remark(
        format!("  p50 of {} keys", sample.len()),
        format!("{:.2} ms", sample.percentile(50)),
    ));
    Ok(())
}
