//! What came of a day, for a test to assert on and for a person to read.

use std::fmt;

use super::verify::Difference;
use crate::simulate::client::{Exchange, Unexpected};

/// One step after it was played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// The name in the script.
    pub name: String,
    /// How many requests it took.
    pub requests: usize,
    /// Whether it was played to its end.
    pub completed: bool,
}

/// A day after it was played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayReport {
    /// `okta` or `entra`.
    pub idp: String,
    /// The behaviour in use.
    pub mode: String,
    /// What the day was made from.
    pub seed: u64,
    /// In the order of the script.
    pub steps: Vec<StepReport>,
    /// Every request of the provider, in order; reading back is not among them.
    pub exchanges: Vec<Exchange>,
    /// Every answer the provider would not accept.
    pub unexpected: Vec<Unexpected>,
    /// Everything the server shows otherwise than the script says.
    pub differences: Vec<Difference>,
}

impl DayReport {
    /// Whether every step was played, every answer was acceptable and the end state is the script's.
    pub fn is_clean(&self) -> bool {
        self.unexpected.is_empty()
            && self.differences.is_empty()
            && self.steps.iter().all(|step| step.completed)
    }
}

impl fmt::Display for DayReport {
    /// One line for a clean day, else the exchanges of each step that went wrong and what was wrong with them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} ({}), seed {}: {} steps, {} requests, {} unexpected answers, {} differences",
            self.idp,
            self.mode,
            self.seed,
            self.steps.len(),
            self.exchanges.len(),
            self.unexpected.len(),
            self.differences.len(),
        )?;
        for step in &self.steps {
            let unexpected = || self.unexpected.iter().filter(|one| one.step == step.name);
            if step.completed && unexpected().next().is_none() {
                continue;
            }
            let end = if step.completed { "" } else { ", ended early" };
            writeln!(f, "  ✗ {} ({} requests{end})", step.name, step.requests)?;
            for exchange in self.exchanges.iter().filter(|one| one.step == step.name) {
                writeln!(f, "      {exchange}")?;
            }
            for one in unexpected() {
                writeln!(f, "    ! {}", one.exchange)?;
                writeln!(f, "      expected {}", one.expected)?;
                writeln!(f, "      came     {}", one.came)?;
            }
        }
        let named = |step: &str| self.steps.iter().any(|known| known.name == step);
        for one in self.unexpected.iter().filter(|one| !named(&one.step)) {
            writeln!(f, "  ✗ {one}")?;
        }
        for difference in &self.differences {
            writeln!(f, "  ≠ {difference}")?;
        }
        Ok(())
    }
}
