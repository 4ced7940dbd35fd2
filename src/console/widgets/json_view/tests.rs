use proptest::prelude::*;

use super::*;

const USER: &str = r#"{"schemas":["urn:x"],"userName":"ada","active":true,"emails":[{"value":"ada@x.io","primary":true},{"value":"b@x.io"}],"meta":{}}"#;

fn lines(view: &JsonView, width: u16, height: u16) -> Vec<String> {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    let area = buf.area;
    view.render(area, &mut buf, &Look::standard(), false);
    (0..height)
        .map(|y| {
            let line: String = (0..width)
                .map(|x| buf[(x, y)].symbol().to_owned())
                .collect();
            line.trim_end().to_owned()
        })
        .collect()
}

#[test]
fn compact_json_is_laid_out() {
    let view = JsonView::new(USER);
    assert!(view.is_json());
    assert_eq!(
        lines(&view, 40, 17),
        vec![
            "▾ {",
            "▾   \"schemas\": [",
            "      \"urn:x\"",
            "    ],",
            "    \"userName\": \"ada\",",
            "    \"active\": true,",
            "▾   \"emails\": [",
            "▾     {",
            "        \"value\": \"ada@x.io\",",
            "        \"primary\": true",
            "      },",
            "▾     {",
            "        \"value\": \"b@x.io\"",
            "      }",
            "    ],",
            "    \"meta\": {}",
            "  }",
        ]
    );
}

#[test]
fn folds_hide_lines_and_say_how_much() {
    let mut view = JsonView::new(USER);
    view.set_height(20);
    assert!(view.toggle_path("/emails"));
    assert_eq!(
        lines(&view, 40, 9)[6..],
        ["▸   \"emails\": […], 2 items", "    \"meta\": {}", "  }"]
    );
    assert_eq!(view.rows(), 9);
    view.move_to(7);
    assert_eq!(view.path(), "/meta");
    view.unfold_all();
    assert_eq!((view.rows(), view.path().as_str()), (17, "/meta"));
    view.fold_from(1);
    assert_eq!(view.rows(), 7);
    assert!(!view.toggle_path("/nothing"));
}

#[test]
fn folding_within_a_container_folds_it_and_goes_there() {
    let mut view = JsonView::new(USER);
    view.set_height(20);
    view.move_to(9);
    assert_eq!(view.path(), "/emails/0/primary");
    view.toggle_fold();
    assert_eq!((view.cursor(), view.path().as_str()), (7, "/emails/0"));
    view.toggle_fold();
    assert_eq!(view.rows(), 17);
}

#[test]
fn searching_finds_folded_lines_and_goes_round() {
    let mut view = JsonView::new(USER);
    view.set_height(5);
    view.fold_from(1);
    assert!(view.search("VALUE"));
    assert_eq!(view.path(), "/emails/0/value");
    assert!(view.next_match());
    assert_eq!(view.path(), "/emails/1/value");
    assert!(view.next_match());
    assert_eq!(view.path(), "/emails/0/value");
    assert!(view.previous_match());
    assert_eq!(view.path(), "/emails/1/value");
    assert!(!view.search("nowhere"));
}

#[test]
fn what_was_searched_for_is_highlighted() {
    let mut view = JsonView::new(USER);
    view.set_height(17);
    view.search("ada");
    let mut buf = Buffer::empty(Rect::new(0, 0, 40, 17));
    let area = buf.area;
    let look = Look::standard();
    view.render(area, &mut buf, &look, false);
    let matched = |x: u16, y: u16| buf[(x, y)].bg == look.style(Role::Match).bg.unwrap();
    assert!(matched(17, 4) && matched(19, 4) && !matched(20, 4) && !matched(16, 4));
}

#[test]
fn a_wide_value_is_cut_and_can_be_shifted() {
    let mut view = JsonView::new(r#"{"a":"0123456789abcdefghij"}"#);
    assert_eq!(lines(&view, 20, 3)[1], "    \"a\": \"012345678…");
    view.shift_by(11);
    assert_eq!(lines(&view, 20, 3)[1], "  3456789abcdefghij\"");
    view.shift_by(-100);
    assert_eq!(lines(&view, 20, 3)[0], "▾ {");
}

#[test]
fn values_can_be_copied() {
    let mut view = JsonView::new(USER);
    view.set_height(20);
    for (row, value) in [(4, "\"ada\""), (2, "\"urn:x\""), (15, "{}"), (0, USER)] {
        view.move_to(row);
        assert_eq!(view.value(), value);
    }
    view.move_to(10);
    assert_eq!(view.value(), r#"{"value":"ada@x.io","primary":true}"#);
}

#[test]
fn what_is_not_json_is_shown_plainly() {
    let mut view = JsonView::new("<html>\n  <b>502</b>\u{1b}[2J\n</html>");
    assert!(!view.is_json());
    assert_eq!(
        lines(&view, 30, 3),
        vec!["  <html>", "    <b>502</b>\u{fffd}[2J", "  </html>"]
    );
    view.toggle_fold();
    assert_eq!(view.rows(), 3);
    assert_eq!(JsonView::new("").rows(), 0);
}

#[test]
fn a_body_of_five_mebibytes_draws_only_its_visible_lines() {
    let body = format!("[{}]", vec![r#"{"a":"b"}"#; 600_000].join(","));
    let mut view = JsonView::new(body);
    view.set_height(50);
    view.to_end();
    assert!(lines(&view, 80, 50).iter().all(|line| !line.is_empty()));
    let one_line = format!("{{\"a\":\"{}\"}}", "é".repeat(2_500_000));
    assert!(lines(&JsonView::new(one_line), 20, 3)[1].ends_with('…'));
}

proptest! {
    #[test]
    fn any_text_can_be_looked_at(
        text in "[\\[\\]{}\",:a1\\\\ é\n]{0,80}",
        moves in prop::collection::vec((0_u8..6, -20_isize..20), 0..12),
    ) {
        let mut view = JsonView::new(text);
        view.set_height(4);
        for (kind, by) in moves {
            match kind {
                0 => view.move_by(by),
                1 => view.toggle_fold(),
                2 => view.fold_from(u16::try_from(by.abs()).unwrap()),
                3 => { view.search("a"); }
                4 => { view.next_match(); }
                _ => view.shift_by(by),
            }
            prop_assert!(view.cursor() < view.rows().max(1));
            let (path, value) = (view.path(), view.value().to_owned());
            prop_assert!(path.is_empty() || path.starts_with('/'), "{path} {value}");
            lines(&view, 12, 4);
        }
    }

    #[test]
    fn rows_and_lines_agree_whatever_is_folded(
        depth in 0_u16..5,
        toggles in prop::collection::vec(0_usize..17, 0..5),
    ) {
        let mut document = Document::new(USER.to_owned());
        document.fold_from(depth);
        for line in toggles {
            document.toggle(line);
        }
        for row in 0..document.rows() {
            prop_assert_eq!(document.row_of(document.line_at(row)), row);
        }
    }
}
