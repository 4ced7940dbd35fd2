//! What comes from the keyboard, apart from any terminal library: [`Key`] is one key with its modifiers, [`Chord`] a
//! sequence of them such as `gg`, [`Pending`] the keys of an unfinished chord.
//!
//! `crossterm` appears in [`event`] alone; the rest is values, so that a test presses keys by name.

pub mod chord;
pub mod event;
pub mod key;

pub use chord::{Chord, ChordError, Pending};
pub use key::{Key, KeyCode, KeyError};
