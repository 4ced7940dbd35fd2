//! What a piece of text on the screen is for. A theme gives each role a style.

/// What something on the screen is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is read.
    Text,
    /// What may be overlooked: hints, ages, placeholders.
    Muted,
    /// What should be found first.
    Accent,
    /// Titles of panes and columns.
    Title,
    /// Frames.
    Border,
    /// The frame of what has the keyboard.
    BorderFocused,
    /// The selected row of what has the keyboard.
    Selected,
    /// The selected row of anything else.
    SelectedUnfocused,
    /// It went well.
    Success,
    /// It should be looked at.
    Warning,
    /// It failed, or it destroys.
    Danger,
    /// Worth knowing.
    Info,
    /// Came to be.
    Added,
    /// Is gone.
    Removed,
    /// A key to press, or the name of an attribute.
    Key,
    /// The line at the top.
    HeaderBar,
    /// The line of keys at the bottom.
    HintBar,
    /// What was searched for.
    Match,
    /// A QR code: dark on a light ground, so that readers find it; no colours where there are none.
    Code,
}

impl Role {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 19] = [
        Self::Text,
        Self::Muted,
        Self::Accent,
        Self::Title,
        Self::Border,
        Self::BorderFocused,
        Self::Selected,
        Self::SelectedUnfocused,
        Self::Success,
        Self::Warning,
        Self::Danger,
        Self::Info,
        Self::Added,
        Self::Removed,
        Self::Key,
        Self::HeaderBar,
        Self::HintBar,
        Self::Match,
        Self::Code,
    ];

    /// The word of a theme file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Muted => "muted",
            Self::Accent => "accent",
            Self::Title => "title",
            Self::Border => "border",
            Self::BorderFocused => "border_focused",
            Self::Selected => "selected",
            Self::SelectedUnfocused => "selected_unfocused",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
            Self::Info => "info",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Key => "key",
            Self::HeaderBar => "header_bar",
            Self::HintBar => "hint_bar",
            Self::Match => "match",
            Self::Code => "code",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_the_order_of_declaration() {
        for (index, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index);
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }
}
