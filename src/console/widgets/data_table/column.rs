//! The columns of a table and where they stand in the room there is.

use std::borrow::Cow;

use super::super::text::Align;

/// Cells between two columns.
const GAP: u16 = 1;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: Cow<'static, str>,
    /// Fewer cells than this and it had better not be there.
    pub min: u16,
    /// As many cells as it takes to read what it usually holds.
    pub ideal: u16,
    /// Its share of the room that is left when all have their ideal; 0 takes none.
    pub flex: u16,
    /// When room is short the column with the highest number goes first; 0 stays always.
    pub priority: u8,
    /// On which side of the column its values stand.
    pub align: Align,
    /// How the rows are sorted by it.
    pub sort: Option<SortMark>,
}

/// The order of the rows by one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortMark {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Column {
    /// A column on the left that never vanishes and never grows beyond its ideal.
    pub fn new(title: impl Into<Cow<'static, str>>, min: u16, ideal: u16) -> Self {
        Self {
            title: title.into(),
            min,
            ideal: ideal.max(min),
            flex: 0,
            priority: 0,
            align: Align::Left,
            sort: None,
        }
    }

    /// Takes so large a share of the room that is left.
    #[must_use]
    pub fn flex(mut self, share: u16) -> Self {
        self.flex = share;
        self
    }

    /// Vanishes before those with a lower number.
    #[must_use]
    pub fn priority(mut self, priority: u8) -> Self {
        self.priority = priority;
        self
    }

    /// Its values stand on the right, as numbers do.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// Shows how the rows are sorted by it.
    #[must_use]
    pub fn sorted(mut self, sort: Option<SortMark>) -> Self {
        self.sort = sort;
        self
    }
}

/// Where a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its index among the columns.
    pub(super) column: usize,
    /// How far from the left.
    pub(super) x: u16,
    /// How wide.
    pub(super) width: u16,
}

/// Which columns are shown in so many cells, and where. A function of columns and room alone.
pub(super) fn places(columns: &[Column], room: u16) -> Vec<Place> {
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    let column = |index: usize| columns.get(index);
    let min = |index: usize| column(index).map_or(0, |column| u32::from(column.min));
    let needed =
        |shown: &[usize]| shown.iter().map(|index| min(*index)).sum::<u32>() + gaps(shown.len());
    while needed(&shown) > u32::from(room) {
        // Of equals the one further right goes first.
        let least = shown
            .iter()
            .enumerate()
            .filter_map(|(at, index)| Some((column(*index)?.priority, at)))
            .filter(|(priority, _)| *priority > 0)
            .max();
        let Some((_, at)) = least else { break };
        shown.remove(at);
    }
    let mut widths: Vec<u32> = shown.iter().map(|index| min(*index)).collect();
    let mut left = u32::from(room).saturating_sub(needed(&shown));
    grow_to_ideal(columns, &shown, &mut widths, &mut left);
    spread(columns, &shown, &mut widths, left);

    let mut x = 0_u32;
    let mut places = Vec::with_capacity(shown.len());
    for (index, width) in shown.into_iter().zip(widths) {
        let width = width.min(u32::from(room).saturating_sub(x));
        if width == 0 {
            continue;
        }
        places.push(Place {
            column: index,
            x: u16::try_from(x).unwrap_or(u16::MAX),
            width: u16::try_from(width).unwrap_or(u16::MAX),
        });
        x += width + u32::from(GAP);
    }
    places
}

fn gaps(columns: usize) -> u32 {
    u32::try_from(columns.saturating_sub(1)).unwrap_or(u32::MAX) * u32::from(GAP)
}

/// Gives the most important columns their ideal first.
fn grow_to_ideal(columns: &[Column], shown: &[usize], widths: &mut [u32], left: &mut u32) {
    let mut order: Vec<(u8, usize, u32)> = shown
        .iter()
        .enumerate()
        .filter_map(|(at, index)| {
            let column = columns.get(*index)?;
            Some((
                column.priority,
                at,
                u32::from(column.ideal.saturating_sub(column.min)),
            ))
        })
        .collect();
    order.sort_by_key(|(priority, at, _)| (*priority, *at));
    for (_, at, wanted) in order {
        let given = wanted.min(*left);
        if let Some(width) = widths.get_mut(at) {
            *width += given;
            *left -= given;
        }
    }
}

/// Spreads what is left over the flexible columns.
fn spread(columns: &[Column], shown: &[usize], widths: &mut [u32], left: u32) {
    let share = |index: usize| {
        columns
            .get(index)
            .map_or(0, |column| u32::from(column.flex))
    };
    let mut shares: u32 = shown.iter().map(|index| share(*index)).sum();
    let mut left = left;
    for (width, index) in widths.iter_mut().zip(shown) {
        let own = share(*index);
        // Rounding up as we go gives away exactly what there is.
        let Some(given) = (left * own).checked_div(shares) else {
            return;
        };
        *width += given;
        left -= given;
        shares -= own;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn columns() -> Vec<Column> {
        vec![
            Column::new("name", 8, 20).flex(2),
            Column::new("e-mail", 10, 24).flex(1).priority(2),
            Column::new("teams", 5, 5).right().priority(3),
            Column::new("state", 8, 8),
        ]
    }

    fn shown(room: u16) -> Vec<(usize, u16)> {
        places(&columns(), room)
            .iter()
            .map(|place| (place.column, place.width))
            .collect()
    }

    #[test]
    fn the_least_important_columns_vanish_first() {
        assert_eq!(
            shown(20),
            vec![(0, 11), (3, 8)].into_iter().collect::<Vec<_>>()
        );
        assert_eq!(shown(30), vec![(0, 10), (1, 10), (3, 8)]);
        assert_eq!(shown(34), vec![(0, 8), (1, 10), (2, 5), (3, 8)]);
    }

    #[test]
    fn what_is_left_is_spread_by_share() {
        assert_eq!(shown(60 + 30), vec![(0, 40), (1, 34), (2, 5), (3, 8)]);
    }

    proptest! {
        #[test]
        fn columns_never_overlap_nor_leave_the_room(
            definitions in prop::collection::vec((0_u16..50, 0_u16..50, 0_u16..4, 0_u8..5), 0..12),
            room in 0_u16..400,
        ) {
            let columns: Vec<Column> = definitions
                .into_iter()
                .map(|(min, more, flex, priority)| {
                    Column::new("x", min, min + more).flex(flex).priority(priority)
                })
                .collect();
            let mut end = 0;
            for place in places(&columns, room) {
                prop_assert!(place.x >= end);
                prop_assert!(place.width > 0);
                end = place.x + place.width;
                prop_assert!(end <= room);
            }
        }
    }
}
