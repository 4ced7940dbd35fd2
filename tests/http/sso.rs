//! Single sign-on from configuration to session, with the test identity provider on the other side.

use jiff::Timestamp;
use provost::admin::sso::{
    ConfigureSso, SessionsOf, SignInPurpose, SsoRead as _, SsoSource, SsoState, SsoWrite as _,
    SwitchSso,
};
use provost::admin::types::{Listing, NewMember};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use provost::engine::sso::{Browser, RawForm, SentAway, SignInOutcome};
use provost::saml::EntityId;
use provost::secret::Secret;
use provost::simulate::idp::{Outcome, Person, ResponseIds, ServiceProvider, TestIdp};
use uuid::Uuid;

use crate::guards_support::set;
use crate::oauth_flow::{Flow, PASSWORD};
use crate::real::Real;

struct Stage {
    real: Real,
    idp: TestIdp,
    answers: u8,
    drive: Option<Uuid>,
}

fn person(email: &str) -> Person {
    Person {
        email: email.into(),
        first_name: Some("Zoe".into()),
        last_name: Some("Zed".into()),
        ..Person::default()
    }
}

impl Stage {
    async fn under(preset: &str) -> Self {
        let real = Real::under(preset).await;
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
            idp: idp.unwrap(),
            real,
            answers: 0,
            drive: None,
        };
        let configure = ConfigureSso {
            source: SsoSource::Metadata {
                xml: stage.idp.metadata(),
                entity_id: None,
            },
            allow_unsolicited: false,
            if_version: None,
        };
        stage.real.local.configure_sso(configure).await.unwrap();
        stage
    }

    /// What the identity provider answers to a browser that is sent to it.
    async fn answer(&mut self, purpose: SignInPurpose, who: &Person, outcome: Outcome) -> RawForm {
        let engine = self.real.local.engine();
        let binding = Secret::new("browser".to_owned());
        let sent = match purpose {
            SignInPurpose::SignIn => engine.begin_sign_in(Some("/account"), &binding).await,
            SignInPurpose::TestDrive => {
                let link = self.real.local.start_test_drive().await.unwrap();
                self.drive = Some(link.id);
                let (_, ticket) = link.url.split_once("?ticket=").unwrap();
                let ticket = Secret::new(ticket.to_owned());
                engine.begin_test_drive(&ticket, &binding).await
            }
        };
        let SentAway::Redirect(url) = sent.unwrap() else {
            panic!("a form");
        };
        let (_, query) = url.split_once('?').unwrap();
        let request = self.idp.read_request(query).unwrap();
        self.answers += 1;
        let ids = ResponseIds::new([[self.answers; 16], [self.answers + 100; 16], [7; 16]]);
        let now = Timestamp::now();
        let response = self.idp.respond(&request, who, outcome, &ids, now).unwrap();
        RawForm {
            method: "POST".into(),
            content_type: Some("application/x-www-form-urlencoded".into()),
            saml_responses: vec![response.saml_response()],
            relay_state: None,
        }
    }

    async fn finish(&self, form: RawForm) -> SignInOutcome {
        let browser = Browser {
            binding: Some(Secret::new("browser".to_owned())),
            ..Browser::default()
        };
        let engine = self.real.local.engine();
        engine.finish_sign_in(form, browser).await.unwrap()
    }

    async fn switch(&self, state: SsoState) -> Result<(), provost::admin::AdminError> {
        let switch = SwitchSso {
            state,
            if_version: None,
        };
        self.real.local.switch_sso(switch).await.map(|_| ())
    }

    async fn last_code(&self) -> Option<String> {
        let last = self.real.local.sign_ins(1).await.unwrap();
        last.into_iter().next().and_then(|it| it.code)
    }
}

