//! How the cost of a request grows with the directory: the exponent `e` of `cost ~ members^e`. What is compared is
//! processor time, which a busy machine spoils less than rates.

use std::cell::Cell;

use anyhow::Result;

use super::bench::Bench;
use super::load::{Served, Until};
use super::reads::Read;
use crate::sample::{Sample, median};
use crate::table::{Figure, Goal};

/// Growth counts from here, if the run goes beyond.
const GROWTH_FROM: u64 = 10_000;

/// What requests cost with so many members, in microseconds of the processor.
#[derive(Clone, Debug)]
pub struct Costs {
    members: u64,
    read: f64,
    /// Of each of [`Read::FILTERS`], and the middle time of an answer in microseconds.
    filters: [(f64, f64); Read::FILTERS.len()],
    write: f64,
    page: f64,
}

impl Bench {
    /// Measures the costs with the members there are now.
    pub async fn costs(&self) -> Result<Costs> {
        let mut filters = [(0.0, 0.0); Read::FILTERS.len()];
        for (place, (_, read)) in filters.iter_mut().zip(Read::FILTERS) {
            *place = self.read_cost(read).await?;
        }
        Ok(Costs {
            members: self.members(),
            read: self.read_cost(Read::Id).await?.0,
            filters,
            write: {
                let next = Cell::new(0);
                self.cost(async |until| self.patch(&next, until).await)
                    .await?
                    .0
            },
            page: self.read_cost(Read::Page).await?.0,
        })
    }

    async fn read_cost(&self, read: Read) -> Result<(f64, f64)> {
        let next = Cell::new(0);
        self.cost(async |until| self.read(read, &next, until).await)
            .await
    }

    /// Processor time in the middle one of several turns, and the middle time of all answers, in microseconds.
    async fn cost(&self, turn: impl AsyncFn(Until) -> Result<Served>) -> Result<(f64, f64)> {
        let mut costs = Vec::new();
        let mut sample = Sample::default();
        for _ in 0..self.pace.turns {
            let before = self.engine.used()?;
            let served = turn(Until::Time(self.pace.figure)).await?;
            let used = self.engine.used()?.since(before);
            costs.push(used.micros_each(served.sample.len() as f64));
            sample.absorb(served.sample);
        }
        Ok((median(costs), sample.percentile(50) * 1_000.0))
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
        for later in costs.iter().skip(1) {
            let pairs = later.filters.iter().zip(&first.filters);
            for ((name, _), (after, before)) in Read::FILTERS.iter().zip(pairs) {
                self.table.add(Figure::times(
                    format!(
                        "filter {name}, CPU, {} / {} members (p50 {:.0} / {:.0} µs)",
                        later.members, first.members, after.1, before.1
                    ),
                    (after.0, before.0),
                    "µs",
                    Goal::at_most(1.5).and_at_best(1.2),
                ));
            }
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
