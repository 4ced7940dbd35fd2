//! Links by which people set a password: made by an admin, opened in a browser, good once; and the password they change
//! themselves.

use jiff::{SignedDuration, Timestamp};
use provost::admin::policy::SetPolicy;
use provost::admin::sso::{SessionsOf, SsoRead as _};
use provost::admin::types::{MemberId, NewMember, RequestListing};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use serde_json::json;

use crate::people::{OWNER, PASSWORD, Person, Shown, leads_to};
use crate::real::Real;

const NEW: &str = "another horse, another battery";

async fn member(real: &Real, user_name: &str) -> MemberId {
    let member = NewMember {
        user_name: user_name.into(),
        ..NewMember::default()
    };
    let done = real.local.add_member(member).await.unwrap();
    done.id.parse().unwrap()
}

fn path(url: &str, person: &Person) -> String {
    url.strip_prefix(&person.url).unwrap().to_owned()
}

/// An engine whose policy lets admins invite.
async fn inviting() -> Real {
    let real = Real::new().await;
    let set = SetPolicy {
        key: "users.invite_ttl".into(),
        value: Some("48h".into()),
        if_version: None,
    };
    real.local.set_policy(set).await.unwrap();
    real
}

/// Opens a link and fills in its form.
async fn open(person: &mut Person, url: &str, password: &str) -> Shown {
    let page = person.get(&path(url, person)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let (ticket, token) = (page.field("ticket"), page.field("token"));
    let fields = [
        ("ticket", ticket.as_str()),
        ("token", token.as_str()),
        ("new_password", password),
    ];
    person.post("/reset", &fields).await
}

#[tokio::test]
async fn somebody_new_sets_a_password_by_an_invitation() {
    let real = inviting().await;
    let bo = member(&real, "bo@x.io").await;
    for (name, admin) in &real.admins {
        let link = admin.invite_link(bo).await.unwrap();
        let url = link.url.unwrap();
        let (from, to) = (Timestamp::now(), SignedDuration::from_hours(48));
        let holds = link.expires.duration_since(from);
        assert!(
            holds <= to && holds > to - SignedDuration::from_mins(1),
            "{name}: {holds}"
        );
        let mut person = Person::at(real.server.public_url());
        let page = person.get(&path(&url, &person)).await;
        for part in [
            "Welcome",
            "bo@x.io",
            "autocomplete=\"new-password\"",
            "<label for=\"new\">",
        ] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        // Looking at it does not use it up, and neither does a password that is too short.
        let short = open(&mut person, &url, "short").await;
        assert_eq!(short.status, 400);
        assert!(short.text.contains("needs 12 characters"), "{}", short.text);
        let done = open(&mut person, &url, NEW).await;
        assert_eq!(leads_to(&done, &person.url), "/account?done=password");
        assert!(person.is_in().await);
        let again = person.get(&path(&url, &person)).await;
        assert_eq!(again.status, 403);
        assert!(again.text.contains("<h1>This link works no more</h1>"));
        assert!(again.text.contains("/login\">Back to sign-in"));
        assert!(!again.text.contains("bo@x.io"), "{}", again.text);
    }
    let timeline = real.local.member_timeline(bo, 0, 20).await.unwrap().items;
    let text = serde_json::to_string(&timeline).unwrap();
    assert!(
        text.contains("passwordLink") && text.contains("invitation, until"),
        "{text}"
    );
    let mut person = Person::at(real.server.public_url());
    let shown = person.sign_in_at("/login", "bo@x.io", NEW).await;
    assert_eq!(shown.status, 303, "{}", shown.text);
}

#[tokio::test]
async fn a_link_ends_every_other_session_and_link_of_its_member() {
    let real = Real::new().await;
    let owner = real.local.find_member(OWNER.into()).await.unwrap().row.id;
    let (mut thief, mut person) = (
        Person::at(real.server.public_url()),
        Person::at(real.server.public_url()),
    );
    thief.sign_in().await;
    let first = real.local.reset_link(owner).await.unwrap().url.unwrap();
    let page = thief.get(&path(&first, &thief)).await;
    let second = real.local.reset_link(owner).await.unwrap();
    let holds = second.expires.duration_since(Timestamp::now());
    assert!(holds <= SignedDuration::from_hours(1) && holds > SignedDuration::from_mins(59));
    let second = second.url.unwrap();
    // The first has ended with the second.
    let (ticket, token) = (page.field("ticket"), page.field("token"));
    let fields = [
        ("ticket", &*ticket),
        ("token", &*token),
        ("new_password", NEW),
    ];
    assert_eq!(thief.post("/reset", &fields).await.status, 403);
    assert!(thief.is_in().await);
    // Without a ticket nothing happens.
    let token = second.split_once("token=").unwrap().1;
    let bare = [("token", token), ("new_password", NEW)];
    assert_eq!(person.post("/reset", &bare).await.status, 403);
    let done = open(&mut person, &second, NEW).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(!thief.is_in().await && person.is_in().await);
    let sessions = real.local.sessions(SessionsOf::default()).await.unwrap();
    assert_eq!(sessions.len(), 1);
    let old = thief.sign_in_at("/login", OWNER, PASSWORD).await;
    assert_eq!(old.status, 403);
}

#[tokio::test]
async fn whoever_may_not_sign_in_has_no_link() {
    let real = inviting().await;
    let gone = member(&real, "gone@x.io").await;
    let kept = real.local.reset_link(gone).await.unwrap().url.unwrap();
    let mut person = Person::at(real.server.public_url());
    let page = person.get(&path(&kept, &person)).await;
    real.local.deactivate_member(gone).await.unwrap();
    let error = real.local.reset_link(gone).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Refused);
    assert_eq!(error.code.as_deref(), Some("SIGN_IN_INACTIVE"));
    // The refusal made no link, and the one there is lets nobody in.
    let (ticket, token) = (page.field("ticket"), page.field("token"));
    let fields = [
        ("ticket", &*ticket),
        ("token", &*token),
        ("new_password", NEW),
    ];
    let shown = person.post("/reset", &fields).await;
    assert_eq!(shown.status, 403, "{}", shown.text);
    assert!(!person.is_in().await);
    let nobody = MemberId(uuid::Uuid::nil());
    let error = real.local.invite_link(nobody).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::NotFound);
    // A password by another way ends a link, too.
    real.local.restore_member(gone).await.unwrap();
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "password", "value": PASSWORD }] });
    let answer = real
        .ask("PATCH", &format!("/Users/{gone}"), Some(body))
        .await;
    assert!(matches!(answer.status, 200 | 204), "{}", answer.body);
    assert_eq!(person.get(&path(&kept, &person)).await.status, 403);
}

