//! What admins grant OAuth clients, as the writer changes it.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::unit::Unit;
use crate::store::commit::{ClientCredentials, ConsentSecret};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::nanos;

/// How long an unused code is kept after its end, so that the log can still say whose it was.
const KEPT_AFTER_END: i64 = 3_600 * 1_000_000_000;

impl Unit<'_> {
    pub(super) fn rotate_client(&mut self, credentials: &ClientCredentials) -> Fallible<()> {
        let id = credentials.id.0;
        let Some((sha256, prefix)) = &credentials.secret else {
            return Err(Failure::stale(format!("client {id} came without a secret")));
        };
        let rotated = self
            .connection
            .statement(Statement::ClientRotate)?
            .execute(params![id.as_bytes(), prefix, sha256])?;
        if rotated == 0 {
            return Err(Failure::stale(format!("client {id} has no secret")));
        }
        Ok(())
    }

    pub(super) fn give_consent(
        &mut self,
        id: Uuid,
        client: Uuid,
        admin: &str,
        secret: &ConsentSecret,
    ) -> Fallible<()> {
        let ConsentSecret::Code {
            sha256,
            redirect_uri,
            challenge,
            expires,
        } = secret
        else {
            return Err(Failure::stale(format!("consent {id} came without a code")));
        };
        self.connection
            .statement(Statement::ConsentsPrune)?
            .execute([self.at.saturating_sub(KEPT_AFTER_END)])?;
        let inserted = self
            .connection
            .statement(Statement::ConsentInsert)?
            .execute(params![
                id.as_bytes(),
                client.as_bytes(),
                admin,
                sha256,
                redirect_uri,
                challenge,
                self.at,
                nanos(*expires)
            ])?;
        if inserted == 0 {
            return Err(Failure::stale(format!("client {client} is not in force")));
        }
        Ok(())
    }

    /// Spends the code or the refresh token, which must be unused, and keeps the next refresh token.
    pub(super) fn use_consent(
        &mut self,
        id: Uuid,
        is_first: bool,
        secret: &ConsentSecret,
    ) -> Fallible<()> {
        let ConsentSecret::Refresh {
            sha256,
            expires,
            spends,
        } = secret
        else {
            return Err(Failure::stale(format!(
                "consent {id} came without a refresh token"
            )));
        };
        let spent = match spends {
            None if is_first => self
                .connection
                .statement(Statement::ConsentUse)?
                .execute(params![id.as_bytes(), self.at])?,
            Some(spends) if self.consent_holds(id)? => self
                .connection
                .statement(Statement::RefreshUse)?
                .execute(params![spends, id.as_bytes(), self.at])?,
            None | Some(_) => 0,
        };
        if spent == 0 {
            return Err(Failure::stale(format!(
                "what consent {id} was used with is spent"
            )));
        }
        self.connection
            .statement(Statement::RefreshPrune)?
            .execute([self.at])?;
        self.connection
            .statement(Statement::RefreshInsert)?
            .execute(params![sha256, id.as_bytes(), self.at, nanos(*expires)])?;
        Ok(())
    }

    fn consent_holds(&self, id: Uuid) -> Fallible<bool> {
        let found: Option<i64> = self
            .connection
            .statement(Statement::ConsentHolds)?
            .query_row([id.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    }

    pub(super) fn revoke_consent(&mut self, id: Uuid) -> Fallible<()> {
        let revoked = self
            .connection
            .statement(Statement::ConsentRevoke)?
            .execute(params![id.as_bytes(), self.at])?;
        if revoked == 0 {
            return Err(Failure::stale(format!("consent {id} is not in force")));
        }
        self.connection
            .statement(Statement::ConsentTokensRevoke)?
            .execute(params![id.as_bytes(), self.at])?;
        Ok(())
    }
}
