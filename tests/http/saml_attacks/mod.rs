//! Forged Responses over the real assertion consumer service: each is a good one with one thing done to it, and each is
//! refused at the check that is meant for it. Nothing else happens, and the browser is told a reference alone.

mod controls;
mod documents;
mod messages;
mod other_ways;
mod signatures;
mod wrapping;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use provost::admin::AdminRead as _;
use provost::admin::local::LocalAdmin;
use provost::admin::sso::{
    ConfigureSso, IdpSettings, NameIdFormat, SignInRow, SsoBinding, SsoRead as _, SsoSource,
    SsoState, SsoWrite as _, SwitchSso,
};
use provost::admin::types::MemberDetail;
use provost::directory::Actor;
use provost::engine::admin::{Asker, Mode};
use provost::saml::EntityId;
use provost::saml::response::CheckId;
use provost::saml::signature::SignatureAlgorithm;
use provost::saml::testing::{KeySpec, Login, Signer, SigningKey};
use provost::simulate::idp::{ReceivedRequest, ServiceProvider};

use crate::people::{OWNER, Person, Shown};
use crate::real::Real;

const ACS: &str = "/trust/saml2/acs";
const LOGIN: &str = "/trust/saml2/login";
const ISSUER: &str = "https://idp.example/metadata";
const SSO_URL: &str = "https://idp.example/sso";

static RSA: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(KeySpec::Rsa2048).unwrap());
static RSA_4096: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(KeySpec::Rsa4096).unwrap());
static P256: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeySpec::P256).unwrap());
static P384: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeySpec::P384).unwrap());
/// Of an identity provider that nobody has configured.
static FOREIGN: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(KeySpec::Rsa2048).unwrap());

/// What is done to a good Response.
type Forgery = fn(&Forger) -> String;

/// What somebody has to forge with: a login that would be good, and how to write it.
pub struct Forger {
    login: Login,
}

impl Forger {
    fn signer() -> Signer<'static> {
        Signer::new(&RSA, SignatureAlgorithm::RsaSha256)
    }

    /// The good assertion without its signature, as it is signed.
    fn bare(&self) -> String {
        self.login.assertion_xml()
    }

    /// The good assertion, signed.
    fn assertion(&self) -> String {
        self.signed(&self.bare())
    }

    /// An assertion, signed by who may.
    fn signed(&self, assertion: &str) -> String {
        let id = &self.login.assertion_id;
        Self::signer().sign(assertion, id).unwrap()
    }

    /// A Response around something, not signed itself.
    fn around(&self, inner: &str) -> String {
        self.login.response_xml(inner)
    }

    /// The good Response: a signed assertion in it.
    fn good(&self) -> String {
        self.around(&self.assertion())
    }

    /// A good Response that is signed itself.
    fn signed_response(&self) -> String {
        let response = self.around(&self.bare());
        Self::signer()
            .sign(&response, &self.login.response_id)
            .unwrap()
    }

    /// A Response whose assertion was another one before it was signed.
    fn meant(&self, change: impl FnOnce(&mut Login)) -> String {
        let mut login = self.login.clone();
        change(&mut login);
        let signed = Self::signer().sign(&login.assertion_xml(), &login.assertion_id);
        login.response_xml(&signed.unwrap())
    }

    /// A Response whose assertion was edited before it was signed.
    fn signed_after(&self, from: &str, to: &str) -> String {
        self.around(&self.signed(&edit(&self.bare(), from, to)))
    }
}

/// Replaces what must be there.
fn edit(document: &str, from: &str, to: &str) -> String {
    assert!(document.contains(from), "{from} is not in {document}");
    document.replace(from, to)
}

/// The text from `start` to the end of `end` behind it.
fn cut(document: &str, start: &str, end: &str) -> String {
    let from = document.find(start).unwrap();
    let to = from + document[from..].find(end).unwrap() + end.len();
    document[from..to].to_owned()
}

/// A server with single sign-on enabled, and the identity provider's keys.
struct Stage {
    real: Real,
    service_provider: ServiceProvider,
    unsolicited: bool,
    logins: u32,
}

impl Stage {
    async fn new() -> Self {
        Self::that_takes(false).await
    }

    /// One that takes sign-ins which begin at the identity provider, or does not.
    async fn that_takes(unsolicited: bool) -> Self {
        let many = NonZeroU32::new(10_000).unwrap();
        let real = Real::with_limits(|limits| limits.sign_ins = many).await;
        let engine = real.local.engine();
        let asker = Asker {
            actor: Actor::admin("test"),
            mode: Mode::Commit,
        };
        let adopted = engine.adopt_preset(&asker, "launchdarkly".into(), BTreeMap::new(), None);
        adopted.await.unwrap();
        let service_provider = ServiceProvider {
            entity_id: EntityId::parse(&engine.sso_entity_id()).unwrap(),
            acs_url: engine.sso_acs_url(),
            certificate: None,
        };
        let mut stage = Self {
            real,
            service_provider,
            unsolicited,
            logins: 0,
        };
        stage.configure().await;
        let link = stage.real.local.start_test_drive().await.unwrap().url;
        let mut admin = stage.person();
        let path = link.strip_prefix(&admin.url).unwrap().to_owned();
        let sent = admin.get(&path).await;
        let good = stage.forger(&sent).good();
        let shown = post(&mut admin, &good).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        let switch = SwitchSso {
            state: SsoState::Enabled,
            if_version: None,
        };
        stage.real.local.switch_sso(switch).await.unwrap();
        stage
    }

