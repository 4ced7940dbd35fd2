//! Pane Incidents: what is held, and the word that lets it happen.

use provost::admin::guards::{IncidentId, Ruling};
use provost::console::effect::{Effect, Write};
use provost::console::msg::Fact;
use rstest::rstest;

use super::driver::Driver;
use super::fake::{Fake, State};

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

/// The writes that follow from a key.
fn writes(driver: &mut Driver, key: &str) -> Vec<Write> {
    let effects = driver.effects_of(Fact::KeyPressed(key.parse().unwrap()));
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Write(write) => Some(write),
            _ => None,
        })
        .collect()
}

#[rstest]
#[case("A", "allow", Ruling::Allowed)]
#[case("X", "reject", Ruling::Rejected)]
fn a_hold_is_ruled_on_only_once_the_word_is_typed(
    #[case] key: &str,
    #[case] word: &str,
    #[case] ruling: Ruling,
) {
    let mut driver = full();
    driver.press(&["7", key]);
    assert!(driver.shows("180 members"), "{}", driver.screen());
    assert_eq!(writes(&mut driver, "ctrl-y"), [], "not before it is typed");
    for letter in word.chars() {
        driver.press(&[&letter.to_string()]);
    }
    let ruled = writes(&mut driver, "ctrl-y");
    let [Write::RuleHold(id, rule, _)] = ruled.as_slice() else {
        panic!("{ruled:?}");
    };
    assert_eq!((*id, rule.ruling), (IncidentId(4_900), ruling));
    assert_eq!(rule.if_version, Some(1), "what was seen");
}

#[test]
fn enter_is_never_yes() {
    for key in ["A", "X"] {
        let mut driver = full();
        driver.press(&["7", key]);
        assert_eq!(writes(&mut driver, "enter"), [], "{key}");
        assert!(driver.app.overlays.is_empty());
    }
}

#[test]
fn what_holds_nothing_cannot_be_allowed_and_what_holds_cannot_be_closed() {
    let mut driver = full();
    driver.press(&["7", "C"]);
    assert!(driver.shows("allow or reject what it holds first"));
    driver.press(&["j", "A"]);
    assert!(driver.shows("it holds nothing"), "{}", driver.screen());
}

#[test]
fn without_incidents_it_says_what_would_be_here() {
    let mut driver = Driver::new(Fake::new(State::Empty), 80, 24);
    driver.press(&["7"]);
    assert!(driver.shows("No open incidents."), "{}", driver.screen());
}
