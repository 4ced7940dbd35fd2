//! Following a busy log, and doing nothing.

use std::time::Duration;

use anyhow::Result;
use jiff::SignedDuration;

use super::screen::{GATHERED, Screen};
use crate::sample::{Sample, undisturbed};
use crate::table::{Figure, Goal, Table};

/// Frames that are measured at each size.
const FRAMES: usize = 600;

/// Frames of the log while each shows new lines.
pub async fn frames(table: &mut Table) -> Result<()> {
    for (width, height, target) in [(200, 60, 2.0), (400, 120, 5.0)] {
        let mut screen = Screen::started(width, height).await?;
        screen.press("4").await?;
        let (mut sample, mut bytes) = (Sample::default(), 0);
        for _ in 0..FRAMES {
            let events = screen.events();
            screen.ingest(events);
            let (drawn, took) = undisturbed(|| screen.draw());
            drawn?;
            if let Some(took) = took {
                sample.add(took);
            }
            bytes += screen.bytes();
        }
        table.add(Figure::value(
            format!("frame at {width}x{height}, p99"),
            sample.percentile(99),
            "ms",
            Goal::at_most(target),
        ));
        table.add(Figure::remark(
            format!("  p50, {} bytes a frame", bytes / FRAMES),
            format!("{:.2} ms", sample.percentile(50)),
        ));
    }
    Ok(())
}

/// What it costs to take in 10,000 lines a second, and to draw them 60 times a second.
pub async fn ingest(table: &mut Table) -> Result<()> {
    let mut screen = Screen::started(200, 60).await?;
    screen.press("4").await?;
    let (mut taken, mut drawn, mut frames) = (Duration::ZERO, Duration::ZERO, 0);
    for _ in 0..FRAMES {
        let events = screen.events();
        let (frame, took) = undisturbed(|| {
            let taken = screen.ingest(events);
            screen.draw().map(|drawn| (taken, drawn))
        });
        let (took_in, drew) = frame?;
        if took.is_some() {
            taken += took_in;
            drawn += drew;
            frames += 1;
        }
    }
    let gathered = GATHERED * frames.max(1);
    let share = |part: Duration| 100.0 * part.as_secs_f64() / gathered.as_secs_f64();
    table.add(Figure::value(
        "10,000 events/s at 200x60, of a core",
        share(taken + drawn),
        "%",
        Goal::at_most(12.0),
    ));
    table.add(Figure::remark(
        "  of it for taking them in",
        format!("{:.1} %", share(taken)),
    ));
    Ok(())
}

/// What happens while nothing happens.
pub async fn idle(table: &mut Table) -> Result<()> {
    const MINUTES: i64 = 10;
    let mut screen = Screen::started(200, 60).await?;
    screen.press("2").await?;
    let end = screen.now() + SignedDuration::from_mins(MINUTES);
    let began = std::time::Instant::now();
    let (woken, draws) = screen.wake_until(end).await;
    let share = 100.0 * began.elapsed().as_secs_f64() / (60 * MINUTES) as f64;
    // Ages on the screen change by the minute; those frames are wanted.
    table.add(Figure::value(
        "frames while idle, besides one a minute for ages",
        f64::from(draws) - MINUTES as f64,
        "",
        Goal::at_most(0.0),
    ));
    table.add(Figure::value(
        format!(
            "idle, of a core ({:.1} wakes a minute)",
            f64::from(woken) / MINUTES as f64
        ),
        share,
        "%",
        Goal::at_most(0.5),
    ));
    Ok(())
}
