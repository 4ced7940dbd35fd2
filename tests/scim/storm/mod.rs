//! A storm: requests of every client, mutated at random, over keep-alive connections. None may end in a 5xx, hang, or
//! panic, whatever it holds; what the server says must be SCIM.
//!
//! `PROVOST_STORM` says how many requests (20,000 without it), `PROVOST_STORM_SEED` the seed of their randomness. A
//! failure names both and the request.

mod dice;
mod mutate;
mod shapes;
mod wire;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::provider::{ERROR, SCIM_JSON};
use crate::real::Real;

use dice::Dice;
use shapes::{Known, SHAPES};
use wire::{Answer, Wire};

/// Connections at a time.
const CONNECTIONS: u64 = 4;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| {
        text.replace('_', "").parse().expect("a number")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_mutated_requests_ends_in_no_failure_of_ours() {
    let count = number("PROVOST_STORM", 20_000);
    let seed = number("PROVOST_STORM_SEED", 7_644);
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        report(panic);
    }));

    let real = Real::new().await;
    let address = real.server.local_addr();
    let known = Arc::new(Mutex::new(Known::new(&real.scim_token)));
    let statuses = Arc::new(Mutex::new(BTreeMap::<u16, u64>::new()));
    let left = Arc::new(AtomicU64::new(count));
    let mut workers = Vec::new();
    for worker in 0..CONNECTIONS {
        let (known, statuses, left) = (known.clone(), statuses.clone(), left.clone());
        workers.push(tokio::spawn(async move {
            let mut dice = Dice::new(seed.wrapping_mul(1_000).wrapping_add(worker));
            let mut wire = Wire::new(address);
            let take = |left: u64| left.checked_sub(1);
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                .is_ok()
            {
                let request = {
                    let known = known.lock().unwrap();
                    let shape = dice.pick(SHAPES).fill(&known, &mut dice);
                    mutate::request(shape, &mut dice)
                };
                let bytes = request.bytes();
                let answer = wire.ask(&bytes).await;
                let shown = || {
                    let text = String::from_utf8_lossy(&bytes);
                    format!(
                        "seed {seed}, worker {worker}: {}",
                        &text.chars().take(4_000).collect::<String>()
                    )
                };
                let answer = answer.unwrap_or_else(|error| panic!("{error} after {}", shown()));
                check(&answer, &shown);
                *statuses.lock().unwrap().entry(answer.status).or_default() += 1;
                known.lock().unwrap().learn(&request.path, &answer);
            }
        }));
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let statuses = statuses.lock().unwrap().clone();
    eprintln!("storm of {count}, seed {seed}: {statuses:?}");
    assert_eq!(PANICS.load(Ordering::Relaxed), 0, "a panic on the server");
    // A storm that the first check turns away tests nothing.
    let of = |class: u16| -> u64 {
        let in_class = statuses.iter().filter(|(status, _)| *status / 100 == class);
        in_class.map(|(_, count)| count).sum()
    };
    assert!(
        of(2) * 5 > count,
        "hardly anything was carried out: {statuses:?}"
    );
    assert!(
        of(4) * 10 > count,
        "hardly anything was wrong: {statuses:?}"
    );
}

/// What holds for every answer.
fn check(answer: &Answer, shown: &dyn Fn() -> String) {
    let is_fine = answer.status < 500 || answer.status == 501;
    assert!(
        is_fine,
        "{} {} after {}",
        answer.status,
        answer.text(),
        shown()
    );
    if answer.body.is_empty() {
        return;
    }
    let content_type = answer.header("content-type").unwrap_or_default();
    if content_type == SCIM_JSON {
        let body: Value = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|error| panic!("{error}: {} after {}", answer.text(), shown()));
        if answer.status >= 400 {
            let status = answer.status.to_string();
            assert_eq!(body["schemas"][0], ERROR, "{}", shown());
            assert_eq!(body["status"], status, "{}", shown());
        }
    } else {
        // Health, and the admin API that a mutated path may reach.
        let other = ["text/plain", "application/problem+json", "application/json"];
        let is_other = other.iter().any(|known| content_type.starts_with(known));
        assert!(is_other, "{content_type:?} after {}", shown());
    }
}
