//! The metadata of an identity provider that changes, read again on a schedule: certificates roll over, what fails or
//! moves is told and not taken over, and what ends is told in time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use provost::admin::guards::{Incident, IncidentListing, IncidentSeverity, TendIncident, Tending};
use provost::admin::sso::{
    ConfigureSso, MapClaims, Outside, SignInPurpose, SsoRead as _, SsoSource, SsoState, SsoStatus,
    SsoWrite as _, SwitchSso,
};
use provost::admin::types::{RequestListing, Severity};
use provost::admin::{AdminRead as _, AdminWrite as _};
use provost::engine::sso::{Browser, RawForm, SentAway, SignInOutcome};
use provost::saml::EntityId;
use provost::secret::Secret;
use provost::server::SsoWatch;
use provost::simulate::idp::{IdpKey, Outcome, Person, ResponseIds, ServiceProvider, TestIdp};
use rstest::rstest;
use tokio::sync::watch;

use crate::harness::PATIENCE;
use crate::real::Real;

const ENTITY_ID: &str = "https://idp.example/metadata";
const SSO_URL: &str = "https://idp.example/sso";
/// How long a generated certificate is valid.
const TEN_YEARS: i64 = 3_652;

/// Hands metadata out and counts how often.
struct Publisher {
    url: String,
    document: Arc<Mutex<Option<String>>>,
    asked: watch::Receiver<u64>,
}

impl Publisher {
    async fn start() -> Self {
        let document: Arc<Mutex<Option<String>>> = Arc::default();
        let (count, asked) = watch::channel(0_u64);
        let published = Arc::clone(&document);
        let answer = move || {
            count.send_modify(|count| *count += 1);
            let document = published.lock().unwrap().clone();
            async move { document.ok_or(http::StatusCode::SERVICE_UNAVAILABLE) }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/metadata", listener.local_addr().unwrap());
        let router = Router::new().route("/metadata", get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            document,
            asked,
        }
    }

    fn publish(&self, document: impl Into<Option<String>>) {
        *self.document.lock().unwrap() = document.into();
    }

    /// Waits until what is published now was looked at and dealt with: each further question comes after that.
    async fn looked_at(&self) {
        let mut asked = self.asked.clone();
        let then = *asked.borrow() + 3;
        let looked = asked.wait_for(|count| *count >= then);
        tokio::time::timeout(PATIENCE, looked)
            .await
            .unwrap()
            .unwrap();
    }
}

struct Stage {
    real: Real,
    publisher: Publisher,
    answers: u8,
}

impl Stage {
    async fn new() -> Self {
        Self {
            real: Real::watching(SsoWatch {
                every: Some(Duration::from_millis(20)),
            })
            .await,
            publisher: Publisher::start().await,
            answers: 0,
        }
    }

    /// The identity provider with a key whose certificate ends so many days from now.
    fn idp(&self, days: i64) -> TestIdp {
        self.idp_at(days, ENTITY_ID, SSO_URL)
    }

    fn idp_at(&self, days: i64, entity_id: &str, url: &str) -> TestIdp {
        let engine = self.real.local.engine();
        let service_provider = ServiceProvider {
            entity_id: EntityId::parse(&engine.sso_entity_id()).unwrap(),
            acs_url: engine.sso_acs_url(),
            certificate: None,
        };
        let made = Timestamp::now() - SignedDuration::from_hours(24 * (TEN_YEARS - days) - 1);
        let key = || IdpKey::generate("rolling", made).unwrap();
        let entity_id = EntityId::parse(entity_id).unwrap();
        TestIdp::new(entity_id, url.into(), service_provider, key(), key())
    }

    async fn configure(&self) {
        let configure = ConfigureSso {
            source: SsoSource::MetadataUrl {
                url: self.publisher.url.clone(),
                entity_id: None,
            },
            allow_unsolicited: true,
            if_version: None,
        };
        self.real.local.configure_sso(configure).await.unwrap();
    }

    async fn status(&self) -> SsoStatus {
        self.real.local.sso().await.unwrap()
    }

    async fn certificates(&self) -> usize {
        self.publisher.looked_at().await;
        self.status().await.certificates.len()
    }

