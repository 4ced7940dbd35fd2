use std::cell::Cell as Counter;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;

use super::*;
use crate::console::theme::{Glyphs, Theme};

fn columns() -> Vec<Column> {
    vec![
        Column::new("name", 6, 12).sorted(Some(SortMark::Ascending)),
        Column::new("teams", 5, 5).right().priority(1),
        Column::new("e-mail", 8, 16).flex(1).priority(2),
    ]
}

fn member(index: u64) -> Row<'static> {
    Row {
        cells: vec![
            format!("member {index}").into(),
            format!("{}", index % 7).into(),
            Cell::new(format!("m{index}@example.org"), Role::Muted),
        ],
        marked: index == 2,
    }
}

fn draw(table: &DataTable<'_>, width: u16, height: u16) -> (Vec<String>, TableRegions, Buffer) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut regions = TableRegions::default();
    terminal
        .draw(|frame| {
            let area = frame.area();
            regions = table.render(area, frame.buffer_mut(), |index| Some(member(index)));
        })
        .unwrap();
    let buffer = terminal.backend().buffer().clone();
    let lines = (0..height)
        .map(|y| {
            (0..width)
                .map(|x| buffer[(x, y)].symbol().to_owned())
                .collect()
        })
        .collect();
    (lines, regions, buffer)
}

fn table<'a>(columns: &'a [Column], look: &'a Look) -> DataTable<'a> {
    DataTable {
        columns,
        look,
        focused: true,
        first: 0,
        total: 1_000_000,
        selected: Some(1),
    }
}

#[test]
fn titles_rows_marks_selection_and_scrollbar_are_drawn() {
    let (columns, look) = (columns(), Look::standard());
    let (lines, regions, _) = draw(&table(&columns, &look), 40, 5);
    assert_eq!(
        lines,
        vec![
            "  name▲        teams e-mail             ",
            "  member 0         0 m0@example.org    █",
            "▌ member 1         1 m1@example.org    │",
            " ◆member 2         2 m2@example.org    │",
            "  member 3         3 m3@example.org    │",
        ]
    );
    assert_eq!(regions.row_at(5, 3), Some(2));
    assert_eq!(regions.row_at(5, 0), None);
    assert_eq!(regions.header_at(3, 0), Some(0));
    assert_eq!(regions.header_at(22, 0), Some(2));
    assert_eq!(regions.scrollbar, Some(Rect::new(39, 1, 1, 4)));
}

#[test]
fn a_narrow_screen_drops_columns_and_cuts_with_an_ellipsis() {
    let (columns, look) = (columns(), Look::standard());
    let (lines, ..) = draw(&table(&columns, &look), 12, 2);
    assert_eq!(lines, vec!["  name▲     ", "  member 0 █"]);
    let (lines, ..) = draw(&table(&columns, &look), 10, 2);
    assert_eq!(lines[1], "  member…█");
}

#[test]
fn only_rows_on_the_screen_are_made() {
    let (columns, look) = (columns(), Look::standard());
    let mut table = table(&columns, &look);
    table.first = 500_000;
    let made = Counter::new(0);
    let mut buf = Buffer::empty(Rect::new(0, 0, 60, 21));
    let area = buf.area;
    let regions = table.render(area, &mut buf, |index| {
        made.set(made.get() + 1);
        assert!((500_000..500_020).contains(&index));
        Some(member(index))
    });
    assert_eq!((made.get(), regions.rows), (20, 20));
}

#[test]
fn the_selection_looks_different_without_the_keyboard() {
    let columns = columns();
    let look = Look {
        theme: Theme::built_in("mono").unwrap(),
        glyphs: &Glyphs::ASCII,
    };
    let mut table = table(&columns, &look);
    let (lines, _, focused) = draw(&table, 40, 4);
    assert!(lines[2].starts_with("> member 1"));
    table.focused = false;
    let (_, _, unfocused) = draw(&table, 40, 4);
    assert!(focused[(4, 2)].modifier.contains(Modifier::REVERSED));
    assert!(!unfocused[(4, 2)].modifier.contains(Modifier::REVERSED));
    assert!(unfocused[(4, 2)].modifier.contains(Modifier::BOLD));
}

#[test]
fn a_row_that_is_being_loaded_keeps_its_place() {
    let (columns, look) = (columns(), Look::standard());
    let mut buf = Buffer::empty(Rect::new(0, 0, 20, 3));
    let area = buf.area;
    let regions = table(&columns, &look).render(area, &mut buf, |_| None);
    assert_eq!(regions.rows, 2);
    assert_eq!(buf[(2, 1)].symbol(), "…");
}

#[test]
fn no_room_is_no_failure() {
    let (columns, look) = (columns(), Look::standard());
    for (width, height) in [(0, 0), (1, 1), (2, 2), (3, 5), (40, 1)] {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        table(&columns, &look).render(Rect::new(0, 0, 80, 24), &mut buf, |i| Some(member(i)));
    }
}

#[test]
fn the_scrollbar_reaches_both_ends_and_no_further() {
    let look = Look::standard();
    let thumb = |first: u64, total: u64| -> Vec<bool> {
        let mut buf = Buffer::empty(Rect::new(0, 0, 1, 10));
        let area = buf.area;
        scrollbar(&mut buf, area, &look, first, total);
        (0..10).map(|y| buf[(0, y)].symbol() == "█").collect()
    };
    assert!(thumb(0, 1_000_000)[0]);
    assert!(thumb(999_990, 1_000_000)[9]);
    assert!(thumb(u64::MAX, u64::MAX)[9]);
    assert_eq!(thumb(0, 10), vec![false; 10]);
    assert_eq!(thumb(5, 20).iter().filter(|on| **on).count(), 5);
}
