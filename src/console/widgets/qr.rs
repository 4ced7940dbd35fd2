//! A text as a QR code, two modules above each other in a cell. Where the theme has colours, dark modules are dark on a
//! light ground whatever the terminal's own are; without colours the light modules are drawn, which is right on a dark
//! terminal, and the other way round on a light one.

use qrcode::{Color, EcLevel, QrCode};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text;

/// Modules of rest around the code. Four are asked for, two are enough for every reader that was tried.
const REST: usize = 2;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    width: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// The code of a text; `None` where it is too long for one.
    pub fn new(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        Some(Self {
            width: code.width(),
            dark: code
                .to_colors()
                .into_iter()
                .map(|colour| colour == Color::Dark)
                .collect(),
        })
    }

    /// How many columns and rows it takes.
    pub fn size(&self) -> (u16, u16) {
        let modules = self.width + 2 * REST;
        let columns = u16::try_from(modules).unwrap_or(u16::MAX);
        (columns, columns.div_ceil(2))
    }

    /// Whether a module is dark; what lies around the code is light.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(REST).filter(|at| *at < self.width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.dark.get(y * self.width + x) == Some(&true),
            _ => false,
        }
    }

    /// One row of cells: `drawn` are the modules that get ink.
    fn row(&self, row: usize, drawn: Ink) -> String {
        let inked = |x, y| self.is_dark(x, y) == (drawn == Ink::Dark);
        let modules = self.width + 2 * REST;
        (0..modules)
            .map(|x| {
                let below = row * 2 + 1;
                // Below an odd number of modules there is nothing: no ink, so that the frame stays even.
                let lower = below < modules && inked(x, below);
                match (inked(x, row * 2), lower) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                }
            })
            .collect()
    }

    /// Draws it at the top left of an area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, style: Style, drawn: Ink) {
        let rows = usize::from(self.size().1);
        for (place, row) in area.rows().zip(0..rows) {
            text::put_left(buf, place, &self.row(row, drawn), style, "");
        }
    }
}

/// Which modules get ink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// The dark ones: for a light ground.
    Dark,
    /// The light ones: for a dark ground.
    #[default]
    Light,
}

impl Ink {
    /// The other one.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finder_pattern_stands_in_the_corner_within_the_rest() {
        let qr = Qr::new("https://provost.x.io/trust/saml2/test-drive").unwrap();
        let (columns, rows) = qr.size();
        assert_eq!(usize::from(columns), qr.width + 4);
        assert_eq!(rows, columns.div_ceil(2));
        let first = qr.row(1, Ink::Dark);
        // Row 1 holds the modules 2 and 3: the top of the finder pattern and the row below it.
        assert!(first.starts_with("  █▀▀▀▀▀█"), "{first}");
        let turned = qr.row(1, Ink::Light);
        assert!(turned.starts_with("██ ▄▄▄▄▄ "), "{turned}");
    }

    #[test]
    fn a_text_that_is_too_long_has_no_code() {
        assert_eq!(Qr::new(&"x".repeat(5_000)), None);
    }
}