#[tokio::test]
async fn from_test_drive_to_a_session_and_its_end() {
    let mut stage = Stage::under("launchdarkly").await;
    let local = stage.real.local.clone();
    let who = person("zoe@x.io");
    assert_eq!(local.sso().await.unwrap().state, SsoState::TestDrive);
    let error = stage.switch(SsoState::Enabled).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("SSO_NOT_TESTED"));

    let members = local.overview().await.unwrap();
    let form = stage
        .answer(SignInPurpose::TestDrive, &who, Outcome::Good)
        .await;
    let outcome = stage.finish(form).await;
    assert!(
        matches!(outcome, SignInOutcome::TestDriven { ok: true, .. }),
        "{outcome:?} {:?}",
        local.sign_ins(1).await
    );
    assert_eq!(
        local.overview().await.unwrap().active_members,
        members.active_members
    );
    assert!(
        local
            .sessions(SessionsOf::default())
            .await
            .unwrap()
            .is_empty()
    );

    stage.switch(SsoState::Enabled).await.unwrap();
    let form = stage
        .answer(SignInPurpose::SignIn, &who, Outcome::Good)
        .await;
    let SignInOutcome::SignedIn { session, to, .. } = stage.finish(form.clone()).await else {
        panic!("{:?}", local.sign_ins(1).await);
    };
    assert_eq!(to, "/account");
    let holder = local.engine().session(&session).await.unwrap().unwrap();
    assert_eq!(
        (holder.user_name.as_str(), holder.name.as_str()),
        ("zoe@x.io", "Zoe Zed")
    );
    assert_eq!(local.sso().await.unwrap().without_password.len(), 1);

    // The same answer a second time.
    let again = stage.finish(form).await;
    assert!(matches!(again, SignInOutcome::Failed { .. }), "{again:?}");

    local.deactivate_member(holder.member).await.unwrap();
    assert!(local.engine().session(&session).await.unwrap().is_none());
    assert!(
        local
            .sessions(SessionsOf::default())
            .await
            .unwrap()
            .is_empty()
    );
    let form = stage
        .answer(SignInPurpose::SignIn, &who, Outcome::Good)
        .await;
    stage.finish(form).await;
    assert_eq!(stage.last_code().await.as_deref(), Some("SIGN_IN_INACTIVE"));
}

#[tokio::test]
async fn a_forged_answer_uses_nothing_up_and_lets_nobody_in() {
    let mut stage = Stage::under("launchdarkly").await;
    let form = stage
        .answer(
            SignInPurpose::TestDrive,
            &person("zoe@x.io"),
            Outcome::WrappedSignature,
        )
        .await;
    let outcome = stage.finish(form).await;
    assert!(
        matches!(outcome, SignInOutcome::TestDriven { ok: false, .. }),
        "{outcome:?}"
    );
    let drive = stage.drive.unwrap();
    let driven = stage.real.local.test_drive(drive).await.unwrap().unwrap();
    assert!(!driven.ok);
    let decoded = driven.decoded.unwrap();
    assert!(decoded.xml.contains("<saml:Assertion"), "{}", decoded.xml);
    assert!(decoded.clock_skew.is_some_and(|it| it.abs() < 60));
    let error = stage.switch(SsoState::Enabled).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Refused);
}

#[tokio::test]
async fn safe_asks_for_a_proven_recovery_admin() {
    let mut stage = Stage::under("safe").await;
    let form = stage
        .answer(
            SignInPurpose::TestDrive,
            &person("owner@example.com"),
            Outcome::Good,
        )
        .await;
    stage.finish(form).await;
    let error = stage.switch(SsoState::Enabled).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("SSO_NO_RECOVERY"));
}

impl Stage {
    /// One that is enabled.
    async fn enabled() -> Self {
        let mut stage = Self::under("launchdarkly").await;
        let form = stage
            .answer(SignInPurpose::TestDrive, &person("zoe@x.io"), Outcome::Good)
            .await;
        stage.finish(form).await;
        stage.switch(SsoState::Enabled).await.unwrap();
        stage
    }

    async fn sessions(&self) -> usize {
        let sessions = self.real.local.sessions(SessionsOf::default()).await;
        sessions.unwrap().len()
    }
}

/// One assertion, brought 32 times at once, lets somebody in once, and makes one member of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_assertion_is_good_for_one_session() {
    let mut stage = Stage::enabled().await;
    let members = stage.real.local.overview().await.unwrap().members;
    let form = stage
        .answer(SignInPurpose::SignIn, &person("zoe@x.io"), Outcome::Good)
        .await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let (engine, form) = (stage.real.local.engine().clone(), form.clone());
        tries.spawn(async move {
            let browser = Browser {
                binding: Some(Secret::new("browser".to_owned())),
                ..Browser::default()
            };
            engine.finish_sign_in(form, browser).await.unwrap()
        });
    }
    let outcomes = tries.join_all().await;
    let is_in = |it: &&SignInOutcome| matches!(it, SignInOutcome::SignedIn { .. });
    assert_eq!(outcomes.iter().filter(is_in).count(), 1, "{outcomes:?}");
    assert_eq!(stage.sessions().await, 1);
    assert_eq!(
        stage.real.local.overview().await.unwrap().members,
        members + 1
    );
    let lines = stage.real.local.sign_ins(100).await.unwrap();
    let codes: Vec<_> = lines.iter().filter_map(|it| it.code.as_deref()).collect();
    assert_eq!(codes.len(), 31);
    // Whoever came late was told so, or found that the request was answered already.
    let known = [
        "SAML_REPLAY",
        "SAML_RESPONSE_IN_RESPONSE_TO",
        "SAML_IN_RESPONSE_TO",
    ];
    assert!(codes.iter().all(|it| known.contains(it)), "{codes:?}");
}

