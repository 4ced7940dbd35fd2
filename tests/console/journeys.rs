//! Going about: lists, details, jumps and the way back, filters, chords.

use provost::admin::types::RequestId;
use provost::console::app::Link;
use provost::console::effect::{Effect, Load};
use provost::console::error::Exit;
use provost::console::layout::Focus;
use provost::console::msg::Fact;
use provost::console::panes::PaneId;

use super::data;
use super::driver::Driver;
use super::fake::{Fake, State, unreachable};

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
        ("right", "[Trace]"),
        ("left", "[Explain]"),
    ] {
        driver.press(&[key]);
        assert!(driver.shows(tab), "{key}: {}", driver.screen());
    }
}

#[test]
fn a_link_leads_from_member_to_team_to_member_and_escape_leads_back() {
    let mut driver = full();
    driver.press(&["2", "j"]);
    let member = driver.app.members.detail.open;
    assert_eq!(member, Some(data::member_id(1)));
    // Down to the first line that leads somewhere: the member's team.
    driver.press(&["enter"]);
    for _ in 0..60 {
        if driver.shows("▌   Platform") {
            break;
        }
        driver.press(&["j"]);
    }
    assert!(driver.shows("▌   Platform"), "{}", driver.screen());
    driver.press(&["enter"]);
    assert_eq!(driver.app.pane, PaneId::Teams);
    assert_eq!(driver.app.teams.detail.open, Some(data::team_id(0)));
    driver.press(&["esc"]);
    assert_eq!(driver.app.pane, PaneId::Members);
    assert_eq!(driver.app.focus, Focus::Detail);
    assert_eq!(driver.app.members.detail.open, member);
    driver.press(&["esc"]);
    assert_eq!(driver.app.focus, Focus::List);
    driver.press(&["esc"]);
    assert_eq!(driver.app.pane, PaneId::Home);
}

#[test]
fn home_leads_to_what_needs_the_admin() {
    let mut driver = full();
    driver.press(&["enter"]);
    assert_eq!(driver.app.pane, PaneId::Incidents, "a hold comes first");
    driver.press(&["esc", "j", "enter"]);
    assert_eq!(driver.app.pane, PaneId::Requests);
    assert_eq!(driver.app.filter(), "token:entra-prod status:>=400");
    driver.press(&["esc", "j", "enter"]);
    assert_eq!(driver.app.requests.detail.open, Some(RequestId(4_994)));
    assert!(driver.shows("What next"), "{}", driver.screen());
}

#[test]
fn what_was_jumped_to_stays_open_though_the_list_selects_another() {
    let mut driver = full();
    driver
        .press(&[":"])
        .type_text("member ken.turing")
        .press(&["enter"]);
    assert_eq!(driver.app.members.detail.open, Some(data::member_id(7)));
    assert!(driver.shows("ken.turing@acme.io"));
    driver.press(&["esc"]);
    driver.press(&["2", "j"]);
    assert_eq!(driver.app.members.detail.open, Some(data::member_id(1)));
}

#[test]
fn a_name_that_nobody_has_is_said() {
    let mut driver = full();
    driver
        .press(&[":"])
        .type_text("member nobody")
        .press(&["enter"]);
    assert!(driver.shows("no such member: no member is called nobody"));
    driver
        .press(&[":"])
        .type_text("request abc")
        .press(&["enter"]);
    assert!(driver.shows("abc is not the number of a request"));
}

#[test]
fn a_verb_without_its_argument_asks_for_it() {
    let mut driver = full();
    driver
        .press(&[":"])
        .type_text("go to a request")
        .press(&["enter"]);
    assert!(driver.shows(": request"), "{}", driver.screen());
    driver.type_text("#4994").press(&["enter"]);
    assert_eq!(driver.app.requests.detail.open, Some(RequestId(4_994)));
}

#[test]
fn a_filter_is_tried_while_it_is_typed_and_taken_back_by_escape() {
    let mut driver = full();
    driver.press(&["2", "/"]).type_text("turing");
    assert_eq!(driver.app.filter(), "", "not before the typing rests");
    driver.pass(200);
    assert_eq!(driver.app.filter(), "turing");
    assert!(!driver.shows("Ada Lovelace  "));
    driver.press(&["esc"]);
    assert_eq!(driver.app.filter(), "");
    assert!(driver.shows("Members 2,000"));
    driver
        .press(&["/"])
        .type_text("active:fa")
        .press(&["tab", "enter"]);
    assert_eq!(driver.app.filter(), "active:false");
    assert!(driver.shows("⏸ inactive"));
    driver.press(&["esc"]);
    assert_eq!(
        driver.app.filter(),
        "",
        "one step back is out of the filter"
    );
}

#[test]
fn a_filter_that_cannot_be_read_keeps_the_list_and_says_where() {
    let mut driver = full();
    driver.press(&["4", "/"]).type_text("status:x").pass(200);
    assert!(
        driver.shows("is no number for `status`"),
        "{}",
        driver.screen()
    );
    assert_eq!(driver.app.filter(), "");
    driver.press(&["enter"]);
    assert!(!driver.app.overlays.is_empty(), "enter does not take it");
    driver.press(&["esc"]);
    assert!(driver.app.overlays.is_empty());
}

#[test]
fn a_filter_without_matches_says_how_to_get_out() {
    let mut driver = full();
    driver.press(&["2", "/"]).type_text("zzz").press(&["enter"]);
    assert!(driver.shows("No member matches zzz."));
    driver.press(&["\\"]);
    assert!(driver.shows("Members 2,000"));
}

