use proptest::prelude::*;

use super::*;

impl Keyed for u64 {
    type Key = u64;

    fn key(&self) -> u64 {
        *self
    }
}

/// A list of `total` rows, each holding `start` + its index, served as asked.
fn serve(list: &mut PagedList<u64>, start: u64, total: u64, height: u16) -> usize {
    let mut served = 0;
    loop {
        let requests = list.needs(height);
        if requests.is_empty() {
            return served;
        }
        for request in requests {
            served += 1;
            let end = (request.offset + u64::from(request.limit)).min(total);
            let items = (request.offset..end).map(|index| start + index).collect();
            assert!(list.page_loaded(
                request.generation,
                request.offset,
                items,
                Total::Exact(total)
            ));
        }
    }
}

fn loaded(total: u64, height: u16) -> PagedList<u64> {
    let mut list = PagedList::new(50);
    serve(&mut list, 0, total, height);
    list
}

#[test]
fn a_new_list_asks_for_what_the_screen_shows_and_nothing_else() {
    let mut list = PagedList::<u64>::new(50);
    assert_eq!(list.state(), ListState::Loading);
    let requests = list.needs(20);
    assert_eq!(
        requests,
        vec![PageRequest {
            generation: Generation(0),
            offset: 0,
            limit: 50
        }]
    );
    assert_eq!(
        list.needs(20),
        vec![],
        "what is on its way is not asked for twice"
    );
}

#[test]
fn an_empty_list_says_so() {
    let list = loaded(0, 20);
    assert_eq!((list.state(), list.selected()), (ListState::Empty, None));
}

#[test]
fn the_end_of_a_million_rows_costs_two_pages() {
    let mut list = loaded(1_000_000, 20);
    list.to_end();
    let served = serve(&mut list, 0, 1_000_000, 20);
    assert!(served <= 2, "{served}");
    assert_eq!(list.selected_row(), Some(&999_999));
    assert_eq!(list.first(), 999_980);
    list.to_start();
    assert_eq!(list.selected_row(), Some(&0));
}

#[test]
fn old_rows_stay_until_the_new_ones_cover_the_screen() {
    let mut list = loaded(200, 60);
    list.invalidate();
    assert!(list.is_stale());
    let requests = list.needs(60);
    let reply = |list: &mut PagedList<u64>, request: PageRequest| {
        let rows = (request.offset..request.offset + 50)
            .map(|index| 1_000 + index)
            .collect();
        list.page_loaded(request.generation, request.offset, rows, Total::Exact(200))
    };
    reply(&mut list, requests[0]);
    assert_eq!(
        list.row(0),
        Some(&0),
        "half a screen of new rows is not shown"
    );
    reply(&mut list, requests[1]);
    assert_eq!(list.row(0), Some(&1_000));
    assert!(!list.is_stale());
}

#[test]
fn answers_to_older_questions_are_dropped() {
    let mut list = PagedList::<u64>::new(50);
    let old = list.needs(10)[0];
    list.restart();
    assert!(!list.page_loaded(old.generation, 0, vec![7], Total::Exact(1)));
    assert_eq!(list.state(), ListState::Loading);
    assert!(!list.page_failed(old.generation, 0));
}

#[test]
fn the_selection_stays_on_its_object_when_rows_appear_above() {
    let mut list = loaded(200, 10);
    list.select(15);
    let line = list.selected().unwrap() - list.first();
    list.invalidate();
    // Three new rows stand before all others now: row 18 is what row 15 was.
    let request = list.needs(10)[0];
    let rows = (0..50)
        .map(|index| if index < 3 { 900 + index } else { index - 3 })
        .collect();
    list.page_loaded(request.generation, request.offset, rows, Total::Exact(203));
    assert_eq!(list.selected_row(), Some(&15));
    assert_eq!(list.selected(), Some(18));
    assert_eq!(list.selected().unwrap() - list.first(), line);
}

