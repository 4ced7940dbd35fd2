//! Requests over time as a row of bars, with failures told by a sign and not by colour alone. The newest bucket stands at
//! the right edge; what does not fit is left out at the left.
//!
//! With two rows or more the last row holds a failure sign below each bar that has any. With one row, bars with
//! failures are drawn in the style of danger, which is bold and underlined where there is no colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::admin::types::RateBucket;
use crate::console::theme::{Look, Role};
use crate::counted::counted;

/// Draws buckets, oldest first, into an area. The tallest bar is the busiest bucket of those shown.
pub fn sparkline(rates: &[RateBucket], area: Rect, buf: &mut Buffer, look: &Look) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let signs = area.height >= 2;
    let bars = Rect {
        height: area.height - u16::from(signs),
        ..area
    };
    let shown = usize::from(area.width).min(rates.len());
    let rates = rates.get(rates.len() - shown..).unwrap_or_default();
    let busiest = rates
        .iter()
        .map(|bucket| bucket.requests)
        .max()
        .unwrap_or(0)
        .max(1);
    for (x, bucket) in (area.right() - u16::try_from(shown).unwrap_or(0)..).zip(rates) {
        bar(
            *bucket,
            busiest,
            Rect {
                x,
                width: 1,
                ..bars
            },
            buf,
            look,
        );
        if signs {
            let at = Rect::new(x, bars.bottom(), 1, 1);
            let (sign, role) = if bucket.failures > 0 {
                (look.glyphs.failed, Role::Danger)
            } else {
                (look.glyphs.separator, Role::Muted)
            };
            text::put_left(buf, at, sign, look.style(role), "");
        }
    }
}

/// Draws one bar from the bottom up. A bucket with few requests still shows the least there is to see.
fn bar(bucket: RateBucket, busiest: u32, at: Rect, buf: &mut Buffer, look: &Look) {
    if bucket.requests == 0 {
        return;
    }
    let glyphs = &look.glyphs.bars;
    let steps = u64::try_from(glyphs.len()).unwrap_or(1);
    let full = u64::from(at.height) * steps;
    let height = (u64::from(bucket.requests) * full)
        .div_ceil(u64::from(busiest))
        .clamp(1, full);
    let role = if bucket.failures > 0 {
        Role::Danger
    } else {
        Role::Accent
    };
    for line in 0..at.height {
        let below = u64::from(line) * steps;
        let Some(filled) = height.checked_sub(below).filter(|filled| *filled > 0) else {
            return;
        };
        let glyph = usize::try_from(filled.min(steps) - 1)
            .ok()
            .and_then(|step| glyphs.get(step));
        let place = Rect::new(at.x, at.bottom() - 1 - line, 1, 1);
        text::put_left(
            buf,
            place,
            glyph.copied().unwrap_or_default(),
            look.style(role),
            "",
        );
    }
}

/// The same in words, for screen readers: how many requests, how many of them failed.
pub fn in_words(rates: &[RateBucket]) -> String {
    let requests: u64 = rates.iter().map(|bucket| u64::from(bucket.requests)).sum();
    let failures: u64 = rates.iter().map(|bucket| u64::from(bucket.failures)).sum();
    format!("{}, {failures} failed", counted(requests, "request"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::theme::{Glyphs, Theme};

    fn rates(pairs: &[(u32, u32)]) -> Vec<RateBucket> {
        pairs
            .iter()
            .map(|(requests, failures)| RateBucket {
                requests: *requests,
                failures: *failures,
            })
            .collect()
    }

    fn draw(pairs: &[(u32, u32)], width: u16, height: u16, ascii: bool) -> (Vec<String>, Buffer) {
        let look = Look {
            theme: Theme::built_in("mono").unwrap(),
            glyphs: Glyphs::pick(ascii),
        };
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let area = buf.area;
        sparkline(&rates(pairs), area, &mut buf, &look);
        let lines = (0..height)
            .map(|y| {
                (0..width)
                    .map(|x| buf[(x, y)].symbol().to_owned())
                    .collect()
            })
            .collect();
        (lines, buf)
    }

    #[test]
    fn bars_grow_with_requests_and_failures_have_a_sign() {
        let (lines, _) = draw(&[(0, 0), (1, 0), (8, 2), (4, 0)], 6, 2, false);
        assert_eq!(lines, vec!["   ▁█▄", "  ··✗·"]);
    }

    #[test]
    fn ascii_will_do() {
        let (lines, _) = draw(&[(0, 0), (1, 0), (8, 2), (4, 0)], 4, 2, true);
        assert_eq!(lines, vec![" _#-", "--x-"]);
    }

    #[test]
    fn high_areas_have_finer_bars() {
        let (lines, _) = draw(&[(16, 0), (9, 0)], 2, 3, false);
        assert_eq!(lines, vec!["█▁", "██", "··"]);
    }

    #[test]
    fn one_row_shows_failures_by_style() {
        let (lines, buf) = draw(&[(5, 0), (5, 1)], 2, 1, false);
        assert_eq!(lines, vec!["██"]);
        assert_ne!(buf[(0, 0)].modifier, buf[(1, 0)].modifier);
    }

    #[test]
    fn only_the_newest_buckets_are_shown_where_room_is_short() {
        let (lines, _) = draw(&[(100, 0), (1, 0), (1, 0)], 2, 1, false);
        assert_eq!(lines, vec!["██"]);
    }

    #[test]
    fn nothing_is_drawn_from_nothing() {
        assert_eq!(draw(&[], 3, 1, false).0, vec!["   "]);
        draw(&[(1, 1)], 0, 0, false);
        assert_eq!(in_words(&rates(&[(3, 1), (2, 0)])), "5 requests, 1 failed");
    }
}
