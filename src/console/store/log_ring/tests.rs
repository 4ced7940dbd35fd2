use super::*;
use crate::admin::types::RequestPage;

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn row(id: u64, status: u16) -> RequestRow {
    RequestRow {
        id: RequestId(id),
        at: now(),
        duration_us: 900,
        method: "GET".into(),
        path: "/scim/v2/Users".into(),
        resource: "Users".into(),
        subject: None,
        status,
        outcome: if status < 400 {
            Outcome::NoOp
        } else {
            Outcome::Refused
        },
        code: None,
        token: Some("okta-1".into()),
        user_agent: None,
        idp: None,
        changes: 0,
        retry_of: None,
        part_of: None,
    }
}

fn rows(ids: impl IntoIterator<Item = u64>) -> Vec<RequestRow> {
    ids.into_iter().map(|id| row(id, 200)).collect()
}

/// Answers what the ring needs from a log that holds the ids 1 to `newest`, until it needs nothing more.
fn serve(ring: &mut LogRing, newest: u64, height: u16) -> usize {
    let mut served = 0;
    while let Some(request) = ring.needs(height) {
        served += 1;
        assert!(served < 1_000, "the ring asks for ever");
        let limit = u64::from(request.limit);
        let (ids, more): (Vec<u64>, bool) = match request.span {
            LogSpan::Newest => (
                (newest.saturating_sub(limit) + 1..=newest).collect(),
                newest > limit,
            ),
            LogSpan::Before(RequestId(id)) => {
                let from = id.saturating_sub(limit).max(1);
                ((from..id).collect(), from > 1)
            }
            LogSpan::After(RequestId(id)) => {
                let to = (id + limit).min(newest);
                ((id + 1..=to).collect(), to < newest)
            }
        };
        let items = rows(ids.into_iter().rev());
        let page = RequestPage {
            items,
            more,
            log_total: newest,
        };
        assert!(ring.page_loaded(request.generation, request.span, page));
    }
    served
}

fn loaded(newest: u64, height: u16) -> LogRing {
    let mut ring = LogRing::new(1_000);
    serve(&mut ring, newest, height);
    ring
}

fn visible(ring: &LogRing) -> Vec<u64> {
    ring.visible().map(|row| row.id.0).collect()
}

#[test]
fn the_newest_line_is_at_the_bottom_and_followed() {
    let mut ring = loaded(50, 5);
    assert_eq!(visible(&ring), vec![46, 47, 48, 49, 50]);
    ring.push(rows([51, 52]), now());
    assert_eq!(visible(&ring), vec![48, 49, 50, 51, 52]);
    assert_eq!(ring.selected().unwrap().id, RequestId(52));
    assert_eq!(ring.unseen(), 0);
}

#[test]
fn lines_that_finish_out_of_order_stand_in_the_order_they_arrived() {
    let mut ring = loaded(10, 5);
    ring.push(rows([13, 11, 12, 11]), now());
    assert_eq!(visible(&ring), vec![9, 10, 11, 12, 13]);
}

#[test]
fn moving_up_pauses_and_nothing_moves_while_lines_arrive() {
    let mut ring = loaded(50, 5);
    ring.move_by(-2);
    assert!(!ring.is_following());
    let (before, selected) = (visible(&ring), ring.selected().unwrap().id);
    ring.push(rows(51..363), now());
    assert_eq!(visible(&ring), before);
    assert_eq!(ring.selected().unwrap().id, selected);
    assert_eq!(ring.unseen(), 312);
    ring.follow();
    assert_eq!(
        (ring.unseen(), ring.selected().unwrap().id),
        (0, RequestId(362))
    );
}

#[test]
fn reaching_the_bottom_resumes_following() {
    let mut ring = loaded(50, 5);
    ring.move_by(-3);
    ring.move_by(3);
    assert!(ring.is_following());
    ring.scroll_by(-4);
    assert!(!ring.is_following());
    ring.scroll_by(9);
    assert!(ring.is_following());
}

#[test]
fn a_full_ring_lets_the_oldest_lines_go_and_can_fetch_them_again() {
    let mut ring = loaded(100, 5);
    ring.push(rows(101..=3_000), now());
    assert_eq!(ring.len(), 1_000);
    assert!(ring.has_older());
    assert_eq!(
        serve(&mut ring, 3_000, 5),
        0,
        "nothing is fetched while following"
    );
    ring.to_oldest();
    assert_eq!(ring.selected().unwrap().id, RequestId(2_001));
    serve(&mut ring, 3_000, 5);
    assert_eq!(ring.selected().unwrap().id, RequestId(2_001));
    assert_eq!(visible(&ring)[0], 2_001);
    ring.move_by(-1);
    assert_eq!(ring.selected().unwrap().id, RequestId(2_000));
    assert!(ring.len() <= 1_000);
}