    /// The outcome of a sign-in that this one signs.
    async fn sign_in(&mut self, idp: &TestIdp, purpose: SignInPurpose) -> Result<(), String> {
        let local = self.real.local.clone();
        let engine = local.engine();
        let binding = Secret::new("browser".to_owned());
        let sent = match purpose {
            SignInPurpose::SignIn => engine.begin_sign_in(None, &binding).await,
            SignInPurpose::TestDrive => {
                let link = local.start_test_drive().await.unwrap();
                let (_, ticket) = link.url.split_once("?ticket=").unwrap();
                let ticket = Secret::new(ticket.to_owned());
                engine.begin_test_drive(&ticket, &binding).await
            }
        };
        let SentAway::Redirect(url) = sent.unwrap() else {
            panic!("a form");
        };
        let request = idp.read_request(url.split_once('?').unwrap().1).unwrap();
        self.answers += 1;
        let ids = ResponseIds::new([[self.answers; 16], [self.answers + 100; 16], [7; 16]]);
        let who = Person {
            email: "owner@example.com".into(),
            ..Person::default()
        };
        let response = idp.respond(&request, &who, Outcome::Good, &ids, Timestamp::now());
        let form = RawForm {
            method: "POST".into(),
            content_type: Some("application/x-www-form-urlencoded".into()),
            saml_responses: vec![response.unwrap().saml_response()],
            relay_state: None,
        };
        let browser = Browser {
            binding: Some(binding),
            ..Browser::default()
        };
        match engine.finish_sign_in(form, browser).await.unwrap() {
            SignInOutcome::SignedIn { .. } | SignInOutcome::TestDriven { ok: true, .. } => Ok(()),
            _ => {
                let last = local.sign_ins(1).await.unwrap().remove(0);
                Err(last.code.unwrap_or_default())
            }
        }
    }

    async fn incidents(&self, code: &str) -> Vec<Incident> {
        let listing = IncidentListing {
            closed: true,
            limit: 100,
            ..IncidentListing::default()
        };
        let page = self.real.local.incidents(listing).await.unwrap();
        let found = page.items.into_iter().filter(|it| it.code == code);
        found.collect()
    }

