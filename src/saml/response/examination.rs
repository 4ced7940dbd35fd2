//! The outcome of an examination.

use super::check::{Check, CheckId, CheckState};
use super::decoded::Decoded;
use super::subject::Subject;

/// All checks of one Response, and what they allow to be said of it.
#[derive(Clone, Debug)]
pub struct Examination {
    checks: Vec<Check>,
    subject: Option<Subject>,
    decoded: Decoded,
}

impl Examination {
    /// The subject is dropped unless every check lets it pass.
    pub(super) fn new(checks: Vec<Check>, subject: Option<Subject>, decoded: Decoded) -> Self {
        let is_accepted = checks.iter().all(|it| match it.state {
            CheckState::Passed | CheckState::Warned | CheckState::Pending => true,
            CheckState::Failed | CheckState::NotReached => false,
        });
        Self {
            checks,
            subject: subject.filter(|_| is_accepted),
            decoded,
        }
    }

    /// Every check, in the order of [`CheckId::ALL`].
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// One check; every identifier has one.
    pub fn check(&self, id: CheckId) -> Option<&Check> {
        self.checks.iter().find(|it| it.id == id)
    }

    /// The first check that failed.
    pub fn first_failure(&self) -> Option<&Check> {
        self.checks.iter().find(|it| it.state == CheckState::Failed)
    }

    /// Who signs in, if every check passed. The pending ones are still to be done.
    pub fn accepted(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// What the Response says, for the eyes of an admin and whatever the verdict.
    pub fn decoded(&self) -> &Decoded {
        &self.decoded
    }
}
