//! Several processes on one engine: through its socket, and from elsewhere with a token.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::home::Home;

#[test]
fn a_command_goes_through_the_running_engine() {
    let home = Home::with_account();
    let _engine = home.serve();
    let socket = home.data().join("engine.sock");
    let mode = fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    home.run(&["member", "add", "ada@example.com"]).ok();
    let status = home.run(&["status"]).ok().stdout;
    assert!(status.contains("engine.sock"), "{status}");
    let timeline = home.run(&["member", "timeline", "ada@example.com"]).ok();
    assert!(timeline.stdout.contains("admin cli"), "{}", timeline.stdout);
}

#[test]
fn a_second_engine_is_refused() {
    let home = Home::with_account();
    let _engine = home.serve();
    home.run(&["serve"]).ends(5).says("already (process ");
}

#[test]
fn commands_at_once_queue_up() {
    let home = Home::with_account();
    let names: Vec<String> = (0..6).map(|n| format!("m{n}@example.com")).collect();
    let children: Vec<_> = names
        .iter()
        .map(|name| home.command(&["member", "add", name]).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(home.json(&["status"])["members"], 7);
}

#[test]
fn an_admin_token_opens_a_remote_engine() {
    let here = Home::with_account();
    let token = here.run(&["token", "new", "--name", "laptop", "--scope", "admin"]);
    let token = token.ok().stdout.trim().to_owned();
    let engine = here.serve();
    let url = engine.url();
    let elsewhere = Home::empty();
    let file = elsewhere.path().join("token");
    fs::write(&file, &token).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();

    let run = elsewhere
        .command(&["member", "add", "ada@example.com", "--url", &url])
        .env("PROVOST_TOKEN", &token)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let file = file.to_str().unwrap();
    let shown = elsewhere.json(&["status", "--url", &url, "--token-file", file]);
    assert_eq!(shown["members"], 2);
    let timeline = here.run(&["member", "timeline", "ada@example.com"]).ok();
    assert!(
        timeline.stdout.contains("admin laptop"),
        "{}",
        timeline.stdout
    );

    let config = elsewhere.path().join("provost.toml");
    let text = format!(
        "context = \"prod\"\n[contexts.prod]\nurl = \"{url}\"\ntoken_file = \"token\"\nread_only = true\n"
    );
    fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    let mut command = elsewhere.command(&["team", "add", "x", "--config", config]);
    command.env_remove("PROVOST_DATA_DIR");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "the context is read-only");
}

#[test]
fn a_wrong_token_opens_nothing() {
    let home = Home::with_account();
    let scim = home.run(&["token", "new", "--name", "okta"]).ok();
    let engine = home.serve();
    let url = engine.url();
    for token in ["prv_admin_wrong", scim.stdout.trim()] {
        let output = home
            .command(&["member", "list", "--url", &url])
            .env("PROVOST_TOKEN", token)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains("admin token") && !said.contains(token),
            "{said}"
        );
    }
    home.run(&["member", "list", "--url", &url])
        .ends(2)
        .says("--token-file");
}

#[test]
fn a_token_is_not_sent_in_the_clear() {
    let home = Home::empty();
    let output = home
        .command(&["status", "--url", "http://provost.example.com"])
        .env("PROVOST_TOKEN", "prv_admin_x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("in the clear")
    );
}
