//! Test-drives: an admin starts one and gets a link, whoever opens it goes the way of a sign-in, and nothing changes.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::examine::hash;
use super::finish::refused;
use super::{SentAway, SignInPurpose, SignInRow, TEST_DRIVE_PATH};
use crate::engine::access::random_text;
use crate::engine::admin::Asker;
use crate::engine::{Engine, EngineError};
use crate::secret::Secret;
use crate::store::sso::{SignInWrites, TestDrive};

/// How long the link of a test-drive can be opened.
pub const TEST_DRIVE_HOLDS: SignedDuration = SignedDuration::from_mins(15);

/// A test-drive that was started.
#[derive(Debug)]
pub struct StartedDrive {
    /// By which its outcome is asked for.
    pub id: Uuid,
    /// Where a browser begins it; told this once.
    pub url: Secret,
    /// Until when the link can be opened.
    pub expires: Timestamp,
}

impl Engine {
    /// Starts a test-drive of the present configuration. The link may be opened again until it ends, as a messenger that
    /// looks at links does, too; the last outcome counts.
    pub async fn start_test_drive(&self, asker: &Asker) -> Result<StartedDrive, EngineError> {
        if self.in_force().settings.sso.is_none() {
            return Err(EngineError::SsoNotConfigured);
        }
        let base = self.public_url();
        if base.is_empty() {
            return Err(EngineError::Invalid(
                "nothing listens for browsers; start `provost serve`, or set listen.public_url"
                    .into(),
            ));
        }
        let ticket = random_text()?;
        let now = Timestamp::now();
        let drive = TestDrive {
            id: Uuid::now_v7(),
            ticket: hash(&ticket),
            admin: asker.actor.name.clone(),
            expires: now.saturating_add(TEST_DRIVE_HOLDS).unwrap_or(now),
        };
        let started = StartedDrive {
            id: drive.id,
            url: Secret::new(format!("{base}{TEST_DRIVE_PATH}?ticket={ticket}")),
            expires: drive.expires,
        };
        self.write_unlogged(SignInWrites {
            drive: Some(drive),
            ..SignInWrites::default()
        })
        .await?;
        Ok(started)
    }

    /// Sends the browser that opened the link of a test-drive away, as a sign-in would.
    pub async fn begin_test_drive(
        &self,
        ticket: &Secret,
        binding: &Secret,
    ) -> Result<SentAway, EngineError> {
        let drive = self.store.test_drive(&hash(ticket.expose())).await?;
        match drive.filter(|it| Timestamp::now() < it.expires) {
            Some(drive) => {
                self.begin(None, binding, SignInPurpose::TestDrive, Some(drive.id))
                    .await
            }
            None => Err(refused(
                "TEST_DRIVE_ENDED",
                "this link of a test-drive has ended; start another one",
            )),
        }
    }

    /// The last outcome of a test-drive, as soon as there is one.
    pub async fn test_drive(&self, id: Uuid) -> Result<Option<SignInRow>, EngineError> {
        Ok(self.store.driven(id).await?)
    }
}
