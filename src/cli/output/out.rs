//! Where an answer goes and in which form.

use std::io::{self, IsTerminal, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::cell::Row;
use super::sheet::Sheet;
use super::style::Style;
use super::{csv, stream, table};
use crate::cli::error::CliError;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Table,
    /// One document.
    Json,
    /// A list for a spreadsheet.
    Csv,
}

/// The answer of a command on its way out.
pub struct Out {
    writer: Box<dyn Write + Send>,
    /// The form.
    pub form: Form,
    /// Whether with colours.
    pub style: Style,
    /// The width of the terminal; `None` into a file or a pipe, where nothing is cut.
    pub width: Option<usize>,
}

fn terminal_width() -> Option<usize> {
    let (columns, _) = crossterm::terminal::size().ok()?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

impl Out {
    /// The standard output.
    pub fn stdout(form: Form) -> Self {
        let stdout = io::stdout();
        let width = stdout.is_terminal().then(terminal_width).flatten();
        Self {
            style: Style::of(&stdout),
            writer: Box::new(io::LineWriter::new(stdout)),
            form,
            width,
        }
    }

    /// Writes a line as it is, which must be printable already.
    pub fn line(&mut self, line: &str) -> Result<(), CliError> {
        writeln!(self.writer, "{line}").map_err(CliError::Output)
    }

    /// Writes a document, over several lines.
    pub fn document(&mut self, document: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(document).map_err(CliError::Render)?;
        self.line(&text)
    }

    /// Writes a document on one line.
    pub fn document_line(&mut self, document: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string(document).map_err(CliError::Render)?;
        self.line(&text)
    }

    /// Writes a list in the form asked for. `document` is the whole answer for JSON.
    pub fn list<R: Row>(
        &mut self,
        document: &impl Serialize,
        rows: &[R],
        now: Timestamp,
    ) -> Result<(), CliError> {
        match self.form {
            Form::Json => self.document(document),
            Form::Csv => {
                csv::header::<R>(&mut self.writer).map_err(CliError::Output)?;
                self.csv_rows(rows, now)
            }
            Form::Table => {
                for line in table::lines(rows, now, self.style, self.width) {
                    self.line(&line)?;
                }
                Ok(())
            }
        }
    }

    /// Writes more rows of a CSV whose header is there.
    pub fn csv_rows<R: Row>(&mut self, rows: &[R], now: Timestamp) -> Result<(), CliError> {
        csv::rows(&mut self.writer, rows, now).map_err(CliError::Output)
    }

    /// Writes one more row of a list that grows.
    pub fn row<R: Row>(&mut self, row: &R, now: Timestamp) -> Result<(), CliError> {
        let line = stream::row(row, now, self.style, self.room());
        self.line(&line)
    }

    /// Writes the titles of a list that grows.
    pub fn titles<R: Row>(&mut self) -> Result<(), CliError> {
        let line = stream::titles::<R>(self.style, self.room());
        self.line(&line)
    }

    /// The width that the terminal has now: a list that grows outlives more than one.
    fn room(&self) -> Option<usize> {
        self.width.map(|width| terminal_width().unwrap_or(width))
    }

    /// Writes the facts of one thing: the sheet for people, the document for scripts.
    pub fn sheet(&mut self, document: &impl Serialize, sheet: &Sheet) -> Result<(), CliError> {
        if self.form == Form::Json {
            return self.document(document);
        }
        for line in sheet.render(self.style) {
            self.line(&line)?;
        }
        Ok(())
    }
}
