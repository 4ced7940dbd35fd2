//! `provost stream`.

use crate::home::Home;

#[test]
fn the_token_of_a_poll_stream_stands_alone_on_standard_output() {
    let home = Home::with_account();
    let run = home
        .run(&["stream", "new", "--name", "crm", "--delivery", "poll"])
        .ok();
    let secret = run.stdout.strip_suffix('\n').unwrap();
    assert!(
        secret.starts_with("prv_events_") && !secret.contains(char::is_whitespace),
        "{secret}"
    );
    assert!(run.stderr.contains("never shown again") && !run.stderr.contains(secret));
    assert!(run.stderr.contains("/events/v1/jwks.json"));
    let listed = home.run(&["stream", "list", "--json"]).ok();
    assert!(!listed.stdout.contains(secret));
    let streams = listed.document();
    assert_eq!(streams["items"][0]["name"], "crm");
    assert_eq!(streams["items"][0]["delivery"]["method"], "poll");
    assert_eq!(streams["items"][0]["state"]["state"], "running");
    assert_eq!(streams["items"][0]["form"], "notice");
}

#[test]
fn a_push_stream_takes_its_header_from_standard_input_and_keeps_it_to_itself() {
    let home = Home::with_account();
    let endpoint = "https://siem.example.com/events";
    let arguments = [
        "stream",
        "new",
        "--name",
        "siem",
        "--delivery",
        "push",
        "--endpoint",
        endpoint,
        "--events",
        "prov:create,deactivate",
        "--format",
        "full",
        "--authorization-stdin",
    ];
    home.run_with_input(&arguments, "Bearer hunter2\n").ok();
    let shown = home.run(&["stream", "show", "siem"]).ok();
    assert!(shown.stdout.contains(endpoint));
    assert!(shown.stdout.contains("prov:create, prov:deactivate"));
    assert!(shown.stdout.contains("100,000"));
    assert!(!shown.stdout.contains("hunter2"));
}

#[test]
fn what_makes_no_sense_is_refused_with_a_reason() {
    let home = Home::with_account();
    let new = |more: &[&str]| {
        let arguments = [&["stream", "new", "--name", "x"], more].concat();
        home.run(&arguments)
    };
    new(&["--delivery", "push"]).ends(2).says("--endpoint");
    new(&["--delivery", "pigeon"]).ends(2).says("poll");
    new(&["--delivery", "poll", "--events", "prov:explode"])
        .ends(2)
        .says("prov:create");
    new(&[
        "--delivery",
        "push",
        "--endpoint",
        "http://siem.example.com/",
    ])
    .ends(2)
    .says("over TLS");
    new(&["--delivery", "poll", "--team", "nobody"]).ends(4);
    let listed = home.json(&["stream", "list"]);
    assert_eq!(listed["items"].as_array().unwrap().len(), 0);
}

#[test]
fn a_stream_is_paused_resumed_and_deleted_after_a_question() {
    let home = Home::with_account();
    home.run(&["stream", "new", "--name", "crm", "--delivery", "poll"])
        .ok();
    home.run(&["stream", "new", "--name", "crm", "--delivery", "poll"])
        .ends(5);
    home.run(&["stream", "pause", "crm"]).ok();
    let shown = home.json(&["stream", "show", "crm"]);
    assert_eq!(shown["state"]["state"], "paused");
    home.run(&["stream", "resume", "crm"]).ok();
    home.run(&["stream", "resume", "crm", "--reset"])
        .ends(2)
        .says("--yes");
    home.run(&["stream", "resume", "crm", "--reset", "--yes"])
        .ok();
    home.run(&["stream", "rotate-key"]).ok();
    home.run(&["stream", "delete", "crm"]).ends(2).says("--yes");
    home.run(&["stream", "delete", "crm", "--yes"]).ok();
    home.run(&["stream", "show", "crm"])
        .ends(4)
        .says("no event stream is called `crm`");
}
