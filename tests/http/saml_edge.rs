//! The edge of the SAML service provider over HTTP, with the test identity provider on the other side.

use std::num::NonZeroU32;

use jiff::Timestamp;
use provost::admin::sso::{
    ConfigureSso, IdpSettings, SessionsOf, SsoBinding, SsoRead as _, SsoSource, SsoState,
    SsoWrite as _, SwitchSso,
};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use provost::saml::EntityId;
use provost::simulate::idp::{Outcome, Person as Subject, ResponseIds, ServiceProvider, TestIdp};

use crate::people::{OWNER, PASSWORD, Person, Shown, leads_to};
use crate::real::Real;

const ACS: &str = "/trust/saml2/acs";
const LOGIN: &str = "/trust/saml2/login";

struct Stage {
    real: Real,
    idp: TestIdp,
    answers: u8,
}

impl Stage {
    async fn new() -> Self {
        Self::of(Real::under("launchdarkly").await).await
    }

    async fn of(real: Real) -> Self {
        let engine = real.local.engine();
        let service_provider = ServiceProvider {
            entity_id: EntityId::parse(&engine.sso_entity_id()).unwrap(),
            acs_url: engine.sso_acs_url(),
            certificate: None,
        };
        let idp = TestIdp::generate(
            EntityId::parse("https://idp.example/metadata").unwrap(),
            "https://idp.example/sso".into(),
            service_provider,
            Timestamp::now(),
        );
        let stage = Self {
            real,
            idp: idp.unwrap(),
            answers: 0,
        };
        stage
            .configure(SsoSource::Metadata {
                xml: stage.idp.metadata(),
                entity_id: None,
            })
            .await;
        stage
    }

    async fn configure(&self, source: SsoSource) {
        let configure = ConfigureSso {
            source,
            allow_unsolicited: false,
            if_version: None,
        };
        self.real.local.configure_sso(configure).await.unwrap();
    }

    /// One that is enabled, after a test-drive.
    async fn enabled() -> Self {
        let mut stage = Self::new().await;
        let mut admin = stage.person();
        let shown = stage.drive(&mut admin, Outcome::Good).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        stage.enable().await;
        stage
    }

    async fn enable(&self) {
        let switch = SwitchSso {
            state: SsoState::Enabled,
            if_version: None,
        };
        self.real.local.switch_sso(switch).await.unwrap();
    }

    fn person(&self) -> Person {
        Person::at(self.real.server.public_url())
    }

    /// What the identity provider has a browser post that it was sent.
    fn answer(&mut self, sent: &Shown, email: &str, outcome: Outcome) -> String {
        assert_eq!(sent.status, 303, "{}", sent.text);
        let (_, query) = sent.header("location").split_once('?').unwrap();
        let request = self.idp.read_request(query).unwrap();
        self.answers += 1;
        let ids = ResponseIds::new([[self.answers; 16], [self.answers + 100; 16], [7; 16]]);
        let subject = Subject {
            email: email.into(),
            first_name: Some("Zoe".into()),
            last_name: Some("Zed".into()),
            ..Subject::default()
        };
        let now = Timestamp::now();
        let response = self.idp.respond(&request, &subject, outcome, &ids, now);
        response.unwrap().saml_response()
    }

    async fn drive(&mut self, person: &mut Person, outcome: Outcome) -> Shown {
        let link = self.real.local.start_test_drive().await.unwrap().url;
        let path = link.strip_prefix(&person.url).unwrap().to_owned();
        let sent = person.get(&path).await;
        let answer = self.answer(&sent, "zoe@x.io", outcome);
        person.post(ACS, &[("SAMLResponse", &answer)]).await
    }
}

#[tokio::test]
async fn metadata_says_where_answers_go() {
    let real = Real::new().await;
    let shown = Person::at(real.server.public_url())
        .get("/trust/saml2/metadata")
        .await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.header("content-type"), "application/samlmetadata+xml");
    assert!(
        shown
            .text
            .contains(&format!("Location=\"{}{ACS}\"", real.server.public_url()))
    );
}

