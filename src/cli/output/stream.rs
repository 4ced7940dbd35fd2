//! A table that grows while it is shown: its widths are fixed beforehand, and its last column takes the rest.

use jiff::Timestamp;

use super::cell::{Cell, Column, Row, Tone};
use super::style::Style;
use super::table;
use super::text;

/// The columns people see.
fn shown<R: Row>() -> Vec<(usize, Column)> {
    R::COLUMNS
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, column)| column.is_shown())
        .collect()
}

fn line(columns: &[Column], cells: &[Cell], style: Style) -> String {
    let mut widths: Vec<usize> = columns
        .iter()
        .zip(cells)
        .map(|(column, cell)| {
            column.width.max(text::width(column.title)).max(
                // A value wider than its column moves the rest of its line rather than being cut: the line may be all
                // that is ever seen of it.
                text::width(&cell.shown),
            )
        })
        .collect();
    if let (Some(last), Some(cell)) = (widths.last_mut(), cells.last()) {
        *last = text::width(&cell.shown);
    }
    table::line(columns, &widths, cells, style)
}

/// The line of titles.
pub fn titles<R: Row>(style: Style) -> String {
    let columns: Vec<Column> = shown::<R>().into_iter().map(|(_, column)| column).collect();
    let cells: Vec<Cell> = columns
        .iter()
        .map(|column| Cell::text(column.title).tone(Tone::Dim))
        .collect();
    line(&columns, &cells, style)
}

/// The line of one row.
pub fn row<R: Row>(row: &R, now: Timestamp, style: Style) -> String {
    let all = row.cells(now);
    let (columns, cells): (Vec<Column>, Vec<Cell>) = shown::<R>()
        .into_iter()
        .map(|(at, column)| {
            let mut cell = all.get(at).cloned().unwrap_or_default();
            cell.shown = text::printable(&cell.shown).into_owned();
            (column, cell)
        })
        .unzip();
    line(&columns, &cells, style)
}
