//! The console on the fake engine, for looking at: run the test binary in a terminal with
//! `by_hand --ignored --nocapture`. `FAKE_STATE` is `full`, `empty`, `failing` or `hanging`, `FAKE_RATE` the new requests
//! a second, `FAKE_MEMBERS` how many members there are, `FAKE_READ_ONLY` makes it so.

use jiff::Timestamp;
use provost::console::theme::Theme;
use provost::console::{Client, ConsoleOptions};

use super::fake::{Fake, State};

#[test]
#[ignore = "needs a terminal and somebody before it"]
fn by_hand() {
    let variable = |name: &str| std::env::var(name).ok();
    let number = |name: &str| variable(name).and_then(|text| text.parse().ok());
    let mut fake = Fake::new(match variable("FAKE_STATE").as_deref() {
        Some("empty") => State::Empty,
        Some("failing") => State::Failing,
        Some("hanging") => State::Hanging,
        _ => State::Full,
    });
    fake.now = Timestamp::now();
    fake.rate = number("FAKE_RATE").unwrap_or(0);
    fake.members = number("FAKE_MEMBERS").unwrap_or(2_000);
    let client = if variable("FAKE_READ_ONLY").is_some() {
        Client::read_only(std::sync::Arc::new(fake))
    } else {
        fake.client()
    };
    let directory = tempfile::tempdir().unwrap();
    let mut options = ConsoleOptions::from_env("demo", directory.path().to_owned());
    options.theme = variable("FAKE_THEME").map(|name| Theme::built_in(&name).unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ended = runtime.block_on(provost::console::run(options, client));
    println!("{ended:?}");
}
