//! Looking after single sign-on without being asked: the metadata of the identity provider is read again on a schedule,
//! and who may have to act is told of what fails, moves or ends.
//!
//! How a document travels is the edge's business ([`MetadataSource`]); what of it is taken over is decided like an admin's
//! own refresh. A look that finds nothing new writes when it was, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::configure::read_document;
use super::schedule::{self, Found};
use crate::directory::roll_over::{moved, refreshed};
use crate::directory::sso_finding::{CertificateOf, EndStage, FAILURES};
use crate::directory::{
    Command, IdpSettings, ObjectKind, Outside, RefusalKind, SsoFinding, Tending,
};
use crate::engine::admin::{Asker, Trouble, deed};
use crate::engine::{Engine, EngineError};
use crate::saml::EntityId;
use crate::saml::certificate::SigningCertificate;
use crate::saml::metadata::MetadataError;
use crate::store::sso::{RefreshFailing, SignInWrites, SsoRefresh};

/// The longest time between two looks at certificates and incidents.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// How long to wait where the store failed.
const BREATH: Duration = Duration::from_mins(1);
/// From when on another certificate takes over from one that ends.
const SUCCESSOR: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Characters of why a look failed that are kept.
const WHY: usize = 500;

/// How the document at a URL is fetched.
#[async_trait]
pub trait MetadataSource: Send + Sync + 'static {
    /// Fetches it. Takes a bounded time; the error is one sentence for admins.
    async fn fetch(&self, url: &str) -> Result<String, String>;
}

