//! Documents that harm a reader before a signature is looked at.

use super::*;

fn beside_status(forger: &Forger, inner: &str) -> String {
    edit(
        &forger.good(),
        "<samlp:Status>",
        &format!("{inner}<samlp:Status>"),
    )
}

#[tokio::test]
async fn a_dangerous_document_signs_nobody_in() {
    let document = CheckId::Document;
    Stage::refuses(&[
        (
            "a document type",
            |f| format!("<!DOCTYPE r>{}", f.good()),
            document,
        ),
        (
            "an entity for the subject",
            |f| {
                let named = edit(&f.good(), &f.login.name_id, "&e;");
                format!("<!DOCTYPE r [<!ENTITY e \"{OWNER}\">]>{named}")
            },
            document,
        ),
        (
            "an entity of a file",
            |f| {
                let named = edit(&f.good(), &f.login.name_id, "&e;");
                format!("<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{named}")
            },
            document,
        ),
        (
            "entities within entities",
            |f| {
                let laughs =
                    "<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">";
                let named = edit(&f.good(), &f.login.name_id, "&c;");
                format!("<!DOCTYPE r [{laughs}]>{named}")
            },
            document,
        ),
        (
            "a document type of elsewhere",
            |f| {
                format!(
                    "<!DOCTYPE r SYSTEM \"http://elsewhere.example/\">{}",
                    f.good()
                )
            },
            document,
        ),
        (
            "a processing instruction in the subject",
            |f| {
                let cut_short = format!("{OWNER}<?x?>.evil.io");
                edit(&f.good(), &f.login.name_id, &cut_short)
            },
            document,
        ),
        (
            "elements 100 deep",
            |f| beside_status(f, &format!("{}{}", "<a>".repeat(100), "</a>".repeat(100))),
            document,
        ),
        (
            "20,001 elements",
            |f| beside_status(f, &"<a/>".repeat(20_001)),
            document,
        ),
        (
            "cut off",
            |f| f.good()[..f.good().len() - 5].to_owned(),
            document,
        ),
        ("two documents", |f| f.good().repeat(2), document),
        ("no document", |_| String::new(), document),
    ])
    .await;
}

#[tokio::test]
async fn a_megabyte_of_garbage_is_not_read_to_its_end() {
    let mut stage = Stage::new().await;
    let (mut person, forger) = stage.begun().await;
    let shown = person
        .post(ACS, &[("SAMLResponse", &"A".repeat(390 * 1_024))])
        .await;
    stage
        .refused("below the limit of a body", &shown, "document")
        .await;
    let before = stage.last().await.request;
    let shown = person
        .post(ACS, &[("SAMLResponse", &"A".repeat(1 << 20))])
        .await;
    assert_eq!(shown.status, 413, "{}", shown.text);
    assert!(shown.sets("provost_session").is_empty() && !person.is_in().await);
    assert_eq!(stage.last().await.request, before);
    assert_eq!(post(&mut person, &forger.good()).await.status, 303);
}