    /// How many lines the request log has, and the version of the settings: what a look that finds nothing leaves alone.
    async fn written(&self) -> (usize, u64) {
        let listing = RequestListing {
            limit: 1_000,
            ..RequestListing::default()
        };
        let lines = self.real.local.requests(listing).await.unwrap().items.len();
        (lines, self.status().await.version)
    }
}

/// The metadata of one with the certificate of another one besides.
fn both(one: &TestIdp, other: &TestIdp) -> String {
    let other = other.metadata();
    let from = other.find("<md:KeyDescriptor").unwrap();
    let to = other.find("<md:NameIDFormat").unwrap();
    one.metadata().replacen(
        "<md:NameIDFormat",
        &format!("{}<md:NameIDFormat", &other[from..to]),
        1,
    )
}

#[tokio::test]
async fn a_certificate_rolls_over_and_nobody_notices() {
    let mut stage = Stage::new().await;
    let (old, new, third) = (stage.idp(-400), stage.idp(900), stage.idp(900));
    stage.publisher.publish(old.metadata());
    stage.configure().await;
    let claims = [("firstName".to_owned(), vec!["given".to_owned()])];
    let map = MapClaims {
        claims: claims.into(),
        if_version: None,
    };
    stage.real.local.map_claims(map).await.unwrap();
    stage.sign_in(&old, SignInPurpose::TestDrive).await.unwrap();
    assert!(stage.status().await.last_green.is_some());

    // Another one besides takes nothing from what the test-drive has shown.
    stage.publisher.publish(both(&old, &new));
    assert_eq!(stage.certificates().await, 2);
    let status = stage.status().await;
    assert!(status.last_green.is_some());
    assert!(status.refresh.unwrap().went_well.is_some());
    let switch = SwitchSso {
        state: SsoState::Enabled,
        if_version: None,
    };
    stage.real.local.switch_sso(switch).await.unwrap();
    for idp in [&old, &new] {
        stage.sign_in(idp, SignInPurpose::SignIn).await.unwrap();
    }

    // Nothing new: nothing is written but when it was looked at.
    let before = (stage.written().await, stage.status().await.refresh.unwrap());
    stage.publisher.publish(both(&new, &old));
    stage.publisher.looked_at().await;
    let after = (stage.written().await, stage.status().await.refresh.unwrap());
    assert_eq!(before.0, after.0);
    assert!(before.1.looked < after.1.looked);

    // The old one has expired, and goes when it leaves the document.
    stage.publisher.publish(new.metadata());
    assert_eq!(stage.certificates().await, 1);
    let refused = stage.sign_in(&old, SignInPurpose::SignIn).await;
    assert_eq!(refused.unwrap_err(), "SAML_ASSERTION_SIGNATURE");

    // The next one has not, and is believed for some days.
    stage.publisher.publish(third.metadata());
    assert_eq!(stage.certificates().await, 2);
    for idp in [&new, &third] {
        stage.sign_in(idp, SignInPurpose::SignIn).await.unwrap();
    }
    let status = stage.status().await;
    let leaving = status.certificates.iter().find(|it| it.outside.is_some());
    assert!(matches!(
        leaving.unwrap().outside,
        Some(Outside::Left { .. })
    ));
    let sso = status.sso.unwrap();
    assert!(sso.allow_unsolicited && sso.state == SsoState::Enabled);
    let claims: std::collections::BTreeMap<_, _> = sso.claims.into();
    assert_eq!(claims["firstName"], ["given"]);
    assert!(stage.incidents("SSO_METADATA_FAILED").await.is_empty());
}

#[tokio::test]
async fn a_certificate_that_is_replaced_takes_its_test_drive_with_it() {
    let mut stage = Stage::new().await;
    let (old, new) = (stage.idp(-400), stage.idp(900));
    stage.publisher.publish(old.metadata());
    stage.configure().await;
    stage.sign_in(&old, SignInPurpose::TestDrive).await.unwrap();
    stage.publisher.publish(new.metadata());
    assert_eq!(stage.certificates().await, 1);
    assert_eq!(stage.status().await.last_green, None);
    let switch = SwitchSso {
        state: SsoState::Enabled,
        if_version: None,
    };
    let error = stage.real.local.switch_sso(switch).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("SSO_NOT_TESTED"));
}

#[rstest]
#[case::no_answer(None)]
#[case::no_metadata(Some(("<md:EntityDescriptor", "<html")))]
#[case::expired(Some(("<md:EntityDescriptor", "<md:EntityDescriptor validUntil=\"2020-01-01T00:00:00Z\"")))]
#[case::no_certificate(Some(("use=\"signing\"", "use=\"encryption\"")))]
#[case::nothing(Some(("<md:IDPSSODescriptor", "<md:Nothing")))]
#[tokio::test]
async fn what_cannot_be_used_changes_nothing_and_is_told_once(
    #[case] spoiled: Option<(&str, &str)>,
) {
    let stage = Stage::new().await;
    let idp = stage.idp(900);
    let good = idp.metadata();
    stage.publisher.publish(good.clone());
    stage.configure().await;
    let before = stage.status().await.version;
    stage
        .publisher
        .publish(spoiled.map(|(from, to)| good.replace(from, to)));
    stage.publisher.looked_at().await;
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_METADATA_FAILED").await;
    assert_eq!((told.len(), told[0].count), (1, 1));
    assert_eq!(told[0].severity, IncidentSeverity::Warning);
    let detail = stage.real.local.incident(told[0].id).await.unwrap();
    let explanation = detail.explanation.unwrap();
    assert_eq!(explanation.code, "SSO_METADATA_FAILED");
    assert!(explanation.why.contains("in a row"), "{}", explanation.why);
    let status = stage.status().await;
    let failing = status.refresh.unwrap().failing.unwrap();
    assert!(failing.times >= 3 && status.version == before);
    assert!(status.remarks.iter().any(|it| it.contains(&failing.why)));
    let found = stage.real.local.doctor().await.unwrap();
    assert!(
        found
            .iter()
            .any(|it| it.check == "sso" && it.severity == Severity::Warning)
    );

    stage.publisher.publish(good);
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_METADATA_FAILED").await;
    assert!(told.len() == 1 && told[0].tended.closed.is_some());
    assert_eq!(stage.status().await.version, before);
}