#[tokio::test]
async fn a_preview_makes_no_link() {
    let real = inviting().await;
    let bo = member(&real, "bo@x.io").await;
    let kept = real.local.invite_link(bo).await.unwrap().url.unwrap();
    let preview = real
        .local
        .clone()
        .previewing()
        .invite_link(bo)
        .await
        .unwrap();
    assert_eq!(preview.url, None);
    let mut person = Person::at(real.server.public_url());
    assert_eq!(person.get(&path(&kept, &person)).await.status, 200);
}

#[tokio::test]
async fn somebody_changes_their_password() {
    let real = Real::new().await;
    let (mut ada, mut phone) = (
        Person::at(real.server.public_url()),
        Person::at(real.server.public_url()),
    );
    ada.sign_in().await;
    phone.sign_in().await;
    let before = ada.cookies["provost_session"].clone();
    let change = |present: &'static str, new: &'static str| {
        [("current_password", present), ("new_password", new)]
    };
    let wrong = ada.press("change_password", &change("wrong", NEW)).await;
    assert_eq!(wrong.status, 403);
    assert!(
        wrong.text.contains("the present one is wrong"),
        "{}",
        wrong.text
    );
    let short = ada
        .press("change_password", &change(PASSWORD, "short"))
        .await;
    assert_eq!(short.status, 400);
    assert!(short.text.contains("aria-describedby=\"rule problem\""));
    assert!(phone.is_in().await);
    let done = ada.press("change_password", &change(PASSWORD, NEW)).await;
    assert_eq!(leads_to(&done, &ada.url), "/account?done=password");
    assert_ne!(ada.cookies["provost_session"], before);
    assert!(ada.is_in().await && !phone.is_in().await);
    let shown = phone.sign_in_at("/login", OWNER, NEW).await;
    assert_eq!(shown.status, 303, "{}", shown.text);
}

