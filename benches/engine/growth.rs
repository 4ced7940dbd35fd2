//! How the cost of a request grows with the directory: the exponent `e` of `cost ~ members^e`. What is compared is
//! processor time, which a busy machine spoils less than rates.

use std::cell::Cell;

use anyhow::Result;

use super::bench::Bench;
use super::load::{Served, Until};
use super::reads::Read;
use crate::sample::median;
use crate::table::{Figure, Goal};

/// Growth counts from here, if the run goes beyond.
const GROWTH_FROM: u64 = 10_000;

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
        Ok(Costs {
            members: self.members(),
            read: self.read_cost(Read::Id).await?,
            write: {
                let next = Cell::new(0);
                self.cost(async |until| self.patch(&next, until).await)
                    .await?
            },
            page: self.read_cost(Read::Page).await?,
        })
    }

    /// What filters that an index answers cost here and in a small directory. The two engines take turns.
    pub async fn filters_beside(&mut self, small: &Self) -> Result<()> {
        for (name, read) in Read::FILTERS {
            let (here, there) = (Cell::new(0), Cell::new(0));
            let (mut costs, mut ratios) = ((Vec::new(), Vec::new()), Vec::new());
            // The first turn of each warms up.
            for turn in 0..=self.pace.turns {
                let before = small
                    .turn(async |until| small.read(read, &there, until).await)
                    .await?;
                let after = self
                    .turn(async |until| self.read(read, &here, until).await)
                    .await?;
                if turn > 0 {
                    costs.0.push(after);
                    costs.1.push(before);
                    ratios.push(after / before);
                }
            }
            let (after, before) = (median(costs.0), median(costs.1));
            self.table.add(Figure::value(
                format!(
                    "filter {name}, CPU, {} / {} members ({after:.0} / {before:.0} µs)",
                    self.members(),
                    small.members()
                ),
                median(ratios),
                "",
                Goal::at_most(1.5).and_at_best(1.2),
            ));
        }
        Ok(())
    }

    async fn read_cost(&self, read: Read) -> Result<f64> {
        let next = Cell::new(0);
        self.cost(async |until| self.read(read, &next, until).await)
            .await
    }

    /// Processor time in the middle one of several turns, in microseconds.
    async fn cost(&self, turn: impl AsyncFn(Until) -> Result<Served>) -> Result<f64> {
        let mut costs = Vec::new();
        for _ in 0..self.pace.turns {
            costs.push(self.turn(&turn).await?);
        }
        Ok(median(costs))
    }

    /// Processor time of a request in one turn, in microseconds.
    async fn turn(&self, turn: impl AsyncFn(Until) -> Result<Served>) -> Result<f64> {
        let before = self.engine.used()?;
        let served = turn(Until::Time(self.pace.figure)).await?;
        let used = self.engine.used()?.since(before);
        Ok(used.micros_each(served.sample.len() as f64))
    }

    /// Adds what became of the costs as the directory grew.
    pub fn growth(&mut self, costs: &[Costs]) {
        let (Some(first), Some(last)) = (costs.first(), costs.last()) else {
            return;
        };
        for costs in costs {
            self.table.add(Figure::remark(
                format!("CPU with {} members: GET / PATCH / list", costs.members),
                format!(
                    "{:.0} / {:.0} / {:.0} µs",
                    costs.read, costs.write, costs.page
                ),
            ));
        }
        if costs.len() < 2 {
            return;
        }
        let small = costs
            .iter()
            .find(|costs| costs.members >= GROWTH_FROM)
            .filter(|small| small.members < last.members)
            .unwrap_or(first);
        let sizes = last.members as f64 / small.members as f64;
        for (name, before, after, goal) in [
            ("reads", small.read, last.read, (0.2, 0.1)),
            ("writes", small.write, last.write, (0.15, 0.1)),
            ("deep pages", small.page, last.page, (0.25, 0.1)),
        ] {
            let name = format!(
                "growth of CPU, {name}, {} to {} members ({before:.0} to {after:.0} µs)",
                small.members, last.members
            );
            let exponent = (after / before).ln() / sizes.ln();
            let goal = Goal::at_most(goal.0).and_at_best(goal.1);
            self.table.add(Figure::value(name, exponent, "", goal));
        }
    }
}
