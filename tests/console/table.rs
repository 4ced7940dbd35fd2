//! The command table: every command can be reached, is in the help, and is found by name and by key.

use provost::console::command::{self, Scope};
use provost::console::keymap;
use provost::console::overlays::{Help, Overlay};

use super::driver::{Driver, options};
use super::fake::{Fake, State};

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

#[test]
fn every_command_has_a_key_or_is_in_the_palette() {
    let driver = full();
    let palette = provost::console::overlays::Palette::default();
    let listed: Vec<&str> = palette
        .rows(&driver.app)
        .iter()
        .map(|row| row.command.id)
        .collect();
    for command in command::all().filter(|command| !command.id.starts_with("debug.")) {
        let reachable = !command.keys.is_empty() || listed.contains(&command.id);
        assert!(reachable, "{} cannot be reached", command.id);
    }
}

#[test]
fn every_command_is_in_the_help_and_found_by_its_key_and_its_name() {
    let driver = full();
    for command in command::all().filter(|command| !command.id.starts_with("debug.")) {
        let mut searches: Vec<&str> = command.keys.to_vec();
        searches.extend([command.id, command.title]);
        for search in searches {
            let mut help = Help::default();
            help.search.replace(search);
            let found = help.rows(&driver.app);
            let is_found = found.iter().any(|row| row.command.id == command.id);
            assert!(is_found, "{} is not found by {search}", command.id);
        }
    }
}

#[test]
fn the_help_shows_first_what_works_here_and_runs_what_is_chosen() {
    let mut driver = full();
    driver.press(&["4", "?"]);
    let Some(Overlay::Help(help)) = driver.app.overlays.last() else {
        panic!("no help");
    };
    assert_eq!(help.rows(&driver.app)[0].command.scope, Scope::Requests);
    driver.type_text("go to home").press(&["enter"]);
    assert_eq!(driver.app.pane, provost::console::panes::PaneId::Home);
}

#[test]
fn a_disabled_command_says_why() {
    let mut driver = full();
    driver.press(&["2", "D"]);
    assert!(driver.shows("nobody may deactivate the owner of the account"));
    driver.press(&["?"]).type_text("deactivate");
    assert!(
        driver.shows("nobody may deactivate the owner"),
        "{}",
        driver.screen()
    );
}

#[test]
fn hints_name_only_keys_that_work_now() {
    let mut driver = full();
    driver.press(&["2"]);
    assert!(!driver.shows("D deactivate"), "the owner is selected");
    driver.press(&["j"]);
    assert!(driver.shows("D deactivate"));
    driver.press(&[":"]);
    assert!(driver.shows("esc close"));
    assert!(!driver.shows("D deactivate"));
}

#[test]
fn other_keys_are_shown_wherever_keys_are_shown() {
    let mut driver = full();
    let keys = "[member]\ndeactivate = \"ctrl-x d\"\n";
    driver.app.keymap = keymap::parse(keys).unwrap_or_else(|problems| panic!("{problems:?}"));
    driver.press(&["2", "j"]);
    assert!(driver.shows("ctrl-x d deactivate"), "{}", driver.screen());
    driver.press(&["D"]);
    assert!(driver.app.overlays.is_empty());
    driver.press(&["ctrl-x", "d"]);
    assert!(driver.shows("Deactivate Grace Lovelace?"));
}

#[test]
fn a_keymap_with_mistakes_is_said_and_the_defaults_stay() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keymap.toml");
    std::fs::write(&path, "[app]\nqiut = \"x\"\n").unwrap();
    let mut options = options();
    options.keymap_file = Some(path);
    let mut driver = Driver::with(options, Fake::new(State::Full).client(), 120, 40);
    assert!(
        driver.shows("no command is called `app.qiut`"),
        "{}",
        driver.screen()
    );
    driver.press(&["q"]);
    assert!(driver.app.exit().is_some());
}

#[test]
fn the_panic_is_only_for_debugging() {
    let mut driver = full();
    driver.press(&[":"]).type_text("panic");
    assert!(!driver.shows("Panic, to try"), "{}", driver.screen());
    let mut options = options();
    options.debug = true;
    let mut driver = Driver::with(options, Fake::new(State::Full).client(), 120, 40);
    driver.press(&[":"]).type_text("panic").press(&["enter"]);
    let panics = driver
        .left
        .contains(&provost::console::effect::Effect::Panic);
    assert!(panics);
}
