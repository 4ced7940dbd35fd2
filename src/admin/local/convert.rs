//! The engine's failures as an admin reads them.

use crate::admin::{AdminError, AdminErrorKind};
use crate::directory::RefusalKind;
use crate::engine::EngineError;
use crate::store::StoreError;

/// The explain code of a value that makes no sense, whatever policy is in force.
const BAD_VALUE: &str = "BAD_VALUE";
/// The explain code of a policy that is none.
const BAD_POLICY: &str = "BAD_POLICY";

impl From<EngineError> for AdminError {
    fn from(error: EngineError) -> Self {
        let detail = error.to_string();
        match error {
            EngineError::NotFound(_) => Self::new(AdminErrorKind::NotFound, detail),
            EngineError::SsoNotConfigured => Self {
                code: Some("SSO_NOT_CONFIGURED".to_owned()),
                ..Self::new(AdminErrorKind::NotFound, detail)
            },
            EngineError::AccountExists { .. } => Self::new(AdminErrorKind::Conflict, detail),
            EngineError::NoAccount => Self::new(AdminErrorKind::Unavailable, detail),
            EngineError::Invalid(_) => Self::new(AdminErrorKind::Invalid, detail),
            EngineError::NoRandomness | EngineError::TaskEnded => {
                Self::new(AdminErrorKind::Internal, detail)
            }
            EngineError::Refused { refusal, request } => {
                let kind = match refusal.kind {
                    // A SCIM client is answered 400 by guards and policies, too, as the products do that the presets
                    // follow; an admin shall tell a no from a value that makes no sense.
                    RefusalKind::Invalid
                        if [BAD_VALUE, BAD_POLICY].contains(&refusal.code.as_str()) =>
                    {
                        AdminErrorKind::Invalid
                    }
                    RefusalKind::Invalid
                    | RefusalKind::Mutability
                    | RefusalKind::Forbidden
                    | RefusalKind::Held => AdminErrorKind::Refused,
                    RefusalKind::NotFound => AdminErrorKind::NotFound,
                    RefusalKind::Uniqueness | RefusalKind::VersionMismatch => {
                        AdminErrorKind::Conflict
                    }
                };
                Self {
                    kind,
                    detail,
                    code: Some(refusal.code),
                    policy_key: refusal.policy_key,
                    request_id: request,
                    retry_after: refusal.retry_after,
                    notes: refusal.notes,
                }
            }
            EngineError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        match error {
            StoreError::Stale { .. }
            | StoreError::Taken { .. }
            | StoreError::InUse { .. }
            | StoreError::Shared { .. } => Self::new(AdminErrorKind::Conflict, detail),
            StoreError::Busy {
                retry_after_seconds,
            } => Self {
                retry_after: Some(retry_after_seconds),
                ..Self::new(AdminErrorKind::Unavailable, detail)
            },
            StoreError::Full { .. } => Self {
                code: Some("DISK_FULL".into()),
                ..Self::new(AdminErrorKind::Unavailable, detail)
            },
            StoreError::Closed => Self::new(AdminErrorKind::Unavailable, detail),
            StoreError::TooMany { .. } => Self::new(AdminErrorKind::Invalid, detail),
            StoreError::Newer { .. } | StoreError::Corrupt { .. } | StoreError::Database(_) => {
                Self::new(AdminErrorKind::Internal, detail)
            }
        }
    }
}
