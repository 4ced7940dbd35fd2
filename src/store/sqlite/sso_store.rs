//! [`SsoStore`] over SQLite: short reads on the caller's thread. Everything is written with the commit of a unit.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::failure::{Failure, Fallible};
use super::handle::SqliteStore;
use super::statement::{SsoStatement, Statements};
use super::values::{nanos, time, uint, uuid};
use crate::directory::{MemberId, PasswordLinkKind, TeamId};
use crate::secret::Secret;
use crate::store::StoreError;
use crate::store::sso::{
    SamlRequest, SessionRow, SignInPurpose, SignInRow, SsoKeyRow, SsoRefresh, SsoStore, TestDrive,
};

#[async_trait]
impl SsoStore for SqliteStore {
    async fn sso_key(&self) -> Result<Option<SsoKeyRow>, StoreError> {
        self.read(|connection| {
            Ok(connection
                .statement(SsoStatement::KeyGet)?
                .query_row([], |row| {
                    Ok(SsoKeyRow {
                        private: Secret::new(row.get(0)?),
                        certificate: row.get(1)?,
                    })
                })
                .optional()?)
        })
    }

    async fn saml_request(&self, id: &str) -> Result<Option<SamlRequest>, StoreError> {
        self.read(|connection| {
            Ok(connection
                .statement(SsoStatement::RequestGet)?
                .query_row([id], |row| {
                    let purpose: String = row.get(0)?;
                    Ok(SamlRequest {
                        id: id.to_owned(),
                        purpose: if purpose == "sign_in" {
                            SignInPurpose::SignIn
                        } else {
                            SignInPurpose::TestDrive
                        },
                        relay_state: row.get(1)?,
                        binding: row.get(2)?,
                        created: time(row.get(3)?),
                        used: row.get::<_, Option<i64>>(4)?.map(time),
                        drive: row.get::<_, Option<[u8; 16]>>(5)?.map(Uuid::from_bytes),
                    })
                })
                .optional()?)
        })
    }

    async fn test_drive(&self, ticket: &[u8; 32]) -> Result<Option<TestDrive>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::DriveGet)?
                .query_and_then([ticket], |row| {
                    Ok(TestDrive {
                        id: uuid(row, 0)?,
                        ticket: *ticket,
                        admin: row.get(1)?,
                        expires: time(row.get(2)?),
                    })
                })?
                .next()
                .transpose()
        })
    }

    async fn driven(&self, drive: Uuid) -> Result<Option<SignInRow>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::Driven)?
                .query_and_then([drive.as_bytes()], document)?
                .next()
                .transpose()
        })
    }

    async fn is_assertion_used(&self, sha256: &[u8; 32]) -> Result<bool, StoreError> {
        self.read(|connection| {
            Ok(connection
                .statement(SsoStatement::ReplayHas)?
                .exists([sha256])?)
        })
    }

    async fn sign_ins(&self, limit: u32) -> Result<Vec<SignInRow>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::SignIns)?
                .query_and_then([limit], document)?
                .collect()
        })
    }

    async fn last_green(
        &self,
        configuration: &str,
        signers: &[String],
    ) -> Result<Option<SignInRow>, StoreError> {
        let signers = serde_json::json!(signers).to_string();
        self.read(|connection| {
            connection
                .statement(SsoStatement::LastGreen)?
                .query_and_then([configuration, &signers], document)?
                .next()
                .transpose()
        })
    }

    async fn sso_refresh(&self) -> Result<Option<SsoRefresh>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::RefreshGet)?
                .query_and_then([], document)?
                .next()
                .transpose()
        })
    }

    async fn session(
        &self,
        sha256: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::SessionGet)?
                .query_and_then(params![sha256, nanos(now)], session)?
                .next()
                .transpose()
        })
    }

    async fn password_link(
        &self,
        sha256: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(MemberId, PasswordLinkKind)>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::LinkGet)?
                .query_and_then(params![sha256, nanos(now)], |row| {
                    let kind: String = row.get(1)?;
                    let kind = if kind == PasswordLinkKind::Invitation.as_str() {
                        PasswordLinkKind::Invitation
                    } else {
                        PasswordLinkKind::Reset
                    };
                    Ok((MemberId(uuid(row, 0)?), kind))
                })?
                .next()
                .transpose()
        })
    }

    async fn password_link_of(&self, member: MemberId) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| {
            Ok(connection
                .statement(SsoStatement::LinkOf)?
                .query_row([member.0.as_bytes()], |row| row.get(0).map(time))
                .optional()?)
        })
    }

    async fn sessions(
        &self,
        member: Option<MemberId>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.read(|connection| match member {
            Some(member) => connection
                .statement(SsoStatement::SessionsOf)?
                .query_and_then(params![nanos(now), limit, member.0.as_bytes()], session)?
                .collect(),
            None => connection
                .statement(SsoStatement::Sessions)?
                .query_and_then(params![nanos(now), limit], session)?
                .collect(),
        })
    }

    async fn teams_by_sign_in(&self, member: MemberId) -> Result<BTreeSet<TeamId>, StoreError> {
        self.read(|connection| {
            connection
                .statement(SsoStatement::TeamsBySignIn)?
                .query_and_then([member.0.as_bytes()], |row| uuid(row, 0).map(TeamId))?
                .collect()
        })
    }

    async fn with_password(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let count: i64 = connection
                .statement(SsoStatement::WithPasswordCount)?
                .query_row([], |row| row.get(0))?;
            Ok(uint(count))
        })
    }

    async fn without_password(&self, limit: u32) -> Result<(u64, Vec<MemberId>), StoreError> {
        self.read(|connection| {
            let count: i64 = connection
                .statement(SsoStatement::WithoutPasswordCount)?
                .query_row([], |row| row.get(0))?;
            let first = connection
                .statement(SsoStatement::WithoutPassword)?
                .query_and_then([limit], |row| uuid(row, 0).map(MemberId))?
                .collect::<Fallible<_>>()?;
            Ok((uint(count), first))
        })
    }
}

fn document<T: DeserializeOwned>(row: &Row<'_>) -> Fallible<T> {
    let text: String = row.get(0)?;
    serde_json::from_str(&text).map_err(|error| Failure::damaged("a sign-in", error))
}

fn session(row: &Row<'_>) -> Fallible<SessionRow> {
    let mut session: SessionRow = document(row)?;
    session.last_seen = time(row.get(1)?);
    Ok(session)
}