impl Engine {
    /// Looks after single sign-on until `stop`. `every` says how often the metadata is read again; `None` leaves that to
    /// admins. Run it as a task of its own, once an engine.
    pub async fn watch_sso(
        self: Arc<Self>,
        source: Arc<dyn MetadataSource>,
        every: Option<SignedDuration>,
        stop: CancellationToken,
    ) {
        loop {
            let wait = match self.look_after_sso(&*source, every, &stop).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::error!(%error, "single sign-on could not be looked after");
                    BREATH
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
                () = self.sso_stirred.notified() => {}
            }
        }
    }

    /// Looks once: reads the metadata where that is due, and tells what is to be told. How long there is time.
    async fn look_after_sso(
        &self,
        source: &dyn MetadataSource,
        every: Option<SignedDuration>,
        stop: &CancellationToken,
    ) -> Result<Duration, EngineError> {
        let mut wait = LONGEST;
        if let Some(every) = every {
            let now = Timestamp::now();
            if self
                .metadata_due(every)
                .await?
                .is_some_and(|due| due <= now)
            {
                self.read_metadata_again(source, every, stop).await?;
            }
            if let Some(due) = self.metadata_due(every).await? {
                wait = wait.min(due.duration_since(Timestamp::now()));
            }
        }
        self.tell_sso(Timestamp::now()).await?;
        Ok(Duration::try_from(wait).unwrap_or_default())
    }

    /// The identity provider that is set, where its metadata comes from a URL.
    fn fetched_idp(&self) -> Option<(String, IdpSettings)> {
        let in_force = self.in_force();
        let idp = &in_force.settings.sso.as_ref()?.identity_provider;
        Some((idp.metadata_url.clone()?, idp.clone()))
    }

    /// How the scheduled look at the metadata of this identity provider stands, unless it was configured anew since.
    pub(super) async fn refresh_of(
        &self,
        idp: &IdpSettings,
    ) -> Result<Option<SsoRefresh>, EngineError> {
        let known = self.store.sso_refresh().await?;
        Ok(known.filter(|it| {
            Some(&it.url) == idp.metadata_url.as_ref()
                && idp.metadata_at.is_none_or(|read| read <= it.looked)
        }))
    }

    /// When the metadata is to be read again; `None` where it does not come from a URL.
    async fn metadata_due(&self, every: SignedDuration) -> Result<Option<Timestamp>, EngineError> {
        let Some((_, idp)) = self.fetched_idp() else {
            return Ok(None);
        };
        let known = self.refresh_of(&idp).await?;
        let looked = known.as_ref().map(|it| it.looked).or(idp.metadata_at);
        let Some(looked) = looked else {
            return Ok(Some(Timestamp::now()));
        };
        let regular = looked.saturating_add(every).unwrap_or(Timestamp::MAX);
        let planned = known.and_then(|it| it.next).unwrap_or(regular);
        Ok(Some(planned.min(regular)))
    }

    async fn read_metadata_again(
        &self,
        source: &dyn MetadataSource,
        every: SignedDuration,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let Some((url, idp)) = self.fetched_idp() else {
            return Ok(());
        };
        let before = self.refresh_of(&idp).await?;
        let fetched = tokio::select! {
            fetched = source.fetch(&url) => fetched,
            () = stop.cancelled() => return Ok(()),
        };
        let now = Timestamp::now();
        let looked = match fetched {
            Ok(xml) => self.take_over(&xml, &url, &idp, now).await?,
            Err(why) => Looked::Failed(why),
        };
        let mut after = SsoRefresh {
            url,
            looked: now,
            went_well: before.as_ref().and_then(|it| it.went_well),
            failing: None,
            next: None,
            valid_until: before.as_ref().and_then(|it| it.valid_until),
        };
        let mut found = Found::default();
        let (why, place) = match looked {
            Looked::Well(read) => {
                after.went_well = Some(now);
                after.valid_until = read.valid_until;
                found = read;
                (None, None)
            }
            Looked::Failed(why) => (Some(why), None),
            Looked::Moved { why, place } => (Some(why), Some(place)),
            // It is another configuration by now.
            Looked::Late => return Ok(()),
        };
        if let Some(why) = why {
            tracing::warn!(%why, "the metadata of the identity provider could not be taken over");
            let failing = before.and_then(|it| it.failing);
            let times = failing.as_ref().map_or(0, |it| it.times).saturating_add(1);
            found.failures = times;
            after.failing = Some(RefreshFailing {
                since: failing.map_or(now, |it| it.since),
                times,
                why: why.chars().take(WHY).collect(),
                place,
            });
        }
        let next = schedule::next(every, &found, now);
        after.next = now.saturating_add(schedule::earlier(next)).ok();
        self.keep_refresh(after).await
    }

    /// Writes down how the scheduled look stands.
    pub(super) async fn keep_refresh(&self, refresh: SsoRefresh) -> Result<(), EngineError> {
        self.write_unlogged(SignInWrites {
            refresh: Some(Box::new(refresh)),
            ..SignInWrites::default()
        })
        .await
    }

    /// Takes over what a document says, where it says anything new.
    async fn take_over(
        &self,
        xml: &str,
        url: &str,
        idp: &IdpSettings,
        now: Timestamp,
    ) -> Result<Looked, EngineError> {
        let entity_id = match EntityId::parse(&idp.entity_id) {
            Ok(entity_id) => entity_id,
            Err(error) => return Ok(Looked::Failed(error.to_string())),
        };
        let read = match read_document(xml, Some(&entity_id), Some(url.to_owned()), now) {
            Ok(read) => read,
            Err(MetadataError::UnknownIdentityProvider { entity_ids, .. }) => {
                let names: Vec<&str> = entity_ids.iter().map(EntityId::as_str).take(3).collect();
                let place = names.join(", ");
                let why = format!(
                    "the metadata describes {place} and not {} any more",
                    idp.entity_id
                );
                return Ok(Looked::Moved { why, place });
            }
            Err(error) => return Ok(Looked::Failed(error.to_string())),
        };
        if let Some(place) = moved(idp, &read.identity_provider) {
            let was = &idp.sign_in_url;
            let why = format!("the metadata sends members to {place} instead of {was}");
            return Ok(Looked::Moved { why, place });
        }
        let found = Found {
            valid_until: read.identity_provider.valid_until,
            cache_duration: read.cache_duration,
            failures: 0,
        };
        if refreshed(idp, &read.identity_provider, now) == *idp {
            return Ok(Looked::Well(found));
        }
        let command = Command::RefreshSso {
            read: Box::new(read.identity_provider),
            may_move: false,
            if_version: None,
        };
        let path = "/admin/v1/sso/refresh".to_owned();
        match self.set(&Asker::system(), "PUT", path, &command).await {
            Ok(_) => Ok(Looked::Well(found)),
            Err(EngineError::Refused { refusal, .. })
                if refusal.kind == RefusalKind::VersionMismatch
                    || refusal.kind == RefusalKind::NotFound =>
            {
                Ok(Looked::Late)
            }
            Err(EngineError::Refused { refusal, .. }) => Ok(Looked::Failed(refusal.detail)),
            Err(error) => Err(error),
        }
    }

    /// What there is to be told of single sign-on now.
    pub async fn sso_findings(&self, now: Timestamp) -> Result<Vec<SsoFinding>, EngineError> {
        let in_force = self.in_force();
        let Some(sso) = &in_force.settings.sso else {
            return Ok(Vec::new());
        };
        let idp = &sso.identity_provider;
        let mut findings = Vec::new();
        let failing = self.refresh_of(idp).await?.and_then(|it| it.failing);
        match failing {
            Some(RefreshFailing {
                since,
                why,
                place: Some(place),
                ..
            }) => findings.push(SsoFinding::MetadataMoved { why, place, since }),
            Some(RefreshFailing {
                since, why, times, ..
            }) if times >= FAILURES => {
                findings.push(SsoFinding::MetadataFails { why, times, since });
            }
            _ => {}
        }
        findings.extend(ending(idp, now));
        if let Some(key) = self.store.sso_key().await? {
            let own = SigningCertificate::from_text(&key.certificate).ok();
            findings.extend(own.and_then(|it| end_of(CertificateOf::Ourselves, &it, now)));
        }
        Ok(findings)
    }

    /// Opens the incidents that are to be opened, and closes those whose cause has gone.
    async fn tell_sso(&self, now: Timestamp) -> Result<(), EngineError> {
        let findings = self.sso_findings(now).await?;
        for finding in &findings {
            let (code, about) = (finding.code(), finding.key());
            let newest = self.store.incident_about(code, &about).await?;
            if !finding.is_told_by(newest.as_ref()) {
                self.report_sso(finding, now).await?;
            }
        }
        for code in SsoFinding::CODES {
            for (about, incident) in self.store.open_incidents(code).await? {
                let stands = findings
                    .iter()
                    .any(|it| it.code() == code && it.key() == about);
                if !stands {
                    let close = Tending::Close {
                        note: Some(SsoFinding::over(code)),
                    };
                    self.tend_incident(&Asker::system(), incident.id, close, None)
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn report_sso(&self, finding: &SsoFinding, now: Timestamp) -> Result<(), EngineError> {
        let (code, detail) = (finding.code(), finding.detail(now));
        tracing::warn!(code, %detail, "an incident of single sign-on");
        let label = finding.subject();
        let mut deed = deed(
            "POST",
            "/admin/v1/sso/findings",
            "Settings",
            ObjectKind::Settings,
            uuid::Uuid::nil(),
            &label,
        );
        deed.trouble = Some(Trouble { code, detail });
        let command = Command::ReportSso {
            finding: Box::new(finding.clone()),
        };
        self.perform(&Asker::system(), &command, deed).await?;
        Ok(())
    }
}

/// What a look at the metadata came to.
enum Looked {
    /// What it says holds here.
    Well(Found),
    /// It could not be read or used.
    Failed(String),
    /// It names another identity provider or another place.
    Moved { why: String, place: String },
    /// The configuration is another one by now.
    Late,
}

/// The certificates of the identity provider that end with no other one to take over.
fn ending(idp: &IdpSettings, now: Timestamp) -> Vec<SsoFinding> {
    let all: Vec<SigningCertificate> = idp
        .certificates
        .iter()
        .filter_map(|text| SigningCertificate::from_text(text).ok())
        .collect();
    let takes_over = |one: &SigningCertificate, other: &SigningCertificate| {
        let left = other.not_after().duration_since(now);
        let is_over = one.not_after() <= now;
        other != one && (left > SUCCESSOR || (is_over && left.is_positive()))
    };
    let is_leaving = |one: &SigningCertificate| {
        let outside = idp.outside.get(&one.fingerprint().to_string());
        matches!(outside, Some(Outside::Left { .. }))
    };
    let last = all.iter().map(SigningCertificate::not_after).max();
    all.iter()
        .filter(|one| !all.iter().any(|other| takes_over(one, other)))
        .filter(|one| !is_leaving(one) || Some(one.not_after()) == last)
        .filter_map(|one| end_of(CertificateOf::IdentityProvider, one, now))
        .collect()
}

fn end_of(whose: CertificateOf, one: &SigningCertificate, now: Timestamp) -> Option<SsoFinding> {
    Some(SsoFinding::CertificateEnds {
        whose,
        fingerprint: one.fingerprint().to_string(),
        ends: one.not_after(),
        stage: EndStage::of(one.not_after(), now)?,
    })
}