#[tokio::test]
async fn neither_links_nor_passwords_are_in_the_log() {
    let real = inviting().await;
    let bo = member(&real, "bo@x.io").await;
    let url = real.admins[2].1.invite_link(bo).await.unwrap().url.unwrap();
    let token = url.split_once("token=").unwrap().1.to_owned();
    let mut person = Person::at(real.server.public_url());
    assert_eq!(open(&mut person, &url, NEW).await.status, 303);
    let change = [("current_password", NEW), ("new_password", PASSWORD)];
    assert_eq!(person.press("change_password", &change).await.status, 303);
    let mut secrets = vec![token, NEW.into(), PASSWORD.into()];
    secrets.extend([NEW, PASSWORD].map(|text| text.replace(' ', "+").replace(',', "%2C")));
    secrets.extend(person.cookies.values().cloned());
    let listing = RequestListing {
        limit: 100,
        ..Default::default()
    };
    let rows = real.local.requests(listing).await.unwrap().items;
    assert!(rows.iter().filter(|it| it.path == "/reset").count() >= 2);
    for row in rows {
        let whole = real.local.request(row.id).await.unwrap();
        let whole = serde_json::to_string(&whole).unwrap();
        for secret in &secrets {
            assert!(!whole.contains(secret.as_str()), "{secret} in {whole}");
        }
    }
}

#[tokio::test]
async fn nobody_is_invited_by_a_link_where_the_policy_invites_nobody() {
    let real = Real::new().await;
    let bo = member(&real, "bo@x.io").await;
    for (name, admin) in &real.admins {
        let error = admin.invite_link(bo).await.unwrap_err();
        assert_eq!(error.kind, AdminErrorKind::Refused, "{name}");
        assert_eq!(error.code.as_deref(), Some("NO_INVITATIONS"), "{name}");
        assert_eq!(
            error.policy_key.as_deref(),
            Some("users.invite_ttl"),
            "{name}"
        );
        // Another password is no invitation.
        assert!(admin.reset_link(bo).await.unwrap().url.is_some(), "{name}");
    }
}

#[tokio::test]
async fn a_form_that_is_not_ours_says_where_it_begins() {
    let real = Real::new().await;
    let mut ada = Person::at(real.server.public_url());
    ada.sign_in().await;
    let mut bo = Person::at(real.server.public_url());
    let reset = [("token", "x"), ("new_password", NEW)];
    for (shown, link) in [
        (bo.post("/login", &[("email", OWNER)]).await, "/login"),
        (ada.post("/logout", &[]).await, "/account"),
        (
            ada.post("/account", &[("do", "end_others")]).await,
            "/account",
        ),
        (bo.post("/reset", &[("email", OWNER)]).await, "/reset"),
        (bo.post("/reset", &reset).await, ""),
    ] {
        assert_eq!(shown.status, 403, "{}", shown.text);
        assert!(shown.text.contains("<h1>This form is too old</h1>"));
        let leads = format!("href=\"{}{link}\"", real.server.public_url());
        let local = format!("href=\"{link}\"");
        let is_led = shown.text.contains(&leads) || shown.text.contains(&local);
        assert_eq!(is_led, !link.is_empty(), "{link}: {}", shown.text);
        assert!(!shown.text.contains(OWNER));
    }
    assert!(ada.is_in().await);
}
