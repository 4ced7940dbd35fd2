//! The saved views, to choose one from.

/// The saved views.
#[derive(Debug, Default)]
pub struct ViewPicker {
    /// The chosen one.
    pub chosen: usize,
}
