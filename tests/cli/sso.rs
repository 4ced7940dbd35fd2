//! `provost sso`, `provost session` and `provost simulate idp`: from metadata to a member who is signed in.

use std::io::{BufRead, BufReader};
use std::process::Child;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::Value;

use crate::home::{Home, PATIENCE, Run};

const OWNER: &str = "owner@example.com";
const PASSWORD: &str = "correct horse battery staple\n";

/// A program of ours that says on standard output where it is, and is ended when dropped.
struct Running {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut child = home.command(arguments).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn finish(mut self) -> Run {
        let mut stdout = String::new();
        std::io::Read::read_to_string(&mut self.stdout, &mut stdout).unwrap();
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().unwrap();
        std::io::Read::read_to_string(&mut pipe, &mut stderr).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        Run {
            code,
            stdout,
            stderr,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Goes the way of a browser: to the identity provider, whose answer is `outcome`, and back. The status that ends it.
async fn walk(start: &str, outcome: &str) -> (u16, Option<String>) {
    // Whoever is first installs it; all install the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let sent = client.get(start).send().await.unwrap();
    assert_eq!(sent.status(), 303, "{start}");
    let cookie = sent.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let location = sent.headers()[LOCATION].to_str().unwrap().to_owned();
    let (idp, query) = location.split_once('?').unwrap();
    let form = [
        ("request", query),
        ("email", "ada@example.com"),
        ("outcome", outcome),
    ];
    let page = client.post(idp).form(&form).send().await.unwrap();
    let page = page.text().await.unwrap();
    let field = |name: &str| {
        let (_, rest) = page.split_once(name).expect(&page);
        rest.split('"').next().unwrap().to_owned()
    };
    let (acs, response) = (field("action=\""), field("name=\"SAMLResponse\" value=\""));
    let request = client.post(acs).header(COOKIE, cookie);
    let came = request.form(&[("SAMLResponse", response)]).send().await;
    let came = came.unwrap();
    let session = came.headers().get_all(SET_COOKIE).iter();
    let session = session.filter_map(|it| it.to_str().ok());
    let session = session.map(str::to_owned).find(|it| it.contains("session"));
    (came.status().as_u16(), session)
}

fn test_drive(home: &Home, outcome: &str) -> Run {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut test = Running::start(home, &["sso", "test"]);
    let link = test.line();
    assert!(link.contains("/trust/saml2/test-drive?ticket="), "{link}");
    runtime.block_on(walk(&link, outcome));
    test.finish()
}

#[test]
fn a_wrong_certificate_is_told_accepted_and_members_sign_in() {
    let home = Home::under("safe");
    let engine = home.serve();
    let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
    let metadata = idp.line();

    home.run(&["sso", "test"]).ends(4);
    home.run(&["sso", "configure", "--metadata", "http://idp.example/m"])
        .ends(2)
        .says("https://");
    home.run(&["sso", "configure", "--metadata", &metadata])
        .ok();
    let shown = home.run(&["sso", "show"]).ok().stdout;
    for part in ["test-drive", "/trust/saml2/acs", &metadata, "missing"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    home.run(&["sso", "enable", "--yes"])
        .ends(3)
        .says("no test-drive has gone well");

    let run = test_drive(&home, "wrong_certificate").ends(1);
    for part in ["✗ failed", "assertion_signature", "expected", "received"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    run.says("provost log explain");
    let driven = home.json(&["sso", "signins"]);
    let presented = driven["items"][0]["decoded"]["certificate"].as_str();
    let file = home.path().join("presented.pem");
    let presented = presented.unwrap();
    assert!(STANDARD.decode(presented).is_ok());
    std::fs::write(&file, presented).unwrap();
    let file = file.to_str().unwrap();
    home.run(&["sso", "configure", "--add-certificate", file])
        .ends(2)
        .says("--yes");
    home.run(&["sso", "configure", "--add-certificate", file, "--yes"])
        .ok();
    let run = test_drive(&home, "wrong_certificate").ok();
    assert!(
        run.stdout.contains("every check went well"),
        "{}",
        run.stdout
    );

    home.run(&["sso", "enable", "--yes"])
        .ends(3)
        .says("no recovery admin");
    home.run(&["recover", "mark", OWNER]).ok();
    home.run_with_input(&["recover", "prove", OWNER, "--password-stdin"], PASSWORD)
        .ok();
    home.run(&["sso", "enable", "--dry-run"]).ok();
    assert_eq!(home.json(&["sso", "show"])["state"], "test_drive");
    home.run(&["sso", "enable"]).ends(2).says("--yes");
    home.run(&["sso", "enable", "--yes"]).ok();
    home.run(&["sso", "remove", "--yes"])
        .ends(3)
        .says("disable");

    let login = format!("{}/trust/saml2/login", engine.url());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (status, cookie) = runtime.block_on(walk(&login, "good"));
    assert!(status == 303 && cookie.is_some(), "{status}");
    let sessions = home.json(&["session", "list", "ada@example.com"]);
    let id = sessions["items"][0]["id"].as_str().unwrap();
    home.run(&["session", "end", id, "--yes"]).ok();
    home.run(&["session", "end", id, "--yes"]).ends(4);
    let none = home.json(&["session", "list"]);
    assert_eq!(none["items"], Value::Array(Vec::new()));

    home.run(&["sso", "disable", "--yes"]).ok();
    assert_eq!(home.json(&["sso", "show"])["state"], "off");
}

#[test]
fn claims_are_mapped_and_answers_are_looked_at() {
    let home = Home::under("rfc");
    home.run(&["sso", "map"]).ends(4);
    let metadata = home.path().join("idp.xml");
    std::fs::write(&metadata, "<garbage>").unwrap();
    let metadata = metadata.to_str().unwrap();
    home.run(&["sso", "configure", "--metadata", metadata])
        .ends(2);
    home.run(&["sso", "configure", "--refresh"]).ends(2);
    home.run(&["simulate", "idp", "--at", "0.0.0.0:0"])
        .ends(2)
        .says("loopback");
    let _engine = home.serve();
    let mut idp = Running::start(&home, &["simulate", "idp", "--at", "127.0.0.1:0"]);
    home.run(&["sso", "configure", "--metadata", &idp.line()])
        .ok();
    home.run(&["sso", "map", "teamKey", "memberOf", "groups"])
        .ok();
    home.run(&["sso", "map", "role", "--none"]).ok();
    home.run(&["sso", "map", "rol", "x"])
        .ends(2)
        .says("unknown claim");
    let map = home.json(&["sso", "map", "teamKey"]);
    assert_eq!(map["items"][0]["attributes"][0], "memberOf");
    home.run(&["sso", "map", "teamKey", "--default"]).ok();
    let map = home.json(&["sso", "map", "teamKey"]);
    assert_eq!(map["items"][0]["attributes"][0], "teamKey");

    let run = home
        .run_with_input(&["sso", "test", "--response", "-"], "<x/>")
        .ends(1);
    assert!(run.stdout.contains("not reached"), "{}", run.stdout);
    let none = home.json(&["sso", "signins"]);
    assert_eq!(none["items"], Value::Array(Vec::new()));
}
