//! What the console looks like: semantic roles, the themes that give each role a style, and the glyphs. Panes and
//! widgets name a [`Role`], never a colour; state is never shown by colour alone, since `mono` has none.
//!
//! Themes are TOML (`assets/themes/`): `ansi16` (the default, only Reset and the 16 colours of the terminal's own
//! palette, so that it is readable on light and dark), `mono`, `dark`, `light`. A person may bring their own.

mod glyphs;
mod parse;
mod role;

use ratatui::style::Style;

pub use glyphs::Glyphs;
pub use parse::ThemeError;
pub use role::Role;

/// The themes that come with Provost: name and TOML.
const BUILT_IN: [(&str, &str); 4] = [
    ("ansi16", include_str!("../../../assets/themes/ansi16.toml")),
    ("mono", include_str!("../../../assets/themes/mono.toml")),
    ("dark", include_str!("../../../assets/themes/dark.toml")),
    ("light", include_str!("../../../assets/themes/light.toml")),
];

/// One style for each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its name, as a person chose it.
    pub name: String,
    styles: [Style; Role::COUNT],
}

impl Theme {
    /// The names of the themes that come with Provost, the default first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A theme that comes with Provost.
    pub fn built_in(name: &str) -> Result<Self, ThemeError> {
        let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
            return Err(ThemeError::UnknownTheme {
                name: name.to_owned(),
                nearest: crate::nearest::nearest(name, Self::names()),
            });
        };
        Self::from_toml(name, text)
    }

    /// The theme where nobody chose one: `mono` under `NO_COLOR` (<https://no-color.org>), else `ansi16`. A choice is
    /// not asked for here: it goes over `NO_COLOR`, as that page asks of settings and flags.
    #[expect(
        clippy::missing_panics_doc,
        reason = "a test reads every built-in theme"
    )]
    pub fn fitting(no_color: bool) -> Self {
        let name = if no_color { "mono" } else { "ansi16" };
        Self::built_in(name).expect("a test reads every built-in theme")
    }

    /// Reads a theme. Roles it does not name come from its `base`, `ansi16` where it names none.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ThemeError> {
        let parsed = parse::parse(text)?;
        let mut styles = match parsed.base {
            Some(base) => Self::built_in(&base)?.styles,
            // The built-in themes name every role, so this is seen only below a theme of a person's own.
            None if BUILT_IN.iter().any(|(built_in, _)| *built_in == name) => {
                [Style::reset(); Role::COUNT]
            }
            None => Self::built_in("ansi16")?.styles,
        };
        for (role, style) in parsed.styles {
            if let Some(slot) = styles.get_mut(role as usize) {
                *slot = style;
            }
        }
        Ok(Self {
            name: name.to_owned(),
            styles,
        })
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }
}

/// A theme and a set of glyphs: all that a widget must know of taste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The styles.
    pub theme: Theme,
    /// The characters.
    pub glyphs: &'static Glyphs,
}

impl Look {
    /// The look of a terminal of which nothing is known: `ansi16` with Unicode.
    pub fn standard() -> Self {
        Self {
            theme: Theme::fitting(false),
            glyphs: &Glyphs::UNICODE,
        }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};
    use rstest::rstest;

    use super::*;

    fn colours(theme: &Theme) -> Vec<Color> {
        Role::ALL
            .iter()
            .flat_map(|role| {
                let style = theme.style(*role);
                [style.fg, style.bg, style.underline_color]
            })
            .flatten()
            .collect()
    }

    #[rstest]
    #[case("ansi16")]
    #[case("mono")]
    #[case("dark")]
    #[case("light")]
    fn every_built_in_theme_names_every_role(#[case] name: &str) {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).unwrap();
        let parsed = parse::parse(text).unwrap();
        for role in Role::ALL {
            assert!(
                parsed.styles.iter().any(|(named, _)| *named == role),
                "{name} lacks {role:?}"
            );
        }
        Theme::built_in(name).unwrap();
    }

    #[test]
    fn the_default_theme_uses_only_the_terminals_own_palette() {
        for colour in colours(&Theme::built_in("ansi16").unwrap()) {
            assert!(
                !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                "{colour:?} is not of the 16"
            );
        }
    }

    #[test]
    fn mono_has_no_colour_and_still_tells_states_apart() {
        let mono = Theme::built_in("mono").unwrap();
        assert_eq!(colours(&mono), vec![]);
        let modifiers = |role| mono.style(role).add_modifier;
        assert_ne!(
            modifiers(Role::Selected),
            modifiers(Role::SelectedUnfocused)
        );
        assert_ne!(modifiers(Role::Danger), modifiers(Role::Text));
        assert_ne!(modifiers(Role::Border), modifiers(Role::BorderFocused));
        assert!(modifiers(Role::Selected).contains(Modifier::REVERSED));
    }

    #[test]
    fn nobody_who_wants_no_colour_gets_one() {
        assert_eq!(Theme::fitting(true).name, "mono");
        assert_eq!(Theme::fitting(false).name, "ansi16");
    }

    #[test]
    fn an_unknown_theme_is_answered_with_the_nearest() {
        let error = Theme::built_in("drak").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no theme is called `drak`; the nearest is `dark`"
        );
    }

    #[test]
    fn a_theme_of_ones_own_names_only_what_differs() {
        let theme = Theme::from_toml(
            "mine",
            "[roles]\ndanger = { fg = \"magenta\", add = [\"bold\"] }\n",
        )
        .unwrap();
        assert_eq!(theme.style(Role::Danger).fg, Some(Color::Magenta));
        assert_eq!(
            theme.style(Role::Success),
            Theme::built_in("ansi16").unwrap().style(Role::Success)
        );
    }
}
