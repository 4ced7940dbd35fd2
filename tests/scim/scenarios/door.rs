//! The door of single sign-on: an identity provider for the fixture, and people who come through a browser.

use jiff::Timestamp;
use provost::admin::AdminError;
use provost::admin::guards::{MarkRecovery, ProveRecovery};
use provost::admin::sso::{ConfigureSso, SsoSource, SsoState, SwitchSso};
use provost::admin::types::{Done, RequestId};
use provost::engine::sso::SignInRow;
use provost::saml::EntityId;
use provost::simulate::idp::{Outcome, Person as Subject, ResponseIds, ServiceProvider, TestIdp};

use super::seen;
use super::world::World;
use super::{LD, SAFE};
use crate::people::{Person, Shown};

const PASSWORD: &str = "correct horse battery staple";

/// Single sign-on of a world.
pub struct Door<'a> {
    world: &'a World,
    idp: TestIdp,
    answers: u8,
}

/// Somebody with an e-mail address whom the identity provider knows, and nothing else about them.
pub fn subject(email: &str) -> Subject {
    Subject {
        email: email.into(),
        ..Subject::default()
    }
}

impl<'a> Door<'a> {
    /// One that is not configured yet.
    pub fn of(world: &'a World) -> Self {
        let engine = world.provider.real.local.engine();
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
        Self {
            world,
            idp: idp.unwrap(),
            answers: 0,
        }
    }

    /// One that is enabled: after a test-drive and with a recovery admin, where the preset asks for them.
    pub async fn enabled(world: &'a World) -> Self {
        let mut door = Self::of(world);
        door.configure().await.unwrap();
        if [LD, SAFE].contains(&world.preset) {
            let row = door.drive(&subject("ada@x.io")).await;
            assert!(row.starts_with("drive ok"), "{row}");
        }
        if world.preset == SAFE {
            door.prove_recovery().await;
        }
        door.switch(SsoState::Enabled).await.unwrap();
        door
    }

    pub async fn configure(&self) -> Result<Done, AdminError> {
        let configure = ConfigureSso {
            source: SsoSource::Metadata {
                xml: self.idp.metadata(),
                entity_id: None,
            },
            allow_unsolicited: false,
            if_version: None,
        };
        self.world.remote().configure_sso(configure).await
    }

    pub async fn switch(&self, state: SsoState) -> Result<Done, AdminError> {
        let switch = SwitchSso {
            state,
            if_version: None,
        };
        self.world.remote().switch_sso(switch).await
    }

    /// The owner is kept for recovery and has shown that they can sign in.
    pub async fn prove_recovery(&self) {
        let own = self.world.id("own").parse().unwrap();
        let admin = self.world.admin();
        let mark = MarkRecovery { on: true };
        admin.mark_recovery(own, mark).await.unwrap();
        let proof = ProveRecovery {
            password: PASSWORD.into(),
        };
        admin.prove_recovery(own, proof).await.unwrap();
    }

    fn browser(&self) -> Person {
        Person::at(self.world.provider.real.server.public_url())
    }

    /// What the identity provider has a browser post that was sent to it.
    fn answer(&mut self, sent: &Shown, who: &Subject) -> String {
        assert_eq!(sent.status, 303, "{}", sent.text);
        let (_, query) = sent.header("location").split_once('?').unwrap();
        let request = self.idp.read_request(query).unwrap();
        self.answers += 1;
        let ids = ResponseIds::new([[self.answers; 16], [self.answers + 100; 16], [7; 16]]);
        let now = Timestamp::now();
        let response = self.idp.respond(&request, who, Outcome::Good, &ids, now);
        response.unwrap().saml_response()
    }

    /// Somebody signs in: whether they are in, what the log says, what changed.
    pub async fn sign_in(&mut self, who: &Subject) -> String {
        let mut browser = self.browser();
        let sent = browser.get("/trust/saml2/login").await;
        let answer = self.answer(&sent, who);
        let shown = browser
            .post("/trust/saml2/acs", &[("SAMLResponse", &answer)])
            .await;
        let is_in = browser.is_in().await;
        assert_eq!(is_in, shown.status == 303, "{}", shown.text);
        self.row(if is_in { "in" } else { "out" }, &shown).await
    }

    /// A test-drive, as the one whom the identity provider answers with.
    pub async fn drive(&mut self, who: &Subject) -> String {
        let link = self.world.remote().start_test_drive().await.unwrap().url;
        let mut browser = self.browser();
        let path = link.strip_prefix(&browser.url).unwrap().to_owned();
        let sent = browser.get(&path).await;
        let answer = self.answer(&sent, who);
        let shown = browser
            .post("/trust/saml2/acs", &[("SAMLResponse", &answer)])
            .await;
        assert!(!browser.is_in().await, "a test-drive lets nobody in");
        let is_good = self.last().await.ok;
        self.row(if is_good { "drive ok" } else { "drive failed" }, &shown)
            .await
    }

    /// A sign-in by password of the owner, who has one.
    pub async fn by_password(&self) -> String {
        let mut browser = self.browser();
        let shown = browser
            .sign_in_at("/login?with=password", "own@x.io", PASSWORD)
            .await;
        let is_in = browser.is_in().await;
        self.row(if is_in { "in" } else { "out" }, &shown).await
    }

    /// The last sign-in or test-drive.
    pub async fn last(&self) -> SignInRow {
        let last = self.world.remote().sign_ins(1).await.unwrap();
        last.into_iter().next().unwrap()
    }

    async fn row(&self, answer: &str, shown: &Shown) -> String {
        let id: u64 = shown.header("x-request-id").parse().unwrap();
        let exchange = self.world.exchange(RequestId(id)).await;
        seen::row(answer, &exchange)
    }

    /// Whether the last line of a sign-in has this in its trace.
    pub async fn noted(&self, text: &str) {
        let last = self.last().await;
        let exchange = self.world.exchange(last.request).await;
        let found = exchange.trace.iter().any(|step| step.what.contains(text));
        assert!(found, "{text:?} in {:#?}", exchange.trace);
    }
}