/// Whichever of the two comes first: whoever is deactivated has no session afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_keeps_a_session_that_began_while_they_were_deactivated() {
    let mut stage = Stage::enabled().await;
    let who = person("zoe@x.io");
    let form = stage
        .answer(SignInPurpose::SignIn, &who, Outcome::Good)
        .await;
    stage.finish(form).await;
    let found = stage.real.local.find_member("zoe@x.io".into()).await;
    let id = found.unwrap().row.id;
    for _ in 0..20 {
        let form = stage
            .answer(SignInPurpose::SignIn, &who, Outcome::Good)
            .await;
        let (local, stage_ref) = (stage.real.local.clone(), &stage);
        let (gone, outcome) = tokio::join!(local.deactivate_member(id), stage_ref.finish(form));
        gone.unwrap();
        assert_eq!(stage.sessions().await, 0, "{outcome:?}");
        if let SignInOutcome::SignedIn { session, .. } = outcome {
            assert!(local.engine().session(&session).await.unwrap().is_none());
        }
        local.restore_member(id).await.unwrap();
        assert_eq!(stage.sessions().await, 0, "none comes back with them");
    }
}

/// What enabling asks for is not gone round by taking back that it was disabled.
#[tokio::test]
async fn an_undo_does_not_enable_single_sign_on() {
    let stage = Stage::enabled().await;
    let local = &stage.real.local;
    let switch = SwitchSso {
        state: SsoState::Off,
        if_version: None,
    };
    let off = local.switch_sso(switch).await.unwrap();
    let error = local.undo_request(off.request_id.unwrap()).await;
    let error = error.unwrap_err();
    assert!(error.detail.contains("enable it anew"), "{error:?}");
    assert_eq!(local.sso().await.unwrap().state, SsoState::Off);
    // Taking back that it was enabled is disabling it.
    let on = SwitchSso {
        state: SsoState::Enabled,
        if_version: None,
    };
    let on = local.switch_sso(on).await.unwrap();
    local.undo_request(on.request_id.unwrap()).await.unwrap();
    assert_eq!(local.sso().await.unwrap().state, SsoState::Off);
}

/// The authorization page takes no password that the page to sign in on refuses, and knows who has come through the
/// identity provider.
#[tokio::test]
async fn an_admin_grants_access_by_single_sign_on() {
    let mut stage = Stage::enabled().await;
    let flow = Flow::new(&stage.real, "entra").await;
    let (refused, _) = flow.sign_in("owner@example.com", PASSWORD).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let link = "/trust/saml2/login?RelayState=%2Ftrust%2Foauth%2Fauthorize";
    assert!(refused.text.contains(link), "{}", refused.text);

    // What was asked waits in the browser while they are away, and leads nowhere else.
    let asked = flow.open(&flow.asked()).await;
    let back = flow.open_with(&[], &asked.cookies()).await;
    assert_eq!(back.status, 303);
    assert!(
        back.header("location")
            .starts_with("/trust/oauth/authorize?response_type=code&")
    );
    for planted in ["aHR0cHM6Ly9ldmlsLmV4YW1wbGUv", "DQo", "%%%"] {
        let cookie = format!("provost_authorize_question={planted}");
        let page = flow.open_with(&[], &cookie).await;
        assert!(!page.header("location").contains("//"), "{planted}");
    }

    let mut roles = person("ben@x.io");
    for (role, is_admin) in [("reader", false), ("admin", true)] {
        roles.role = Some(role.to_owned());
        let form = stage
            .answer(SignInPurpose::SignIn, &roles, Outcome::Good)
            .await;
        let SignInOutcome::SignedIn { session, .. } = stage.finish(form).await else {
            panic!("{:?}", stage.last_code().await);
        };
        let session = format!("provost_session={}", session.expose());
        let page = flow.open_with(&flow.asked(), &session).await;
        assert_eq!(
            page.text.contains("Connect entra to"),
            is_admin,
            "{}",
            page.text
        );
        assert_eq!(page.text.contains("who is no admin"), !is_admin);
        if is_admin {
            let cookie = page.cookies();
            let sent = flow.submit(&cookie, &page, &[("decision", "allow")]).await;
            let code = sent.answer("code").expect("a code");
            let told = flow.exchange(&code).await;
            assert_eq!(told.status, 200, "{:?}", told.body);
        }
    }
}

