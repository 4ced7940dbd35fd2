//! The password that a write carries besides its attributes: decided like everything else, hashed, and committed with it.

use tokio::sync::OnceCell;

use super::Failure;
use crate::directory::{
    Change, Command, Decision, Facts, Member, MemberId, Outcome, Stage, TraceStep,
};
use crate::engine::Engine;
use crate::engine::EngineError;
use crate::engine::access::random_text;
use crate::engine::call::ScimCall;
use crate::scim::{PasswordEdit, ScimError, dialect};
use crate::secret::Secret;

/// The hash of the password of one request: made once, however often the request is decided.
pub(super) type Hashed = OnceCell<String>;

impl Engine {
    /// Decides what happens to the password and adds it to the decision. Returns the hash to commit.
    pub(super) async fn decide_password(
        &self,
        call: &ScimCall,
        edit: &PasswordEdit,
        facts: &Facts,
        decision: &mut Decision,
        hashed: &Hashed,
    ) -> Result<Option<(MemberId, String)>, Failure> {
        let before = facts.member.as_ref().or_else(|| taken_up(facts, decision));
        let Some((id, name)) = after(before, decision) else {
            return Ok(None);
        };
        let mut known = Facts {
            member: before.cloned(),
            ..Facts::default()
        };
        let command = Command::SetPassword { id, name };
        let now = super::read::arrived(call);
        let password = self.decide(&mut known, &command, &call.actor, now).await?;
        let is_kept = password.outcome == Outcome::Applied;
        if !is_kept {
            decision.trace.push(TraceStep::noted(
                Stage::Parse,
                format!("{}: password is not kept", dialect::PASSWORD.name),
            ));
        }
        join(decision, password);
        if !is_kept {
            return Ok(None);
        }
        let hash = hashed.get_or_try_init(|| self.hash(edit)).await?;
        Ok(Some((id, hash.clone())))
    }

    async fn hash(&self, edit: &PasswordEdit) -> Result<String, Failure> {
        let password = match edit {
            PasswordEdit::Set(password) => password.clone(),
            // One that nobody knows opens nothing.
            PasswordEdit::Clear => Secret::new(random_text()?),
        };
        Ok(self.passwords.hash(password).await?)
    }
}

/// The member whom a POST takes up again instead of creating one.
fn taken_up<'f>(facts: &'f Facts, decision: &Decision) -> Option<&'f Member> {
    let creates = decision
        .changes
        .iter()
        .any(|change| matches!(change, Change::MemberCreated { .. }));
    facts
        .rivals
        .first()
        .filter(|_| !creates)
        .map(|rival| &rival.member)
}

/// Whom the decision leaves behind, with their name; nobody where they are gone.
fn after(before: Option<&Member>, decision: &Decision) -> Option<(MemberId, String)> {
    let mut left = before.map(|member| (member.id, member.user_name().to_owned()));
    for change in &decision.changes {
        match change {
            Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => {
                left = after
                    .deleted
                    .is_none()
                    .then(|| (after.id, after.user_name().to_owned()));
            }
            Change::MemberRemoved { .. } => left = None,
            _ => {}
        }
    }
    left
}

/// Two decisions on one request become one.
fn join(decision: &mut Decision, other: Decision) {
    decision.trace.extend(other.trace);
    decision.changes.extend(other.changes);
    if decision.outcome == Outcome::NoOp {
        decision.outcome = other.outcome;
    }
    decision.policy_key = decision.policy_key.or(other.policy_key);
}

impl From<EngineError> for Failure {
    fn from(failure: EngineError) -> Self {
        match failure {
            EngineError::Store(failure) => failure.into(),
            EngineError::Invalid(detail) => ScimError::invalid_value("password", detail).into(),
            other => {
                tracing::error!(error = %other, "a password could not be hashed");
                ScimError::new(500, "provost failed; nothing was changed")
                    .with_code("INTERNAL")
                    .into()
            }
        }
    }
}
