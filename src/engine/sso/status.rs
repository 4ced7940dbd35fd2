//! Single sign-on as an admin sees it before the next step: what stands, what is missing, and what would change.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::examine::configuration;
use crate::counted::counted;
use crate::directory::policy::{OnEnable, RecoveryAdmin, SsoMachine};
use crate::directory::sso::makes_members;
use crate::directory::{MemberId, Outside, Provisioning, Sso, SsoFacts, SsoState, access};
use crate::engine::{Engine, EngineError};
use crate::saml::certificate::SigningCertificate;
use crate::saml::response::clean;
use crate::store::StoreError;
use crate::store::rows::TokenScope;
use crate::store::sso::SsoRefresh;

/// How many members without a password are named.
const NAMED: u32 = 100;
/// From when on a certificate's end is remarked, in days.
const SOON: i64 = 30;

/// How single sign-on stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SsoStatus {
    /// The version of the settings; a change may insist on it.
    pub version: u64,
    /// In which state it is.
    pub state: SsoState,
    /// What is set; `None` before an identity provider was configured.
    pub sso: Option<Sso>,
    /// Our entity id, to be entered at the identity provider. It is the URL of our metadata, too.
    pub entity_id: String,
    /// Our assertion consumer service, to be entered at the identity provider.
    pub acs_url: String,
    /// Where our metadata is.
    pub metadata_url: String,
    /// Where members sign in.
    pub sign_in_url: String,
    /// The signing certificates of the identity provider.
    pub certificates: Vec<CertificateState>,
    /// How the scheduled look at the metadata stands, where it comes from a URL and there was one.
    #[serde(default)]
    pub refresh: Option<SsoRefresh>,
    /// The last test-drive or sign-in that went well under the present configuration.
    pub last_green: Option<Timestamp>,
    /// `sso.jit` as it is written, and whether somebody unknown who signs in becomes a member now.
    pub jit: (String, bool),
    /// What can be done next, each with what it would change and what it lacks.
    pub next: Vec<NextStep>,
    /// What should be looked at, one sentence each.
    pub remarks: Vec<String>,
    /// Members who were born by single sign-on and have no password, 100 at most: whom disabling would make reset it.
    pub without_password: Vec<(MemberId, String)>,
}

/// A step to another state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// To which.
    pub to: SsoState,
    /// What it would change, with counts, one sentence each.
    pub changes: Vec<String>,
    /// What is missing for it, one sentence each; it is refused until then.
    pub missing: Vec<String>,
    /// For each of `missing`, in its order, the command by which it is had.
    #[serde(default)]
    pub ways: Vec<String>,
}

/// A signing certificate of the identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateState {
    /// SHA-256 of its DER, as `openssl x509 -fingerprint` prints it.
    pub fingerprint: String,
    /// Its subject, cleaned.
    pub subject: String,
    /// The start of its validity.
    pub not_before: Option<Timestamp>,
    /// The end of its validity.
    pub not_after: Option<Timestamp>,
    /// Whole days until its end; negative after it. An expired one still verifies.
    pub days_left: Option<i64>,
    /// Why it is believed, where the metadata does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
}

impl Engine {
    /// How single sign-on stands, and what its next step would do.
    pub async fn sso_status(&self) -> Result<SsoStatus, EngineError> {
        let in_force = self.in_force();
        let (settings, policy) = (&in_force.settings, &in_force.policy);
        let mut sso = settings.sso.clone();
        let state = sso.as_ref().map_or(SsoState::Off, |it| it.state);
        let facts = self.sso_facts().await?;
        let jit = makes_members(policy.sso.jit, facts.is_scim_linked);
        let now = Timestamp::now();
        let mut certificates = Vec::new();
        let mut refresh = None;
        if let Some(sso) = &mut sso {
            let idp = &mut sso.identity_provider;
            let all = idp.certificates.iter();
            certificates = all.map(|it| certificate(it, &idp.outside, now)).collect();
            refresh = self.refresh_of(idp).await?;
            // A look that changed nothing has read the document all the same.
            if let Some(known) = refresh.as_ref().filter(|it| it.went_well.is_some()) {
                idp.metadata_at = known.went_well;
                idp.valid_until = known.valid_until;
            }
        }
        let mut remarks = Vec::new();
        if let Some(failing) = refresh.as_ref().and_then(|it| it.failing.as_ref()) {
            remarks.push(format!(
                "the metadata could not be taken over, {} in a row: {}",
                counted(u64::from(failing.times), "time"),
                failing.why
            ));
        }
        for it in &certificates {
            match it.days_left {
                Some(days) if days < 0 => {
                    remarks.push(format!("the certificate {} has ended", it.fingerprint));
                }
                Some(days) if days <= SOON => remarks.push(format!(
                    "the certificate {} ends in {}",
                    it.fingerprint,
                    counted(days.unsigned_abs(), "day")
                )),
                _ => {}
            }
        }
        let mut without_password = Vec::new();
        for id in self.store.without_password(NAMED).await?.1 {
            if let Some(member) = self.store.member(id, false).await? {
                without_password.push((id, member.user_name().to_owned()));
            }
        }
        let next = match (&sso, state) {
            (None, _) => Vec::new(),
            (_, SsoState::Enabled) => vec![NextStep {
                to: SsoState::Off,
                changes: disabling(&facts, policy.sso.on_disable_reset),
                missing: Vec::new(),
                ways: Vec::new(),
            }],
            _ => {
                let ends = policy.sso.on_enable.contains(&OnEnable::NoPassword);
                let mut changes = Vec::new();
                if ends {
                    let losing = facts.with_password.saturating_sub(facts.recovery_admins);
                    changes.push(format!(
                        "{} can no longer sign in by password",
                        counted(losing, "member")
                    ));
                    changes.push(format!(
                        "{} still can",
                        counted(facts.recovery_admins, "recovery admin")
                    ));
                }
                if policy.sso.on_enable.contains(&OnEnable::NoInvite) {
                    changes.push("invitations end".to_owned());
                }
                let (mut missing, mut ways) = (Vec::new(), Vec::new());
                if policy.sso.machine == SsoMachine::TestDrive && facts.green_test.is_none() {
                    missing.push("a test-drive that goes well under this configuration".to_owned());
                    ways.push("provost sso test".to_owned());
                }
                let proven = facts
                    .recovery_proven
                    .is_some_and(|at| now.duration_since(at) <= access::PROOF_HOLDS);
                if ends && policy.guard.recovery_admin == RecoveryAdmin::RequireProven && !proven {
                    missing.push(
                        "a recovery admin who has shown within 90 days that they can sign in"
                            .to_owned(),
                    );
                    ways.push(if facts.recovery_admins == 0 {
                        "provost recover mark MEMBER, then provost recover prove MEMBER".to_owned()
                    } else {
                        "provost recover prove MEMBER".to_owned()
                    });
                }
                vec![NextStep {
                    to: SsoState::Enabled,
                    changes,
                    missing,
                    ways,
                }]
            }
        };
        Ok(SsoStatus {
            version: settings.version,
            state,
            sso,
            entity_id: self.sso_entity_id(),
            acs_url: self.sso_acs_url(),
            metadata_url: self.sso_entity_id(),
            sign_in_url: format!("{}{}", self.public_url(), super::SIGN_IN_PATH),
            certificates,
            refresh,
            last_green: facts.green_test,
            jit: (policy.value("sso.jit").unwrap_or_default(), jit),
            next,
            remarks,
            without_password,
        })
    }

