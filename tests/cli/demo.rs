//! `provost demo` without a terminal.

use std::fs;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Home, PATIENCE};

fn left_behind(home: &Home) -> Vec<String> {
    fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("provost-demo-"))
        .collect()
}

#[test]
fn it_plays_and_leaves_nothing_behind() {
    let home = Home::empty();
    let arguments = [
        "demo",
        "--headless",
        "--seconds",
        "2",
        "--members",
        "40",
        "--teams",
        "3",
        "--pace",
        "50",
    ];
    let summary = home.json(&arguments);
    assert!(summary["members"].as_u64().unwrap() >= 40, "{summary}");
    assert!(
        summary["traffic"]["requests"].as_u64().unwrap() > 0,
        "{summary}"
    );
    assert_eq!(summary["traffic"]["unexpected"], 0, "{summary}");
    assert_eq!(left_behind(&home), Vec::<String>::new());
    assert!(
        !home.data().exists(),
        "the user's own data directory is not touched"
    );
}

#[test]
fn a_signal_takes_it_away_too() {
    let home = Home::empty();
    let arguments = [
        "demo",
        "--headless",
        "--seconds",
        "600",
        "--members",
        "20",
        "--teams",
        "1",
    ];
    let mut child = home.command(&arguments).spawn().unwrap();
    let deadline = Instant::now() + PATIENCE;
    let is_playing = || {
        let names = left_behind(&home);
        let socket = |name: &String| home.path().join(name).join("engine.sock").exists();
        names.iter().any(socket)
    };
    while !is_playing() {
        assert!(Instant::now() < deadline, "the demo did not start");
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(left_behind(&home), Vec::<String>::new());
}

#[test]
fn what_a_killed_one_left_is_removed_by_the_next() {
    let home = Home::empty();
    let play = [
        "demo",
        "--headless",
        "--members",
        "20",
        "--teams",
        "1",
        "--seconds",
    ];
    let mut running = home
        .command(&[&play[..], &["600"]].concat())
        .spawn()
        .unwrap();
    let mut killed = home
        .command(&[&play[..], &["600"]].concat())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + PATIENCE;
    let playing = || {
        let names = left_behind(&home);
        let socket = |name: &&String| home.path().join(name).join("engine.sock").exists();
        names.iter().filter(socket).count()
    };
    while playing() < 2 {
        assert!(Instant::now() < deadline, "the demos did not start");
        std::thread::yield_now();
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(left_behind(&home).len(), 2);
    home.run(&[&play[..], &["1"]].concat()).ok();
    assert_eq!(left_behind(&home).len(), 1, "the one that runs stays");
    kill_process(Pid::from_child(&running), Signal::TERM).unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(0));
    assert_eq!(left_behind(&home), Vec::<String>::new());
}

#[test]
fn without_a_terminal_it_must_be_headless() {
    let home = Home::empty();
    home.run(&["demo"])
        .ends(2)
        .says("the console needs a terminal");
    home.run(&["demo", "--seconds", "3"]).ends(2);
    assert_eq!(left_behind(&home), Vec::<String>::new());
}
