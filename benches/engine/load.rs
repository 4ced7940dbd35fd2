//! Clients that ask one thing after another for a while.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::wire::Wire;
use crate::sample::Sample;

/// What is asked.
pub struct Load<'a> {
    /// Whom.
    pub address: SocketAddr,
    /// Connections at a time.
    pub clients: usize,
    /// Writes the request of a number.
    pub request: &'a dyn Fn(u64, &mut Vec<u8>),
    /// Is told each answer.
    pub answered: &'a dyn Fn(u64, &[u8]),
    /// The number of the next request.
    pub next: &'a Cell<u64>,
}

/// When to stop asking.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// After a time.
    Time(Duration),
    /// Before the request of this number.
    Number(u64),
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Served {
    /// How long each request took.
    pub sample: Sample,
    /// How long all took.
    pub time: Duration,
}

impl Served {
    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.sample.len() as f64 / self.time.as_secs_f64().max(1e-9)
    }
}

impl Load<'_> {
    /// Asks. Any answer that is no success ends the bench: its figures would mean nothing.
    pub async fn run(&self, until: Until) -> Result<Served> {
        let mut wires = Vec::with_capacity(self.clients);
        for _ in 0..self.clients {
            wires.push(Wire::connect(self.address).await?);
        }
        let began = Instant::now();
        let mut clients: FuturesUnordered<_> = wires
            .into_iter()
            .map(|wire| self.client(wire, began, until))
            .collect();
        let mut served = Served::default();
        while let Some(sample) = clients.next().await {
            served.sample.absorb(sample?);
        }
        served.time = began.elapsed();
        Ok(served)
    }

    async fn client(&self, mut wire: Wire, began: Instant, until: Until) -> Result<Sample> {
        let mut sample = Sample::default();
        let mut request = Vec::new();
        loop {
            let number = self.next.get();
            let is_over = match until {
                Until::Time(time) => began.elapsed() >= time,
                Until::Number(end) => number >= end,
            };
            if is_over {
                return Ok(sample);
            }
            self.next.set(number + 1);
            (self.request)(number, &mut request);
            let asked = Instant::now();
            let status = wire.ask(&request).await?;
            sample.add(asked.elapsed());
            if !(200..300).contains(&status) {
                bail!(
                    "{} was answered with {status}: {}",
                    String::from_utf8_lossy(&request)
                        .lines()
                        .next()
                        .unwrap_or_default(),
                    String::from_utf8_lossy(wire.body())
                );
            }
            (self.answered)(number, wire.body());
        }
    }
}