    /// The last sign-ins and test-drives, newest first.
    pub async fn sign_ins(&self, limit: u32) -> Result<Vec<super::SignInRow>, EngineError> {
        Ok(self.store.sign_ins(limit).await?)
    }

    /// Whether an identity provider can provision: one is connected, or there is a live token for one.
    pub(in crate::engine) async fn is_scim_linked(&self) -> Result<bool, StoreError> {
        let in_force = self.in_force();
        let settings = &in_force.settings;
        if settings.provisioning == Provisioning::Off || !settings.connections.is_empty() {
            return Ok(settings.provisioning != Provisioning::Off);
        }
        let now = Timestamp::now();
        let tokens = self.store.tokens().await?;
        Ok(tokens.iter().any(|token| {
            token.scope == TokenScope::Scim
                && token.revoked.is_none()
                && token.expires.is_none_or(|end| end > now)
        }))
    }

    /// When a test-drive last went well under the present configuration by one of these certificates.
    pub(in crate::engine) async fn green_by(
        &self,
        certificates: &[String],
    ) -> Result<Option<Timestamp>, StoreError> {
        let in_force = self.in_force();
        let Some(sso) = &in_force.settings.sso else {
            return Ok(None);
        };
        let signers = fingerprints(certificates);
        let green = self.store.last_green(&configuration(sso), &signers).await?;
        Ok(green.map(|it| it.at))
    }

    /// What a decision on single sign-on depends on.
    pub(in crate::engine) async fn sso_facts(&self) -> Result<SsoFacts, StoreError> {
        let in_force = self.in_force();
        let present = in_force.settings.sso.as_ref();
        let present = present.map(|sso| sso.identity_provider.certificates.as_slice());
        let mut facts = SsoFacts {
            green_test: self.green_by(present.unwrap_or_default()).await?,
            with_password: self.store.with_password().await?,
            without_password: self.store.without_password(0).await?.0,
            is_scim_linked: self.is_scim_linked().await?,
            ..SsoFacts::default()
        };
        for id in self.store.recovery_admins().await? {
            let member = self.store.member(id, false).await?;
            let can = member.is_some_and(|it| it.is_active())
                && self.store.password_hash(id).await?.is_some();
            if can {
                facts.recovery_admins += 1;
                let (proven, _) = self.store.recovery_of(id).await?;
                facts.recovery_proven = facts.recovery_proven.max(proven);
            }
        }
        Ok(facts)
    }
}

/// The fingerprints of the certificates that are believed.
fn fingerprints(certificates: &[String]) -> Vec<String> {
    let read = certificates
        .iter()
        .filter_map(|text| SigningCertificate::from_text(text).ok());
    read.map(|it| it.fingerprint().to_string()).collect()
}

fn disabling(facts: &SsoFacts, resets: bool) -> Vec<String> {
    let mut changes = vec!["passwords work again".to_owned()];
    if resets && facts.without_password > 0 {
        let members = counted(facts.without_password, "member");
        changes.push(format!(
            "{members} came by single sign-on and must set a password"
        ));
    }
    if facts.is_scim_linked {
        changes.push(
            "SCIM stays connected; end that connection too, or members it creates cannot sign in"
                .to_owned(),
        );
    }
    changes
}

fn certificate(
    text: &str,
    outside: &BTreeMap<String, Outside>,
    now: Timestamp,
) -> CertificateState {
    let Ok(read) = SigningCertificate::from_text(text) else {
        return CertificateState {
            fingerprint: "unreadable".to_owned(),
            subject: String::new(),
            not_before: None,
            not_after: None,
            days_left: None,
            outside: None,
        };
    };
    CertificateState {
        fingerprint: read.fingerprint().to_string(),
        subject: clean(read.subject(), 200),
        not_before: Some(read.not_before()),
        not_after: Some(read.not_after()),
        days_left: Some(
            read.not_after()
                .duration_since(now)
                .as_secs()
                .div_euclid(86_400),
        ),
        outside: outside.get(&read.fingerprint().to_string()).cloned(),
    }
}
