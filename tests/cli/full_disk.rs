//! A disk without room, in truth: the data directory on a small file system of its own, which a file fills.
//!
//! It is mounted where only the engine and its children see it, so that nothing is left behind however the test ends.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::Command;

use rustix::process::{Signal, geteuid};
use serde_json::json;

use crate::home::{Engine, Home};

/// Says that the test may be left out on a machine that allows no mount.
const LEAVE_OUT: &str = "PROVOST_TESTS_WITHOUT_MOUNT";

const SCRIPT: &str = r#"set -e
mount -t tmpfs -o size=8m,mode=700 provost "$PROVOST_DATA_DIR"
echo 'correct horse battery staple' | "$0" init --owner-email owner@example.com --password-stdin
"$0" token new --name okta >"$HOME/token"
exec "$0" serve
"#;

/// A shell that may mount for itself alone.
fn unshared(home: &Home, script: &str) -> Command {
    let mut command = Command::new("unshare");
    command.arg("--mount");
    if !geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["sh", "-c", script, env!("CARGO_BIN_EXE_provost")]);
    command.env_clear();
    let like = home.command(&[]);
    command.envs(
        like.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    command
}

fn may_mount(home: &Home) -> bool {
    let script = r#"mount -t tmpfs -o size=1m provost "$PROVOST_DATA_DIR""#;
    unshared(home, script)
        .output()
        .is_ok_and(|output| output.status.success())
}

fn create(engine: &Engine, token: &str, name: &str) -> String {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "title": "x".repeat(20_000),
    })
    .to_string();
    engine.ask(&format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/scim+json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

#[test]
fn a_full_disk_is_answered_said_and_outlived() {
    let home = Home::empty();
    fs::create_dir(home.data()).unwrap();
    if !may_mount(&home) {
        assert!(
            std::env::var_os(LEAVE_OUT).is_some(),
            "this test mounts a file system of 8 MB for itself and may not: run it as root, allow user namespaces, or \
             leave it out with {LEAVE_OUT}=1"
        );
        eprintln!("left out, as {LEAVE_OUT} says");
        return;
    }
    let mut engine = Home::follow(unshared(&home, SCRIPT));
    let token = fs::read_to_string(home.path().join("token")).unwrap();
    let token = token.trim();
    let answer = create(&engine, token, "first@example.com");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");

    let filler = PathBuf::from(format!("/proc/{}/root", engine.pid()))
        .join(home.data().strip_prefix("/").unwrap())
        .join("filler");
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .open(&filler)
        .unwrap();
    let full = loop {
        if let Err(error) = file.write_all(&[0; 4_096]) {
            break error;
        }
    };
    assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");

    // What was allocated before may hold a few more.
    let refused = (0..1_000)
        .map(|n| create(&engine, token, &format!("more-{n}@example.com")))
        .find(|answer| !answer.starts_with("HTTP/1.1 201 "))
        .expect("no more fit");
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(
        refused.contains("the disk is full; nothing was changed"),
        "{refused}"
    );
    assert!(refused.contains("retry-after: 60"), "{refused}");
    engine.wait_for("is full");
    // It lives and reads.
    let list = engine.ask(&format!(
        "GET /scim/v2/Users?filter=userName%20eq%20%22first@example.com%22 HTTP/1.1\r\nhost: x\r\n\
         connection: close\r\nauthorization: Bearer {token}\r\n\r\n"
    ));
    assert!(
        list.starts_with("HTTP/1.1 200 ") && list.contains("\"totalResults\":1"),
        "{list}"
    );

    drop(file);
    fs::remove_file(&filler).unwrap();
    let answer = create(&engine, token, "last@example.com");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(engine.end(Signal::TERM), 0);
}
