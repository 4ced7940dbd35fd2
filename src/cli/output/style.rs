//! Colours for people at a terminal: the 16 of every terminal, and none with `NO_COLOR` or into a file.

use std::io::IsTerminal;

use super::cell::Tone;

/// Whether colours are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// Text in colours.
    Coloured,
}

impl Style {
    /// What a stream can show: colours on a terminal, unless `NO_COLOR` is set or the terminal is a dumb one.
    pub fn of(stream: &impl IsTerminal) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if stream.is_terminal() && !refused && !dumb {
            Self::Coloured
        } else {
            Self::Plain
        }
    }

    /// The text in its tone.
    pub fn paint(self, text: &str, tone: Tone) -> String {
        let code = match (self, tone) {
            (Self::Plain, _) | (Self::Coloured, Tone::Plain) => return text.to_owned(),
            (Self::Coloured, Tone::Good) => "32",
            (Self::Coloured, Tone::Warn) => "33",
            (Self::Coloured, Tone::Bad) => "31",
            (Self::Coloured, Tone::Dim) => "2",
            (Self::Coloured, Tone::Strong) => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
