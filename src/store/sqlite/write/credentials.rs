//! Tokens, OAuth clients and spent assertions, as the writer changes them.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::unit::Unit;
use crate::store::TokenSecret;
use crate::store::commit::ClientCredentials;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::nanos;

/// How long an access token is kept after its end, so that the log can still say whose it was.
const KEPT_AFTER_END: i64 = 3_600 * 1_000_000_000;

impl Unit<'_> {
    pub(super) fn issue_token(
        &mut self,
        name: &str,
        scope: &str,
        secret: &TokenSecret,
        owner: Option<Uuid>,
    ) -> Fallible<()> {
        self.connection
            .statement(Statement::TokenInsert)?
            .execute(params![
                secret.id.0.as_bytes(),
                name,
                secret.prefix,
                secret.sha256,
                scope,
                self.at,
                secret.expires.map(nanos),
                owner.as_ref().map(Uuid::as_bytes)
            ])
            .map_err(|error| super::resource::conflict(error, &secret.id))?;
        Ok(())
    }

    pub(super) fn revoke_token(&mut self, id: Uuid) -> Fallible<()> {
        let revoked = self
            .connection
            .statement(Statement::TokenRevoke)?
            .execute(params![id.as_bytes(), self.at])?;
        if revoked == 0 {
            return Err(Failure::stale(format!("token {id} is not in force")));
        }
        Ok(())
    }

    pub(super) fn rotate_token(&mut self, id: Uuid, expires: i64) -> Fallible<()> {
        let rotated = self
            .connection
            .statement(Statement::TokenRotate)?
            .execute(params![id.as_bytes(), self.at, expires])?;
        if rotated == 0 {
            return Err(Failure::stale(format!("token {id} cannot be rotated")));
        }
        Ok(())
    }

    pub(super) fn create_client(
        &mut self,
        name: &str,
        authentication: &str,
        credentials: &ClientCredentials,
        redirect_uris: &str,
    ) -> Fallible<()> {
        let secret = credentials.secret.as_ref();
        self.connection
            .statement(Statement::ClientInsert)?
            .execute(params![
                credentials.id.0.as_bytes(),
                name,
                authentication,
                secret.map(|(_, prefix)| prefix),
                secret.map(|(sha256, _)| sha256),
                credentials.keys,
                self.at,
                redirect_uris
            ])
            .map_err(|error| super::resource::conflict(error, &credentials.id))?;
        Ok(())
    }

    /// The decision has named each live token of the client; one that was fetched meanwhile makes it stale.
    pub(super) fn revoke_client(&mut self, id: Uuid) -> Fallible<()> {
        let revoked = self
            .connection
            .statement(Statement::ClientRevoke)?
            .execute(params![id.as_bytes(), self.at])?;
        if revoked == 0 {
            return Err(Failure::stale(format!("client {id} is not in force")));
        }
        let left: i64 = self
            .connection
            .statement(Statement::ClientTokenCount)?
            .query_row(params![id.as_bytes(), self.at], |row| row.get(0))?;
        if left > 0 {
            return Err(Failure::stale(format!("client {id} has fetched a token")));
        }
        Ok(())
    }

    /// An access token, only while its client is in force.
    pub(super) fn issue_access_token(
        &mut self,
        client: Uuid,
        scope: &str,
        secret: &TokenSecret,
        consent: Option<Uuid>,
    ) -> Fallible<()> {
        self.connection
            .statement(Statement::AccessTokensPrune)?
            .execute([self.at.saturating_sub(KEPT_AFTER_END)])?;
        let inserted = self
            .connection
            .statement(Statement::AccessTokenInsert)?
            .execute(params![
                secret.id.0.as_bytes(),
                client.as_bytes(),
                secret.prefix,
                secret.sha256,
                scope,
                self.at,
                secret.expires.map(nanos),
                consent.as_ref().map(Uuid::as_bytes)
            ])?;
        if inserted == 0 {
            return Err(Failure::stale(format!("client {client} is not in force")));
        }
        Ok(())
    }
}

/// Remembers an assertion until it expires. False where it was seen before (RFC 7523 §3, `jti`).
pub fn spend(connection: &Connection, spent: &Spent) -> Fallible<bool> {
    connection
        .statement(Statement::AssertionsPrune)?
        .execute([spent.now])?;
    let inserted = connection
        .statement(Statement::AssertionInsert)?
        .execute(params![
            spent.client.as_bytes(),
            spent.jti_sha256,
            spent.expires
        ])?;
    Ok(inserted > 0)
}

/// An assertion that somebody proved themselves with.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Whose it is.
    pub client: Uuid,
    /// SHA-256 of its `jti`.
    pub jti_sha256: [u8; 32],
    /// When it need not be remembered any more.
    pub expires: i64,
    /// The time now.
    pub now: i64,
}
