//! `provost serve`.

use std::net::TcpListener;

use rstest::rstest;
use rustix::process::Signal;

use crate::home::Home;

#[rstest]
#[case::terminate(Signal::TERM)]
#[case::interrupt(Signal::INT)]
#[case::hang_up(Signal::HUP)]
fn a_signal_ends_it_in_order(#[case] signal: Signal) {
    let home = Home::with_account();
    let mut engine = home.serve();
    assert!(
        engine.scim.starts_with("http://127.0.0.1:"),
        "{}",
        engine.scim
    );
    engine.wait_for("a console attaches");
    assert_eq!(engine.end(signal), 0);
    assert!(!home.data().join("engine.sock").exists());
    assert_eq!(home.json(&["status"])["members"], 1);
}

#[test]
fn it_takes_over_what_a_killed_engine_left_behind() {
    let home = Home::with_account();
    let engine = home.serve();
    engine.signal(Signal::KILL);
    drop(engine);
    assert!(home.data().join("engine.sock").exists());
    home.run(&["member", "add", "ada@example.com"]).ok();
    let engine = home.serve();
    assert_eq!(engine.end(Signal::TERM), 0);
}

#[test]
fn a_port_in_use_is_told_with_what_to_do() {
    let home = Home::with_account();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    home.run(&["serve", "--listen", &address])
        .ends(1)
        .says("is in use by another process")
        .says("--listen");
}

#[test]
fn a_public_address_without_tls_is_refused() {
    let home = Home::with_account();
    home.run(&["serve", "--listen", "0.0.0.0:0"])
        .ends(1)
        .says("in the clear");
}

#[test]
fn an_address_that_stands_for_all_needs_a_public_url() {
    let home = Home::with_account();
    let all = ["serve", "--listen", "0.0.0.0:0", "--behind-proxy"];
    home.run(&all).ends(1).says("--public-url https://HOST");
    let doctor = home
        .run(&["doctor", "--listen", "0.0.0.0:0", "--behind-proxy"])
        .ends(1);
    assert!(doctor.stdout.contains("--public-url"), "{}", doctor.stdout);
    let url = ["--public-url", "https://provost.example.com"];
    let engine = home.serve_with(&[&all[..], &url].concat());
    assert_eq!(engine.scim, "https://provost.example.com/scim/v2");
}

#[test]
fn it_answers_in_json_lines_where_asked() {
    let home = Home::with_account();
    let mut engine = home.serve_with(&["serve", "--log-format", "json"]);
    engine.signal(Signal::TERM);
    let line = engine.wait_for("SIGTERM");
    let document: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(document["fields"]["signal"], "SIGTERM");
    assert_eq!(engine.stdout(), "", "the answer of serve is what it serves");
}

#[rstest]
#[case::launchdarkly("launchdarkly", "/trust/scim/v2")]
#[case::unleash("unleash", "/scim")]
#[case::datadog("datadog", "/api/v2/scim")]
fn the_base_url_is_the_one_of_the_preset(#[case] preset: &str, #[case] path: &str) {
    let home = Home::under(preset);
    let engine = home.serve();
    assert_eq!(engine.scim, format!("{}{path}", engine.url()));
    assert_eq!(home.json(&["status"])["scim_base_url"], engine.scim);
}

#[test]
fn without_an_account_nothing_is_served() {
    let home = Home::empty();
    home.run(&["serve"]).ends(1).says("provost init");
}

#[test]
fn a_rehearsal_names_the_base_url_of_the_preset() {
    let home = Home::empty();
    let run = home.run(&["rehearse", "okta", "--preset", "launchdarkly"]);
    let url = "the engine's URL (provost scim status tells it while it runs) with /trust/scim/v2";
    assert!(run.stdout.contains(url), "{}", run.stdout);
    assert!(!run.stdout.contains(":0/"), "{}", run.stdout);
}
