//! The findings as they come together.

use crate::admin::types::{Finding, Severity};

/// What was found so far, in the order of looking.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// All is well.
    pub fn ok(&mut self, check: &str, found: impl Into<String>) {
        self.add(Severity::Ok, check, found, "");
    }

    /// Should be looked at.
    pub fn warning(&mut self, check: &str, found: impl Into<String>, fix: impl Into<String>) {
        self.add(Severity::Warning, check, found, fix);
    }

    /// Does not work.
    pub fn error(&mut self, check: &str, found: impl Into<String>, fix: impl Into<String>) {
        self.add(Severity::Error, check, found, fix);
    }

    /// What somebody else found.
    pub fn extend(&mut self, findings: Vec<Finding>) {
        self.0.extend(findings);
    }

    /// All of it.
    pub fn into_vec(self) -> Vec<Finding> {
        self.0
    }

    fn add(
        &mut self,
        severity: Severity,
        check: &str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.0.push(Finding {
            severity,
            check: check.to_owned(),
            found: found.into(),
            fix: fix.into(),
        });
    }
}
