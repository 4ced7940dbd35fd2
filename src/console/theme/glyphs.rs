//! The characters that stand for states. In `ascii` each is plain ASCII, for terminals and fonts that have no more.
//! Every one is a single cell wide, so that layouts do not depend on the set.

use ratatui::symbols::border;

/// A set of characters. A state is always shown with its word, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Went well.
    pub ok: &'static str,
    /// Should be looked at.
    pub warning: &'static str,
    /// Failed.
    pub failed: &'static str,
    /// Nothing changed, or it was tolerated.
    pub noted: &'static str,
    /// Paused or held.
    pub paused: &'static str,
    /// Something is alive.
    pub live: &'static str,
    /// The gutter of the selected row.
    pub selector: &'static str,
    /// The gutter of a marked row.
    pub mark: &'static str,
    /// Text goes on here.
    pub ellipsis: &'static str,
    /// Something folded.
    pub folded: &'static str,
    /// Something unfolded.
    pub unfolded: &'static str,
    /// From before to after.
    pub arrow: &'static str,
    /// Sorted with the smallest first.
    pub ascending: &'static str,
    /// Sorted with the greatest first.
    pub descending: &'static str,
    /// The part of a scrollbar that is on the screen.
    pub thumb: &'static str,
    /// The rest of a scrollbar.
    pub track: &'static str,
    /// Between two things of equal weight.
    pub separator: &'static str,
    /// A vertical line between two halves.
    pub divider: &'static str,
    /// A horizontal line between two halves.
    pub rule: &'static str,
    /// Bars of a sparkline, least first.
    pub bars: [&'static str; 8],
    /// The frames of panes.
    pub border: border::Set<'static>,
}

impl Glyphs {
    /// What a terminal of this century can show.
    pub const UNICODE: Self = Self {
        ok: "✓",
        warning: "!",
        failed: "✗",
        noted: "~",
        paused: "⏸",
        live: "●",
        selector: "▌",
        mark: "◆",
        ellipsis: "…",
        folded: "▸",
        unfolded: "▾",
        arrow: "→",
        ascending: "▲",
        descending: "▼",
        thumb: "█",
        track: "│",
        separator: "·",
        divider: "│",
        rule: "─",
        bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        border: border::PLAIN,
    };

    /// Plain ASCII.
    pub const ASCII: Self = Self {
        ok: "+",
        warning: "!",
        failed: "x",
        noted: "~",
        paused: "=",
        live: "*",
        selector: ">",
        mark: "*",
        ellipsis: "~",
        folded: "+",
        unfolded: "-",
        arrow: ">",
        ascending: "^",
        descending: "v",
        thumb: "#",
        track: "|",
        separator: "-",
        divider: "|",
        rule: "-",
        bars: ["_", ".", ":", "-", "=", "+", "*", "#"],
        border: border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        },
    };

    /// One of the two sets.
    pub fn pick(ascii: bool) -> &'static Self {
        if ascii { &Self::ASCII } else { &Self::UNICODE }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn all(glyphs: &Glyphs) -> Vec<&'static str> {
        let mut all = vec![
            glyphs.ok,
            glyphs.warning,
            glyphs.failed,
            glyphs.noted,
            glyphs.paused,
            glyphs.live,
            glyphs.selector,
            glyphs.mark,
            glyphs.ellipsis,
            glyphs.folded,
            glyphs.unfolded,
            glyphs.arrow,
            glyphs.ascending,
            glyphs.descending,
            glyphs.thumb,
            glyphs.track,
            glyphs.separator,
            glyphs.divider,
            glyphs.rule,
            glyphs.border.top_left,
            glyphs.border.horizontal_top,
            glyphs.border.vertical_left,
        ];
        all.extend(glyphs.bars);
        all
    }

    #[test]
    fn every_glyph_is_one_cell_wide() {
        for glyph in all(&Glyphs::UNICODE).into_iter().chain(all(&Glyphs::ASCII)) {
            assert_eq!(glyph.width(), 1, "{glyph}");
        }
    }

    #[test]
    fn the_ascii_set_is_ascii() {
        assert!(all(&Glyphs::ASCII).into_iter().all(str::is_ascii));
    }
}