#[test]
fn a_chord_shows_how_it_may_go_on_and_an_unknown_one_does_nothing() {
    let mut driver = full();
    driver.press(&["2", "G"]);
    assert_eq!(driver.app.members.rows.list.selected(), Some(1_999));
    driver.press(&["g"]);
    assert!(driver.shows("gg To the first row"), "{}", driver.screen());
    driver.press(&["g"]);
    assert_eq!(driver.app.members.rows.list.selected(), Some(0));
    driver.press(&["g", "q"]);
    assert!(
        driver.app.exit().is_none(),
        "the second key is not taken alone"
    );
    assert!(driver.shows("g q does nothing here"));
}

#[test]
fn a_million_members_cost_only_the_pages_on_the_screen() {
    let mut fake = Fake::new(State::Full);
    fake.members = 1_000_000;
    let mut driver = Driver::new(fake, 120, 40);
    driver.press(&["2"]);
    let effects = driver.effects_of(Fact::KeyPressed("G".parse().unwrap()));
    let offsets: Vec<u64> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Load(_, Load::Members(listing)) => Some(listing.offset),
            _ => None,
        })
        .collect();
    assert_eq!(offsets, [999_900]);
    assert_eq!(driver.app.members.rows.list.selected(), Some(999_999));
}

#[test]
fn an_answer_to_a_question_that_was_replaced_is_dropped() {
    let mut driver = full();
    driver.press(&["2", "/"]).type_text("turing");
    let asked = driver.effects_of(Fact::KeyPressed("enter".parse().unwrap()));
    driver.press(&["\\"]);
    assert!(driver.shows("Members 2,000"));
    let Some(Effect::Load(generation, Load::Members(listing))) = asked.into_iter().next() else {
        panic!("the filter asks for members");
    };
    let late = provost::admin::types::Page {
        items: Vec::new(),
        offset: listing.offset,
        total: provost::admin::types::Total::Exact(0),
    };
    driver.tell(Fact::MembersLoaded(generation, listing.offset, Ok(late)));
    assert!(driver.shows("Members 2,000"));
}

#[test]
fn nothing_is_drawn_while_nothing_changes() {
    let mut driver = full();
    driver.press(&["2"]);
    driver.pass(1_000);
    driver.app.take_dirty();
    driver.pass(50_000);
    assert!(
        !driver.app.take_dirty(),
        "the engine was asked, and said the same"
    );
}

#[test]
fn an_engine_that_goes_away_leaves_what_is_here_and_is_tried_again() {
    let mut driver = full();
    driver.press(&["2"]);
    let client = driver.client.clone();
    driver.client = Fake::new(State::Failing).client();
    driver.pass(5_000);
    assert_eq!(driver.app.link(), Link::Down);
    assert!(
        driver.shows("✗ unreachable, trying again"),
        "{}",
        driver.screen()
    );
    assert!(driver.shows("Ada Lovelace"), "the rows stay");
    driver.press(&["r"]);
    assert!(driver.shows("! stale, r asks again"), "{}", driver.screen());
    driver.client = client;
    for _ in 0..16 {
        if driver.app.link() == Link::Down {
            driver.pass(1_000);
        }
    }
    assert_eq!(driver.app.link(), Link::Up);
    assert!(driver.shows("the engine answers again"));
    assert!(!driver.shows("stale"));
}

#[test]
fn a_failed_write_says_why_and_leads_to_its_request() {
    let mut driver = full();
    driver
        .press(&["2", "A"])
        .type_text("ada")
        .press(&["ctrl-s"]);
    assert!(driver.shows("userName is taken by another member"));
    assert!(driver.shows("O opens request #4994"), "{}", driver.screen());
    driver.press(&["esc", "O"]);
    assert_eq!(driver.app.requests.detail.open, Some(RequestId(4_994)));
}

#[test]
fn pasted_text_is_never_taken_as_commands() {
    let mut driver = full();
    driver.tell(Fact::Pasted("q\n".into()));
    assert!(driver.app.exit().is_none());
    driver.press(&["2", "/"]);
    driver.tell(Fact::Pasted("ada\n".into()));
    driver.press(&["enter"]);
    assert_eq!(driver.app.filter(), "ada");
}

#[test]
fn quitting_works_from_everywhere() {
    let mut driver = full();
    driver.press(&["q"]);
    assert_eq!(driver.app.exit(), Some(Exit::Quit));
    for open in [":", "?", "/"] {
        let mut driver = full();
        driver.press(&["2", open, "q"]);
        assert_eq!(driver.app.exit(), None, "q is text in {open}");
        driver.press(&["ctrl-c"]);
        assert_eq!(driver.app.exit(), Some(Exit::Quit));
    }
    let mut driver = full();
    driver.tell(Fact::Interrupted);
    assert_eq!(driver.app.exit(), Some(Exit::Signal));
}

#[test]
fn a_detail_that_fails_says_so_and_is_asked_for_again_by_hand() {
    let mut driver = full();
    driver.press(&["2"]);
    let generation = driver.app.members.detail.refresh().unwrap().0;
    driver.app.members.detail.remote.clear();
    driver.tell(Fact::MemberLoaded(generation, Err(unreachable())));
    assert!(
        !driver.shows("did not come"),
        "an answer nobody awaits is dropped"
    );
    driver.client = Fake::new(State::Failing).client();
    driver.press(&["j"]);
    driver.pass(200);
    assert!(
        driver.shows("The member did not come"),
        "{}",
        driver.screen()
    );
    driver.client = Fake::new(State::Full).client();
    driver.press(&["r"]);
    assert!(driver.shows("SCIM attributes"));
}
