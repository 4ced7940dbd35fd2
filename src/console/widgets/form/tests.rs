use super::*;

fn key(key: Key) -> Input {
    Input {
        key,
        ..Input::default()
    }
}

fn ctrl(character: char) -> Input {
    Input {
        key: Key::Char(character),
        ctrl: true,
        ..Input::default()
    }
}

fn write(form: &mut Form, text: &str) {
    for character in text.chars() {
        form.press(key(Key::Char(character)));
    }
}

fn form() -> Form {
    let e_mail = |text: &str| {
        if text.contains('@') {
            Ok(())
        } else {
            Err("An e-mail address has an @.".to_owned())
        }
    };
    Form::new(vec![
        Field::line("user_name", "userName").required(),
        Field::line("email", "E-mail")
            .check(e_mail)
            .help("where mail goes"),
        Field::choice("scope", "Scope", ["scim", "admin"]),
        Field::area("note", "Note", 2),
    ])
}

fn draw(form: &Form, width: u16, height: u16) -> (Vec<String>, FormRegions) {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    let area = buf.area;
    let regions = form.render(area, &mut buf, &Look::standard());
    let lines = (0..height)
        .map(|y| {
            let line: String = (0..width)
                .map(|x| buf[(x, y)].symbol().to_owned())
                .collect();
            line.trim_end().to_owned()
        })
        .collect();
    (lines, regions)
}

#[test]
fn a_form_is_filled_in_and_sent() {
    let mut form = form();
    write(&mut form, "  ada ");
    assert_eq!(form.press(key(Key::Tab)), FormEvent::Nothing);
    write(&mut form, "ada@x.io");
    form.press(key(Key::Enter));
    assert_eq!(form.press(key(Key::Right)), FormEvent::Edited);
    form.press(key(Key::Down));
    write(&mut form, "one");
    form.press(key(Key::Enter));
    write(&mut form, "two");
    assert_eq!(
        form.press(ctrl('s')),
        FormEvent::Submitted(vec![
            ("user_name", "ada".into()),
            ("email", "ada@x.io".into()),
            ("scope", "admin".into()),
            ("note", "one\ntwo".into()),
        ])
    );
}

#[test]
fn what_is_wrong_is_said_and_gone_to() {
    let mut form = form();
    form.press(key(Key::Tab));
    write(&mut form, "ada");
    form.press(key(Key::Tab));
    assert_eq!(
        form.fields()[1].error(),
        Some("An e-mail address has an @.")
    );
    assert_eq!(form.press(ctrl('s')), FormEvent::Invalid);
    assert_eq!(form.focus(), 0);
    assert_eq!(form.fields()[0].error(), Some("This must not be empty."));
    write(&mut form, "x");
    assert_eq!(form.fields()[0].error(), None);
}

#[test]
fn what_the_engine_says_is_shown_at_its_field() {
    let mut form = form();
    assert!(form.set_error("email", "taken"));
    assert_eq!((form.focus(), form.fields()[1].error()), (1, Some("taken")));
    assert!(!form.set_error("nonsense", "x"));
}

#[test]
fn escape_gives_up() {
    assert_eq!(form().press(key(Key::Esc)), FormEvent::Cancelled);
}

#[test]
fn the_last_line_sends_with_enter() {
    let mut form = Form::new(vec![
        Field::line("a", "A"),
        Field::line("b", "B").value("x"),
    ]);
    assert_eq!(form.press(key(Key::Enter)), FormEvent::Nothing);
    assert!(matches!(
        form.press(key(Key::Enter)),
        FormEvent::Submitted(_)
    ));
}

#[test]
fn going_back_from_the_first_field_goes_to_the_last() {
    let mut form = form();
    form.press(Input {
        shift: true,
        ..key(Key::Tab)
    });
    assert_eq!(form.focus(), 3);
}

#[test]
fn pasted_text_loses_its_line_breaks_in_a_line_and_keeps_them_in_an_area() {
    let mut form = form();
    form.paste("a\nb\u{1b}");
    assert_eq!(form.text("user_name").unwrap(), "ab");
    form.set_focus(3);
    form.paste("a\nb");
    assert_eq!(form.text("note").unwrap(), "a\nb");
}

#[test]
fn fields_hold_only_so_much() {
    let mut form = form();
    form.paste(&"x".repeat(5_000));
    form.press(key(Key::Char('y')));
    assert_eq!(form.text("user_name").unwrap().len(), field::LINE_LIMIT);
    form.set_focus(3);
    assert_eq!(
        form.paste(&"x".repeat(field::AREA_LIMIT + 1)),
        FormEvent::Nothing
    );
}

#[test]
fn a_form_shows_labels_values_help_and_errors() {
    let mut form = form();
    write(&mut form, "ada");
    form.set_error("user_name", "it is taken");
    let (lines, regions) = draw(&form, 40, 13);
    assert_eq!(
        lines,
        vec![
            "▌ userName (required)",
            "  ada",
            "  ✗ it is taken",
            "  E-mail",
            "",
            "  where mail goes",
            "  Scope",
            "  [scim] admin",
            "",
            "  Note",
            "",
            "",
            "",
        ]
    );
    assert_eq!(regions.cursor, Some(Position::new(5, 1)));
    assert_eq!(regions.fields.len(), 4);
}

#[test]
fn the_field_with_the_keyboard_is_always_on_the_screen() {
    let mut form = form();
    form.set_focus(2);
    let (lines, regions) = draw(&form, 30, 4);
    assert_eq!(lines[0], "▌ Scope");
    assert_eq!(regions.fields[0].0, 2);
    for (width, height) in [(0, 0), (1, 1), (3, 2), (80, 1)] {
        draw(&form, width, height);
    }
}

#[test]
fn a_long_line_scrolls_with_its_cursor() {
    let mut form = form();
    write(&mut form, "0123456789abcdef");
    let (lines, regions) = draw(&form, 10, 3);
    assert_eq!(lines[1], "  9abcdef");
    assert_eq!(regions.cursor, Some(Position::new(9, 1)));
}
