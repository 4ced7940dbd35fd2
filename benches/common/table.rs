//! The one table a bench prints: each figure beside the limit of the machine and what is aimed at. It judges with a word
//! and never with an exit code: a bench on a busy machine is a measurement, not a test.

use std::fmt;

/// Which way a figure should go, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    better: Better,
    target: f64,
    stretch: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    Higher,
    Lower,
}

impl Goal {
    /// The target is to reach so much.
    pub const fn at_least(target: f64, stretch: f64) -> Self {
        Self {
            better: Better::Higher,
            target,
            stretch: Some(stretch),
        }
    }

    /// The target is to stay below so much.
    pub const fn at_most(target: f64) -> Self {
        Self {
            better: Better::Lower,
            target,
            stretch: None,
        }
    }

    /// It would be better still to stay below so much.
    pub const fn and_at_best(self, stretch: f64) -> Self {
        Self {
            stretch: Some(stretch),
            ..self
        }
    }

    fn verdict(self, value: f64) -> &'static str {
        let reaches = |goal: f64| match self.better {
            Better::Higher => value >= goal,
            Better::Lower => value <= goal,
        };
        if self.stretch.is_some_and(reaches) {
            "✔✔ stretch"
        } else if reaches(self.target) {
            "✔  met"
        } else {
            "✘  missed"
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Figure {
    cells: [String; 7],
}

impl Figure {
    /// A rate, and its share of what the machine can do at all. The share is not always their quotient: it is measured
    /// in turns.
    pub fn ratio(
        name: impl Into<String>,
        (measured, limit): (f64, f64),
        ratio: f64,
        goal: Goal,
    ) -> Self {
        let share = |value: f64| format!("{value:.2}");
        Self {
            cells: [
                name.into(),
                rate(measured),
                rate(limit),
                share(ratio),
                share(goal.target),
                goal.stretch.map(share).unwrap_or_default(),
                goal.verdict(ratio).to_owned(),
            ],
        }
    }

    /// A figure that is compared with its target as it is, both in this unit.
    pub fn value(name: impl Into<String>, value: f64, unit: &str, goal: Goal) -> Self {
        Self {
            cells: [
                name.into(),
                shown(value, unit),
                String::new(),
                String::new(),
                shown(goal.target, unit),
                goal.stretch
                    .map(|stretch| shown(stretch, unit))
                    .unwrap_or_default(),
                goal.verdict(value).to_owned(),
            ],
        }
    }

    /// Two times that are compared with each other.
    pub fn times(
        name: impl Into<String>,
        (measured, other): (f64, f64),
        unit: &str,
        goal: Goal,
    ) -> Self {
        let ratio = measured / other.max(f64::MIN_POSITIVE);
        let share = |value: f64| format!("{value:.2}");
        Self {
            cells: [
                name.into(),
                shown(measured, unit),
                shown(other, unit),
                share(ratio),
                share(goal.target),
                goal.stretch.map(share).unwrap_or_default(),
                goal.verdict(ratio).to_owned(),
            ],
        }
    }

    /// Something worth knowing that has no target.
    pub fn remark(name: impl Into<String>, measured: impl Into<String>) -> Self {
        let mut cells = <[String; 7]>::default();
        let [first, second, ..] = &mut cells;
        *first = name.into();
        *second = measured.into();
        Self { cells }
    }
}

/// A number with as many digits as are worth reading.
fn shown(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        small if small < 10.0 => 2,
        middle if middle < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

/// So many a second.
fn rate(per_second: f64) -> String {
    if per_second >= 10_000.0 {
        format!("{:.1}k/s", per_second / 1_000.0)
    } else {
        format!("{per_second:.0}/s")
    }
}

/// All figures of a bench.
#[derive(Debug, Default)]
pub struct Table {
    figures: Vec<Figure>,
}

impl Table {
    /// Adds a figure, and says on standard error that it is known.
    pub fn add(&mut self, figure: Figure) {
        let [name, measured, limit, ..] = &figure.cells;
        let limit = if limit.is_empty() {
            String::new()
        } else {
            format!(" of {limit}")
        };
        eprintln!("  {name}: {measured}{limit}");
        self.figures.push(figure);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = [
            "figure", "measured", "limit", "ratio", "target", "stretch", "verdict",
        ]
        .map(str::to_owned);
        let mut widths = [0; 7];
        for cells in std::iter::once(&head).chain(self.figures.iter().map(|line| &line.cells)) {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell.chars().count().max(*width);
            }
        }
        let line = |f: &mut fmt::Formatter<'_>, cells: &[String; 7]| {
            let mut text = String::new();
            for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
                if column == 0 || column == 6 {
                    text.push_str(&format!("{cell:<width$}  "));
                } else {
                    text.push_str(&format!("{cell:>width$}  "));
                }
            }
            writeln!(f, "{}", text.trim_end())
        };
        line(f, &head)?;
        for figure in &self.figures {
            line(f, &figure.cells)?;
        }
        Ok(())
    }
}
