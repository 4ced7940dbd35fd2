//! Pane Policy: set, give back, follow a preset, try another policy, undo; each asked about, and Enter is never yes.

use provost::admin::policy::{AdoptPreset, SetPolicy, Simulate};
use provost::admin::types::RequestId;
use provost::console::effect::{Effect, Export, Load, Write};
use provost::console::msg::Fact;
use provost::console::panes::PaneId;

use super::driver::Driver;
use super::fake::{Fake, State};

/// Where `users.on_delete` is in the list.
const ON_DELETE: [&str; 6] = ["j"; 6];

fn on_policy() -> Driver {
    let mut driver = Driver::new(Fake::new(State::Full), 120, 40);
    driver.press(&["9"]);
    assert_eq!(driver.app.pane, PaneId::Policy);
    driver
}

fn effects(driver: &mut Driver, key: &str) -> Vec<Effect> {
    driver.effects_of(Fact::KeyPressed(key.parse().unwrap()))
}

fn writes(driver: &mut Driver, key: &str) -> Vec<Write> {
    effects(driver, key)
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Write(write) => Some(write),
            _ => None,
        })
        .collect()
}

#[test]
fn a_key_is_set_after_a_question_that_enter_does_not_answer() {
    let mut driver = on_policy();
    driver.press(&ON_DELETE).press(&["E"]);
    assert!(driver.shows("Set users.on_delete"), "{}", driver.screen());
    driver.press(&["right", "enter"]);
    assert!(driver.shows("Set users.on_delete?"), "{}", driver.screen());
    assert!(driver.shows("remove → disable"), "{}", driver.screen());
    assert_eq!(writes(&mut driver, "enter"), []);
    driver.press(&["E", "right", "enter"]);
    let set = SetPolicy {
        key: "users.on_delete".into(),
        value: Some("disable".into()),
        if_version: Some(3),
    };
    assert_eq!(writes(&mut driver, "y"), [Write::SetPolicy(set)]);
}

#[test]
fn a_key_is_given_back_only_where_it_is_set() {
    let mut driver = on_policy();
    driver.press(&["X"]);
    assert!(
        driver.shows("it is as the preset has it"),
        "{}",
        driver.screen()
    );
    driver.press(&ON_DELETE).press(&["X"]);
    assert!(driver.shows("remove → soft_delete"), "{}", driver.screen());
    let [Write::SetPolicy(set)] = &writes(&mut driver, "y")[..] else {
        panic!("{}", driver.screen());
    };
    assert_eq!((set.key.as_str(), &set.value), ("users.on_delete", &None));
}

#[test]
fn what_the_configuration_file_says_is_not_set_here() {
    let mut driver = on_policy();
    for _ in 0..60 {
        if driver.app.policies.current().unwrap().key == "guard.blast_radius" {
            break;
        }
        driver.press(&["j"]);
    }
    driver.press(&["E"]);
    assert!(
        driver.shows("the configuration file"),
        "{}",
        driver.screen()
    );
    assert!(driver.app.overlays.is_empty());
}

#[test]
fn a_preset_is_followed_after_seeing_each_key_that_changes() {
    let mut driver = on_policy();
    driver.press(&["P"]);
    assert!(
        driver.shows("preset safe (in force)"),
        "{}",
        driver.screen()
    );
    let place = driver.app.policies.policy.value().unwrap();
    let datadog = place
        .presets
        .iter()
        .position(|name| name == "datadog")
        .unwrap();
    for _ in 0..datadog {
        driver.press(&["j"]);
    }
    driver.press(&["enter"]);
    assert!(
        driver.shows("Follow preset datadog?"),
        "{}",
        driver.screen()
    );
    assert!(
        driver.shows("users.on_delete: remove → disable"),
        "{}",
        driver.screen()
    );
    assert_eq!(writes(&mut driver, "enter"), []);
    driver.press(&["P"]);
    for _ in 0..datadog {
        driver.press(&["j"]);
    }
    driver.press(&["enter"]);
    let adopt = AdoptPreset {
        preset: "datadog".into(),
        overrides: [].into(),
        if_version: Some(3),
    };
    assert_eq!(writes(&mut driver, "y"), [Write::AdoptPreset(adopt)]);
}

/// However small the screen is, all that a preset changes can be read before yes is said.
#[test]
fn the_question_about_a_preset_scrolls_to_its_end() {
    let mut driver = Driver::new(Fake::new(State::Full), 80, 24);
    driver.press(&["9", "P"]);
    let policy = driver.app.policies.policy.value().unwrap();
    let datadog = policy.presets.iter().position(|it| it == "datadog");
    let down = vec!["j"; datadog.unwrap()];
    driver.press(&down).press(&["enter"]);
    assert!(driver.shows("Guards"), "{}", driver.screen());
    assert!(
        driver.shows("lines more below, down shows them"),
        "{}",
        driver.screen()
    );
    let keys = super::policy::diff("datadog")
        .differences
        .into_iter()
        .map(|it| it.key);
    let mut unseen: Vec<String> = keys.collect();
    for _ in 0..100 {
        let screen = driver.screen();
        unseen.retain(|key| !screen.contains(&format!("{key}:")));
        driver.press(&["down"]);
    }
    assert_eq!(unseen, Vec::<String>::new());
    assert!(driver.shows("To undo"), "{}", driver.screen());
    assert!(!driver.shows("more below"), "{}", driver.screen());
    let end = driver.screen();
    driver.press(&["up"]);
    assert_ne!(driver.screen(), end, "the end is not run past");
    assert_eq!(writes(&mut driver, "enter"), []);
}

