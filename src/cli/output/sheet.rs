//! The facts of one thing: labels in one column, values beside them, in titled parts.

use super::cell::{Cell, Tone};
use super::style::Style;
use super::text;

enum Part {
    Title(String),
    Fact(String, Cell),
    Lines(Vec<String>),
}

/// A sheet of facts, in the order they are added.
#[derive(Default)]
pub struct Sheet {
    parts: Vec<Part>,
}

impl Sheet {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a titled part.
    pub fn title(&mut self, title: impl Into<String>) -> &mut Self {
        self.parts.push(Part::Title(title.into()));
        self
    }

    /// Adds a fact.
    pub fn fact(&mut self, label: impl Into<String>, value: Cell) -> &mut Self {
        self.parts.push(Part::Fact(label.into(), value));
        self
    }

    /// Adds a fact where there is one.
    pub fn maybe(
        &mut self,
        label: impl Into<String>,
        value: Option<impl Into<String>>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.fact(label, Cell::text(value));
        }
        self
    }

    /// Adds lines as they are, which must be printable already.
    pub fn lines(&mut self, lines: Vec<String>) -> &mut Self {
        self.parts.push(Part::Lines(lines));
        self
    }

    /// The lines of the sheet.
    pub fn render(&self, style: Style) -> Vec<String> {
        let label_width = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Fact(label, _) => text::width(label),
                Part::Title(_) | Part::Lines(_) => 0,
            })
            .max()
            .unwrap_or(0);
        let mut lines = Vec::new();
        for part in &self.parts {
            match part {
                Part::Title(title) => {
                    if !lines.is_empty() {
                        lines.push(String::new());
                    }
                    lines.push(style.paint(&text::printable(title), Tone::Strong));
                }
                Part::Fact(label, cell) => {
                    let padding = " ".repeat(label_width.saturating_sub(text::width(label)));
                    let label = style.paint(label, Tone::Dim);
                    let value = style.paint(&text::printable(&cell.shown), cell.tone);
                    lines.push(format!("{label}{padding}  {value}"));
                }
                Part::Lines(more) => lines.extend(more.iter().cloned()),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_one_column() {
        let mut sheet = Sheet::new();
        sheet
            .title("Ada")
            .fact("e-mail", Cell::text("ada@x.io"))
            .fact("id", Cell::text("7"))
            .maybe("role", None::<String>);
        assert_eq!(
            sheet.render(Style::Plain),
            ["Ada", "e-mail  ada@x.io", "id      7"]
        );
    }
}
