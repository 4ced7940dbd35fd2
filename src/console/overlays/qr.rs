//! A link as a QR code, for a phone that shall open it.

use ratatui::style::Color;

use crate::console::theme::{Look, Role};
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

/// Whether a look has colours to draw a code with, so that light and dark need not be swapped.
pub fn is_coloured(look: &Look) -> bool {
    let ground = look.style(Role::Code).bg;
    ground.is_some_and(|ground| ground != Color::Reset)
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
