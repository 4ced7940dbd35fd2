//! Single sign-on of the engine that is none: it can be configured, tried, enabled and forgotten, and remembers what it
//! was asked.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use provost::admin::sso::{
    ConfigureSso, MapClaims, PastedResponse, SessionRow, SessionsOf, SignInRow, Sso, SsoRead,
    SsoSource, SsoState, SsoStatus, SsoWrite, SwitchSso, TestDriveLink,
};
use provost::admin::types::{Done, IfVersion};
use provost::admin::{AdminError, AdminErrorKind};
use uuid::Uuid;

use super::fake::{Fake, State, done};
use super::sso_data;

/// How single sign-on is at the engine.
#[derive(Clone, Debug)]
pub struct FakeSso {
    pub status: SsoStatus,
    pub sign_ins: Vec<SignInRow>,
    /// What the test-drive that is out comes to, once a browser has come back.
    pub outcome: Option<SignInRow>,
    pub sessions: Vec<SessionRow>,
    /// What was asked, in words.
    pub asked: Vec<String>,
}

impl FakeSso {
    pub fn new(state: State, now: Timestamp) -> Self {
        let full = state == State::Full;
        Self {
            status: if full {
                sso_data::configured(now, SsoState::TestDrive)
            } else {
                sso_data::nothing()
            },
            sign_ins: if full {
                sso_data::sign_ins(now)
            } else {
                Vec::new()
            },
            outcome: None,
            sessions: sso_data::sessions(now),
            asked: Vec::new(),
        }
    }
}

/// The name of the only test-drive.
pub const DRIVE: Uuid = Uuid::from_u128(0x0d0c_0de0);

fn invalid(detail: &str) -> AdminError {
    AdminError::new(AdminErrorKind::Invalid, detail)
}

impl Fake {
    fn change(&self, asked: String, change: impl FnOnce(&mut SsoStatus)) -> Done {
        let mut sso = self.sso.lock().unwrap();
        sso.asked.push(asked);
        change(&mut sso.status);
        sso.status.version += 1;
        sso.status = sso_data::settled(sso.status.clone(), self.now);
        done(String::new())
    }
}

#[async_trait]
impl SsoRead for Fake {
    async fn sso(&self) -> Result<SsoStatus, AdminError> {
        let status = self.sso.lock().unwrap().status.clone();
        self.answer(status).await
    }

    async fn sessions(&self, _: SessionsOf) -> Result<Vec<SessionRow>, AdminError> {
        let sessions = self.sso.lock().unwrap().sessions.clone();
        self.answer(sessions).await
    }

    async fn sign_ins(&self, limit: u32) -> Result<Vec<SignInRow>, AdminError> {
        let mut rows = self.sso.lock().unwrap().sign_ins.clone();
        rows.truncate(usize::try_from(limit).unwrap());
        self.answer(rows).await
    }

    async fn test_drive(&self, id: Uuid) -> Result<Option<SignInRow>, AdminError> {
        assert_eq!(id, DRIVE);
        let outcome = self.sso.lock().unwrap().outcome.clone();
        if let Some(row) = &outcome
            && row.ok
        {
            let mut sso = self.sso.lock().unwrap();
            sso.status.last_green = Some(row.at);
            sso.status = sso_data::settled(sso.status.clone(), self.now);
        }
        self.answer(outcome).await
    }

    async fn examine_response(&self, pasted: PastedResponse) -> Result<SignInRow, AdminError> {
        if pasted.text == "nonsense" {
            return Err(invalid("it is no Response"));
        }
        let mut row = sso_data::red(self.now, DRIVE);
        row.request = provost::admin::types::RequestId(0);
        row.drive = None;
        self.answer(row).await
    }
}

#[async_trait]
impl SsoWrite for Fake {
    async fn configure_sso(&self, configure: ConfigureSso) -> Result<Done, AdminError> {
        let mut identity_provider = sso_data::identity_provider(self.now);
        let asked = match configure.source {
            SsoSource::Metadata { xml, entity_id } => {
                if !xml.contains("EntityDescriptor") {
                    return Err(invalid(
                        "the metadata cannot be used: this is no SAML metadata",
                    ));
                }
                if xml.contains("EntitiesDescriptor") && entity_id.is_none() {
                    return Err(invalid(
                        "the metadata cannot be used: this metadata has 2 identity providers, say which one is meant: urn:idp:a, urn:idp:b",
                    ));
                }
                if let Some(entity_id) = &entity_id {
                    identity_provider.entity_id.clone_from(entity_id);
                }
                identity_provider.metadata_url = None;
                format!("metadata {}", entity_id.unwrap_or_default())
            }
            SsoSource::MetadataUrl { url, .. } => format!("url {url}"),
            SsoSource::Refresh => "refresh".into(),
            SsoSource::ByHand {
                identity_provider: by_hand,
            } => {
                identity_provider = by_hand;
                format!("by hand {}", identity_provider.certificates.len())
            }
        };
        Ok(self.change(asked, |status| {
            let state = match &status.sso {
                Some(sso) if sso.state == SsoState::Enabled => SsoState::Enabled,
                _ => SsoState::TestDrive,
            };
            status.last_green = None;
            status.sso = Some(Sso {
                state,
                identity_provider,
                claims: status
                    .sso
                    .as_ref()
                    .map(|sso| sso.claims.clone())
                    .unwrap_or_default(),
                allow_unsolicited: configure.allow_unsolicited,
            });
        }))
    }

    async fn map_claims(&self, map: MapClaims) -> Result<Done, AdminError> {
        let asked = format!("map {:?}", map.claims.get("teamKey"));
        let claims = map.claims.try_into();
        let claims = claims.map_err(|_| invalid("a claim is wrong"))?;
        Ok(self.change(asked, |status| {
            if let Some(sso) = &mut status.sso {
                sso.claims = claims;
            }
        }))
    }

    async fn switch_sso(&self, switch: SwitchSso) -> Result<Done, AdminError> {
        let asked = format!("switch {}", switch.state);
        Ok(self.change(asked, |status| {
            if let Some(sso) = &mut status.sso {
                sso.state = switch.state;
            }
        }))
    }

    async fn remove_sso(&self, _: IfVersion) -> Result<Done, AdminError> {
        Ok(self.change("forget".into(), |status| status.sso = None))
    }

    async fn start_test_drive(&self) -> Result<TestDriveLink, AdminError> {
        let mut sso = self.sso.lock().unwrap();
        sso.asked.push("test-drive".into());
        sso.outcome = None;
        Ok(TestDriveLink {
            id: DRIVE,
            url: "https://provost.x.io/trust/saml2/test-drive?ticket=Vh3uYw0c8sQdK1mZr7eTnPaXbLq2fGjS".into(),
            expires: self.now + SignedDuration::from_mins(10),
        })
    }

    async fn end_session(&self, id: Uuid) -> Result<Done, AdminError> {
        let mut sso = self.sso.lock().unwrap();
        sso.asked.push(format!("end {id}"));
        sso.sessions.retain(|session| session.id != id);
        Ok(done(id.to_string()))
    }
}