/// A code dies with the power of whoever gave it, and a client that is made to ask an admin has no way around one.
#[tokio::test]
async fn a_code_of_a_former_admin_is_worth_nothing() {
    let real = Real::under("rfc").await;
    let flow = Flow::new(&real, "entra").await;
    let own = flow.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(own.body["error"], "unauthorized_client");
    let code = flow.code().await;
    let members = real.local.members(Listing::default()).await.unwrap();
    let owner = members.items.iter().find(|it| it.owner).unwrap();
    for key in ["guard.owner", "guard.last_admin"] {
        set(&real, key, "off").await;
    }
    real.local.deactivate_member(owner.id).await.unwrap();
    let told = flow.exchange(&code).await;
    assert_eq!(told.body["error"], "invalid_grant", "{:?}", told.body);
}

/// With single sign-on enabled what began by password is over for all but recovery admins: sessions, and links to set one.
#[tokio::test]
async fn enabling_ends_what_passwords_began() {
    let mut stage = Stage::under("launchdarkly").await;
    let local = stage.real.local.clone();
    let form = stage
        .answer(SignInPurpose::TestDrive, &person("zoe@x.io"), Outcome::Good)
        .await;
    stage.finish(form).await;
    let bo = NewMember {
        user_name: "bo@x.io".into(),
        ..NewMember::default()
    };
    let bo = local.add_member(bo).await.unwrap().id.parse().unwrap();
    let link = local.reset_link(bo).await.unwrap().url.unwrap();
    let password = Secret::new(PASSWORD.to_owned());
    let signed_in =
        local
            .engine()
            .sign_in_with_password("owner@example.com", password, Browser::default());
    let SignInOutcome::SignedIn { session, .. } = signed_in.await.unwrap() else {
        panic!("not signed in");
    };
    assert!(local.engine().session(&session).await.unwrap().is_some());

    stage.switch(SsoState::Enabled).await.unwrap();
    assert!(local.engine().session(&session).await.unwrap().is_none());
    assert_eq!(stage.sessions().await, 0);
    stage.switch(SsoState::Off).await.unwrap();
    let page = reqwest::get(link).await.unwrap();
    assert_ne!(page.status(), 200, "the link came to life again");
}

/// What everybody signs in by is not taken away untried: a certificate is added first, and members are not sent elsewhere.
#[tokio::test]
async fn while_it_is_enabled_what_was_tested_stays() {
    let stage = Stage::enabled().await;
    let local = &stage.real.local;
    let present = local.sso().await.unwrap();
    let metadata = stage.idp.metadata();
    let other = TestIdp::generate(
        EntityId::parse("https://idp.example/metadata").unwrap(),
        "https://idp.example/sso".into(),
        ServiceProvider {
            entity_id: EntityId::parse(&local.engine().sso_entity_id()).unwrap(),
            acs_url: local.engine().sso_acs_url(),
            certificate: None,
        },
        Timestamp::now(),
    );
    let elsewhere = metadata.replace("https://idp.example/sso", "https://elsewhere.example/sso");
    for xml in [other.unwrap().metadata(), elsewhere] {
        let configure = ConfigureSso {
            source: SsoSource::Metadata {
                xml,
                entity_id: None,
            },
            allow_unsolicited: false,
            if_version: None,
        };
        let refused = local.configure_sso(configure).await.unwrap_err();
        assert_eq!(
            refused.code.as_deref(),
            Some("SSO_NOT_TESTED"),
            "{refused:?}"
        );
    }
    let now = local.sso().await.unwrap();
    assert_eq!(now.state, SsoState::Enabled);
    assert_eq!(now.certificates.len(), present.certificates.len());
}
