//! What signing in writes: inside the commit of the line of the request log, whole or not at all.

use rusqlite::params;

use super::unit::Unit;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{SsoStatement, Statements};
use crate::store::sqlite::values::{int, nanos};
use crate::store::sso::{SignInPurpose, SignInWrites};

/// How long a request waits for its answer.
const REQUEST_WAITS: i64 = 3_600 * 1_000_000_000;
/// How many requests wait, and how many lines are kept.
const BOUNDS: (i64, i64) = (20_000, 1_000);

impl Unit<'_> {
    pub(super) fn sign_in(&mut self, writes: &SignInWrites) -> Fallible<()> {
        let run = self.connection;
        if let Some(key) = &writes.key {
            run.statement(SsoStatement::KeyKeep)?
                .execute(params![key.private.expose(), key.certificate])?;
        }
        if let Some(drive) = &writes.drive {
            run.statement(SsoStatement::DrivesPrune)?
                .execute([self.at])?;
            run.statement(SsoStatement::DriveInsert)?.execute(params![
                drive.ticket,
                drive.id.as_bytes(),
                drive.admin,
                nanos(drive.expires)
            ])?;
        }
        if let Some(request) = &writes.begins {
            run.statement(SsoStatement::RequestsPrune)?
                .execute([self.at.saturating_sub(REQUEST_WAITS)])?;
            run.statement(SsoStatement::RequestsBound)?
                .execute([BOUNDS.0])?;
            let purpose = match request.purpose {
                SignInPurpose::SignIn => "sign_in",
                SignInPurpose::TestDrive => "test_drive",
            };
            run.statement(SsoStatement::RequestInsert)?
                .execute(params![
                    request.id,
                    purpose,
                    request.relay_state,
                    request.binding,
                    nanos(request.created),
                    request.drive.as_ref().map(uuid::Uuid::as_bytes)
                ])?;
        }
        if let Some(id) = &writes.uses_request {
            let used = run
                .statement(SsoStatement::RequestUse)?
                .execute(params![id, self.at])?;
            if used == 0 {
                return Err(Failure::stale("the request was answered already"));
            }
        }
        if let Some((sha256, until)) = &writes.uses_assertion {
            run.statement(SsoStatement::ReplayPrune)?
                .execute([self.at])?;
            let used = run
                .statement(SsoStatement::ReplayInsert)?
                .execute(params![sha256, nanos(*until)])?;
            if used == 0 {
                return Err(Failure::stale("the assertion was used already"));
            }
        }
        if let Some(link) = &writes.link {
            run.statement(SsoStatement::LinksPrune)?
                .execute([self.at])?;
            run.statement(SsoStatement::LinkInsert)?.execute(params![
                link.member.0.as_bytes(),
                link.sha256,
                link.kind.as_str(),
                nanos(link.expires)
            ])?;
        }
        if let Some(sha256) = &writes.uses_link {
            let used = run
                .statement(SsoStatement::LinkUse)?
                .execute(params![sha256, self.at])?;
            if used == 0 {
                return Err(Failure::stale("the link was used already"));
            }
        }
        for member in &writes.ends_links_of {
            run.statement(SsoStatement::LinksOfEnd)?
                .execute([member.0.as_bytes()])?;
        }
        if writes.closes_passwords {
            run.statement(SsoStatement::PasswordSessionsEnd)?
                .execute([])?;
            run.statement(SsoStatement::LinksEnd)?.execute([])?;
        }
        if writes.ends_invitations {
            run.statement(SsoStatement::InvitationsEnd)?.execute([])?;
        }
        for member in &writes.ends_of {
            run.statement(SsoStatement::SessionsOfEnd)?
                .execute([member.0.as_bytes()])?;
        }
        if let Some(id) = &writes.ends {
            let ended = run
                .statement(SsoStatement::SessionEnd)?
                .execute([id.as_bytes()])?;
            if ended == 0 {
                return Err(Failure::stale(format!("there is no session {id}")));
            }
        }
        if let Some((member, stays)) = &writes.ends_others {
            run.statement(SsoStatement::SessionsOthersEnd)?
                .execute([member.0.as_bytes(), stays.as_bytes()])?;
        }
        if let Some((id, at)) = &writes.touches {
            run.statement(SsoStatement::SessionTouch)?
                .execute(params![id.as_bytes(), nanos(*at)])?;
        }
        if let Some(session) = &writes.session {
            run.statement(SsoStatement::SessionsPrune)?
                .execute([self.at])?;
            if let Some(before) = &session.replaces {
                run.statement(SsoStatement::SessionReplace)?
                    .execute([before])?;
            }
            let row = &session.row;
            let line = json(row)?;
            let begun = run
                .statement(SsoStatement::SessionInsert)?
                .execute(params![
                    session.sha256,
                    row.id.as_bytes(),
                    row.member.0.as_bytes(),
                    nanos(row.created),
                    nanos(row.expires),
                    line
                ])?;
            // Whoever was deactivated a moment ago gets none that would come to life again with them.
            if begun == 0 {
                let what = format!("{} may not sign in any more", row.member);
                return Err(Failure::stale(what));
            }
        }
        if let Some(line) = &writes.line {
            run.statement(SsoStatement::SignInInsert)?.execute(params![
                int(line.request.0),
                line.ok,
                line.configuration,
                json(line)?,
                line.drive.as_ref().map(uuid::Uuid::as_bytes),
                line.signer
            ])?;
            run.statement(SsoStatement::SignInsBound)?
                .execute([BOUNDS.1])?;
        }
        if let Some(refresh) = &writes.refresh {
            run.statement(SsoStatement::RefreshKeep)?
                .execute([json(&**refresh)?])?;
        }
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> Fallible<String> {
    serde_json::to_string(value).map_err(|error| Failure::damaged("a sign-in", error))
}