#[tokio::test]
async fn a_test_drive_comes_back_to_a_page_and_lets_nobody_in() {
    let mut stage = Stage::new().await;
    let mut admin = stage.person();
    let shown = stage.drive(&mut admin, Outcome::Good).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(
        shown.text.contains("The test-drive went well")
            && shown.text.contains("Come back to the console")
    );
    let reference = shown.header("x-request-id");
    assert!(
        shown
            .text
            .contains(&format!("<strong>#{reference}</strong>"))
    );
    let row = stage.real.local.sign_ins(1).await.unwrap().remove(0);
    assert_eq!(row.request.0.to_string(), reference);
    let shown = stage.drive(&mut admin, Outcome::WrappedSignature).await;
    assert_eq!(shown.status, 403);
    assert!(
        shown.text.contains("The test-drive failed"),
        "{}",
        shown.text
    );
    assert!(shown.sets("provost_session").is_empty() && !admin.is_in().await);
    // While it is tried, passwords work and nobody is sent away.
    assert_eq!(admin.get(LOGIN).await.status, 403);
    let page = admin.get("/login").await.text;
    assert!(page.contains("<label for=\"password\">") && !page.contains("identity provider"));
}

#[tokio::test]
async fn somebody_signs_in_by_their_identity_provider() {
    let mut stage = Stage::enabled().await;
    let mut zoe = stage.person();
    let page = zoe.get("/login?to=/account%3Fdone%3Dx").await;
    assert!(
        page.text.contains("Sign in with your identity provider"),
        "{}",
        page.text
    );
    assert!(page.text.contains("Recovery sign-in") && !page.text.contains("type=\"password\""));
    assert!(
        page.text
            .contains("/trust/saml2/login?RelayState=%2Faccount%3Fdone%3Dx"),
        "{}",
        page.text
    );
    let sent = zoe
        .get(&format!("{LOGIN}?RelayState=%2Faccount%3Fdone%3Dx"))
        .await;
    let cookie = sent.sets("__provost_saml");
    for part in ["HttpOnly", "SameSite=None", "Secure", "Path=/trust/saml2;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let answer = stage.answer(&sent, "zoe@x.io", Outcome::Good);
    let fields = [
        ("RelayState", "https://evil.example/"),
        ("SAMLResponse", answer.as_str()),
        ("more", "x"),
    ];
    let shown = zoe.post(ACS, &fields).await;
    assert_eq!(leads_to(&shown, &zoe.url), "/account?done=x");
    assert!(shown.sets("provost_session").contains("SameSite=Lax"));
    let page = zoe.get("/account").await;
    for part in ["zoe@x.io", "Zoe Zed", "by single sign-on"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("Change your password"));
    // A second time, from here and from elsewhere.
    for who in [&mut zoe, &mut stage.person()] {
        who.cookies.remove("provost_session");
        let shown = who.post(ACS, &fields).await;
        assert_eq!(shown.status, 403);
        assert!(shown.text.contains("<h1>Sign-in failed</h1>"));
        assert!(shown.text.contains(shown.header("x-request-id")));
        assert!(!shown.text.contains("InResponseTo") && !who.is_in().await);
    }
    // Deactivated, the session ends.
    let member = stage
        .real
        .local
        .find_member("zoe@x.io".into())
        .await
        .unwrap();
    stage
        .real
        .local
        .deactivate_member(member.row.id)
        .await
        .unwrap();
    assert!(
        stage
            .real
            .local
            .sessions(SessionsOf::default())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn an_answer_belongs_to_the_browser_that_asked_for_it() {
    let mut stage = Stage::enabled().await;
    let mut zoe = stage.person();
    let sent = zoe.get(LOGIN).await;
    let answer = stage.answer(&sent, "zoe@x.io", Outcome::Good);
    for cookie in [None, Some("A".repeat(43)), Some("\"x".into())] {
        let mut other = stage.person();
        let cookie = cookie.map(|value| ("__provost_saml".to_owned(), value));
        other.cookies.extend(cookie);
        let shown = other.post(ACS, &[("SAMLResponse", &answer)]).await;
        assert_eq!(shown.status, 403);
        assert!(shown.sets("provost_session").is_empty());
    }
    // None of these has used it up; two of them at once is one too many.
    let shown = zoe
        .post(ACS, &[("SAMLResponse", &answer), ("SAMLResponse", &answer)])
        .await;
    assert_eq!(shown.status, 403);
    let shown = zoe.post(ACS, &[("SAMLResponse", &answer)]).await;
    assert_eq!(shown.status, 303, "{}", shown.text);
}

#[tokio::test]
async fn what_is_no_answer_is_refused() {
    let stage = Stage::enabled().await;
    let mut zoe = stage.person();
    let shown = zoe.get(&format!("{ACS}?SAMLResponse=x")).await;
    assert_eq!((shown.status, shown.header("allow")), (405, "POST"));
    assert!(shown.text.contains("by POST alone"), "{}", shown.text);
    assert_eq!(
        zoe.post(ACS, &[("RelayState", "/account")]).await.status,
        400
    );
    let request = zoe.client.post(format!("{}{ACS}", zoe.url)).json(&"x");
    assert_eq!(zoe.send(request).await.status, 400);
    let shown = zoe.post(ACS, &[("SAMLResponse", "!")]).await;
    assert_eq!(shown.status, 403);
}

#[tokio::test]
async fn while_it_is_enabled_passwords_are_for_recovery_admins() {
    let stage = Stage::enabled().await;
    let mut owner = stage.person();
    let path = "/login?with=password&to=/account";
    let page = owner.get(path).await;
    assert!(
        page.text.contains("<h1>Recovery sign-in</h1>"),
        "{}",
        page.text
    );
    let told = owner.sign_in_at(path, OWNER, PASSWORD).await;
    assert_eq!(told.status, 403);
    let wrong = owner.sign_in_at(path, "nobody@x.io", PASSWORD).await;
    let same = |shown: &Shown, email: &str| {
        let text = shown
            .text
            .replace(&format!("#{}", shown.header("x-request-id")), "N");
        text.replace(&shown.field("ticket"), "T")
            .replace(email, "E")
    };
    assert_eq!(same(&told, OWNER), same(&wrong, "nobody@x.io"));
    let member = stage
        .real
        .local
        .find_member(OWNER.into())
        .await
        .unwrap()
        .row
        .id;
    let mark = provost::admin::guards::MarkRecovery { on: true };
    stage.real.local.mark_recovery(member, mark).await.unwrap();
    let shown = owner.sign_in_at(path, OWNER, PASSWORD).await;
    assert_eq!(leads_to(&shown, &owner.url), "/account");
}

#[tokio::test]
async fn a_request_goes_by_a_form_where_the_identity_provider_wants_one() {
    let stage = Stage::new().await;
    let known = stage.real.local.sso().await.unwrap().sso.unwrap();
    let identity_provider = IdpSettings {
        binding: SsoBinding::Post,
        sign_in_url: "https://idp.example:8443/sso?a=1&b=2".into(),
        ..known.identity_provider
    };
    stage
        .configure(SsoSource::ByHand { identity_provider })
        .await;
    let mut zoe = stage.person();
    let link = stage.real.local.start_test_drive().await.unwrap().url;
    let page = zoe.get(link.strip_prefix(&zoe.url).unwrap()).await;
    assert_eq!(page.status, 200);
    assert!(
        page.text
            .contains("action=\"https://idp.example:8443/sso?a=1&#38;b=2\""),
        "{}",
        page.text
    );
    assert!(!page.field("SAMLRequest").is_empty() && page.text.contains("<button"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' https://idp.example:8443 https:"),
        "{policy}"
    );
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(!page.text.contains("<script>"));
    let script = zoe.get("/sign-in/send.js").await;
    assert_eq!(script.status, 200);
    assert!(!page.sets("__provost_saml").is_empty());
}

#[tokio::test]
async fn one_address_may_begin_and_answer_so_many() {
    let two = NonZeroU32::new(2).unwrap();
    let real = Real::with_limits(|limits| limits.sign_ins = two).await;
    let stage = Stage::of(real).await;
    let mut zoe = stage.person();
    let link = stage.real.local.start_test_drive().await.unwrap().url;
    let drive = link.strip_prefix(&zoe.url).unwrap().to_owned();
    for _ in 0..2 {
        assert_eq!(zoe.get(&drive).await.status, 303);
        assert_eq!(zoe.post(ACS, &[("SAMLResponse", "x")]).await.status, 403);
    }
    for shown in [
        zoe.get(LOGIN).await,
        zoe.post(ACS, &[("SAMLResponse", "x")]).await,
    ] {
        assert_eq!(shown.status, 429, "{}", shown.text);
        assert!(shown.header("retry-after").parse::<u64>().unwrap() >= 1);
    }
}

#[tokio::test]
async fn without_single_sign_on_nobody_is_sent_away() {
    let real = Real::new().await;
    let mut zoe = Person::at(real.server.public_url());
    let off = "<h1>Single sign-on is not enabled</h1>";
    for (path, parts) in [
        (LOGIN, [off, "/login\">Sign in by password"]),
        (
            "/trust/saml2/test-drive?ticket=x",
            ["<h1>This test-drive has ended</h1>", "another one"],
        ),
    ] {
        let shown = zoe.get(path).await;
        assert_eq!((shown.status, shown.header("location")), (403, ""));
        for part in parts {
            assert!(shown.text.contains(part), "{part}: {}", shown.text);
        }
    }
    assert_eq!(zoe.post(ACS, &[("SAMLResponse", "x")]).await.status, 403);
}

#[tokio::test]
async fn while_it_is_enabled_links_are_for_recovery_admins() {
    let stage = Stage::new().await;
    let local = stage.real.local.clone();
    let owner = local.find_member(OWNER.into()).await.unwrap().row.id;
    let url = local.reset_link(owner).await.unwrap().url.unwrap();
    let mut person = stage.person();
    let page = person.get(url.strip_prefix(&person.url).unwrap()).await;
    let mut stage = stage;
    let mut admin = stage.person();
    stage.drive(&mut admin, Outcome::Good).await;
    stage.enable().await;
    let (ticket, token) = (page.field("ticket"), page.field("token"));
    let fields = [
        ("ticket", ticket.as_str()),
        ("token", token.as_str()),
        ("new_password", PASSWORD),
    ];
    let shown = person.post("/reset", &fields).await;
    assert_eq!(shown.status, 403);
    let again = person.get(url.strip_prefix(&person.url).unwrap()).await;
    for shown in [shown, again] {
        for part in ["<h1>This link works no more</h1>", "/login\">Sign in with"] {
            assert!(shown.text.contains(part), "{part}: {}", shown.text);
        }
    }
    let code = local.invite_link(owner).await.unwrap_err().code;
    assert_eq!(code.as_deref(), Some("SSO_NO_INVITE"));
    let code = local.reset_link(owner).await.unwrap_err().code;
    assert_eq!(code.as_deref(), Some("SIGN_IN_USE_SSO"));
    let mark = provost::admin::guards::MarkRecovery { on: true };
    local.mark_recovery(owner, mark).await.unwrap();
    // The link has ended with the enabling; who is kept for recovery is given another.
    assert_eq!(person.post("/reset", &fields).await.status, 403);
    let url = local.reset_link(owner).await.unwrap().url.unwrap();
    let page = person.get(url.strip_prefix(&person.url).unwrap()).await;
    let (ticket, token) = (page.field("ticket"), page.field("token"));
    let fields = [
        ("ticket", ticket.as_str()),
        ("token", token.as_str()),
        ("new_password", PASSWORD),
    ];
    assert_eq!(person.post("/reset", &fields).await.status, 303);
}

#[tokio::test]
async fn a_test_drive_that_comes_back_without_its_cookie_says_that_somebody_waits_on() {
    let mut stage = Stage::new().await;
    let mut zoe = stage.person();
    let link = stage.real.local.start_test_drive().await.unwrap().url;
    let sent = zoe.get(link.strip_prefix(&zoe.url).unwrap()).await;
    let answer = stage.answer(&sent, "zoe@x.io", Outcome::Good);
    let fields = [("SAMLResponse", answer.as_str())];
    let shown = stage.person().post(ACS, &fields).await;
    assert_eq!(shown.status, 403, "{}", shown.text);
    for part in [
        "The test-drive failed",
        "did not send the cookie",
        "waits on",
    ] {
        assert!(shown.text.contains(part), "{part}: {}", shown.text);
    }
    let shown = zoe.post(ACS, &fields).await;
    assert!(
        shown.text.contains("Come back to the console"),
        "{}",
        shown.text
    );
}

#[tokio::test]
async fn what_an_admin_adds_by_mistake_is_refused() {
    let stage = Stage::new().await;
    let local = &stage.real.local;
    let sso = local.sso().await.unwrap().sso.unwrap();
    let by_hand = |idp| ConfigureSso {
        source: SsoSource::ByHand {
            identity_provider: idp,
        },
        allow_unsolicited: false,
        if_version: None,
    };
    let mut twice = sso.identity_provider.clone();
    twice.certificates.push(twice.certificates[0].clone());
    let error = local.configure_sso(by_hand(twice)).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Invalid);
    assert!(error.detail.contains("already believed"), "{error}");
    let mut plain = sso.identity_provider.clone();
    plain.sign_in_url = "http://idp.example/sso".into();
    let error = local.configure_sso(by_hand(plain)).await.unwrap_err();
    assert!(error.detail.contains("https://"), "{error}");
    let mut here = sso.identity_provider.clone();
    here.sign_in_url = "http://127.0.0.1:8480/sso".into();
    local.configure_sso(by_hand(here)).await.unwrap();
}
