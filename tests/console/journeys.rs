//! What an admin does, as keys, and what comes of it.

use super::driver::Driver;
use super::fake::{Fake, State};

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

#[test]
fn tabs_of_a_request_are_a_key_away_wherever_the_keyboard_is() {
    let mut driver = full();
    driver.press(&["4", "N"]);
    for (key, tab) in [
        ("t", "[Trace]"),
        ("d", "[Changes]"),
        ("x", "[Explain]"),
        ("t", "[Trace]"),
    ] {
        driver.press(&[key]);
        assert!(driver.shows(tab), "{key}: {}", driver.screen());
    }
}