#[test]
fn a_failed_page_waits_for_a_retry() {
    let mut list = PagedList::<u64>::new(50);
    let request = list.needs(10)[0];
    assert!(list.page_failed(request.generation, request.offset));
    assert_eq!((list.state(), list.needs(10)), (ListState::Failed, vec![]));
    list.retry();
    assert_eq!(list.needs(10).len(), 1);
}

#[test]
fn a_refresh_that_fails_leaves_the_old_rows() {
    let mut list = loaded(20, 10);
    list.invalidate();
    let request = list.needs(10)[0];
    list.page_failed(request.generation, request.offset);
    assert_eq!(list.row(3), Some(&3));
    assert!(list.is_stale() && list.has_failed());
}

#[test]
fn a_shorter_list_pulls_the_selection_back() {
    let mut list = loaded(200, 10);
    list.to_end();
    serve(&mut list, 0, 200, 10);
    list.invalidate();
    serve(&mut list, 1_000, 5, 10);
    assert_eq!((list.selected(), list.first(), list.len()), (Some(4), 0, 5));
}

#[test]
fn a_list_of_unknown_length_grows_until_a_page_is_short() {
    let mut list = PagedList::<u64>::new(10);
    let reply = |list: &mut PagedList<u64>, count: u64| {
        let request = list.needs(5)[0];
        let items = (request.offset..request.offset + count).collect();
        list.page_loaded(
            request.generation,
            request.offset,
            items,
            Total::AtLeast(10),
        );
        request.offset
    };
    reply(&mut list, 10);
    list.to_end();
    assert_eq!(reply(&mut list, 10), 10);
    assert_eq!(list.len(), 21);
    list.to_end();
    assert_eq!(reply(&mut list, 0), 20);
    assert_eq!((list.len(), list.selected()), (20, Some(19)));
}

#[test]
fn few_pages_are_held_and_few_are_on_their_way() {
    let mut list = loaded(1_000_000, 40);
    for _ in 0..200 {
        list.page_by(1);
        serve(&mut list, 0, 1_000_000, 40);
    }
    assert!(list.shown.held_count() <= MAX_PAGES);
    for _ in 0..50 {
        list.page_by(5);
        list.needs(40);
    }
    assert!(list.asked.len() <= MAX_ASKED);
}

#[test]
fn the_wheel_moves_the_screen_and_the_selection_only_where_it_must() {
    let mut list = loaded(100, 10);
    list.select(5);
    list.scroll_by(3);
    assert_eq!((list.first(), list.selected()), (3, Some(5)));
    list.scroll_by(10);
    assert_eq!((list.first(), list.selected()), (13, Some(13)));
    list.scroll_by(1_000);
    assert_eq!((list.first(), list.selected()), (90, Some(90)));
    list.scroll_by(i64::MIN);
    assert_eq!((list.first(), list.selected()), (0, Some(9)));
}

proptest! {
    #[test]
    fn the_selection_is_always_on_the_screen(
        total in 0_u64..500,
        moves in prop::collection::vec((0_u8..7, -300_i64..300, 1_u16..40), 0..40),
    ) {
        let mut list = PagedList::<u64>::new(10);
        let mut height = 10;
        for (kind, by, wanted) in moves {
            match kind {
                0 => list.move_by(by),
                1 => list.page_by(by / 50),
                2 => list.to_end(),
                3 => list.to_start(),
                4 => list.scroll_by(by),
                5 => list.invalidate(),
                _ => height = wanted,
            }
            serve(&mut list, 0, total, height);
            if let Some(selected) = list.selected() {
                prop_assert!(selected < total);
                prop_assert!(list.first() <= selected);
                prop_assert!(selected < list.first() + u64::from(height));
                prop_assert_eq!(list.selected_row(), Some(&selected));
            } else {
                prop_assert_eq!(total, 0);
            }
        }
    }
}
