//! The test-drive: an admin's browser is sent to the identity provider and comes back, every check is shown, and nothing
//! changes. It is kept while one looks elsewhere; its outcome is asked for until it is there.

pub mod decoded;
pub mod doc;

use jiff::Timestamp;

use crate::admin::AdminError;
use crate::admin::sso::{SignInRow, TestDriveLink};
use crate::console::remote::Remote;
use crate::console::store::Generation;

/// How long after an answer the outcome is asked for again, in milliseconds.
pub const AGAIN: i64 = 1_500;
/// The same where the engine did not answer.
pub const AGAIN_AFTER_ERROR: i64 = 5_000;

/// What is shown of the two kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// The test-drive by a browser.
    #[default]
    Drive,
    /// The Response that was pasted.
    Pasted,
}

/// The test-drive.
#[derive(Debug, Default)]
pub struct TestDrive {
    /// Whether a link was asked for and has not come.
    pub starting: bool,
    /// Why no link came.
    pub refused: Option<AdminError>,
    /// Where it begins.
    pub link: Option<TestDriveLink>,
    /// When that came.
    pub started: Option<Timestamp>,
    /// What it came to, as soon as it has.
    pub outcome: Remote<Option<Box<SignInRow>>>,
    /// What a pasted Response came to.
    pub pasted: Remote<Box<SignInRow>>,
    /// Which of both is looked at.
    pub which: Shown,
    /// When the outcome is asked for.
    pub due: Option<Timestamp>,
}

impl TestDrive {
    /// A link was asked for: what was here goes.
    pub fn begin(&mut self) {
        *self = Self {
            starting: true,
            ..Self::default()
        };
    }

    /// The outcome that is shown.
    pub fn shown(&self) -> Option<&SignInRow> {
        match self.which {
            Shown::Drive => self.outcome.value()?.as_deref(),
            Shown::Pasted => self.pasted.value().map(|row| &**row),
        }
    }

    /// Whether a link is out and nothing has come back yet.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.link.as_ref().is_some_and(|link| link.expires > now)
            && !matches!(self.outcome.value(), Some(Some(_)))
    }

    /// Whether the outcome is still asked for: until it is a good one, or the link has ended.
    pub fn goes_on(&self, now: Timestamp) -> bool {
        let well = matches!(self.outcome.value(), Some(Some(row)) if row.ok);
        !well && self.link.as_ref().is_some_and(|link| link.expires > now)
    }

    /// The outcome came, or that there is none yet. Tells whether it is another one than before.
    pub fn came(
        &mut self,
        generation: Generation,
        result: Result<Option<Box<SignInRow>>, AdminError>,
    ) -> bool {
        let before = self.outcome.value().cloned().flatten();
        self.outcome.answer(generation, result) && self.outcome.value().cloned().flatten() != before
    }
}
