//! Draws a terminal's screen as SVG: a frame, the grounds, then the text in runs of one look, each stretched to the
//! cells it covers so that columns align in whatever monospaced font the viewer has.

use std::fmt::Write as _;

use vt100::Screen;

use super::paint::{BACKGROUND, Paint, Rgb};
use super::shapes::{self, HEIGHT, Shape, WIDTH};

const FONT: &str = "'DejaVu Sans Mono','SF Mono',Menlo,Consolas,'Liberation Mono',monospace";
const FONT_SIZE: f64 = 13.95;
/// Where letters stand, from the top of their cell.
const BASELINE: f64 = 13.5;
const MARGIN: f64 = 14.0;
const TITLE_BAR: f64 = 34.0;
const TITLE_GROUND: Rgb = Rgb(0x22, 0x29, 0x38);
const TITLE_INK: Rgb = Rgb(0x93, 0x9e, 0xb3);
const EDGE: Rgb = Rgb(0x38, 0x42, 0x56);
const BUTTONS: [Rgb; 3] = [
    Rgb(0xf2, 0x77, 0x7a),
    Rgb(0xf0, 0xc6, 0x74),
    Rgb(0x8f, 0xce, 0x8b),
];

/// Letters beside each other that look the same.
struct Run {
    text: String,
    column: u16,
    cells: u16,
    paint: Paint,
    /// Whether letters may still join it: a wide or unusual one stands alone.
    open: bool,
}

