//! `provost log`.

use serde_json::Value;

use crate::home::Home;

#[test]
fn a_change_of_the_command_line_is_in_the_log() {
    let home = Home::with_account();
    let done = home.json(&["member", "add", "ada@example.com"]);
    let request = done["request_id"].as_u64().unwrap().to_string();
    let found = home.json(&["log", "search", "user:ada"]);
    assert_eq!(
        found["items"][0]["id"].as_u64().unwrap().to_string(),
        request
    );
    let shown = home.json(&["log", "show", &request]);
    assert_eq!(shown["exchange"]["outcome"], "applied");
    let text = home
        .run(&["log", "show", &format!("#{request}")])
        .ok()
        .stdout;
    assert!(text.contains("Trace") && text.contains("Changed"), "{text}");
}

#[test]
fn a_refusal_is_found_and_explained() {
    let home = Home::with_account();
    home.run(&["member", "deactivate", "owner@example.com", "--yes"])
        .ends(3)
        .says("provost log show");
    let found = home.json(&["log", "search", "outcome:refused"]);
    let id = found["items"][0]["id"].as_u64().unwrap().to_string();
    let shown = home.json(&["log", "show", &id]);
    assert!(shown["explanation"]["what"].is_string(), "{shown}");
    let csv = home.run(&["log", "search", "--csv"]).ok().stdout;
    assert!(csv.starts_with("id,at,duration_us,"), "{csv}");
}

#[test]
fn a_query_that_cannot_be_read_is_told_with_its_place() {
    let home = Home::with_account();
    for verb in ["search", "tail"] {
        home.run(&["log", verb, "method:GET", "stauts:404"])
            .ends(2)
            .says("`stauts`")
            .says("the nearest is `status`")
            .says("at column 12");
        home.run(&["log", verb, "status:soon"])
            .ends(2)
            .says("at column 8");
    }
    let _engine = home.serve();
    home.run(&["log", "tail", "stauts:404"])
        .ends(2)
        .says("at column 1");
    home.run(&["log", "show", "4812"]).ends(4);
    home.run(&["log", "show", "x"]).ends(2);
}

#[test]
fn the_tail_brings_the_past_and_what_comes() {
    let home = Home::with_account();
    home.run(&["member", "add", "ada@example.com"]).ok();
    let _engine = home.serve();
    let tail = home
        .command(&["log", "tail", "method:POST", "--count", "2", "--json"])
        .spawn()
        .unwrap();
    home.run(&["member", "add", "bob@example.com"]).ok();
    let output = tail.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| event["event"] == "request"));
}
