//! What the doctor of the engine finds: each check with its verdict and its fix.

use crate::admin::types::Finding;
use crate::console::remote::Remote;
use crate::console::widgets::doc::DocCursor;

/// The doctor's findings.
#[derive(Debug, Default)]
pub struct Doctor {
    /// What it found.
    pub findings: Remote<Vec<Finding>>,
    /// Where one is in it.
    pub cursor: DocCursor,
}
