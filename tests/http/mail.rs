//! Links by mail: a mail server that takes some, and what is told to those who ask.

use std::collections::VecDeque;

use provost::admin::policy::SetPolicy;
use provost::admin::types::{NewMember, RequestListing};
use provost::admin::{AdminRead as _, AdminWrite as _};
use provost::config::SmtpTls;
use provost::secret::Secret;
use provost::server::Smtp;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::harness::PATIENCE;
use crate::people::{OWNER, Person};
use crate::real::Real;

/// A mail server on this machine; the first connections are told these words instead of being served.
async fn server(refusals: &[&'static str]) -> (Smtp, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, mails) = unbounded_channel();
    let mut refusals: VecDeque<&str> = refusals.iter().copied().collect();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            if let Some(words) = refusals.pop_front() {
                let _ = stream.write_all(format!("{words}\r\n").as_bytes()).await;
                continue;
            }
            stream.write_all(b"220 here\r\n").await.unwrap();
            let (mut mail, mut is_text) = (String::new(), false);
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                mail.push_str(&line);
                let answer = match (is_text, line.trim_end()) {
                    (true, ".") => {
                        is_text = false;
                        sender.send(std::mem::take(&mut mail)).unwrap();
                        "250 taken"
                    }
                    (true, _) => "",
                    (false, "DATA") => {
                        is_text = true;
                        "354 go on"
                    }
                    (false, text) if text.starts_with("EHLO") => "250-here\r\n250 AUTH PLAIN",
                    (false, text) if text.starts_with("AUTH") => "235 known",
                    (false, _) => "250 well",
                };
                if !answer.is_empty() {
                    let answer = format!("{answer}\r\n");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
                line.clear();
            }
        }
    });
    let smtp = Smtp {
        host: "127.0.0.1".into(),
        port,
        tls: SmtpTls::None,
        login: Some(("provost".into(), Secret::new("the mail server's".into()))),
        from: "Provost <provost@example.com>".into(),
    };
    (smtp, mails)
}

async fn next(mails: &mut UnboundedReceiver<String>) -> String {
    let mail = tokio::time::timeout(PATIENCE, mails.recv());
    mail.await.expect("a mail came").unwrap()
}

async fn ask(person: &mut Person, email: &str) -> String {
    let ticket = person.get("/reset").await.field("ticket");
    let shown = person
        .post("/reset", &[("ticket", &ticket), ("email", email)])
        .await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    shown.text
}

/// The path of the link in a mail.
fn link(mail: &str, person: &Person) -> String {
    let text = mail.replace("=\r\n", "").replace("=3D", "=");
    let found = text.lines().find_map(|line| line.strip_prefix(&person.url));
    found
        .unwrap_or_else(|| panic!("no link: {text}"))
        .to_owned()
}

#[tokio::test]
async fn a_link_is_mailed_to_whoever_asks_and_to_nobody_else() {
    let (smtp, mut mails) = server(&["421 later", "421 later"]).await;
    let real = Real::with_mail(smtp).await;
    let mut person = Person::at(real.server.public_url());
    assert!(
        person
            .get("/login")
            .await
            .text
            .contains("Forgotten password")
    );
    let nobody = ask(&mut person, "nobody@x.io").await;
    let somebody = ask(&mut person, "OWNER@example.com").await;
    assert_eq!(nobody, somebody);
    // Not taken at first, it is sent again.
    let mail = next(&mut mails).await;
    for part in [
        "RCPT TO:<owner@example.com>",
        "From: Provost <provost@example.com>",
        "Subject: Your password at Example",
    ] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    // Asked again at once, there is no second one: the link of the first still works.
    ask(&mut person, OWNER).await;
    let page = person.get(&link(&mail, &person)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains(OWNER));
    let bare = person.post("/reset", &[("email", OWNER)]).await;
    assert_eq!(bare.status, 403);
    let listing = RequestListing {
        limit: 100,
        ..Default::default()
    };
    let token = link(&mail, &person)
        .split_once("token=")
        .unwrap()
        .1
        .to_owned();
    for row in real.local.requests(listing).await.unwrap().items {
        let whole = real.local.request(row.id).await.unwrap();
        let whole = serde_json::to_string(&whole).unwrap();
        assert!(
            !whole.contains(&token) && !whole.contains("mail server's"),
            "{whole}"
        );
    }
}

#[tokio::test]
async fn an_invitation_is_mailed_and_told() {
    let (smtp, mut mails) = server(&[]).await;
    let real = Real::with_mail(smtp).await;
    let member = NewMember {
        user_name: "bo@x.io".into(),
        ..NewMember::default()
    };
    let id = real
        .local
        .add_member(member)
        .await
        .unwrap()
        .id
        .parse()
        .unwrap();
    let set = SetPolicy {
        key: "users.invite_ttl".into(),
        value: Some("48h".into()),
        if_version: None,
    };
    real.local.set_policy(set).await.unwrap();
    let made = real.local.invite_link(id).await.unwrap();
    assert_eq!(made.mailed_to.as_deref(), Some("bo@x.io"));
    let mail = next(&mut mails).await;
    assert!(
        mail.contains("Subject: You are invited to Example"),
        "{mail}"
    );
    let person = Person::at(real.server.public_url());
    assert_eq!(
        format!("{}{}", person.url, link(&mail, &person)),
        made.url.unwrap()
    );
}

#[tokio::test]
async fn without_a_mail_server_an_admin_is_to_be_asked() {
    let real = Real::new().await;
    let mut person = Person::at(real.server.public_url());
    let page = person.get("/reset").await;
    assert!(page.text.contains("Ask an admin"), "{}", page.text);
    assert!(
        !person
            .get("/login")
            .await
            .text
            .contains("Forgotten password")
    );
}
