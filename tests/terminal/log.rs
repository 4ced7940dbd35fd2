//! The request log on the screen: followed, paused, filtered, and one failure opened and understood.

use serde_json::json;

use crate::home::Home;
use crate::idp::Idp;
use crate::screen::{Screen, Start, key};

const PASSWORD: &str = "Tr0ub4dor-and-3-staples";

/// The lines of the list that hold a text, without the scroll bar.
fn lines_with<'a>(text: &'a str, part: &str) -> Vec<&'a str> {
    text.lines()
        .filter(|line| line.contains(part))
        .map(|line| line.trim_end_matches(['█', '│', ' ']))
        .collect()
}

fn following(home: &Home) -> (Screen, Idp) {
    let mut screen = Start::at(home).size(80, 24).open();
    let idp = Idp::of(home);
    screen.send_and_see("4", "following");
    (screen, idp)
}

#[test]
fn the_log_follows_pauses_and_follows_again() {
    let home = Home::with_account();
    let (mut screen, idp) = following(&home);
    for number in 0..30 {
        assert_eq!(idp.push(&format!("m{number}@example.com")), 201);
    }
    screen.wait_for("the newest request at the bottom", |text| {
        let newest = lines_with(text, "m29@example.com");
        newest.iter().any(|line| line.contains('▌'))
    });

    screen.send(&key::UP.repeat(3));
    let paused = screen.wait_for("paused three up", |text| {
        let chosen = lines_with(text, "m26@example.com");
        text.contains("paused") && chosen.iter().any(|line| line.contains('▌'))
    });
    for number in 0..5 {
        assert_eq!(idp.push(&format!("late{number}@example.com")), 201);
    }
    let still = screen.wait_for_text("+5 new (G)");
    assert_eq!(
        lines_with(&still, "@example.com"),
        lines_with(&paused, "@example.com")
    );

    screen.send("G");
    screen.wait_for("following again", |text| {
        text.contains("late4@") && text.contains("following") && !text.contains(" new ")
    });
    screen.send_and_see("p", "paused");
    screen.send_and_see("p", "following");
}

#[test]
fn a_filter_keeps_only_what_it_names() {
    let home = Home::with_account();
    let (mut screen, idp) = following(&home);
    for (name, status) in [("ada", 201), ("ada", 409), ("bob", 201)] {
        assert_eq!(idp.push(&format!("{name}@example.com")), status);
    }
    screen.wait_for_text("bob@example.com");
    screen.send_and_see("/", "Filter Requests");
    screen.send(&format!("status:>=400{}", key::ENTER));
    let failed = screen.wait_for("only what failed", |text| {
        text.contains("DUP_USER") && !text.contains("201 ") && !text.contains("Filter Requests")
    });
    assert!(
        failed.contains("status:>=400"),
        "the title names it: {failed}"
    );
    assert!(!failed.contains("bob@example.com"), "{failed}");

    // What comes later is filtered, too.
    assert_eq!(idp.push("carl@example.com"), 201);
    assert_eq!(idp.push("bob@example.com"), 409);
    let more = screen.wait_for("the second failure", |text| {
        lines_with(text, "DUP_USER").len() == 2
    });
    assert!(!more.contains("carl@example.com"), "{more}");
    screen.send("\\");
    screen.wait_for("everything again", |text| text.contains("carl@example.com"));
}

#[test]
fn a_filter_with_a_wrong_key_names_the_right_one() {
    let home = Home::with_account();
    let (mut screen, idp) = following(&home);
    assert_eq!(idp.push("ada@example.com"), 201);
    screen.wait_for_text("ada@example.com");
    screen.send_and_see("/", "Filter Requests");
    screen.send("staus:404");
    screen.wait_for("the right key", |text| {
        text.contains("staus") && text.contains("status") && text.contains('✗')
    });
    // It does not take it, and the list stays.
    screen.send(key::ENTER);
    screen.send("0");
    let still = screen.wait_for_text("staus:4040");
    assert!(still.contains("Filter Requests"), "{still}");
    screen.send(key::ESC);
    screen.wait_for("the list as it was", |text| {
        !text.contains("Filter Requests") && text.contains("ada@example.com")
    });
}

#[test]
fn a_failed_request_is_explained_and_shows_no_secret() {
    let home = Home::with_account();
    // Narrow and high: the explanation has all the columns, and room for its four parts.
    let mut screen = Start::at(&home).size(80, 60).open();
    let idp = Idp::of(&home);
    screen.send_and_see("4", "following");
    let password = json!({ "password": PASSWORD });
    assert_eq!(idp.push_with("ada@example.com", password.clone()), 201);
    assert_eq!(idp.push_with("ada@example.com", password), 409);
    screen.wait_for_text("DUP_USER");
    screen.send_and_see("N", "paused");
    screen.send("x");
    screen.wait_for("the four parts in their order", |text| {
        let lines = text
            .lines()
            .map(|line| line.trim_matches(['▌', '█', '│', ' ']));
        let headings = ["What", "Why", "What changed", "What next"];
        let shown: Vec<&str> = lines.filter(|line| headings.contains(line)).collect();
        shown == headings && text.contains("another member has this userName")
    });
    screen.send_and_see("t", "[Trace]");
    screen.wait_for("the steps", |text| text.contains("authenticate"));
    screen.send(key::RIGHT);
    screen.wait_for("the redacted request", |text| {
        text.contains("[Request]")
            && text.contains("\"password\"")
            && text.contains("ada@example.com")
    });
    screen.send(key::RIGHT);
    screen.wait_for("the answer", |text| {
        text.contains("[Response]") && text.contains("uniqueness")
    });
    screen.send(key::RIGHT);
    screen.wait_for_text("[Changes]");
    screen.send_and_see("6", "Tokens");
    screen.send_and_see("2", "ada@example.com");
    screen.send("q");
    let ended = screen.ended();
    let (_, token) = idp.token.split_at(idp.token.len() - 30);
    for frame in &ended.frames {
        // Wherever it may have been cut or wrapped.
        for part in [&token[..10], &token[10..20], &token[20..], &PASSWORD[..10]] {
            assert!(!frame.contains(part), "a secret on the screen\n{frame}");
        }
    }
}
