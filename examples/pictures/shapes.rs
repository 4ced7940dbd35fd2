//! Lines and blocks that terminals draw from edge to edge of a cell. As letters they would show gaps wherever the
//! viewer's font is not as high as a cell; drawn as shapes they meet.

/// A cell's width, in the picture's units.
pub const WIDTH: f64 = 8.4;
/// A cell's height, in the picture's units.
pub const HEIGHT: f64 = 18.0;

/// What is drawn in place of a character, in the units of the picture.
pub enum Shape {
    /// The data of a path that is stroked, and how thick.
    Stroke(String, f64),
    /// A box that is filled: x, y, width, height.
    Fill(f64, f64, f64, f64),
}

/// The shape of a character whose cell's upper left corner is at a place; none for what is a letter.
pub fn of(character: char, x: f64, y: f64) -> Option<Shape> {
    line(character, x, y)
        .or_else(|| block(character, x, y))
        .or_else(|| pause(character, x, y))
}

/// Two bars: few monospaced fonts have this sign, and the others show an empty box.
fn pause(character: char, x: f64, y: f64) -> Option<Shape> {
    let (left, right) = (x + WIDTH * 0.3, x + WIDTH * 0.7);
    let (top, height) = (y + HEIGHT * 0.28, HEIGHT * 0.46);
    (character == '⏸').then(|| {
        Shape::Stroke(
            format!("M{left:.1} {top:.1}v{height:.1}M{right:.1} {top:.1}v{height:.1}"),
            2.0,
        )
    })
}

fn line(character: char, x: f64, y: f64) -> Option<Shape> {
    let (mid_x, mid_y) = (x + WIDTH / 2.0, y + HEIGHT / 2.0);
    let (right, bottom) = (x + WIDTH, y + HEIGHT);
    // From the middle to which edges: left, right, up, down.
    let (arms, thick, round) = match character {
        '─' => ([true, true, false, false], 1.0, false),
        '━' => ([true, true, false, false], 2.0, false),
        '│' => ([false, false, true, true], 1.0, false),
        '┃' => ([false, false, true, true], 2.0, false),
        '┌' => ([false, true, false, true], 1.0, false),
        '┐' => ([true, false, false, true], 1.0, false),
        '└' => ([false, true, true, false], 1.0, false),
        '┘' => ([true, false, true, false], 1.0, false),
        '╭' => ([false, true, false, true], 1.0, true),
        '╮' => ([true, false, false, true], 1.0, true),
        '╰' => ([false, true, true, false], 1.0, true),
        '╯' => ([true, false, true, false], 1.0, true),
        '├' => ([false, true, true, true], 1.0, false),
        '┤' => ([true, false, true, true], 1.0, false),
        '┬' => ([true, true, false, true], 1.0, false),
        '┴' => ([true, true, true, false], 1.0, false),
        '┼' => ([true, true, true, true], 1.0, false),
        _ => return None,
    };
    let [to_left, to_right, up, down] = arms;
    let side = if to_left { x } else { right };
    let end = if up { y } else { bottom };
    if round {
        return Some(Shape::Stroke(
            format!("M{side:.1} {mid_y:.1}Q{mid_x:.1} {mid_y:.1} {mid_x:.1} {end:.1}"),
            thick,
        ));
    }
    let mut data = String::new();
    for (wanted, (edge_x, edge_y)) in
        arms.into_iter()
            .zip([(x, mid_y), (right, mid_y), (mid_x, y), (mid_x, bottom)])
    {
        if wanted {
            data += &format!("M{mid_x:.1} {mid_y:.1}L{edge_x:.1} {edge_y:.1}");
        }
    }
    debug_assert!(to_left || to_right || up || down);
    Some(Shape::Stroke(data, thick))
}

fn block(character: char, x: f64, y: f64) -> Option<Shape> {
    let code = u32::from(character);
    match code {
        // Lower eighths, from one to the full block.
        0x2581..=0x2588 => {
            let height = HEIGHT * f64::from(code - 0x2580) / 8.0;
            Some(Shape::Fill(x, y + HEIGHT - height, WIDTH, height))
        }
        // Left eighths, from seven to one.
        0x2589..=0x258f => {
            let width = WIDTH * f64::from(0x2590 - code) / 8.0;
            Some(Shape::Fill(x, y, width, HEIGHT))
        }
        0x2580 => Some(Shape::Fill(x, y, WIDTH, HEIGHT / 2.0)),
        0x2590 => Some(Shape::Fill(x + WIDTH / 2.0, y, WIDTH / 2.0, HEIGHT)),
        _ => None,
    }
}
