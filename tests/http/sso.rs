//! Single sign-on from configuration to session, with the test identity provider on the other side.

use jiff::Timestamp;
use provost::admin::sso::{
    ConfigureSso, SessionsOf, SignInPurpose, SsoRead as _, SsoSource, SsoState, SsoWrite as _,
    SwitchSso,
};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use provost::engine::sso::{Browser, RawForm, SentAway, SignInOutcome};
use provost::saml::EntityId;
use provost::secret::Secret;
use provost::simulate::idp::{Outcome, Person, ResponseIds, ServiceProvider, TestIdp};
use uuid::Uuid;

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
        .answer(SignInPurpose::TestDrive, &person("zoe@x.io"), Outcome::Good)
        .await;
    stage.finish(form).await;
    let error = stage.switch(SsoState::Enabled).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("SSO_NO_RECOVERY"));
}
