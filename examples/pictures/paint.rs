//! The colours of the pictures: a dark terminal's sixteen, and what bold, dim and reversed make of them.

use vt100::{Cell, Color};

/// A colour of eight bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// What the terminal shows where nobody asked for a colour.
pub const BACKGROUND: Rgb = Rgb(0x16, 0x1b, 0x26);
/// What plain text is written in.
pub const FOREGROUND: Rgb = Rgb(0xd7, 0xde, 0xea);

const SIXTEEN: [Rgb; 16] = [
    Rgb(0x2a, 0x31, 0x40),
    Rgb(0xf2, 0x77, 0x7a),
    Rgb(0x8f, 0xce, 0x8b),
    Rgb(0xf0, 0xc6, 0x74),
    Rgb(0x7a, 0xa8, 0xf7),
    Rgb(0xc4, 0x9b, 0xea),
    Rgb(0x6f, 0xcf, 0xd6),
    Rgb(0xc5, 0xcd, 0xdb),
    Rgb(0x5b, 0x66, 0x7d),
    Rgb(0xff, 0x94, 0x94),
    Rgb(0xa9, 0xe3, 0xa2),
    Rgb(0xff, 0xda, 0x8f),
    Rgb(0x9c, 0xc0, 0xff),
    Rgb(0xdc, 0xba, 0xff),
    Rgb(0x8f, 0xe6, 0xea),
    Rgb(0xf4, 0xf7, 0xfc),
];

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The colour of its text.
    pub ink: Rgb,
    /// The colour behind it; none where the terminal's own shows.
    pub ground: Option<Rgb>,
    /// Whether its text is bold.
    pub bold: bool,
    /// Whether its text leans.
    pub italic: bool,
    /// Whether a line runs under its text.
    pub underline: bool,
}

impl Paint {
    /// How a cell of the terminal looks.
    pub fn of(cell: &Cell) -> Self {
        let mut ink = resolve(cell.fgcolor()).unwrap_or(FOREGROUND);
        let mut ground = resolve(cell.bgcolor());
        if cell.inverse() {
            let behind = ground.unwrap_or(BACKGROUND);
            ground = Some(ink);
            ink = behind;
        }
        if cell.dim() {
            // Dim is a step towards the ground; a reversed cell's ground takes the step, as in most terminals.
            if cell.inverse() {
                ground = ground.map(|ground| ground.towards(BACKGROUND, 45));
            } else {
                ink = ink.towards(ground.unwrap_or(BACKGROUND), 40);
            }
        }
        Self {
            ink,
            ground,
            bold: cell.bold(),
            italic: cell.italic(),
            underline: cell.underline(),
        }
    }
}

impl Rgb {
    /// As SVG writes it.
    pub fn hex(self) -> String {
        let Self(red, green, blue) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// So many hundredths of the way to another colour.
    fn towards(self, other: Self, hundredths: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (100 - hundredths) + u16::from(to) * hundredths;
            u8::try_from(sum / 100).expect("a mean of two bytes is a byte")
        };
        Self(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }
}

/// The colour a terminal means; none for its own. Beyond the sixteen follow the cube and the greys of xterm.
fn resolve(color: Color) -> Option<Rgb> {
    match color {
        Color::Default => None,
        Color::Rgb(red, green, blue) => Some(Rgb(red, green, blue)),
        Color::Idx(index) => Some(match SIXTEEN.get(usize::from(index)) {
            Some(color) => *color,
            None if index >= 232 => {
                let level = 8 + 10 * (index - 232);
                Rgb(level, level, level)
            }
            None => {
                let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                let cube = index - 16;
                Rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
        }),
    }
}
