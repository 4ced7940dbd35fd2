//! What lies over the panes. A stack: the topmost overlay gets the keys, and Escape closes it.
//!
//! Each overlay is a plain struct with its state; what its keys mean is in the command table (`dialog.*`), except the
//! characters that are typed into a text field.

pub mod confirm;
pub mod doctor;
pub mod form;
pub mod help;
pub mod menu;
pub mod messages;
pub mod palette;
pub mod prompt;
pub mod qr;
mod secret;
pub mod sso_form;
pub mod team_form;
pub mod text_field;
pub mod views;

pub use confirm::Confirm;
pub use doctor::Doctor;
pub use form::{Adds, FormOverlay};
pub use help::Help;
pub use menu::{Choice, Menu};
pub use palette::Palette;
pub use prompt::Prompt;
pub use qr::QrOverlay;
pub use secret::{MadeLink, SecretOf, SecretOverlay};
pub use text_field::TextField;
pub use views::ViewPicker;

use super::command::Scope;

/// Something that lies over the panes.
#[derive(Debug)]
pub enum Overlay {
    /// All commands with their keys.
    Help(Help),
    /// Commands by name.
    Palette(Palette),
    /// The filter of a list.
    Prompt(Prompt),
    /// Whether to do something that changes or destroys.
    Confirm(Confirm),
    /// All that the console said.
    Messages(usize),
    /// What the doctor finds.
    Doctor(Doctor),
    /// A form to add something.
    Form(Box<FormOverlay>),
    /// The secret of a new token, or a link by which somebody sets a password.
    Secret(Box<SecretOverlay>),
    /// A short list of things to do.
    Menu(Menu),
    /// The saved views.
    Views(ViewPicker),
    /// A link as a QR code.
    Qr(Box<QrOverlay>),
}

impl Overlay {
    /// Where its own keys are, beside those of every dialog.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::Confirm(confirm) if confirm.typed().is_none() => Some(Scope::Confirm),
            Self::Secret(_) => Some(Scope::Secret),
            Self::Views(_) => Some(Scope::Views),
            Self::Qr(_) => Some(Scope::Code),
            Self::Help(_)
            | Self::Palette(_)
            | Self::Prompt(_)
            | Self::Confirm(_)
            | Self::Messages(_)
            | Self::Doctor(_)
            | Self::Form(_)
            | Self::Menu(_) => None,
        }
    }

    /// The text field that takes what is typed.
    pub fn text(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Help(help) => Some(&mut help.search),
            Self::Palette(palette) => Some(&mut palette.input),
            Self::Prompt(prompt) => Some(&mut prompt.input),
            Self::Confirm(confirm) => confirm.typed_mut(),
            Self::Messages(_)
            | Self::Doctor(_)
            | Self::Form(_)
            | Self::Secret(_)
            | Self::Menu(_)
            | Self::Views(_)
            | Self::Qr(_) => None,
        }
    }
}
