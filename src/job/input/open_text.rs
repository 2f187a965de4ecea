//! The lines of a feed after one whose quoted text is not closed in it. They are the rest
//! of that text, as RFC 4180 reads them, or rows after a stray quote. No row may wait for
//! the closing quote, so nobody knows which. As rows they could remove members who are
//! only named in a text, so they are bad rows
//!
//! - up to the line that closes the text;
//! - up to a row that shows that the quote was a stray one: a whole row by itself with a
//!   quoted cell, which as a part of the text would have text after the closing quote;
//! - up to the next row whose own quote is open, which is a bad row for that reason;
//! - as long as the text in these lines is not longer than a reason may be. So a stray
//!   quote costs a bounded number of rows.
//!
//! How the lines arrive, and pauses between them, change nothing: a writer with a buffer
//! may stop anywhere.

use super::cells::{Cells, QuoteState};
use super::layout::Columns;
use super::{reader, row};
use crate::room::Reason;

/// A text that may go on in the next line.
#[derive(Debug)]
pub(super) struct OpenText {
    /// The line of the bad row whose quote is open.
    pub(super) line: u64,
    /// How many bytes of text the lines after it have.
    bytes: usize,
}

/// What a line after it is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextLine {
    /// The text goes on, or is closed in it.
    Part { is_last: bool },
    /// A row of its own, good or bad.
    Row,
}

impl OpenText {
    pub(super) fn new(line: u64) -> Self {
        Self { line, bytes: 0 }
    }

    /// What the next line is taken for. `cells` are those of the latest record, and are
    /// lost.
    pub(super) fn add_line(
        &mut self,
        line: &[u8],
        delimiter: u8,
        columns: Option<&Columns>,
        cells: &mut Cells,
    ) -> NextLine {
        let text = TextLine::read(line, delimiter);
        let alone = LineAlone::read(line, delimiter);
        let mut is_row = |end| columns.is_some_and(|columns| is_row(line, end, columns, cells));
        match text.state {
            QuoteState::Quoted => {}
            QuoteState::AfterBadQuote if alone.state == QuoteState::Quoted => return NextLine::Row,
            QuoteState::AfterBadQuote => {
                let is_whole = alone.state != QuoteState::AfterBadQuote;
                if alone.has_quoted && is_whole && is_row("") {
                    return NextLine::Row;
                }
            }
            _ if alone.state == QuoteState::Quoted && is_row("\"") => return NextLine::Row,
            _ => return NextLine::Part { is_last: true },
        }
        if text.is_new {
            self.bytes = 0;
        }
        self.bytes += text.bytes;
        if self.bytes > Reason::MAX_BYTES {
            return NextLine::Row;
        }
        NextLine::Part { is_last: false }
    }
}

/// Whether the line, with this at its end, is a row with a name.
fn is_row(line: &[u8], end: &str, columns: &Columns, cells: &mut Cells) -> bool {
    reader::text(reader::without_end(line)).is_ok_and(|text| {
        cells.split(&format!("{text}{end}")).is_ok()
            && cells.len() == columns.width()
            && row::user_name(cells.get(columns.user()), false).is_ok()
    })
}

/// A line that begins inside of a quoted text.
struct TextLine {
    state: QuoteState,
    /// A part of the text of a later cell, which begins in it.
    is_new: bool,
    /// Of the text that is open at its end. Two quotes are one byte.
    bytes: usize,
}

impl TextLine {
    fn read(line: &[u8], delimiter: u8) -> Self {
        let mut found = Self {
            state: QuoteState::Quoted,
            is_new: false,
            bytes: 0,
        };
        for byte in line {
            let before = found.state;
            found.state = before.after(*byte, delimiter);
            match (before, found.state) {
                (QuoteState::CellStart, QuoteState::Quoted) => {
                    found.is_new = true;
                    found.bytes = 0;
                }
                (_, QuoteState::Quoted) => found.bytes += 1,
                _ => {}
            }
        }
        if found.state == QuoteState::AfterBadQuote {
            found.is_new = false;
            found.bytes = line.len();
        }
        found
    }
}

/// A line by itself.
struct LineAlone {
    state: QuoteState,
    /// It has a quoted cell.
    has_quoted: bool,
}

impl LineAlone {
    fn read(line: &[u8], delimiter: u8) -> Self {
        let mut found = Self {
            state: QuoteState::CellStart,
            has_quoted: false,
        };
        for byte in line {
            found.state = found.state.after(*byte, delimiter);
            found.has_quoted |= found.state == QuoteState::Quoted;
        }
        found
    }
}

/// Whether a line with text after a closing quote may have opened a text that goes on:
/// the writer may not write quotes twice, and the last one is not at the end of a cell.
pub(super) fn is_left_open(line: &[u8], delimiter: u8) -> bool {
    let after_last = line.rsplit(|byte| *byte == b'"').next().unwrap_or(line);
    let rest_of_cell = after_last.split(|byte| *byte == delimiter).next();
    rest_of_cell.is_some_and(|rest| !rest.trim_ascii().is_empty())
}

#[cfg(test)]
#[path = "open_text_tests.rs"]
mod tests;
