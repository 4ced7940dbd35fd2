//! The list of checks while an examination fills it.

use super::check::{Check, CheckId, CheckState};
use super::clean::clean;
use super::finding::{Finding, Refusal};

/// Values are shown up to here; an entity identifier has 1024 characters at most (SAML Core §8.3.6).
const MAX_VALUE_CHARS: usize = 1024;
const MAX_DETAIL_CHARS: usize = 2048;

/// All checks in their order, each not reached until it is entered.
#[derive(Debug)]
pub(super) struct Checklist {
    checks: Vec<Check>,
}

impl Checklist {
    pub(super) fn new() -> Self {
        let check = |id| Check {
            id,
            state: CheckState::NotReached,
            expected: None,
            received: None,
            detail: String::new(),
        };
        let mut list = Self {
            checks: CheckId::ALL.into_iter().map(check).collect(),
        };
        for (id, detail) in [
            (
                CheckId::Replay,
                "whether the assertion was used before is looked up when it is used",
            ),
            (
                CheckId::Provisioning,
                "what the attributes mean for the member is worked out when they are used",
            ),
        ] {
            list.enter(id, Finding::passed(detail));
            list.set_state(id, CheckState::Pending);
        }
        list
    }

    /// Enters the outcome of a check.
    pub(super) fn enter(&mut self, id: CheckId, finding: Finding) {
        let value = |text: String| clean(&text, MAX_VALUE_CHARS);
        if let Some(check) = self.checks.iter_mut().find(|it| it.id == id) {
            *check = Check {
                id,
                state: finding.state,
                expected: finding.expected.map(value),
                received: finding.received.map(value),
                detail: clean(&finding.detail, MAX_DETAIL_CHARS),
            };
        }
    }

    /// Enters the outcome of a check and hands on what it found.
    pub(super) fn enter_result<T>(
        &mut self,
        id: CheckId,
        result: Result<(T, Finding), Refusal>,
    ) -> Option<T> {
        match result {
            Ok((found, finding)) => {
                self.enter(id, finding);
                Some(found)
            }
            Err(refusal) => {
                self.enter(id, *refusal);
                None
            }
        }
    }

    fn set_state(&mut self, id: CheckId, state: CheckState) {
        if let Some(check) = self.checks.iter_mut().find(|it| it.id == id) {
            check.state = state;
        }
    }

    /// The finished list. What was not entered names the first failure as its reason.
    pub(super) fn finish(mut self) -> Vec<Check> {
        let cause = self
            .checks
            .iter()
            .find(|it| it.state == CheckState::Failed)
            .map(|it| it.id.code());
        for check in &mut self.checks {
            if check.state == CheckState::NotReached && check.detail.is_empty() {
                check.detail = format!(
                    "there is nothing to look at after the failure of {}",
                    cause.unwrap_or("a check")
                );
            }
        }
        self.checks
    }
}