#[rstest]
#[case::host(ENTITY_ID, "https://evil.example/sso", true)]
#[case::entity_id("https://evil.example/metadata", SSO_URL, false)]
#[tokio::test]
async fn what_moves_is_never_taken_over_by_itself(
    #[case] entity_id: &str,
    #[case] url: &str,
    #[case] an_admin_may: bool,
) {
    let stage = Stage::new().await;
    let idp = stage.idp(900);
    stage.publisher.publish(idp.metadata());
    stage.configure().await;
    let before = stage.status().await;
    let moved = stage.idp_at(900, entity_id, url);
    stage.publisher.publish(moved.metadata());
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_METADATA_MOVED").await;
    assert_eq!((told.len(), told[0].count), (1, 1));
    assert_eq!(told[0].severity, IncidentSeverity::Critical);
    assert_eq!(stage.status().await.version, before.version);
    let lines = stage.written().await;
    stage.publisher.looked_at().await;
    assert_eq!(stage.written().await, lines, "it is told once");

    let refresh = ConfigureSso {
        source: SsoSource::Refresh,
        allow_unsolicited: false,
        if_version: None,
    };
    let done = stage.real.local.configure_sso(refresh).await;
    assert_eq!(done.is_ok(), an_admin_may, "{done:?}");
    if !an_admin_may {
        stage.publisher.publish(idp.metadata());
    }
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_METADATA_MOVED").await;
    assert!(told.len() == 1 && told[0].tended.closed.is_some());
    let sso = stage.status().await.sso.unwrap();
    let is_there = sso.identity_provider.sign_in_url == url;
    assert!(is_there && sso.allow_unsolicited && sso.identity_provider.entity_id == ENTITY_ID);
}

#[tokio::test]
async fn a_certificate_that_ends_is_told_in_time_and_once() {
    let stage = Stage::new().await;
    let (ending, new) = (stage.idp(5), stage.idp(900));
    stage.publisher.publish(ending.metadata());
    stage.configure().await;
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_CERTIFICATE_ENDS").await;
    assert_eq!((told.len(), told[0].count), (1, 1));
    assert_eq!(told[0].severity, IncidentSeverity::Warning);
    let subject = &told[0].subjects[0];
    let certificate = stage.status().await.certificates.remove(0);
    let day = certificate.not_after.unwrap().to_string();
    assert_eq!(subject.member, None);
    for part in [&certificate.fingerprint, &day[..10]] {
        assert!(subject.name.contains(part), "{}", subject.name);
    }
    let detail = stage.real.local.incident(told[0].id).await.unwrap();
    let explanation = detail.explanation.unwrap();
    let told_day = format!("ends on {}", &day[..10]);
    assert!(explanation.why.contains(&told_day), "{}", explanation.why);
    assert!(explanation.next[0].text.contains("--refresh"));
    let found = stage.real.local.doctor().await.unwrap();
    assert!(
        found
            .iter()
            .any(|it| it.check == "sso" && it.found.contains(&certificate.fingerprint))
    );

    // An admin who has put it aside is not told again.
    let close = TendIncident {
        tending: Tending::Close { note: None },
        if_version: None,
    };
    let local = &stage.real.local;
    local.tend_incident(told[0].id, close).await.unwrap();
    let lines = stage.written().await;
    stage.publisher.looked_at().await;
    assert_eq!(stage.written().await, lines);

    let ended = stage.idp(-2);
    stage.publisher.publish(ended.metadata());
    stage.configure().await;
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_CERTIFICATE_ENDED").await;
    assert_eq!(
        (told.len(), told[0].severity),
        (1, IncidentSeverity::Critical)
    );
    stage.publisher.publish(both(&ended, &new));
    stage.publisher.looked_at().await;
    let told = stage.incidents("SSO_CERTIFICATE_ENDED").await;
    assert!(told.len() == 1 && told[0].tended.closed.is_some());
    assert_eq!(
        told[0].tended.note.as_deref().unwrap()[..14],
        *"over by itself"
    );
}