#[test]
fn what_one_looks_at_stays_even_if_the_ring_overflows() {
    let mut ring = loaded(100, 5);
    ring.to_oldest();
    let before = visible(&ring);
    ring.push(rows(101..=5_000), now());
    assert_eq!(visible(&ring), before);
    assert_eq!(ring.len(), 1_000);
    assert_eq!(ring.unseen(), 4_900);
    // Walking down pages the lines in that were only counted.
    let mut last = 0;
    for _ in 0..2_000 {
        ring.page_by(1);
        serve(&mut ring, 5_000, 5);
        let selected = ring.selected().unwrap().id.0;
        assert!(selected > last && selected <= last + 6 || ring.is_following());
        last = selected;
        if ring.is_following() {
            break;
        }
    }
    assert_eq!(visible(&ring), vec![4_996, 4_997, 4_998, 4_999, 5_000]);
}

#[test]
fn following_again_over_a_gap_fetches_the_newest_page() {
    let mut ring = loaded(100, 5);
    ring.to_oldest();
    ring.push(rows(101..=5_000), now());
    ring.follow();
    assert!(ring.is_stale());
    serve(&mut ring, 5_000, 5);
    assert_eq!(visible(&ring), vec![4_996, 4_997, 4_998, 4_999, 5_000]);
    assert!(ring.has_older());
}

#[test]
fn dropped_lines_are_counted_and_the_screen_is_asked_anew() {
    let mut ring = loaded(100, 5);
    ring.push(rows([101, 140]), now());
    ring.note_dropped(38);
    assert_eq!(ring.dropped(), 38);
    serve(&mut ring, 140, 5);
    assert_eq!(visible(&ring), vec![136, 137, 138, 139, 140]);
}

#[test]
fn answers_to_older_questions_are_dropped() {
    let mut ring = LogRing::new(100);
    let old = ring.needs(5).unwrap();
    ring.refresh();
    let page = RequestPage {
        items: rows([1]),
        more: false,
        log_total: 1,
    };
    assert!(!ring.page_loaded(old.generation, old.span, page));
    assert!(ring.is_loading());
}

#[test]
fn a_page_that_fails_waits_for_a_retry() {
    let mut ring = LogRing::new(100);
    let request = ring.needs(5).unwrap();
    assert!(ring.page_failed(request.generation, request.span));
    assert!(ring.has_failed() && ring.needs(5).is_none());
    ring.retry();
    assert!(ring.needs(5).is_some());
}

#[test]
fn failures_are_jumped_to_in_both_directions() {
    let mut ring = loaded(20, 5);
    ring.push(
        vec![row(21, 409), row(22, 200), row(23, 401), row(24, 200)],
        now(),
    );
    assert_eq!(ring.previous_failure(), Jump::Found);
    assert_eq!(ring.selected().unwrap().id, RequestId(23));
    assert_eq!(ring.previous_failure(), Jump::Found);
    assert_eq!(ring.selected().unwrap().id, RequestId(21));
    assert_eq!(ring.previous_failure(), Jump::None);
    assert_eq!(ring.next_failure(), Jump::Found);
    assert_eq!(ring.selected().unwrap().id, RequestId(23));
    assert_eq!(ring.next_failure(), Jump::None);
}

#[test]
fn the_newest_failure_may_be_the_line_that_is_followed() {
    let mut ring = loaded(20, 5);
    ring.push(vec![row(21, 409), row(22, 401)], now());
    assert_eq!(ring.previous_failure(), Jump::Found);
    assert_eq!(ring.selected().unwrap().id, RequestId(22));
    ring.pause();
    assert_eq!(ring.previous_failure(), Jump::Found);
    assert_eq!(ring.selected().unwrap().id, RequestId(21));
}

#[test]
fn a_jump_says_when_older_lines_are_not_here() {
    let mut ring = loaded(5_000, 5);
    assert_eq!(ring.previous_failure(), Jump::NotHere);
}

#[test]
fn an_empty_log_can_be_paused_too() {
    let mut ring = LogRing::new(100);
    serve(&mut ring, 0, 5);
    ring.pause();
    ring.push(rows(1..=3), now());
    ring.push(rows(4..=20), now());
    assert_eq!(visible(&ring), vec![1, 2, 3, 4, 5]);
    assert_eq!(ring.unseen(), 20);
}

#[test]
fn an_empty_log_can_be_moved_about_in() {
    let mut ring = LogRing::new(10);
    ring.move_by(-1);
    ring.scroll_by(5);
    ring.to_oldest();
    ring.follow();
    assert_eq!(
        (ring.next_failure(), ring.previous_failure()),
        (Jump::None, Jump::None)
    );
    assert!(ring.selected().is_none());
}
