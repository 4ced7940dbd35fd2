//! A program of ours that runs beside the test, and a client that goes the way of a browser through single sign-on.

use std::io::{BufRead, BufReader};
use std::process::Child;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

use crate::home::{Home, PATIENCE, Run};

/// A program of ours that says on standard output where it is, and is ended when dropped.
pub struct Running {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Running {
    /// Starts it.
    pub fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut child = home.command(arguments).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// Its next line.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Run {
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
pub async fn walk(start: &str, outcome: &str) -> (u16, Option<String>) {
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
