//! Pane SCIM: who is connected, connecting, disconnecting.

use provost::admin::link::ConnectionAuth;
use provost::console::effect::{Effect, Write};
use provost::console::msg::Fact;

use super::driver::Driver;
use super::fake::{Fake, State};

fn writes(driver: &mut Driver, key: &str) -> Vec<Write> {
    let effects = driver.effects_of(Fact::KeyPressed(key.parse().unwrap()));
    let writes = effects.into_iter().filter_map(|effect| match effect {
        Effect::Write(write) => Some(write),
        _ => None,
    });
    writes.collect()
}

#[test]
fn the_pane_says_who_is_connected_and_how_another_would_be() {
    let mut driver = Driver::new(Fake::new(State::Empty), 160, 60);
    driver.press(&["6"]);
    for text in [
        "nobody yet",
        "one IdP at a time",
        "SCIM connector base URL",
        "bearer token",
    ] {
        assert!(driver.shows(text), "{text}: {}", driver.screen());
    }
    driver.press(&["D"]);
    assert!(driver.shows("nothing is connected"), "{}", driver.screen());
}

#[test]
fn a_connection_ends_only_once_its_name_is_typed() {
    let mut driver = Driver::new(Fake::new(State::Full), 120, 40);
    driver.press(&["6", "D"]);
    assert!(driver.shows("Disconnect Okta?"), "{}", driver.screen());
    assert!(driver.shows("stay as they are"), "{}", driver.screen());
    assert_eq!(writes(&mut driver, "enter"), [], "enter is never yes");
    driver.press(&["D"]).type_text("okta-1");
    let expected = Write::Disconnect("okta-1".into());
    assert_eq!(writes(&mut driver, "ctrl-y"), [expected]);
}

#[test]
fn whose_the_key_is_is_asked_where_it_belongs_to_a_member() {
    let mut fake = Fake::new(State::Empty);
    fake.auth = ConnectionAuth::OwnedKey;
    let mut driver = Driver::new(fake, 120, 40);
    driver.press(&["6", "C"]);
    assert!(driver.shows("owner"), "{}", driver.screen());
    assert!(!driver.shows("redirect URI"), "{}", driver.screen());
    assert_eq!(writes(&mut driver, "ctrl-s"), [], "an owner is needed");
    driver.type_text("grace");
    let [Write::Connect { owner, .. }] = &writes(&mut driver, "ctrl-s")[..] else {
        panic!("{}", driver.screen());
    };
    assert_eq!(owner.as_deref(), Some("grace"));
}

#[test]
fn an_identity_provider_is_connected_and_its_secret_seen_once() {
    let mut driver = Driver::new(Fake::new(State::Empty), 120, 40);
    driver.press(&["6", "C"]);
    assert!(
        driver.shows("Connect an identity provider"),
        "{}",
        driver.screen()
    );
    driver.press(&["right", "ctrl-s"]);
    assert!(
        driver.shows("prv_scim_7fQ2xSecretThatIsShownOnce"),
        "{}",
        driver.screen()
    );
}
