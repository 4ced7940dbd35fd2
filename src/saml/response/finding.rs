//! The outcome of a check, before it is cleaned and entered in the list.

use super::check::CheckState;

/// How a check ended, with texts as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub state: CheckState,
    pub expected: Option<String>,
    pub received: Option<String>,
    pub detail: String,
}

impl Finding {
    fn new(state: CheckState, detail: String) -> Self {
        Self {
            state,
            expected: None,
            received: None,
            detail,
        }
    }

    pub(super) fn passed(detail: impl Into<String>) -> Self {
        Self::new(CheckState::Passed, detail.into())
    }

    pub(super) fn warned(detail: impl Into<String>) -> Self {
        Self::new(CheckState::Warned, detail.into())
    }

    pub(super) fn failed(detail: impl Into<String>) -> Self {
        Self::new(CheckState::Failed, detail.into())
    }

    pub(super) fn not_reached(detail: impl Into<String>) -> Self {
        Self::new(CheckState::NotReached, detail.into())
    }

    pub(super) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(super) fn received(mut self, received: impl Into<String>) -> Self {
        self.received = Some(received.into());
        self
    }
}

/// A refusal found on the way through a check.
pub(super) type Refusal = Box<Finding>;

/// Ends a check with a refusal.
pub(super) fn refuse<T>(finding: Finding) -> Result<T, Refusal> {
    Err(Box::new(finding))
}

impl From<crate::saml::xml::XmlError> for Refusal {
    fn from(error: crate::saml::xml::XmlError) -> Self {
        Self::new(Finding::failed(error.to_string()))
    }
}
