//! A Response against the settings: the checks of the protocol, then replay. What its attributes mean is decided with the
//! member.

use aws_lc_rs::digest::{SHA256, digest};

use jiff::Timestamp;

use super::{CheckRow, Decoded};
use crate::directory::Sso;
use crate::engine::{Engine, EngineError};
use crate::saml::certificate::SigningCertificate;
use crate::saml::claims::Claims;
use crate::saml::response::{
    self, Check, CheckId, CheckState, Expectations, RawResponse, SKEW, Subject, Unsolicited,
    examine,
};
use crate::saml::xml::{Limits, Source, decode_base64};

/// A Response that was examined.
pub(super) struct Examined {
    /// Each check.
    pub(super) checks: Vec<CheckRow>,
    /// Who signs in, where every check went well.
    pub(super) subject: Option<(Subject, Claims)>,
    /// The name that came, whatever the verdict.
    pub(super) name: String,
    /// What came, for eyes alone.
    pub(super) decoded: Box<Decoded>,
    /// The code of the first failure, and what it says.
    pub(super) failure: Option<(String, String)>,
}

/// What a Response is examined by besides the settings.
pub(super) struct Question {
    pub(super) method: String,
    pub(super) content_type: Option<String>,
    pub(super) saml_responses: Vec<String>,
    /// The request it has to answer.
    pub(super) pending: Option<String>,
    /// Whether it need not answer one.
    pub(super) unsolicited: bool,
    pub(super) now: Timestamp,
}

impl Engine {
    /// Examines a Response. Uses nothing up.
    pub(super) async fn examine(
        &self,
        sso: &Sso,
        question: Question,
    ) -> Result<Examined, EngineError> {
        let decryption = self.sso_key().await?.decryption_key();
        let decryption = decryption.map_err(|error| EngineError::Invalid(error.to_string()))?;
        let (acs_url, entity_id) = (self.sso_acs_url(), self.sso_entity_id());
        let idp = sso.identity_provider.clone();
        let work = move || {
            let certificates: Vec<SigningCertificate> = idp
                .certificates
                .iter()
                .filter_map(|text| SigningCertificate::from_text(text).ok())
                .collect();
            let raw = RawResponse {
                method: &question.method,
                content_type: question.content_type.as_deref(),
                saml_responses: question.saml_responses.iter().map(String::as_str).collect(),
            };
            examine(
                &raw,
                &Expectations {
                    idp_entity_id: &idp.entity_id,
                    certificates: &certificates,
                    acs_url: &acs_url,
                    sp_entity_id: &entity_id,
                    pending_request_id: question.pending.as_deref(),
                    unsolicited: if question.unsolicited {
                        Unsolicited::Allowed
                    } else {
                        Unsolicited::Refused
                    },
                    now: question.now,
                    skew: SKEW,
                    decryption_keys: &[decryption],
                },
            )
        };
        let _turn = self.examining.acquire().await;
        let examination = tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| EngineError::TaskEnded)?;
        let mut checks: Vec<CheckRow> = examination.checks().iter().map(row).collect();
        let mut subject = None;
        if let Some(accepted) = examination.accepted() {
            let used = self
                .store
                .is_assertion_used(&assertion_hash(sso, accepted))
                .await?;
            let replay = if used {
                ("failed", "the assertion was used already".to_owned())
            } else {
                ("passed", "the assertion was not used before".to_owned())
            };
            settle(&mut checks, CheckId::Replay, replay);
            match Claims::of_subject(accepted, &sso.claims) {
                // What they mean here is decided afterwards.
                Ok(claims) => subject = Some((accepted.clone(), claims)),
                Err(error) => settle(
                    &mut checks,
                    CheckId::Provisioning,
                    ("failed", error.to_string()),
                ),
            }
        } else {
            for id in [CheckId::Replay, CheckId::Provisioning] {
                let why = "not looked at, because of an earlier failure".to_owned();
                settle(&mut checks, id, ("not_reached", why));
            }
        }
        let failure = checks.iter().find(|it| it.state == "failed");
        let failure = failure.map(|it| (code_of(&it.id), format!("{}: {}", it.id, it.detail)));
        Ok(Examined {
            subject: subject.filter(|_| failure.is_none()),
            name: examination.decoded().name_id.clone().unwrap_or_default(),
            decoded: Box::new(decoded(examination.decoded())),
            checks,
            failure,
        })
    }
}

/// The request that a Response says it answers, unverified: only to look it up by.
pub(super) fn answers(saml_responses: &[String]) -> Option<String> {
    let [text] = saml_responses else { return None };
    let bytes = decode_base64(text, Limits::RESPONSE.bytes).ok()?;
    let source = Source::from_bytes(&bytes, Limits::RESPONSE).ok()?;
    let document = source.parse().ok()?;
    let id = document.root_element().attribute("InResponseTo")?;
    Some(id.to_owned())
}

/// SHA-256 of an assertion's issuer and ID.
pub(super) fn assertion_hash(sso: &Sso, subject: &Subject) -> [u8; 32] {
    hash(&format!(
        "{}\n{}",
        sso.identity_provider.entity_id, subject.assertion_id
    ))
}

pub(super) fn hash(text: &str) -> [u8; 32] {
    let mut bytes = [0_u8; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    bytes
}

/// What a configuration is told apart by.
pub(super) fn configuration(sso: &Sso) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash(&sso.examination()))
}

/// The explain code of a check that failed.
pub(super) fn code_of(check: &str) -> String {
    format!("SAML_{}", check.to_uppercase())
}

pub(super) fn settle(checks: &mut [CheckRow], id: CheckId, (state, detail): (&str, String)) {
    if let Some(check) = checks.iter_mut().find(|it| it.id == id.code()) {
        state.clone_into(&mut check.state);
        check.detail = detail;
    }
}

/// What a Response says, as a test-drive shows it.
fn decoded(from: &response::Decoded) -> Decoded {
    let mut values = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            values.push((name.to_owned(), value));
        }
    };
    add("NameID", from.name_id.clone());
    add("NameID Format", from.name_id_format.clone());
    add("SessionIndex", from.session_index.clone());
    let ends = from.session_not_on_or_after;
    add("SessionNotOnOrAfter", ends.map(|it| it.to_string()));
    for (name, several) in &from.attributes {
        for value in several {
            add(name, Some(value.clone()));
        }
    }
    Decoded {
        values,
        xml: from
            .assertion
            .clone()
            .or_else(|| from.response.clone())
            .unwrap_or_default(),
        clock_skew: from.clock_skew_seconds,
        certificate: from.certificate.clone(),
    }
}

fn row(check: &Check) -> CheckRow {
    CheckRow {
        id: check.id.code().to_owned(),
        state: match check.state {
            CheckState::Passed => "passed",
            CheckState::Warned => "warned",
            CheckState::Failed => "failed",
            CheckState::NotReached => "not_reached",
            CheckState::Pending => "pending",
        }
        .to_owned(),
        expected: check.expected.clone(),
        received: check.received.clone(),
        detail: check.detail.clone(),
    }
}
