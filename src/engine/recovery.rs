//! Recovery admins: marked by an admin, proven by their password, brought back by a one-time code at the machine.

use super::access::{random_text, sha256};
use super::admin::{AdminDone, Asker, Mode, deed};
use super::passwords::check_length;
use super::{Engine, EngineError};
use crate::directory::{Actor, Command, Member, MemberId, ObjectKind, Refusal, RefusalKind};
use crate::secret::Secret;
use crate::store::RecoveryCodes;

/// How many one-time codes a recovery admin has.
const CODES: u32 = 5;

impl Engine {
    /// Keeps a member for the day on which nobody else can sign in, or no longer.
    pub async fn mark_recovery(
        &self,
        asker: &Asker,
        id: MemberId,
        on: bool,
    ) -> Result<AdminDone, EngineError> {
        let member = self.named(id).await?;
        let _turn = self.locks.lock(&id).await;
        let name = member.user_name();
        let path = format!("/admin/v1/recovery/{id}/mark");
        let deed = deed("POST", path, "Users", ObjectKind::Member, id, name);
        self.perform(asker, &Command::MarkRecovery { id, on }, deed)
            .await
    }

    /// Compares a password, and notes that a recovery admin can sign in where it is theirs.
    pub async fn prove_recovery(
        &self,
        asker: &Asker,
        id: MemberId,
        password: Secret,
    ) -> Result<AdminDone, EngineError> {
        let member = self.named(id).await?;
        let hash = self.store.password_hash(id).await?;
        let matches = self.passwords.verify(password, hash).await?;
        let name = member.user_name();
        let path = format!("/admin/v1/recovery/{id}/prove");
        let deed = deed("POST", path, "Users", ObjectKind::Member, id, name);
        self.perform(asker, &Command::ProveRecovery { id, matches }, deed)
            .await
    }

    /// Gives a recovery admin new one-time codes and tells them, this once; those they had are worthless. A preview has
    /// none.
    pub async fn make_recovery_codes(
        &self,
        asker: &Asker,
        id: MemberId,
    ) -> Result<(AdminDone, Vec<Secret>), EngineError> {
        let member = self.named(id).await?;
        let mut codes = Vec::new();
        for _ in 0..CODES {
            codes.push(Secret::new(format!("prv_recover_{}", random_text()?)));
        }
        let name = member.user_name();
        let path = format!("/admin/v1/recovery/{id}/codes");
        let mut deed = deed("POST", path, "Users", ObjectKind::Member, id, name);
        deed.recovery.made = codes.iter().map(sha256).collect();
        let command = Command::MakeRecoveryCodes { id, count: CODES };
        let done = self.perform(asker, &command, deed).await?;
        if asker.mode == Mode::Preview {
            codes.clear();
        }
        Ok((done, codes))
    }

    /// Brings a recovery admin back by a one-time code: active, with this password. For whoever sits at the machine; no
    /// route leads here.
    pub async fn use_recovery_code(
        &self,
        code: &Secret,
        password: Secret,
    ) -> Result<AdminDone, EngineError> {
        check_length(&password)?;
        let spent = sha256(code);
        let Some(id) = self.store.recovery_code(&spent).await? else {
            return Err(EngineError::Refused {
                refusal: Refusal {
                    code: "RECOVERY_CODE".into(),
                    kind: RefusalKind::Forbidden,
                    detail: "no recovery admin has this code; it is mistyped, spent, or replaced by newer ones"
                        .into(),
                    policy_key: None,
                    notes: Vec::new(),
                    retry_after: None,
                },
                request: None,
            });
        };
        let member = self.store.member(id, true).await?;
        let name = member.map_or_else(String::new, |member| member.user_name().to_owned());
        let asker = Asker {
            actor: Actor::recovery(name.as_str()),
            mode: Mode::Commit,
        };
        let hash = self.passwords.hash(password).await?;
        let path = format!("/recovery/{id}");
        let mut deed = deed("POST", path, "Users", ObjectKind::Member, id, &name);
        deed.password_hash = Some((id, hash));
        deed.recovery = RecoveryCodes {
            made: Vec::new(),
            spent: Some(spent),
        };
        self.perform(&asker, &Command::UseRecoveryCode { id }, deed)
            .await
    }

    async fn named(&self, id: MemberId) -> Result<Member, EngineError> {
        let member = self.store.member(id, false).await?;
        member.ok_or_else(|| EngineError::NotFound(format!("there is no member {id}")))
    }
}
