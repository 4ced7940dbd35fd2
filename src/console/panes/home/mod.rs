//! Pane 1, Home: how the link with each IdP stands, the traffic, what failed, what changed, and what to do next.
//!
//! One page in one or two columns. The arrows go from one thing that leads somewhere to the next.

pub mod advice;
pub mod doc;

/// Pane 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The chosen link, counted over both columns.
    pub chosen: usize,
}
