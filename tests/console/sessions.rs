//! Where the console was left, and views that are kept: state in, session out and back, files good and bad.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use provost::admin::types::Sort;
use provost::console::ConsoleOptions;
use provost::console::effect::Effect;
use provost::console::layout::Focus;
use provost::console::msg::Fact;
use provost::console::panes::PaneId;
use provost::console::session;
use provost::console::views::{self, View};

use super::driver::{Driver, options};
use super::fake::{Fake, State};

fn with(options: ConsoleOptions) -> Driver {
    Driver::with(options, Fake::new(State::Full).client(), 120, 40)
}

fn remembering(file: &Path) -> ConsoleOptions {
    ConsoleOptions {
        session_file: Some(file.to_owned()),
        ..options()
    }
}

fn keeping_views(file: &Path) -> ConsoleOptions {
    ConsoleOptions {
        views_file: Some(file.to_owned()),
        ..options()
    }
}

fn command(driver: &mut Driver, line: &str) {
    driver.press(&[":"]).type_text(line).press(&["enter"]);
}

/// Writes what the state asked for, and tells it so, as the runtime does.
fn write_views(driver: &mut Driver, file: &Path) {
    let asked = driver
        .left
        .iter()
        .position(|e| matches!(e, Effect::SaveViews(..)));
    let Effect::SaveViews(all, what) = driver.left.remove(asked.expect("views to write")) else {
        unreachable!()
    };
    let written = views::save(file, &all).map_err(|error| error.to_string());
    driver.tell(Fact::ViewsSaved(what, written));
}

#[test]
fn the_console_opens_where_it_was_left() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions/demo.json");
    let mut left = with(remembering(&file));
    left.press(&["4", "k", "k", "k"]);
    left.press(&["3", "s", "2", "s", "/"])
        .type_text("active:true")
        .press(&["enter"]);
    left.press(&["j", "j", "j", "tab", "right"]);
    let session = left.app.session();
    session::save(&file, &session).unwrap();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let mut opened = with(remembering(&file));
    assert_eq!(opened.app.session(), session);
    assert_eq!(opened.app.pane, PaneId::Members);
    assert_eq!(opened.app.focus, Focus::Detail);
    assert_eq!(opened.app.filter(), "active:true");
    assert_eq!(opened.app.members.rows.list.selected(), Some(3));
    assert_eq!(opened.screen(), left.screen());
    opened.press(&["4"]);
    assert!(opened.shows("⏸ paused"), "{}", opened.screen());
}

#[test]
fn without_a_file_it_begins_on_home_and_a_damaged_one_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("s.json");
    assert_eq!(with(remembering(&file)).app.pane, PaneId::Home);
    std::fs::write(&file, "{\"version\": 1, \"pane\"").unwrap();
    let driver = with(remembering(&file));
    assert_eq!(driver.app.pane, PaneId::Home);
    assert!(
        driver
            .app
            .messages
            .all()
            .any(|m| m.text.contains("damaged"))
    );
}

#[test]
fn a_filter_that_may_hold_a_secret_is_not_remembered() {
    let directory = tempfile::tempdir().unwrap();
    let mut driver = with(keeping_views(&directory.path().join("views.toml")));
    driver
        .press(&["2", "/"])
        .type_text("prv_scim_abcdef")
        .press(&["enter"]);
    let session = driver.app.session();
    assert_eq!(session.members.query, "");
    assert!(!serde_json::to_string(&session).unwrap().contains("prv_"));
    command(&mut driver, "view save secret");
    assert!(
        driver.shows("this filter is not saved"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_view_is_saved_shown_and_deleted() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("views.toml");
    let mut driver = with(keeping_views(&file));
    driver
        .press(&["2", "s", "/"])
        .type_text("active:false")
        .press(&["enter"]);
    command(&mut driver, "view save Gone people");
    write_views(&mut driver, &file);
    assert!(
        driver.shows("view Gone people is saved"),
        "{}",
        driver.screen()
    );

    let mut driver = with(keeping_views(&file));
    driver.press(&["g", "v"]);
    assert!(driver.shows("Saved views") && driver.shows("active:false"));
    driver.press(&["enter"]);
    assert_eq!(driver.app.pane, PaneId::Members);
    assert_eq!(driver.app.filter(), "active:false");
    assert_eq!(driver.app.members.rows.sort, Sort::Name);
    driver.press(&["1"]);
    command(&mut driver, "view gone PEOPLE");
    assert_eq!(driver.app.pane, PaneId::Members);
    command(&mut driver, "view nothing");
    assert!(
        driver.shows("no view is called nothing"),
        "{}",
        driver.screen()
    );

    driver.press(&["g", "v", "d"]);
    write_views(&mut driver, &file);
    assert!(driver.shows("No view is saved yet."), "{}", driver.screen());
    assert_eq!(views::load(&file).unwrap().all, [] as [View; 0]);
}

#[test]
fn views_are_never_written_over_a_file_that_cannot_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("views.toml");
    std::fs::write(&file, "[[view]").unwrap();
    let mut driver = with(keeping_views(&file));
    assert!(driver.app.messages.all().any(|m| m.next.contains("mended")));
    driver.press(&["2"]);
    command(&mut driver, "view save mine");
    assert!(driver.shows("cannot be used"), "{}", driver.screen());
    assert!(
        !driver
            .left
            .iter()
            .any(|e| matches!(e, Effect::SaveViews(..)))
    );
}
