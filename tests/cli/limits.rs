//! `[limits]` of the configuration file, as a client meets them.

use std::fs;

use crate::home::Home;

#[test]
fn what_the_file_says_holds_and_is_announced() {
    let home = Home::with_account();
    let token = home.run(&["token", "new", "--name", "okta"]).ok().stdout;
    let token = token.trim();
    let file = home.path().join("provost.toml");
    fs::write(
        &file,
        "[limits]\nbody_bytes = 65536\nheader_bytes = 8192\nwrong_tokens_per_minute = 2\n",
    )
    .unwrap();
    let engine = home.serve_with(&["serve", "--config", file.to_str().unwrap()]);
    let head = |method: &str, path: &str, more: &str| {
        format!(
            "{method} /scim/v2/{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             authorization: Bearer {token}\r\n{more}\r\n"
        )
    };
    let config = engine.ask(&head("GET", "ServiceProviderConfig", ""));
    assert!(config.contains("\"maxPayloadSize\":65536"), "{config}");
    for (bytes, status) in [(65_536, "400"), (65_537, "413")] {
        let length = format!("content-length: {bytes}\r\n");
        let request = head("POST", "Users", &length) + &" ".repeat(bytes);
        let answer = engine.ask(&request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    let long = format!("x-long: {}\r\n", "y".repeat(9_000));
    let answer = engine.ask(&head("GET", "Users", &long));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let wrong = "GET /scim/v2/Users HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                 authorization: Bearer prv_scim_wrong\r\n\r\n";
    let statuses: Vec<String> = (0..3)
        .map(|_| engine.ask(wrong).chars().skip(9).take(3).collect())
        .collect();
    assert_eq!(statuses, ["401", "401", "429"]);
}

#[test]
fn a_mistake_in_them_is_told_with_its_line() {
    let home = Home::with_account();
    let file = home.path().join("provost.toml");
    let path = file.to_str().unwrap();
    for (text, said) in [
        (
            "[limits]\nbody_bytes = 1\n",
            ":2: `limits.body_bytes` is 1, expected a whole number from 65536 to 67108864",
        ),
        (
            "[limits]\nconection = 1\n",
            ":2: unknown key `limits.conection`, did you mean `limits.connections`?",
        ),
    ] {
        fs::write(&file, text).unwrap();
        home.run(&["serve", "--config", path])
            .ends(2)
            .says(&format!("{path}{said}"));
    }
}
