//! Where on the screen what can be clicked. Written by the view as it draws, read when a mouse event comes, and by
//! nothing else: what has the keyboard's focus lives in the state.

use ratatui::layout::{Position, Rect};

use super::command::CommandId;
use super::panes::PaneId;

/// What lies under the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An entry of the rail.
    Pane(PaneId),
    /// A command, such as a hint or a button.
    Command(CommandId),
    /// The list of the pane; with the row counted from the first one of the list.
    Row(u64),
    /// A column's head in the list, counted from 0.
    Column(usize),
    /// The list, beside its rows.
    List,
    /// A tab of the detail, counted from 0.
    Tab(usize),
    /// A line of the detail, counted from its first.
    Line(usize),
    /// The detail, beside its lines.
    Detail,
    /// A row of the topmost overlay, counted from its first.
    Choice(usize),
    /// The topmost overlay, beside its rows.
    Overlay,
    /// Nothing of any use.
    Backdrop,
}

/// All targets of one frame. Later ones lie above earlier ones.
#[derive(Clone, Debug, Default)]
pub struct Regions(Vec<(Rect, Target)>);

impl Regions {
    /// Forgets everything, before a new frame.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes that `target` is drawn in `area`.
    pub fn add(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.0.push((area, target));
        }
    }

    /// What lies at this cell, the topmost first.
    pub fn at(&self, column: u16, row: u16) -> Option<Target> {
        let position = Position::new(column, row);
        self.0
            .iter()
            .rev()
            .find(|(area, _)| area.contains(position))
            .map(|(_, target)| *target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topmost_region_is_hit() {
        let mut regions = Regions::default();
        regions.add(Rect::new(0, 0, 80, 24), Target::List);
        regions.add(Rect::new(10, 5, 20, 10), Target::Overlay);
        assert_eq!(regions.at(0, 0), Some(Target::List));
        assert_eq!(regions.at(12, 6), Some(Target::Overlay));
        assert_eq!(regions.at(90, 6), None);
    }
}
