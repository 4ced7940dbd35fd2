//! Guards, incidents and recovery, as the traits show them.

use jiff::{SignedDuration, Timestamp};

use super::LocalAdmin;
use crate::admin::guards::{
    GuardBrief, GuardStatus, Held, Incident, IncidentDetail, IncidentId, RecoveryAdmin,
};
use crate::admin::types::{Done, Finding, Page, Severity};
use crate::admin::{AdminError, AdminErrorKind};
use crate::counted::count;
use crate::directory::Ruling;
use crate::directory::policy::{GuardSwitch, KEYS, LastAdmin, RecoveryAdmin as RecoveryPolicy};
use crate::engine::incidents::Guards;
use crate::explain;
use crate::secret::Secret;

/// A proof older than this is worth another one, in days.
const PROVEN_DAYS: i64 = 90;
/// How many held commands a detail shows.
const SHOWN: u32 = 100;
/// How many paths to admin are told.
const MOST_PATHS: usize = 100;
/// How many of them the overview tells.
const BRIEF: usize = 5;

impl LocalAdmin {
    pub(super) async fn guard_status(&self) -> Result<GuardStatus, AdminError> {
        let guards = self.engine.guards(MOST_PATHS).await?;
        let now = Timestamp::now();
        let policy = &guards.policy;
        let keys = KEYS.iter().filter(|key| key.name.starts_with("guard."));
        let remarks = remarks(&guards, now);
        Ok(GuardStatus {
            keys: keys
                .map(|key| {
                    (
                        key.name.to_owned(),
                        policy.value(key.name).unwrap_or_default(),
                    )
                })
                .collect(),
            gone: guards.radius.recent,
            allowed: policy.guard.blast_radius.allowed(guards.radius.members),
            holding: guards.radius.is_holding,
            incidents: guards.incidents.0,
            holds: guards.incidents.1,
            remarks: remarks.into_iter().map(|(_, text, _)| text).collect(),
            recovery: recovery(&guards),
            paths: guards.paths,
        })
    }

    /// The guards in a line.
    pub(super) async fn guard_brief(&self) -> Result<GuardBrief, AdminError> {
        let guards = self.engine.guards(BRIEF).await?;
        Ok(GuardBrief {
            armed: guards.policy.guard.last_admin == LastAdmin::Deny,
            owner_unguarded: guards.policy.guard.owner == GuardSwitch::Off,
            incidents: guards.incidents.0,
            holds: guards.incidents.1,
            remarks: remarks(&guards, Timestamp::now())
                .into_iter()
                .map(|(_, text, _)| text)
                .collect(),
            paths: guards.paths,
        })
    }

    pub(super) async fn held_of(
        &self,
        incident: &Incident,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Held>, AdminError> {
        let mut held = self.engine.held(incident.id, offset, limit).await?;
        if incident.tended.ruling == Some(Ruling::Rejected) {
            // The rejection holds for all of it; the store notes only how each of what is carried out ended.
            for held in &mut held.items {
                held.end.get_or_insert_with(|| "rejected".to_owned());
            }
        }
        Ok(held)
    }

    pub(super) async fn incident_detail(
        &self,
        id: IncidentId,
    ) -> Result<IncidentDetail, AdminError> {
        let incident = self.engine.incident(id).await?;
        let held = self.held_of(&incident, 0, SHOWN).await?;
        let is_rejected = incident.tended.ruling == Some(Ruling::Rejected);
        // The log is pruned, the incident stays.
        let last = match incident.evidence.last() {
            Some(last) => self.engine.store().request(*last).await?,
            None => None,
        };
        Ok(IncidentDetail {
            policy_key: last.as_ref().and_then(|last| last.policy_key.clone()),
            explanation: last.and_then(|mut last| {
                // It may have gone well, as what flaps does; the incident knows what is to be said of it.
                let code = match incident.code.as_str() {
                    "MASS_DEPROV" if is_rejected => "HOLD_REJECTED",
                    code => code,
                };
                last.row.code = Some(code.to_owned());
                explain::explain(&last)
            }),
            incident,
            held,
        })
    }

    /// What the doctor says of the ways in.
    pub(super) async fn check_guards(&self) -> Result<Vec<Finding>, AdminError> {
        let guards = self.engine.guards(MOST_PATHS).await?;
        let remarks = remarks(&guards, Timestamp::now());
        let mut findings: Vec<Finding> = remarks
            .into_iter()
            .map(|(severity, found, fix)| Finding {
                severity,
                check: "guards".into(),
                found,
                fix,
            })
            .collect();
        if findings.is_empty() {
            findings.push(Finding {
                severity: Severity::Ok,
                check: "guards".into(),
                found: format!(
                    "{} to admin",
                    count(guards.paths.len() as u64, "path leads", "paths lead")
                ),
                fix: String::new(),
            });
        }
        Ok(findings)
    }

    /// Brings a recovery admin back by a one-time code: for whoever sits at the machine.
    pub async fn use_recovery_code(
        &self,
        code: &Secret,
        password: Secret,
    ) -> Result<Done, AdminError> {
        let done = self.engine.use_recovery_code(code, password).await?;
        Ok(done.into())
    }
}

/// A password that came over the wire.
pub(super) fn password(text: String) -> Result<Secret, AdminError> {
    if text.len() > 1_024 {
        return Err(AdminError::new(
            AdminErrorKind::Invalid,
            "a password has at most 1,024 bytes",
        ));
    }
    Ok(Secret::new(text))
}

fn recovery(guards: &Guards) -> Vec<RecoveryAdmin> {
    let admins = guards.recovery.iter();
    admins
        .map(|(member, proven, has_password, codes)| RecoveryAdmin {
            id: member.id,
            user_name: member.user_name().to_owned(),
            active: member.is_active() && member.deleted.is_none(),
            has_password: *has_password,
            proven: *proven,
            codes: *codes,
        })
        .collect()
}

/// What should be done: how bad, what, and how.
fn remarks(guards: &Guards, now: Timestamp) -> Vec<(Severity, String, String)> {
    let mut remarks = Vec::new();
    if guards.paths.is_empty() {
        remarks.push((
            Severity::Error,
            "nobody leads to admin".to_owned(),
            "provost recover use, with a recovery code".to_owned(),
        ));
    }
    let severity = match guards.policy.guard.recovery_admin {
        RecoveryPolicy::Off => return remarks,
        RecoveryPolicy::Recommend | RecoveryPolicy::RequireProven => Severity::Warning,
    };
    let since = now.checked_sub(SignedDuration::from_hours(24 * PROVEN_DAYS));
    let since = since.unwrap_or(Timestamp::MIN);
    let standing = recovery(guards).into_iter().filter(|admin| admin.active);
    let standing: Vec<RecoveryAdmin> = standing.collect();
    if standing.is_empty() {
        remarks.push((
            severity,
            "no recovery admin is there for the day on which nobody else can sign in".to_owned(),
            "provost recover new EMAIL".to_owned(),
        ));
    } else if !standing
        .iter()
        .any(|admin| admin.proven.is_some_and(|at| at >= since))
    {
        remarks.push((
            severity,
            format!("no recovery admin has shown within {PROVEN_DAYS} days that they can sign in"),
            format!("provost recover prove {}", first_name(&standing)),
        ));
    }
    remarks
}

fn first_name(admins: &[RecoveryAdmin]) -> &str {
    admins.first().map_or("EMAIL", |admin| &admin.user_name)
}
