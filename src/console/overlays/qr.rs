//! A link as a QR code, for a phone that shall open it.

use crate::console::widgets::qr::{Ink, Qr};

/// A link as a QR code.
#[derive(Clone, Debug)]
pub struct QrOverlay {
    /// The link.
    pub url: String,
    /// Its code; `None` where it is too long for one.
    pub code: Option<Qr>,
    /// Which modules get ink, where the theme has no colours to tell light from dark.
    pub ink: Ink,
}

impl QrOverlay {
    /// The code of a link.
    pub fn new(url: String) -> Self {
        Self {
            code: Qr::new(&url),
            url,
            ink: Ink::default(),
        }
    }
}
