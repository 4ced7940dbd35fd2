//! Marks, and what is done to all who are marked.

use provost::console::effect::{Bulk, BulkVerb, Effect, Write};
use provost::console::msg::Fact;
use provost::console::overlays::Overlay;

use super::data;
use super::driver::Driver;
use super::fake::{Fake, State};

fn full() -> Driver {
    Driver::new(Fake::new(State::Full), 120, 40)
}

fn bulks(driver: &mut Driver, key: &str) -> Vec<Bulk> {
    let effects = driver.effects_of(Fact::KeyPressed(key.parse().unwrap()));
    effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Write(Write::Bulk(bulk)) => Some(bulk),
            Effect::Write(other) => panic!("{other:?} is no bulk change"),
            _ => None,
        })
        .collect()
}

#[test]
fn space_marks_and_goes_on_and_takes_the_mark_away() {
    let mut driver = full();
    driver.press(&["2", "j", "space", "space"]);
    assert!(driver.shows("2 marked"), "{}", driver.screen());
    assert_eq!(driver.app.members.rows.list.selected(), Some(3));
    driver.press(&["k", "space"]);
    assert!(driver.shows("1 marked"));
    driver.press(&["_"]);
    assert!(!driver.shows("marked"), "{}", driver.screen());
    driver.press(&["_"]);
    assert!(driver.shows("nobody is marked"));
}

#[test]
fn marks_stay_whatever_the_list_shows() {
    let mut driver = full();
    driver.press(&["2", "j", "space", "s", "3", "2"]);
    assert!(driver.shows("1 marked"), "{}", driver.screen());
    assert!(driver.app.members.marks.has(data::member_id(1)));
}

#[test]
fn the_question_lists_how_many_and_who_and_wants_the_number_typed() {
    let mut driver = full();
    // The owner comes first, and the fifth is inactive: neither can be deactivated.
    driver.press(&["2", "space", "space", "space", "space", "space", "D"]);
    assert!(driver.shows("Deactivate 3 members?"), "{}", driver.screen());
    assert!(driver.shows("grace.lovelace@acme.io"));
    assert!(driver.shows("2 other marked members stay as they are"));
    assert_eq!(bulks(&mut driver, "y"), [], "y is text here");
    assert_eq!(bulks(&mut driver, "ctrl-y"), []);
    driver.press(&["backspace", "3"]);
    assert_eq!(bulks(&mut driver, "enter"), [], "enter is never yes");
    driver.press(&["D", "3"]);
    let [bulk] = &bulks(&mut driver, "ctrl-y")[..] else {
        panic!("{}", driver.screen());
    };
    assert_eq!(bulk.verb, BulkVerb::Deactivate);
    let ids: Vec<_> = bulk.members.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [1, 2, 3].map(data::member_id));
}

#[test]
fn whoever_was_changed_is_unmarked_and_whoever_was_not_stays() {
    let mut driver = full();
    driver.press(&["2", "j", "space", "space", "space", "D", "3"]);
    let bulk = bulks(&mut driver, "ctrl-y").remove(0);
    let refused = provost::admin::AdminError::new(
        provost::admin::AdminErrorKind::Refused,
        "the last admin stays",
    );
    let done = |id: u64| {
        Ok(provost::admin::types::Done {
            outcome: provost::admin::types::Outcome::Applied,
            id: data::member_id(id).to_string(),
            changes: Vec::new(),
            warnings: Vec::new(),
            request_id: None,
        })
    };
    driver.tell(Fact::BulkFinished(
        bulk,
        vec![done(1), Err(refused), done(3)],
    ));
    assert!(
        driver.shows("2 of 3 members were deactivated, 1 was not"),
        "{}",
        driver.screen()
    );
    assert!(driver.shows("the last admin stays"));
    assert!(driver.shows("1 marked"));
    assert!(driver.app.members.marks.has(data::member_id(2)));
}

#[test]
fn it_is_done_for_everybody_at_the_engine() {
    let mut driver = full();
    driver.press(&["2", "j", "space", "space", "D", "2", "ctrl-y"]);
    assert!(
        driver.shows("2 members were deactivated"),
        "{}",
        driver.screen()
    );
    assert!(driver.app.members.marks.is_empty());
}

#[test]
fn everybody_is_marked_up_to_a_limit_that_is_said() {
    let mut driver = full();
    driver.press(&["2", "*"]);
    assert!(driver.shows("1,000 marked"), "{}", driver.screen());
    assert!(driver.shows("no more than 1,000 members can be marked at once"));
    let mut few = Fake::new(State::Full);
    few.members = 12;
    let mut driver = Driver::new(few, 120, 40);
    driver.press(&["2", "*"]);
    assert!(driver.shows("12 marked"));
    assert!(!driver.shows("no more than"), "{}", driver.screen());
}

#[test]
fn a_read_only_console_may_mark_and_not_change() {
    let mut driver = Driver::read_only(Fake::new(State::Full), 120, 40);
    driver.press(&["2", "j", "space", "D"]);
    assert!(driver.shows("1 marked"));
    assert!(!matches!(
        driver.app.overlays.last(),
        Some(Overlay::Confirm(_))
    ));
}
