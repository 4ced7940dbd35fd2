//! The live request log: follow, pause, what is new, what was skipped, failures before and after.

use provost::admin::types::{RequestId, RequestRow, TailEvent};
use provost::admin::{AdminError, AdminErrorKind};
use provost::console::layout::Focus;
use provost::console::msg::Fact;
use provost::console::panes::requests::Tail;

use super::driver::Driver;
use super::fake::{Fake, State};
use super::{data, request_data};

fn at_the_log(width: u16, height: u16) -> Driver {
    let mut driver = Driver::new(Fake::new(State::Full), width, height);
    driver.press(&["4"]);
    driver
}

fn arrive(driver: &mut Driver, numbers: std::ops::RangeInclusive<u64>) {
    let now = driver.now;
    let events = numbers
        .map(|number| TailEvent::Request {
            row: Box::new(RequestRow {
                at: now,
                ..request_data::request(number, now)
            }),
        })
        .collect();
    let (generation, _) = driver.tail.clone().expect("the log is followed");
    driver.tell(Fact::TailArrived(generation, events));
}

fn selected(driver: &Driver) -> Option<RequestId> {
    driver.app.requests.ring.selected().map(|row| row.id)
}

#[test]
fn following_keeps_the_newest_line_at_the_bottom() {
    let mut driver = at_the_log(120, 40);
    assert!(driver.shows("● following"));
    arrive(&mut driver, 5_001..=5_003);
    assert_eq!(selected(&driver), Some(RequestId(5_003)));
    assert!(driver.shows("Following: the newest request is at the bottom."));
}

#[test]
fn moving_up_pauses_and_nothing_on_the_screen_moves_while_lines_arrive() {
    let mut driver = at_the_log(120, 40);
    driver.press(&["k", "k"]);
    assert!(driver.shows("⏸ paused"));
    let before = driver.screen();
    arrive(&mut driver, 5_001..=5_312);
    let after = driver.screen();
    assert!(after.contains("+312 new (G)"), "{after}");
    let rows = |screen: &str| {
        screen
            .lines()
            .skip(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let without_bar = |screen: &str| -> Vec<String> {
        rows(screen)
            .iter()
            .map(|row| row.replace(['█', '│'], " "))
            .collect()
    };
    assert_eq!(without_bar(&before), without_bar(&after));
    driver.press(&["G"]);
    assert_eq!(selected(&driver), Some(RequestId(5_312)));
    assert!(!driver.shows("+312 new"));
}

#[test]
fn opening_a_request_pauses_so_that_it_is_not_scrolled_away() {
    let mut driver = at_the_log(120, 40);
    driver.press(&["enter"]);
    assert_eq!(driver.app.focus, Focus::Detail);
    arrive(&mut driver, 5_001..=5_010);
    assert_eq!(driver.app.requests.detail.open, Some(RequestId(5_000)));
    driver.press(&["p"]);
    assert_eq!(driver.app.requests.detail.open, None, "following closes it");
    assert_eq!(driver.app.focus, Focus::List);
}

#[test]
fn what_was_skipped_live_is_told_and_asked_for() {
    let mut driver = at_the_log(120, 40);
    let (generation, _) = driver.tail.clone().unwrap();
    driver.tell(Fact::TailArrived(
        generation,
        vec![TailEvent::Dropped { count: 1_234 }],
    ));
    assert!(driver.shows("! 1,234 skipped live"), "{}", driver.screen());
    assert!(
        !driver.app.requests.ring.is_stale(),
        "the page was asked for anew"
    );
}

#[test]
fn failures_are_found_beyond_the_lines_that_are_here() {
    let mut driver = at_the_log(120, 40);
    let mut last = RequestId(u64::MAX);
    for _ in 0..60 {
        driver.press(&["N"]);
        let here = selected(&driver).unwrap();
        assert!(here < last, "each one is older than the one before");
        let row = driver.app.requests.ring.selected().unwrap();
        assert!(row.status >= 400, "{row:?}");
        last = here;
    }
    assert!(last < RequestId(4_800), "older pages were loaded");
    driver.press(&["n"]);
    assert!(selected(&driver).unwrap() > last);
}

#[test]
fn a_filter_goes_to_the_engine_and_to_the_tail() {
    let mut driver = at_the_log(120, 40);
    driver
        .press(&["/"])
        .type_text("outcome:refused")
        .press(&["enter"]);
    let (_, query) = driver.tail.clone().unwrap();
    assert_eq!(query, "outcome:refused");
    assert!(
        driver.shows("Requests · outcome:refused"),
        "{}",
        driver.screen()
    );
    assert!(!driver.shows("✓ applied  "));
}

#[test]
fn lines_of_a_tail_that_was_replaced_are_dropped() {
    let mut driver = at_the_log(120, 40);
    let (old, _) = driver.tail.clone().unwrap();
    driver
        .press(&["/"])
        .type_text("status:>=400")
        .press(&["enter"]);
    let row = Box::new(request_data::request(6_000, driver.now));
    driver.tell(Fact::TailArrived(old, vec![TailEvent::Request { row }]));
    assert_ne!(selected(&driver), Some(RequestId(6_000)));
}

#[test]
fn a_tail_that_ends_is_asked_for_again_and_the_screen_says_so() {
    let mut driver = at_the_log(120, 40);
    let (generation, _) = driver.tail.clone().unwrap();
    let error = AdminError::new(AdminErrorKind::Unreachable, "the live log ended");
    driver.tell(Fact::TailEnded(generation, error));
    assert!(driver.shows("✗ not live, trying again"));
    driver.pass(2_100);
    assert_eq!(driver.app.requests.tail, Tail::Live);
}

#[test]
fn related_requests_are_a_bracket_away() {
    let mut driver = at_the_log(120, 40);
    driver.press(&["N", "["]);
    let open = driver.app.requests.detail.open.unwrap();
    assert_eq!(open, RequestId(4_991));
    driver.press(&["esc"]);
    assert_eq!(driver.app.requests.detail.open, Some(RequestId(4_994)));
    driver.press(&["]"]);
    assert!(driver.shows("no request about the same subject after this one"));
}

#[test]
fn the_subject_and_the_next_step_lead_to_the_member() {
    let mut driver = at_the_log(120, 40);
    driver.press(&["N", "g", "s"]);
    let expected = data::member_id(4_994 / 3 % 400);
    assert_eq!(driver.app.members.detail.open, Some(expected));
}

#[test]
fn bodies_fold_and_hold_no_credentials() {
    let mut driver = at_the_log(120, 40);
    driver.press(&["N", "right", "right"]);
    assert!(driver.shows("[Request]"));
    assert!(driver.shows("Bearer *** (okta-1)"));
    driver.press(&["tab", "j", "j", "enter"]);
    assert!(
        !driver.shows("Bearer ***"),
        "folded away: {}",
        driver.screen()
    );
    driver.press(&["right"]);
    assert!(driver.shows("[Response]"));
    assert!(driver.shows("\"scimType\": \"uniqueness\""));
}
