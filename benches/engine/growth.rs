//! How the cost of a request grows with the directory: the exponent `e` of `cost ~ members^e`. What is compared is
//! processor time, which a busy machine spoils less than rates.

use std::cell::Cell;
use std::time::Duration;

use anyhow::Result;

use super::bench::Bench;
use super::load::{Served, Until};
use super::reads::Read;
use crate::table::{Figure, Goal};

/// How long each cost is measured.
const TURN: Duration = Duration::from_millis(1_500);

/// What requests cost with so many members, in microseconds of the processor.
#[derive(Clone, Debug)]
pub struct Costs {
    members: u64,
    read: f64,
    write: f64,
    page: f64,
}

impl Bench {
    /// Measures the costs with the members there are now.
    pub async fn costs(&self) -> Result<Costs> {
        let next = Cell::new(0);
        Ok(Costs {
            members: self.members(),
            read: self
                .cost(self.read(Read::Id, &next, Until::Time(TURN)))
                .await?,
            write: self.cost(self.patch(&next, Until::Time(TURN))).await?,
            page: self
                .cost(self.read(Read::Page, &next, Until::Time(TURN)))
                .await?,
        })
    }

    async fn cost(&self, work: impl Future<Output = Result<Served>>) -> Result<f64> {
        let before = self.engine.cpu()?;
        let served = work.await?;
        let used = self.engine.cpu()?.saturating_sub(before);
        Ok(used.as_secs_f64() * 1e6 / served.sample.len().max(1) as f64)
    }

    /// Adds the exponents between two sizes.
    pub fn growth(&mut self, before: &Costs, after: &Costs) {
        let sizes = after.members as f64 / before.members as f64;
        for (name, small, large, goal) in [
            ("reads", before.read, after.read, (0.2, 0.1)),
            ("writes", before.write, after.write, (0.15, 0.1)),
            ("deep pages", before.page, after.page, (0.25, 0.1)),
        ] {
            let name = format!(
                "growth of CPU, {name}, {} to {} members",
                before.members, after.members
            );
            let exponent = (large / small).ln() / sizes.ln();
            let goal = Goal::at_most(goal.0).and_at_best(goal.1);
            self.table.add(Figure::value(name, exponent, "", goal));
        }
    }
}
