//! A database that cannot be used: damaged, of a newer version, of another program, in use, without room.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use rstest::rstest;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::home::Home;

/// What anybody sees of the data directory's files.
fn bytes(home: &Home) -> Vec<u8> {
    fs::read(home.data().join("provost.db")).unwrap()
}

#[rstest]
#[case::nonsense(0, "this is a text and no database")]
#[case::header(16, "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}")]
#[case::schema(
    100,
    "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}"
)]
fn a_damaged_one_is_left_alone_and_says_what_to_do(#[case] at: u64, #[case] damage: &str) {
    let home = Home::with_account();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(home.data().join("provost.db"))
        .unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(damage.as_bytes()).unwrap();
    drop(file);
    let before = bytes(&home);
    for verb in ["serve", "status"] {
        home.run(&[verb])
            .ends(1)
            .says("cannot be read as a Provost database")
            .says("put a backup in its place");
    }
    let doctor = home.run(&["doctor"]).ends(1);
    assert!(
        doctor
            .stdout
            .contains("cannot be read as a Provost database")
            && doctor.stdout.contains("put a backup in its place"),
        "{}",
        doctor.stdout
    );
    assert_eq!(bytes(&home), before);
}

#[test]
fn a_newer_one_is_refused_untouched() {
    let home = Home::with_account();
    let database = home.data().join("provost.db");
    let connection = Connection::open(&database).unwrap();
    connection
        .pragma_update(None, "user_version", 9_999)
        .unwrap();
    connection.close().unwrap();
    let before = bytes(&home);
    for arguments in [&["serve"][..], &["status"], &["member", "add", "ada"]] {
        home.run(arguments)
            .ends(1)
            .says("was written by a newer Provost (schema 9999")
            .says("start that version");
    }
    let doctor = home.run(&["doctor"]).ends(1);
    assert!(doctor.stdout.contains("newer Provost"), "{}", doctor.stdout);
    assert_eq!(bytes(&home), before);
}

/// The lock of the data directory says nothing of a database that lies elsewhere.
#[test]
fn one_database_has_one_engine_whatever_the_data_directories_are() {
    let home = Home::with_account();
    let _engine = home.serve();
    let database = home.data().join("provost.db");
    let link = home.path().join("link.db");
    std::os::unix::fs::symlink(&database, &link).unwrap();
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    for file in [&database, &link] {
        let url = format!("sqlite:{}", file.display());
        let arguments = [
            "serve",
            "--data-dir",
            elsewhere.to_str().unwrap(),
            "--database",
            &url,
        ];
        home.run(&arguments)
            .ends(5)
            .says("in use by another engine");
    }
}

#[test]
fn a_second_engine_is_told_which_one_runs_and_how_to_attach() {
    let home = Home::with_account();
    let engine = home.serve();
    let data = home.data();
    home.run(&["serve"])
        .ends(5)
        .says(&format!(
            "an engine runs on {} already (process ",
            data.display()
        ))
        .says(&format!("provost --data-dir {}", data.display()));
    assert_eq!(engine.end(Signal::TERM), 0);
}