    async fn configure(&self) {
        let keys = [&RSA, &RSA_4096, &P256, &P384];
        let certificates = keys.map(|key| key.certificate().to_base64());
        let identity_provider = IdpSettings {
            entity_id: ISSUER.into(),
            sign_in_url: SSO_URL.into(),
            binding: SsoBinding::Redirect,
            certificates: certificates.into(),
            name_id_format: NameIdFormat::EmailAddress,
            wants_signed_requests: false,
            metadata_url: None,
            metadata_at: None,
            valid_until: None,
            outside: BTreeMap::new(),
        };
        let configure = ConfigureSso {
            source: SsoSource::ByHand { identity_provider },
            allow_unsolicited: self.unsolicited,
            if_version: None,
        };
        self.real.local.configure_sso(configure).await.unwrap();
    }

    fn local(&self) -> &LocalAdmin {
        &self.real.local
    }

    fn person(&self) -> Person {
        Person::at(self.real.server.public_url())
    }

    /// A login that answers what a browser was sent away with.
    fn forger(&mut self, sent: &Shown) -> Forger {
        assert_eq!(sent.status, 303, "{}", sent.text);
        let (_, query) = sent.header("location").split_once('?').unwrap();
        let request = ReceivedRequest::read(query, SSO_URL, &self.service_provider).unwrap();
        self.login(request.id.map(|id| id.as_str().to_owned()))
    }

    fn login(&mut self, in_response_to: Option<String>) -> Forger {
        self.logins += 1;
        let n = self.logins;
        let login = Login {
            response_id: format!("_response{n}"),
            assertion_id: format!("_assertion{n}"),
            issuer: ISSUER.into(),
            acs_url: self.service_provider.acs_url.clone(),
            audience: self.service_provider.entity_id.as_str().into(),
            in_response_to,
            name_id: format!("zoe{n}@x.io"),
            ..Login::new(Timestamp::now())
        };
        Forger { login }
    }

    /// A browser that has begun to sign in, and what it could come back with.
    async fn begun(&mut self) -> (Person, Forger) {
        let mut person = self.person();
        let sent = person.get(LOGIN).await;
        let forger = self.forger(&sent);
        (person, forger)
    }

    /// Whom a forger would be, as they are.
    async fn owner(&self) -> MemberDetail {
        self.local().find_member(OWNER.into()).await.unwrap()
    }

    async fn members(&self) -> u64 {
        self.local().overview().await.unwrap().members
    }

    async fn last(&self) -> SignInRow {
        self.local().sign_ins(1).await.unwrap().remove(0)
    }

    /// Sends each forgery to the server, from a browser that has begun to sign in, and the good Response after it.
    async fn refuses(forgeries: &[(&str, Forgery, CheckId)]) {
        let mut stage = Self::new().await;
        let mut page = None;
        for (name, forge, check) in forgeries {
            let (mut person, forger) = stage.begun().await;
            let members = stage.members().await;
            let owner = stage.owner().await;
            let shown = post(&mut person, &forge(&forger)).await;
            stage.refused(name, &shown, check.code()).await;
            let plain = plain(&shown);
            assert_eq!(*page.get_or_insert(plain.clone()), plain, "{name}");
            assert!(!person.is_in().await, "{name}");
            assert_eq!(stage.members().await, members, "{name}");
            assert_eq!(stage.owner().await, owner, "{name}");
            // The request still waits for its answer, and only now is it used up.
            let shown = post(&mut person, &forger.good()).await;
            let last = stage.last().await;
            assert_eq!(shown.status, 303, "{name}: {}", last.detail);
            assert_eq!(last.name, forger.login.name_id, "{name}");
            assert_eq!(stage.members().await, members + 1, "{name}");
        }
    }

    /// What was shown is a refusal, and `check` is the first one that failed.
    async fn refused(&self, name: &str, shown: &Shown, check: &str) {
        let last = self.last().await;
        let rows: Vec<_> = last.checks.iter().map(|it| (&it.id, &it.detail)).collect();
        assert_eq!(shown.status, 403, "{name}: {rows:?}");
        assert!(shown.sets("provost_session").is_empty(), "{name}");
        let reference = shown.header("x-request-id");
        assert_eq!(last.request.0.to_string(), reference, "{name}");
        let failed = last.checks.iter().find(|it| it.state == "failed");
        let failed = failed.map(|it| it.id.as_str());
        assert_eq!(failed, Some(check), "{name}: {}", last.detail);
        let code = format!("SAML_{}", check.to_uppercase());
        assert_eq!(last.code, Some(code), "{name}");
        assert!(!last.ok && last.member.is_none(), "{name}");
    }

    /// Takes a good Response.
    async fn accepts(&mut self, name: &str, forge: impl FnOnce(&Forger) -> String) {
        let (mut person, forger) = self.begun().await;
        let shown = post(&mut person, &forge(&forger)).await;
        let last = self.last().await;
        assert_eq!(shown.status, 303, "{name}: {}", last.detail);
        assert!(last.ok && person.is_in().await, "{name}");
        assert_eq!(last.name, forger.login.name_id, "{name}");
    }
}

/// Posts a Response as the page of an identity provider has a browser do it.
async fn post(person: &mut Person, document: &str) -> Shown {
    let encoded = STANDARD.encode(document);
    person.post(ACS, &[("SAMLResponse", &encoded)]).await
}

/// The page without its reference number.
fn plain(shown: &Shown) -> String {
    let reference = format!("#{}", shown.header("x-request-id"));
    assert!(shown.text.contains(&reference), "{}", shown.text);
    shown.text.replace(&reference, "#N")
}
