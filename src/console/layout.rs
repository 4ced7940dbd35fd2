//! Where things stand on a screen of a given size. Pure, and used by both sides: the view draws into these areas, and
//! the update knows from them how many rows a list shows.
//!
//! Breakpoints: below 40x10 a notice; from 100 columns a rail and the detail beside the list; below that a line of tabs
//! and the detail under the list once it is opened; where rows are few, only what has the keyboard.

use ratatui::layout::{Rect, Size};

/// The least number of columns.
pub const LEAST_WIDTH: u16 = 40;
/// The least number of rows.
pub const LEAST_HEIGHT: u16 = 10;
/// From so many columns the detail stands beside the list.
pub const SPLIT_WIDTH: u16 = 100;
/// How wide the rail is.
const RAIL_WIDTH: u16 = 13;
/// Below so many rows the list makes way for an opened detail.
const STACK_HEIGHT: u16 = 16;

/// What has the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list.
    #[default]
    List,
    /// The detail.
    Detail,
}

/// Where things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// The line at the top.
    pub header: Rect,
    /// The panes' names, as a rail at the left or a line below the header.
    pub panes: Rect,
    /// Whether `panes` is a rail.
    pub rail: bool,
    /// All that is between the header and the hints.
    pub body: Rect,
    /// The list, unless the detail has all the room.
    pub list: Option<Rect>,
    /// The detail, unless it is closed.
    pub detail: Option<Rect>,
    /// The gap between list and detail, where they stand side by side.
    pub divider: Option<Rect>,
    /// The line at the bottom.
    pub hints: Rect,
}

impl Areas {
    /// How many rows of the list are on the screen: below its title and its column heads.
    pub fn list_rows(&self) -> u16 {
        self.list
            .map_or(1, |list| list.height.saturating_sub(2))
            .max(1)
    }

    /// Where the detail's text is: below its title and its tabs.
    pub fn detail_body(&self) -> Option<Rect> {
        self.detail.map(|detail| Rect {
            y: detail.y + detail.height.min(2),
            height: detail.height.saturating_sub(2),
            ..detail
        })
    }
}

/// What decides where things stand.
#[derive(Clone, Copy, Debug)]
pub struct Arrangement {
    /// The size of the terminal.
    pub size: Size,
    /// What has the keyboard.
    pub focus: Focus,
    /// Whether that has all the room.
    pub zoomed: bool,
    /// Whether the pane has a detail at all.
    pub has_detail: bool,
    /// How many rows the list has, where it is known to be short: the detail then stands below it, opened or not.
    pub short_list: Option<u16>,
}

impl Arrangement {
    /// Where things stand; `None` where the terminal is too small for anything.
    pub fn areas(self) -> Option<Areas> {
        let Size { width, height } = self.size;
        if width < LEAST_WIDTH || height < LEAST_HEIGHT {
            return None;
        }
        let rail = width >= SPLIT_WIDTH;
        let header = Rect::new(0, 0, width, 1);
        let hints = Rect::new(0, height - 1, width, 1);
        let (panes, body) = if rail {
            (
                Rect::new(0, 1, RAIL_WIDTH, height - 2),
                Rect::new(RAIL_WIDTH, 1, width - RAIL_WIDTH, height - 2),
            )
        } else {
            (
                Rect::new(0, 1, width, 1),
                Rect::new(0, 2, width, height - 3),
            )
        };
        let (list, detail) = self.split(body, rail);
        let divider = list.zip(detail).filter(|_| rail).map(|(list, _)| Rect {
            x: list.right(),
            width: 1,
            ..body
        });
        Some(Areas {
            header,
            panes,
            rail,
            body,
            list,
            detail,
            divider,
            hints,
        })
    }

    fn split(self, body: Rect, wide: bool) -> (Option<Rect>, Option<Rect>) {
        if !self.has_detail {
            return (Some(body), None);
        }
        if self.zoomed {
            return match self.focus {
                Focus::List => (Some(body), None),
                Focus::Detail => (None, Some(body)),
            };
        }
        if wide {
            let detail = (body.width * 49 / 100).clamp(38, 110);
            let list = body.width - detail - 1;
            return (
                Some(Rect {
                    width: list,
                    ..body
                }),
                Some(Rect {
                    x: body.x + list + 1,
                    width: detail,
                    ..body
                }),
            );
        }
        let short = self.short_list.map(|rows| rows.max(2).saturating_add(2));
        match self.focus {
            Focus::List | Focus::Detail
                if short.is_some_and(|rows| rows <= body.height / 3)
                    && body.height >= STACK_HEIGHT =>
            {
                below(body, short.unwrap_or_default())
            }
            Focus::List => (Some(body), None),
            Focus::Detail if body.height < STACK_HEIGHT => (None, Some(body)),
            Focus::Detail => below(body, body.height / 3),
        }
    }
}

/// A list of so many rows, and the detail below it.
fn below(body: Rect, list: u16) -> (Option<Rect>, Option<Rect>) {
    (
        Some(Rect {
            height: list,
            ..body
        }),
        Some(Rect {
            y: body.y + list,
            height: body.height - list,
            ..body
        }),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn areas(width: u16, height: u16, focus: Focus) -> Option<Areas> {
        Arrangement {
            size: Size::new(width, height),
            focus,
            zoomed: false,
            has_detail: true,
            short_list: None,
        }
        .areas()
    }

    #[rstest]
    #[case::narrow(39, 24)]
    #[case::flat(80, 9)]
    fn a_terminal_that_is_too_small_has_no_areas(#[case] width: u16, #[case] height: u16) {
        assert_eq!(areas(width, height, Focus::List), None);
    }

    #[test]
    fn the_detail_is_beside_below_or_alone() {
        let beside = areas(120, 40, Focus::List).unwrap();
        assert!(beside.rail);
        assert_eq!(beside.detail.unwrap().y, beside.list.unwrap().y);
        assert_eq!(areas(80, 24, Focus::List).unwrap().detail, None);
        let below = areas(80, 24, Focus::Detail).unwrap();
        assert!(below.detail.unwrap().y > below.list.unwrap().y);
        assert_eq!(areas(40, 12, Focus::Detail).unwrap().list, None);
    }

    proptest! {
        #[test]
        fn nothing_stands_outside_or_on_top_of_another(
            width in 40_u16..500, height in 10_u16..200, detail: bool, zoomed: bool, has_detail: bool,
            short_list in prop::option::of(0_u16..300),
        ) {
            let focus = if detail { Focus::Detail } else { Focus::List };
            let size = Size::new(width, height);
            let areas = Arrangement { size, focus, zoomed, has_detail, short_list }.areas().unwrap();
            let screen = Rect::new(0, 0, width, height);
            let mut parts = vec![areas.header, areas.panes, areas.hints];
            parts.extend(areas.list);
            parts.extend(areas.detail);
            parts.extend(areas.divider);
            for (index, part) in parts.iter().enumerate() {
                prop_assert_eq!(part.intersection(screen), *part);
                prop_assert!(!part.is_empty());
                for other in &parts[index + 1..] {
                    prop_assert!(!part.intersects(*other), "{:?} {:?}", part, other);
                }
            }
        }
    }
}
