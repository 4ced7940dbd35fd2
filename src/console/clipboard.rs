//! Copying to the clipboard of whoever sits before the terminal, also over ssh: the OSC 52 sequence, and its wrapping for
//! terminal multiplexers. Pure: the runtime writes the sequence.
//!
//! What is copied must be redacted before it comes here; a terminal may keep a history of its clipboard.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How many bytes can be copied: terminals take sequences of 100,000 bytes, of which base64 leaves three quarters.
pub const MAX_BYTES: usize = 74_994;

/// How much `screen` takes in one string.
const SCREEN_CHUNK: usize = 76;

/// Why something was not copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClipboardError {
    /// Terminals would cut it or refuse it.
    #[error("{bytes} bytes are too many for a terminal's clipboard, which takes {MAX_BYTES}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
}

/// What stands between the console and the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Multiplexer {
    /// Nothing.
    #[default]
    None,
    /// `tmux`, which passes on what is wrapped and doubled.
    Tmux,
    /// GNU `screen`, which passes on what is wrapped in short pieces.
    Screen,
}

impl Multiplexer {
    /// Tells it from the variables `TMUX`, `STY` and `TERM`.
    pub fn detect(tmux: Option<&str>, sty: Option<&str>, term: Option<&str>) -> Self {
        let is_set = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
        if is_set(tmux) {
            Self::Tmux
        } else if is_set(sty) || term.is_some_and(|term| term.starts_with("screen")) {
            Self::Screen
        } else {
            Self::None
        }
    }
}

/// The bytes that make a terminal copy a text.
pub fn osc52(text: &str, within: Multiplexer) -> Result<String, ClipboardError> {
    if text.len() > MAX_BYTES {
        return Err(ClipboardError::TooLong { bytes: text.len() });
    }
    let encoded = STANDARD.encode(text);
    Ok(match within {
        Multiplexer::None => format!("\u{1b}]52;c;{encoded}\u{7}"),
        Multiplexer::Tmux => format!("\u{1b}Ptmux;\u{1b}\u{1b}]52;c;{encoded}\u{7}\u{1b}\\"),
        Multiplexer::Screen => {
            let whole = format!("]52;c;{encoded}\u{7}");
            let mut wrapped = String::from("\u{1b}P\u{1b}");
            // All of it is ASCII, so that any cut is a good one.
            for (index, piece) in whole.as_bytes().chunks(SCREEN_CHUNK).enumerate() {
                if index > 0 {
                    wrapped.push_str("\u{1b}\\\u{1b}P");
                }
                wrapped.push_str(&String::from_utf8_lossy(piece));
            }
            wrapped + "\u{1b}\\"
        }
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_terminal_is_asked_to_copy() {
        assert_eq!(
            osc52("Ada", Multiplexer::None).unwrap(),
            "\u{1b}]52;c;QWRh\u{7}"
        );
        assert_eq!(
            osc52("Ada", Multiplexer::Tmux).unwrap(),
            "\u{1b}Ptmux;\u{1b}\u{1b}]52;c;QWRh\u{7}\u{1b}\\"
        );
        assert_eq!(
            osc52("Ada", Multiplexer::Screen).unwrap(),
            "\u{1b}P\u{1b}]52;c;QWRh\u{7}\u{1b}\\"
        );
    }

    #[test]
    fn screen_gets_short_pieces_that_make_the_same_whole() {
        let text = "x".repeat(1_000);
        let wrapped = osc52(&text, Multiplexer::Screen).unwrap();
        let pieces: Vec<&str> = wrapped
            .split("\u{1b}\\")
            .map(|piece| piece.trim_start_matches("\u{1b}P"))
            .collect();
        assert!(pieces.iter().all(|piece| piece.len() <= SCREEN_CHUNK + 1));
        assert_eq!(pieces.concat(), osc52(&text, Multiplexer::None).unwrap());
    }

    #[test]
    fn what_is_too_long_is_refused_and_never_cut() {
        assert!(
            osc52(&"x".repeat(MAX_BYTES), Multiplexer::None)
                .unwrap()
                .len()
                <= 100_000
        );
        assert_eq!(
            osc52(&"x".repeat(MAX_BYTES + 1), Multiplexer::None),
            Err(ClipboardError::TooLong { bytes: 74_995 })
        );
    }

    #[rstest]
    #[case(
        Some("/tmp/tmux-0/default,1,0"),
        None,
        Some("screen-256color"),
        Multiplexer::Tmux
    )]
    #[case(None, Some("123.pts"), Some("xterm"), Multiplexer::Screen)]
    #[case(None, None, Some("screen.xterm"), Multiplexer::Screen)]
    #[case(Some(""), None, Some("xterm-256color"), Multiplexer::None)]
    fn multiplexers_are_told_by_their_variables(
        #[case] tmux: Option<&str>,
        #[case] sty: Option<&str>,
        #[case] term: Option<&str>,
        #[case] expected: Multiplexer,
    ) {
        assert_eq!(Multiplexer::detect(tmux, sty, term), expected);
    }
}
