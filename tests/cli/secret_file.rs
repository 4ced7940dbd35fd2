//! A file with an admin token: its owner's alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rstest::rstest;

use crate::home::Home;

#[rstest]
#[case::flag(&["status", "--url", "http://127.0.0.1:1", "--token-file", "token"])]
#[case::context(&["status", "--config", "provost.toml", "--context", "prod"])]
fn one_that_others_can_read_is_not_used(#[case] arguments: &[&str]) {
    let home = Home::empty();
    let token = home.path().join("token");
    fs::write(&token, "prv_admin_x\n").unwrap();
    fs::write(
        home.path().join("provost.toml"),
        "[contexts.prod]\nurl = \"http://127.0.0.1:1\"\ntoken_file = \"token\"\n",
    )
    .unwrap();
    let run = |mode| {
        fs::set_permissions(&token, fs::Permissions::from_mode(mode)).unwrap();
        let output = home
            .command(arguments)
            .current_dir(home.path())
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    for mode in [0o644, 0o640, 0o606] {
        let (code, said) = run(mode);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains("chmod 600") && said.contains("can be read by others"),
            "{said}"
        );
        assert!(!said.contains("prv_admin_x"), "{said}");
    }
    let (code, said) = run(0o600);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no engine can be reached"), "{said}");
}
