//! The mouse: whatever can be clicked does what its key does.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use provost::console::effect::Effect;
use provost::console::input::event::fact_of;
use provost::console::layout::Focus;
use provost::console::panes::PaneId;

use super::driver::Driver;
use super::fake::{Fake, State};

/// Clicks on the first place where the screen shows a text.
fn click(driver: &mut Driver, text: &str) {
    let screen = driver.screen();
    let (row, line) = screen
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(text))
        .unwrap_or_else(|| panic!("{text} is not on the screen:\n{screen}"));
    let before = line.split(text).next().unwrap_or_default();
    let column = before.chars().count();
    mouse(driver, MouseEventKind::Down(MouseButton::Left), column, row);
}

fn mouse(driver: &mut Driver, kind: MouseEventKind, column: usize, row: usize) {
    let event = MouseEvent {
        kind,
        column: u16::try_from(column).unwrap(),
        row: u16::try_from(row).unwrap(),
        modifiers: KeyModifiers::NONE,
    };
    let fact = fact_of(&Event::Mouse(event), &driver.regions);
    if let Some(fact) = fact {
        driver.tell(fact);
        driver.pass(100);
    }
}

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

#[test]
fn panes_rows_tabs_columns_and_hints_are_clicked() {
    let mut driver = full();
    click(&mut driver, "2 Members");
    assert_eq!(driver.app.pane, PaneId::Members);
    click(&mut driver, "Alan Lovelace");
    assert_eq!(driver.app.members.rows.list.selected(), Some(2));
    assert_eq!(driver.app.focus, Focus::List);
    click(&mut driver, "✓ active   Alan Lovelace");
    assert_eq!(driver.app.focus, Focus::Detail, "a second click opens");
    click(&mut driver, "Timeline");
    assert!(driver.shows("[Timeline]"));
    click(&mut driver, "name  ");
    assert!(driver.shows("by name"));
    click(&mut driver, "/ filter");
    assert!(driver.shows("Filter Members"));
}

#[test]
fn a_click_beside_an_overlay_closes_it_and_changes_nothing() {
    let mut driver = full();
    driver.press(&["2", "j", "D"]);
    click(&mut driver, "Acme");
    assert!(driver.app.overlays.is_empty());
    assert!(driver.shows("nothing was changed"));
}

#[test]
fn the_buttons_of_a_question_are_clicked() {
    let mut driver = full();
    driver.press(&["2", "j", "D"]);
    click(&mut driver, "Cancel");
    assert!(driver.app.overlays.is_empty());
    driver.press(&["D"]);
    click(&mut driver, "Deactivate y");
    assert!(driver.shows("grace.lovelace@acme.io was deactivated"));
}

#[test]
fn the_wheel_scrolls_what_is_under_it() {
    let mut driver = full();
    driver.press(&["2"]);
    driver.screen();
    mouse(&mut driver, MouseEventKind::ScrollDown, 20, 10);
    assert_eq!(driver.app.members.rows.list.first(), 3);
    driver.press(&["4"]);
    driver.screen();
    mouse(&mut driver, MouseEventKind::ScrollUp, 20, 10);
    assert!(
        !driver.app.requests.ring.is_following(),
        "scrolling up pauses"
    );
}

#[test]
fn the_mouse_is_left_to_the_terminal_at_a_key() {
    let mut driver = full();
    driver.press(&["M"]);
    assert_eq!(driver.left, [Effect::CaptureMouse(false)]);
    driver.press(&["M"]);
    assert_eq!(driver.left[1], Effect::CaptureMouse(true));
}
