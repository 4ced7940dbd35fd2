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
            "{} ({}), seed {}: steps {}, requests {}, unexpected answers {}, differences {}",
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
            writeln!(f, "  ✗ {} (requests {}{end})", step.name, step.requests)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> DayReport {
        let step = |name: &str, completed| StepReport {
            name: name.into(),
            requests: 1,
            completed,
        };
        DayReport {
            idp: "okta".into(),
            mode: "wizard".into(),
            seed: 7,
            steps: vec![step("ada joins", true), step("ben joins", true)],
            exchanges: vec![Exchange {
                step: "ben joins".into(),
                method: "POST".into(),
                path: "/Users".into(),
                status: 200,
                note: "create".into(),
            }],
            unexpected: Vec::new(),
            differences: Vec::new(),
        }
    }

    #[test]
    fn a_clean_day_is_one_line() {
        let report = report();
        assert!(report.is_clean());
        assert_eq!(report.to_string().lines().count(), 1);
    }

    #[test]
    fn what_went_wrong_stands_under_its_step_with_the_requests_of_it() {
        let mut report = report();
        report.unexpected.push(Unexpected {
            step: "ben joins".into(),
            exchange: "POST /Users".into(),
            expected: "status 201".into(),
            came: "status 200".into(),
        });
        report.differences.push(Difference {
            subject: "user ben@x.io".into(),
            attribute: "active".into(),
            expected: "true".into(),
            came: "false".into(),
        });
        assert!(!report.is_clean());
        insta::assert_snapshot!(report, @r"
        okta (wizard), seed 7: steps 2, requests 1, unexpected answers 1, differences 1
          ✗ ben joins (requests 1)
              200 POST /Users  (create)
            ! POST /Users
              expected status 201
              came     status 200
          ≠ user ben@x.io active: expected true, came false
        ");
    }

    #[test]
    fn a_step_that_ended_early_is_not_clean() {
        let mut report = report();
        report.steps[0].completed = false;
        assert!(!report.is_clean());
        assert!(
            report
                .to_string()
                .contains("ada joins (requests 1, ended early)")
        );
    }
}
