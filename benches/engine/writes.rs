//! Creating, changing, joining and leaving.

use std::cell::Cell;

use anyhow::Result;

use super::bench::{Bench, Limit, id_in};
use super::load::{Load, Served, Until};
use super::people;
use super::process::Used;
use super::wire::request;
use crate::sample::Sample;
use crate::table::{Figure, Goal};

/// Members of the large team.
const TEAM: u64 = 10_000;
/// Members of the very large one.
const LARGE_TEAM: u64 = 100_000;
/// Members that one PATCH puts into the team while it is filled.
const BATCH: u64 = 1_000;
/// Clients of most figures.
const CLIENTS: usize = 16;

impl Bench {
    /// Creates at 1, 16 and 64 clients.
    pub async fn creates(&mut self) -> Result<()> {
        for (clients, rows, goal) in [
            (1, 1, Goal::at_least(0.35, 0.6)),
            (16, 8, Goal::at_least(0.6, 0.9)),
            (64, 64, Goal::at_least(0.55, 0.85)),
        ] {
            let measured = self
                .measure(Limit::Commits(rows), async |bench, until| {
                    bench.create(clients, until).await
                })
                .await?;
            self.add_rate(&format!("create, {clients} clients"), &measured, goal);
            if clients == CLIENTS {
                self.add_tail("create", &measured.sample);
            }
        }
        Ok(())
    }

    /// PATCH and PUT of members.
    pub async fn changes(&mut self) -> Result<()> {
        let next = Cell::new(0);
        let patched = self
            .measure(Limit::Commits(8), async |bench, until| {
                bench.patch(&next, until).await
            })
            .await?;
        self.add_rate("PATCH, 16 clients", &patched, Goal::at_least(0.7, 1.0));
        self.add_tail("PATCH", &patched.sample);
        let put = self
            .measure(Limit::Commits(8), async |bench, until| {
                bench.put(&next, until).await
            })
            .await?;
        self.add_rate("PUT, 16 clients", &put, Goal::at_least(0.6, 1.0));
        self.add_tail("PUT", &put.sample);
        Ok(())
    }

    /// PATCHes titles, each time another one.
    pub async fn patch(&self, next: &Cell<u64>, until: Until) -> Result<Served> {
        let token = &self.account.scim_token;
        let write = |number: u64, into: &mut Vec<u8>| {
            let path = format!("/scim/v2/Users/{}", self.id(number.wrapping_mul(7_919)));
            let body = people::title_patch(&format!("Engineer {number}"));
            request(into, token, "PATCH", &path, &body);
        };
        self.load(&write, next).run(until).await
    }

    async fn put(&self, next: &Cell<u64>, until: Until) -> Result<Served> {
        let token = &self.account.scim_token;
        let write = |number: u64, into: &mut Vec<u8>| {
            let member = number.wrapping_mul(7_919) % self.members().max(1);
            let path = format!("/scim/v2/Users/{}", self.id(member));
            let body = people::body(member, &format!("Manager {number}"));
            request(into, token, "PUT", &path, &body);
        };
        self.load(&write, next).run(until).await
    }

    /// One joins, one leaves a team of 10,000.
    pub async fn memberships(&mut self) -> Result<()> {
        let team = TEAM.min(self.members() * 2 / 3);
        let half = team / 2;
        let path = self.team("Everybody", team).await?;
        // In even rounds the first half leaves, one by one, while others join; in odd rounds it is the other way round.
        let next = Cell::new(0);
        let measured = self
            .measure(Limit::Commits(8), async |bench, until| {
                let token = &bench.account.scim_token;
                let write = |number: u64, into: &mut Vec<u8>| {
                    let (place, is_other) = (number / 2 % half, number % 2 == 1);
                    let is_odd_round = (number / 2 / half) % 2 == 1;
                    let id = bench.id(if is_other { team + place } else { place });
                    let body = if is_other == is_odd_round {
                        people::leave_patch(&id)
                    } else {
                        people::join_patch(std::iter::once(id.as_str()))
                    };
                    request(into, token, "PATCH", &path, &body);
                };
                bench.load(&write, &next).run(until).await
            })
            .await?;
        let name = format!("add or remove one of {team}, 16 clients");
        self.add_rate(&name, &measured, Goal::at_least(0.9, 1.5));
        self.add_tail("add or remove", &measured.sample);
        Ok(())
    }

    /// One joins and leaves a large team, and one of ten, in turns.
    pub async fn team_sizes(&mut self) -> Result<()> {
        let many = LARGE_TEAM.min(self.members() * 2 / 3);
        let teams = [
            self.team("Ten", 10).await?,
            self.team("Very many", many).await?,
        ];
        let nexts = [Cell::new(0), Cell::new(0)];
        let mut used = [Used::default(); 2];
        let mut samples = [Sample::default(), Sample::default()];
        for _ in 0..self.pace.turns * 2 {
            for (((path, next), used), sample) in
                teams.iter().zip(&nexts).zip(&mut used).zip(&mut samples)
            {
                let token = &self.account.scim_token;
                let write = |number: u64, into: &mut Vec<u8>| {
                    let id = self.id(many + number / 2 % 1_000);
                    let body = if number.is_multiple_of(2) {
                        people::join_patch(std::iter::once(id.as_str()))
                    } else {
                        people::leave_patch(&id)
                    };
                    request(into, token, "PATCH", path, &body);
                };
                let before = self.engine.used()?;
                let load = Load {
                    clients: 1,
                    ..self.load(&write, next)
                };
                let served = load.run(Until::Time(self.pace.figure)).await?;
                used.add(self.engine.used()?.since(before));
                sample.absorb(served.sample);
            }
        }
        let [ten, large] = samples;
        let [ten_used, large_used] = used;
        let goal = Goal::at_most(1.25).and_at_best(1.05);
        self.table.add(Figure::times(
            format!("add or remove one of {many} / one of 10, CPU"),
            (
                large_used.micros_each(large.len() as f64),
                ten_used.micros_each(ten.len() as f64),
            ),
            "µs",
            goal,
        ));
        self.table.add(Figure::times(
            format!("add or remove one of {many} / one of 10, middle time"),
            (large.percentile(50), ten.percentile(50)),
            "ms",
            goal,
        ));
        Ok(())
    }

    /// Makes a team of the first members; returns its path.
    async fn team(&self, name: &str, members: u64) -> Result<String> {
        let body = format!(r#"{{"displayName":"{name}"}}"#);
        let answer = self.ask("POST", "/scim/v2/Groups", &body).await?;
        let path = format!("/scim/v2/Groups/{}", id_in(answer.as_bytes())?);
        for from in (0..members).step_by(usize::try_from(BATCH)?) {
            let ids: Vec<String> = (from..members.min(from + BATCH))
                .map(|number| self.id(number))
                .collect();
            let body = people::join_patch(ids.iter().map(String::as_str));
            self.ask("PATCH", &path, &body).await?;
        }
        Ok(path)
    }

    /// Sixteen clients that ask so.
    pub fn load<'a>(
        &self,
        request: &'a dyn Fn(u64, &mut Vec<u8>),
        next: &'a Cell<u64>,
    ) -> Load<'a> {
        Load {
            address: self.engine.address,
            clients: CLIENTS,
            request,
            answered: &|_, _| {},
            next,
        }
    }
}
