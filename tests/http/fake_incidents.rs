//! The part of the fake store that belongs to the guards: nothing ever happens.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use provost::directory::policy::Roles;
use provost::directory::{Held, Incident, IncidentId, MemberId, Radius, TeamId};
use provost::store::rows::{Page, Total};
use provost::store::sso::{
    SamlRequest, SessionRow, SignInRow, SsoKeyRow, SsoRefresh, SsoStore, TestDrive,
};
use provost::store::{IncidentListing, IncidentStore, StoreError};

use crate::fake_store::FakeStore;

fn none<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        offset: 0,
        total: Total::Exact(0),
    }
}

#[async_trait]
impl IncidentStore for FakeStore {
    async fn incidents(&self, _: &IncidentListing) -> Result<Page<Incident>, StoreError> {
        Ok(none())
    }

    async fn incident(&self, _: IncidentId) -> Result<Option<Incident>, StoreError> {
        Ok(None)
    }

    async fn incident_about(&self, _: &str, _: &str) -> Result<Option<Incident>, StoreError> {
        Ok(None)
    }

    async fn open_incidents(&self, _: &str) -> Result<Vec<(String, Incident)>, StoreError> {
        Ok(Vec::new())
    }

    async fn count_incidents(&self, _: Timestamp) -> Result<(u64, u64), StoreError> {
        Ok((0, 0))
    }

    async fn held(&self, _: IncidentId, _: bool, _: u64, _: u32) -> Result<Page<Held>, StoreError> {
        Ok(none())
    }

    async fn radius(
        &self,
        _: Option<MemberId>,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Radius, StoreError> {
        Ok(Radius::default())
    }

    async fn departures_of(&self, _: &str, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn admins(&self, _: &Roles) -> Result<Vec<MemberId>, StoreError> {
        Ok(Vec::new())
    }

    async fn recovery_admins(&self) -> Result<Vec<MemberId>, StoreError> {
        Ok(Vec::new())
    }

    async fn recovery_of(&self, _: MemberId) -> Result<(Option<Timestamp>, u64), StoreError> {
        Ok((None, 0))
    }

    async fn recovery_code(&self, _: &[u8; 32]) -> Result<Option<MemberId>, StoreError> {
        Ok(None)
    }
}

/// Nobody ever signs in.
#[async_trait]
impl SsoStore for FakeStore {
    async fn password_link_of(&self, _: MemberId) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    async fn password_link(
        &self,
        _: &[u8; 32],
        _: Timestamp,
    ) -> Result<Option<(MemberId, provost::directory::PasswordLinkKind)>, StoreError> {
        Ok(None)
    }

    async fn sso_key(&self) -> Result<Option<SsoKeyRow>, StoreError> {
        Ok(None)
    }

    async fn saml_request(&self, _: &str) -> Result<Option<SamlRequest>, StoreError> {
        Ok(None)
    }

    async fn test_drive(&self, _: &[u8; 32]) -> Result<Option<TestDrive>, StoreError> {
        Ok(None)
    }

    async fn driven(&self, _: uuid::Uuid) -> Result<Option<SignInRow>, StoreError> {
        Ok(None)
    }

    async fn is_assertion_used(&self, _: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn sign_ins(&self, _: u32) -> Result<Vec<SignInRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn last_green(&self, _: &str, _: &[String]) -> Result<Option<SignInRow>, StoreError> {
        Ok(None)
    }

    async fn sso_refresh(&self) -> Result<Option<SsoRefresh>, StoreError> {
        Ok(None)
    }

    async fn session(&self, _: &[u8; 32], _: Timestamp) -> Result<Option<SessionRow>, StoreError> {
        Ok(None)
    }

    async fn sessions(
        &self,
        _: Option<MemberId>,
        _: Timestamp,
        _: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn teams_by_sign_in(&self, _: MemberId) -> Result<BTreeSet<TeamId>, StoreError> {
        Ok(BTreeSet::new())
    }

    async fn with_password(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn without_password(&self, _: u32) -> Result<(u64, Vec<MemberId>), StoreError> {
        Ok((0, Vec::new()))
    }
}
