//! Good Responses that are used by another browser, a second time, or to lead somewhere.

use super::*;
use crate::people::leads_to;

#[tokio::test]
async fn a_response_is_used_once() {
    let mut stage = Stage::new().await;
    let (mut person, forger) = stage.begun().await;
    assert_eq!(post(&mut person, &forger.good()).await.status, 303);
    person.cookies.remove("provost_session");
    let shown = post(&mut person, &forger.good()).await;
    stage.refused("again", &shown, "in_response_to").await;
    // The assertion in the answer to a request that still waits.
    let (mut person, waiting) = stage.begun().await;
    let stolen = forger.login.assertion_id.clone();
    let mut login = waiting.login.clone();
    login.assertion_id = stolen;
    let shown = post(&mut person, &Forger { login }.good()).await;
    stage
        .refused("the id of an assertion again", &shown, "replay")
        .await;
    assert!(!person.is_in().await);
    assert_eq!(post(&mut person, &waiting.good()).await.status, 303);
}

#[tokio::test]
async fn a_response_is_for_the_browser_that_asked() {
    let mut stage = Stage::new().await;
    let (mut zoe, hers) = stage.begun().await;
    let (mut eve, _) = stage.begun().await;
    let shown = post(&mut eve, &hers.good()).await;
    stage
        .refused("in another browser", &shown, "in_response_to")
        .await;
    let mut nobody = stage.person();
    let shown = post(&mut nobody, &hers.good()).await;
    stage
        .refused("in a browser that asked nothing", &shown, "in_response_to")
        .await;
    assert!(!eve.is_in().await && !nobody.is_in().await);
    assert_eq!(post(&mut zoe, &hers.good()).await.status, 303);
}

#[tokio::test]
async fn one_that_nobody_asked_for_is_used_once_where_it_is_allowed() {
    let mut stage = Stage::that_takes(true).await;
    let forger = stage.login(None);
    let mut person = stage.person();
    assert_eq!(post(&mut person, &forger.good()).await.status, 303);
    let mut eve = stage.person();
    let shown = post(&mut eve, &forger.good()).await;
    stage.refused("again", &shown, "replay").await;
    let (_, hers) = stage.begun().await;
    let own = hers.login.in_response_to.clone().unwrap();
    let stripped = hers
        .good()
        .replacen(&format!(" InResponseTo=\"{own}\""), "", 1);
    let shown = post(&mut eve, &stripped).await;
    stage
        .refused("stripped", &shown, "subject_confirmation")
        .await;
}

#[tokio::test]
async fn a_relay_state_leads_nowhere_else() {
    let mut stage = Stage::new().await;
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let (mut person, forger) = stage.begun().await;
        let encoded = STANDARD.encode(forger.good());
        let fields = [
            ("SAMLResponse", encoded.as_str()),
            ("RelayState", elsewhere),
        ];
        let shown = person.post(ACS, &fields).await;
        assert_eq!(shown.status, 303, "{elsewhere}");
        assert_eq!(leads_to(&shown, &person.url), "/account", "{elsewhere}");
    }
}
