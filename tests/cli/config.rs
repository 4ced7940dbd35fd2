//! Settings: where they come from, and what a mistake in them comes to.

use std::fs;

use crate::home::Home;

fn write(home: &Home, text: &str) -> String {
    let path = home.path().join("provost.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_mistyped_key_is_told_with_file_line_and_neighbour() {
    let home = Home::with_account();
    let file = write(&home, "# mine\nlisen = \"127.0.0.1:1\"\n");
    home.run(&["status", "--config", &file])
        .ends(2)
        .says(&format!(
            "{file}:2: unknown key `lisen`, did you mean `listen`?"
        ));
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let home = Home::with_account();
    home.run(&["status", "--config", "nowhere.toml"])
        .ends(2)
        .says("cannot read the configuration nowhere.toml");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let home = Home::with_account();
    let directory = home.path().to_str().unwrap().to_owned();
    home.run(&["status", "--config", &directory])
        .ends(2)
        .says("cannot read the configuration");
}

#[test]
fn the_file_of_the_user_is_found() {
    let home = Home::with_account();
    let config = home.path().join(".config/provost");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("provost.toml"), "read_only = true\n").unwrap();
    home.run(&["member", "add", "ada@example.com"])
        .ends(3)
        .says("read-only");
}

#[test]
fn a_flag_goes_over_the_environment() {
    let home = Home::with_account();
    let elsewhere = home.path().join("elsewhere");
    home.run(&["status", "--data-dir", elsewhere.to_str().unwrap()])
        .ends(1)
        .says("elsewhere");
}

#[test]
fn postgres_is_told_to_come_later() {
    let home = Home::with_account();
    let run = home.run(&["status", "--database", "postgres://u:hunter2@db/p"]);
    let run = run
        .ends(2)
        .says("`postgres` databases come later")
        .says("SQLite");
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
}

#[test]
fn another_database_file_is_used() {
    let home = Home::empty();
    let file = home.path().join("other.db");
    let database = format!("sqlite:{}", file.display());
    let arguments = [
        "init",
        "--owner-email",
        "a@example.com",
        "--password-stdin",
        "--database",
        &database,
    ];
    home.run_with_input(&arguments, "correct horse battery staple\n")
        .ok();
    assert!(file.exists());
    home.run(&["status", "--database", &database]).ok();
    home.run(&["status"]).ends(1).says("no account");
}

#[test]
fn a_data_directory_with_too_long_a_path_is_told() {
    let home = Home::empty();
    let long = home.path().join("x".repeat(120));
    home.run(&["status", "--data-dir", long.to_str().unwrap()])
        .ends(1)
        .says("a Unix socket may have")
        .says("--data-dir");
}

#[test]
fn an_unknown_context_is_told_with_those_there_are() {
    let home = Home::with_account();
    let file = write(
        &home,
        "[contexts.prod]\nurl = \"https://provost.example\"\n",
    );
    home.run(&["status", "--config", &file, "--context", "prd"])
        .ends(2)
        .says("no context `prd` in the configuration, which has prod");
}
