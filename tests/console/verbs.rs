//! Words of the palette that are followed by what they are about: they go to its pane, wait for what it is, and ask.

use provost::admin::guards::Ruling;
use provost::console::command::Scope;
use provost::console::effect::{Effect, Load, Write};
use provost::console::msg::Fact;
use provost::console::overlays::Overlay;
use provost::console::panes::PaneId;
use provost::console::panes::policy::SHADOW_TAB;
use rstest::rstest;

use super::driver::Driver;
use super::fake::{Fake, State};

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

/// Types words into the palette and takes them.
fn say(driver: &mut Driver, words: &str) {
    driver.press(&[":"]);
    driver.type_text(words);
    driver.press(&["enter"]);
}

fn writes(driver: &mut Driver, key: &str) -> Vec<Write> {
    let effects = driver.effects_of(Fact::KeyPressed(key.parse().unwrap()));
    let writes = effects.into_iter().filter_map(|effect| match effect {
        Effect::Write(write) => Some(write),
        _ => None,
    });
    writes.collect()
}

#[rstest]
#[case::set("set users.on_delete disable", PaneId::Policy, "Set users.on_delete?")]
#[case::set_by_sign("set users.on_delete=disable", PaneId::Policy, "Set users.on_delete?")]
#[case::set_without_value("set users.on_delete", PaneId::Policy, "left and right change it")]
#[case::set_as_it_is(
    "set users.on_delete remove",
    PaneId::Policy,
    "users.on_delete is remove already"
)]
#[case::set_mistyped(
    "set users.on_delet disable",
    PaneId::Policy,
    "Perhaps users.on_delete"
)]
#[case::set_in_the_file("set guard.blast_radius off", PaneId::Policy, "change it there")]
#[case::no_such_preset("simulate preset sfae", PaneId::Policy, "There are")]
#[case::token("token entra-prod", PaneId::Scim, "prv_scim_k9Lm")]
#[case::no_such_token("token nobody", PaneId::Scim, "no token is called nobody")]
#[case::rotate("token rotate entra-prod", PaneId::Scim, "Rotate token entra-prod?")]
#[case::rotate_revoked("token rotate okta-old", PaneId::Scim, "it is revoked")]
#[case::allow(
    "hold allow 4900",
    PaneId::Incidents,
    "Carry out what incident 4900 holds?"
)]
#[case::reject(
    "hold reject #4900",
    PaneId::Incidents,
    "Refuse what incident 4900 holds?"
)]
#[case::no_such_hold("hold allow 9", PaneId::Incidents, "there is no open incident 9")]
#[case::sync_off("team sync off", PaneId::Home, "Turn team sync off?")]
#[case::sync_on("team sync on", PaneId::Home, "team sync is on already")]
#[case::pause_nothing("team sync pause", PaneId::Home, "go to Teams first")]
#[case::undo("undo 4812", PaneId::Home, "4812")]
fn a_word_asks_on_the_pane_of_what_it_is_about(
    #[case] words: &str,
    #[case] pane: PaneId,
    #[case] says: &str,
) {
    let mut driver = full();
    say(&mut driver, words);
    assert_eq!(driver.app.pane, pane);
    assert!(driver.shows(says), "{}", driver.screen());
}

#[test]
fn a_key_that_was_named_is_set_only_by_the_answer() {
    let mut driver = full();
    say(&mut driver, "set users.on_delete disable");
    assert!(driver.shows("remove → disable"), "{}", driver.screen());
    assert_eq!(writes(&mut driver, "enter"), []);
    say(&mut driver, "set users.on_delete disable");
    let written = writes(&mut driver, "y");
    let [Write::SetPolicy(set)] = written.as_slice() else {
        panic!("{written:?}");
    };
    assert_eq!(
        (set.key.as_str(), set.value.as_deref()),
        ("users.on_delete", Some("disable"))
    );
}

#[test]
fn a_preset_that_was_named_is_tried_on_its_tab() {
    let mut driver = full();
    driver.press(&[":"]);
    driver.type_text("simulate preset datadog");
    let effects = driver.effects_of(Fact::KeyPressed("enter".parse().unwrap()));
    driver.carry_out(effects);
    assert_eq!(driver.app.policies.tab, SHADOW_TAB);
    assert!(driver.shows("preset datadog"), "{}", driver.screen());
}

#[test]
fn a_hold_that_was_named_needs_its_word_typed() {
    let mut driver = full();
    say(&mut driver, "hold allow 4900");
    assert_eq!(writes(&mut driver, "ctrl-y"), []);
    driver.type_text("allow");
    let written = writes(&mut driver, "ctrl-y");
    let [Write::RuleHold(_, rule, _)] = written.as_slice() else {
        panic!("{written:?}");
    };
    assert_eq!(rule.ruling, Ruling::Allowed);
}

#[test]
fn who_goes_on_meanwhile_is_not_asked() {
    let mut driver = full();
    driver.press(&[":"]);
    driver.type_text("set users.on_delete disable");
    let asked = driver.effects_of(Fact::KeyPressed("enter".parse().unwrap()));
    assert!(
        asked
            .iter()
            .any(|effect| matches!(effect, Effect::Load(_, Load::Policy))),
        "{asked:?}"
    );
    driver.press(&["2"]);
    driver.carry_out(asked);
    assert_eq!(driver.app.pane, PaneId::Members);
    assert!(driver.app.overlays.is_empty());
}

#[test]
fn a_read_only_palette_has_only_the_words_that_change_nothing() {
    let mut driver = Driver::read_only(Fake::new(State::Full), 120, 40);
    driver.press(&[":"]);
    let Some(Overlay::Palette(palette)) = driver.app.overlays.last() else {
        panic!("no palette");
    };
    let rows = palette.rows(&driver.app);
    let verbs = rows
        .iter()
        .filter(|row| row.command.scope == Scope::Everywhere);
    let words: Vec<&str> = verbs
        .filter_map(|row| row.command.verb.map(|verb| verb.word))
        .collect();
    assert!(words.contains(&"token") && words.contains(&"simulate preset"));
    for word in ["set", "hold", "undo", "team sync", "token rotate"] {
        assert!(!words.contains(&word), "{word}");
    }
}