#[test]
fn another_policy_is_tried_and_its_answers_lead_to_the_requests() {
    let mut driver = on_policy();
    driver.press(&["v"]);
    let asked = effects(&mut driver, "enter");
    let asked = asked.iter().find_map(|effect| match effect {
        Effect::Load(_, Load::SimulatePolicy(simulate)) => Some(simulate.clone()),
        _ => None,
    });
    let expected = Simulate {
        preset: Some("datadog".into()),
        query: "since:24h".into(),
        ..Simulate::default()
    };
    assert_eq!(asked, Some(expected));
    let mut driver = on_policy();
    driver.press(&["v", "enter"]);
    for part in ["[Shadow]", "1,204 requests", "Keys that differ"] {
        assert!(driver.shows(part), "{part}: {}", driver.screen());
    }
    driver.press(&["G"]);
    for part in [
        "204 applied → 403 LAST_ADMIN",
        "by policy guard.last_admin",
        "What it rests on",
    ] {
        assert!(driver.shows(part), "{part}: {}", driver.screen());
    }
    driver.press(&["g", "g"]);
    // A menu that is closed asks nothing, and what is shown stays.
    driver.press(&["v", "esc"]);
    assert!(driver.shows("1,204 requests"), "{}", driver.screen());
    driver.press(&["left"]);
    assert!(
        driver.shows("under preset datadog it would decide"),
        "{}",
        driver.screen()
    );
}

#[test]
fn the_policy_is_exported_as_a_file_that_import_takes() {
    let mut driver = on_policy();
    let effects = effects(&mut driver, "e");
    let exported = effects.iter().find_map(|effect| match effect {
        Effect::Export(Export::Policy(policy)) => Some(policy),
        _ => None,
    });
    let policy = exported.unwrap();
    let text = policy.to_toml();
    assert!(
        text.contains("preset = \"safe\"") && text.contains("users.on_delete = \"remove\""),
        "{text}"
    );
}

#[test]
fn a_request_is_undone_from_the_log_from_a_timeline_and_from_its_key() {
    let mut driver = on_policy();
    driver.press(&ON_DELETE).press(&["u"]);
    assert!(
        driver.shows("Undo what request #4812 changed?"),
        "{}",
        driver.screen()
    );
    assert_eq!(writes(&mut driver, "enter"), [], "enter is never yes");
    driver.press(&["u"]);
    assert_eq!(
        writes(&mut driver, "y"),
        [Write::UndoRequest(RequestId(4_812))]
    );

    let mut driver = Driver::new(Fake::new(State::Full), 120, 40);
    driver.press(&["2", "j", "u"]);
    assert!(
        driver.shows("choose a change in the timeline first"),
        "{}",
        driver.screen()
    );
    driver.press(&["t", "u"]);
    assert!(driver.shows("Undo what request #"), "{}", driver.screen());
    assert!(matches!(
        writes(&mut driver, "y")[..],
        [Write::UndoRequest(_)]
    ));
}

#[test]
fn a_read_only_console_looks_and_sets_nothing() {
    let mut driver = Driver::read_only(Fake::new(State::Full), 120, 40);
    for key in ["E", "P", "u"] {
        driver.press(&["9"]).press(&ON_DELETE).press(&[key]);
        assert!(driver.shows("read-only"), "{key}: {}", driver.screen());
        assert!(driver.app.overlays.is_empty());
    }
    driver.press(&["v", "enter"]);
    assert!(driver.shows("[Shadow]"), "{}", driver.screen());
}

/// The key that decided a request, or the last one of an incident, is shown, and leads to its place in the policy.
#[test]
fn the_key_that_decided_is_one_step_away() {
    for (pane, first) in [(PaneId::Requests, "4"), (PaneId::Incidents, "7")] {
        let mut driver = Driver::new(Fake::new(State::Full), 120, 40);
        driver.press(&[first, "enter"]);
        if pane == PaneId::Requests {
            let jump = provost::console::place::Jump::Request(RequestId(4_994));
            let effects = driver.app.jump(jump);
            driver.carry_out(effects);
            driver.tell(Fact::Woke);
        }
        let key = driver.app.deciding_key().map(str::to_owned);
        let key = key.unwrap_or_else(|| panic!("{pane:?}: {}", driver.screen()));
        assert!(driver.shows(&key), "{}", driver.screen());
        driver.press(&["g", "p"]);
        assert_eq!(driver.app.pane, PaneId::Policy);
        let current = driver.app.policies.current().map(|row| row.key.clone());
        assert_eq!(current.as_deref(), Some(key.as_str()), "{pane:?}");
        driver.press(&["esc"]);
        assert_eq!(
            driver.app.pane, pane,
            "one step back leads where it came from"
        );
    }
}