/// The whole picture.
pub fn draw(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let width = f64::from(columns.get()) * WIDTH + 2.0 * MARGIN;
    let height = f64::from(rows.get()) * HEIGHT + TITLE_BAR + 2.0 * MARGIN;
    let mut out = String::new();
    frame(&mut out, width, height, title);
    for row in 0..rows.get() {
        let y = TITLE_BAR + MARGIN + f64::from(row) * HEIGHT;
        grounds(&mut out, screen, row, columns.get(), y);
        letters(&mut out, screen, row, columns.get(), y);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn frame(out: &mut String, width: f64, height: f64, title: &str) {
    let title = escape(title);
    line(
        out,
        &format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" role="img">"#
        ),
    );
    line(out, &format!("<title>{title}</title>"));
    line(
        out,
        &format!(
            r#"<rect x="0.5" y="0.5" width="{:.1}" height="{:.1}" rx="9" fill="{}" stroke="{}"/>"#,
            width - 1.0,
            height - 1.0,
            BACKGROUND.hex(),
            EDGE.hex()
        ),
    );
    line(
        out,
        &format!(
            r#"<path d="M1 {TITLE_BAR}V9.5a8.5 8.5 0 0 1 8.5-8.5H{:.1}a8.5 8.5 0 0 1 8.5 8.5V{TITLE_BAR}z" fill="{}"/>"#,
            width - 9.5,
            TITLE_GROUND.hex()
        ),
    );
    let middle = TITLE_BAR / 2.0;
    for (place, button) in (0_u8..).zip(BUTTONS) {
        let x = 20.0 + 18.0 * f64::from(place);
        line(
            out,
            &format!(
                r#"<circle cx="{x}" cy="{middle}" r="5.5" fill="{}"/>"#,
                button.hex()
            ),
        );
    }
    line(
        out,
        &format!(r#"<g font-family="{FONT}" font-size="{FONT_SIZE}">"#),
    );
    line(
        out,
        &format!(
            r#"<text x="{:.1}" y="{:.1}" text-anchor="middle" font-size="12.5" fill="{}">{title}</text>"#,
            width / 2.0,
            middle + 4.5,
            TITLE_INK.hex()
        ),
    );
}

/// The grounds of a row, neighbours of one colour in one piece.
fn grounds(out: &mut String, screen: &Screen, row: u16, columns: u16, y: f64) {
    let mut pieces: Vec<(u16, u16, Rgb)> = Vec::new();
    for column in 0..columns {
        let ground = screen
            .cell(row, column)
            .and_then(|cell| Paint::of(cell).ground);
        let Some(ground) = ground else { continue };
        match pieces.last_mut() {
            Some((start, cells, colour)) if *colour == ground && *start + *cells == column => {
                *cells += 1;
            }
            _ => pieces.push((column, 1, ground)),
        }
    }
    for (column, cells, ground) in pieces {
        rect(
            out,
            x_of(column),
            y,
            f64::from(cells) * WIDTH,
            HEIGHT,
            ground,
        );
    }
}

/// The letters, lines and blocks of a row.
fn letters(out: &mut String, screen: &Screen, row: u16, columns: u16, y: f64) {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else {
            continue;
        };
        let text = cell.contents();
        if text.trim().is_empty() || cell.is_wide_continuation() {
            continue;
        }
        let paint = Paint::of(cell);
        if let Some(shape) = single(text).and_then(|one| shapes::of(one, x_of(column), y)) {
            draw_shape(out, &shape, paint.ink);
            continue;
        }
        let cells = if cell.is_wide() { 2 } else { 1 };
        let plain = cells == 1 && text.chars().all(is_plain);
        match runs.last_mut() {
            // A single blank joins two words; more of them part.
            Some(run)
                if plain
                    && run.open
                    && run.paint == paint
                    && column - (run.column + run.cells) <= 1 =>
            {
                if column > run.column + run.cells {
                    run.text.push(' ');
                }
                run.text.push_str(text);
                run.cells = column + 1 - run.column;
            }
            _ => runs.push(Run {
                text: text.to_owned(),
                column,
                cells,
                paint,
                open: plain,
            }),
        }
    }
    for run in &runs {
        draw_run(out, run, y);
    }
}

fn draw_run(out: &mut String, run: &Run, y: f64) {
    let paint = run.paint;
    let width = f64::from(run.cells) * WIDTH;
    let mut more = String::new();
    if paint.bold {
        more.push_str(r#" font-weight="bold""#);
    }
    if paint.italic {
        more.push_str(r#" font-style="italic""#);
    }
    if paint.underline {
        more.push_str(r#" text-decoration="underline""#);
    }
    // Signs come from other fonts, with widths of their own: they keep their shape, in the middle of their cells.
    let place = if run.open {
        format!(
            r#"x="{:.1}" textLength="{width:.1}" lengthAdjust="spacingAndGlyphs""#,
            x_of(run.column)
        )
    } else {
        format!(
            r#"x="{:.1}" text-anchor="middle""#,
            x_of(run.column) + width / 2.0
        )
    };
    line(
        out,
        &format!(
            r#"<text {place} y="{:.1}" fill="{}"{more}>{}</text>"#,
            y + BASELINE,
            paint.ink.hex(),
            escape(&run.text)
        ),
    );
}

fn draw_shape(out: &mut String, shape: &Shape, ink: Rgb) {
    match shape {
        Shape::Stroke(data, thick) => line(
            out,
            &format!(
                r#"<path d="{data}" fill="none" stroke="{}" stroke-width="{thick}"/>"#,
                ink.hex()
            ),
        ),
        Shape::Fill(x, y, width, height) => rect(out, *x, *y, *width, *height, ink),
    }
}

fn rect(out: &mut String, x: f64, y: f64, width: f64, height: f64, colour: Rgb) {
    line(
        out,
        &format!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{}" shape-rendering="crispEdges"/>"#,
            colour.hex()
        ),
    );
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

fn x_of(column: u16) -> f64 {
    MARGIN + f64::from(column) * WIDTH
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let one = characters.next()?;
    characters.next().is_none().then_some(one)
}

/// Letters that every monospaced font has.
fn is_plain(character: char) -> bool {
    character.is_ascii() || ('\u{a1}'..='\u{17f}').contains(&character)
}

/// Text as XML takes it. Control characters have no place in a picture.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
    out
}
