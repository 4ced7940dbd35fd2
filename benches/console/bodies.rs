//! A body of 5 MiB: laid out once, then only what is on the screen is looked at.

use std::time::Instant;

use anyhow::Result;
use provost::console::theme::Look;
use provost::console::widgets::json_view::JsonView;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;

use super::data;
use crate::sample::{Sample, undisturbed};
use crate::table::{Figure, Goal, Table};

/// Bytes of the body.
const BYTES: usize = 5 * 1_024 * 1_024;

/// Opens it, and scrolls through it.
pub fn open(table: &mut Table) -> Result<()> {
    let mut resources = Vec::new();
    let mut bytes = 0;
    let mut number = 0;
    while bytes < BYTES {
        let resource = data::member_detail(number, data::noon()).resource;
        bytes += resource.to_string().len() + 1;
        resources.push(resource);
        number += 1;
    }
    let body = json!({"Resources": resources}).to_string();
    let look = Look::standard();
    let area = Rect::new(0, 0, 200, 60);
    let mut buffer = Buffer::empty(area);
    let (mut opened, mut scrolled) = (Sample::default(), Sample::default());
    for _ in 0..5 {
        let text = body.clone();
        let began = Instant::now();
        let mut view = JsonView::new(text);
        view.set_height(60);
        view.render(area, &mut buffer, &look, true);
        opened.add(began.elapsed());
        for _ in 0..200 {
            let ((), took) = undisturbed(|| {
                view.page_by(17);
                buffer.reset();
                view.render(area, &mut buffer, &look, true);
            });
            if let Some(took) = took {
                scrolled.add(took);
            }
        }
    }
    table.add(Figure::value(
        "frame of a 5 MiB body while scrolling, p99",
        scrolled.percentile(99),
        "ms",
        Goal::at_most(2.0),
    ));
    table.add(Figure::remark(
        "  laying it out once",
        format!("{:.0} ms", opened.percentile(50)),
    ));
    Ok(())
}
