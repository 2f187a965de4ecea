//! The formats `csv` and `tsv`: RFC 4180, with a header or with `--columns`.
//!
//! The lines of a row are collected here, so that a quote that is never closed
//! costs one row and bounded memory, and so that each row knows its line.
//! `csv_core` unquotes the cells, one record at a time.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::{Column, Columns};
use super::reader::{self, LineReader, MAX_BYTES};
use super::row::{self, BadRow, Row, RowProblem, ValueCache};

#[derive(Debug)]
pub(super) struct CsvReader {
    delimiter: u8,
    columns: Option<Columns>,
    /// `--columns` is given, so a header is an error.
    has_named_columns: bool,
    /// A row or the header was read.
    is_begun: bool,
    record: Vec<u8>,
    cells: Cells,
}

impl CsvReader {
    pub(super) fn new(delimiter: u8, columns: Option<Columns>) -> Self {
        Self {
            delimiter,
            has_named_columns: columns.is_some(),
            columns,
            is_begun: false,
            record: Vec::new(),
            cells: Cells::new(delimiter),
        }
    }

    /// The next row. Reads the header before the first.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Option<Result<Row, BadRow>> {
        loop {
            let line = match self.read_record(input)? {
                Ok(line) => line,
                Err(bad) => return Some(Err(bad)),
            };
            match self.row(line, cache) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(problem) => return Some(Err(BadRow { line, problem })),
            }
        }
    }

    /// Collects the lines of the next record. Returns the number of the first, or
    /// None at the end.
    fn read_record<R: Read>(&mut self, input: &mut LineReader<R>) -> Option<Result<u64, BadRow>> {
        self.record.clear();
        let mut first = None;
        let mut state = QuoteState::CellStart;
        loop {
            let (number, bytes) = match (input.next_line(), first) {
                (None, None) => return None,
                (Some(Ok(found)), _) => found,
                (Some(Err(bad)), None) => return Some(Err(bad)),
                (Some(Err(bad)), Some(_)) if bad.problem.ends_list() => return Some(Err(bad)),
                // With this line bad or missing, the quote stays open.
                (None | Some(Err(_)), Some(line)) => return Some(Err(open_quote(line))),
            };
            let line = *first.get_or_insert(number);
            if self.record.len() + bytes.len() > MAX_BYTES + 2 {
                return Some(Err(open_quote(line)));
            }
            self.record.extend_from_slice(bytes);
            let step = |state: QuoteState, byte: &u8| state.after(*byte, self.delimiter);
            state = bytes.iter().fold(state, step);
            match state {
                QuoteState::Quoted => {}
                QuoteState::AfterBadQuote => {
                    let problem = RowProblem::TextAfterQuote;
                    return Some(Err(BadRow { line, problem }));
                }
                QuoteState::CellStart | QuoteState::Unquoted | QuoteState::AfterQuote => {
                    return Some(Ok(line));
                }
            }
        }
    }

    /// The row of the record; None for a header or a blank one.
    fn row(&mut self, line: u64, cache: &mut ValueCache) -> Result<Option<Row>, RowProblem> {
        let text = reader::text(reader::without_end(&self.record))?;
        // Spreadsheets write deleted rows as separators only.
        if text.bytes().all(|byte| byte == self.delimiter) {
            return Ok(None);
        }
        self.cells.split(text)?;
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let Some(columns) = &self.columns else {
            let columns = Columns::from_header(&self.cells.iter());
            self.columns = Some(columns.map_err(RowProblem::Header)?);
            return Ok(None);
        };
        if is_first && self.has_named_columns && is_header(&self.cells) {
            return Err(RowProblem::HeaderAndColumns);
        }
        if self.cells.len() != columns.width() {
            return Err(RowProblem::Ragged {
                cells: self.cells.len(),
                columns: columns.width(),
            });
        }
        let [room, user, reason] = columns.pick(|at| self.cells.get(at));
        if user.is_empty() {
            return Err(RowProblem::NoUser);
        }
        Ok(Some(Row {
            line,
            room: cache.room(room)?,
            user: row::user(user)?,
            reason: cache.reason(reason)?,
        }))
    }
}

/// Whether every cell names a column, and one is the user column.
fn is_header(cells: &Cells) -> bool {
    let mut names = cells.iter().map(Column::named);
    names.clone().all(|name| name.is_some()) && names.any(|name| name == Some(Column::User))
}

fn open_quote(line: u64) -> BadRow {
    BadRow {
        line,
        problem: RowProblem::OpenQuote,
    }
}

/// The quoting at one place in a row: that of `csv_core`, but strict about what
/// follows a closing quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum QuoteState {
    /// At a cell's first byte.
    CellStart,
    /// In a cell without quotes. A quote inside it is a character.
    Unquoted,
    Quoted,
    /// After a quote that closes, or is the first of two.
    AfterQuote,
    /// After text that cannot follow a closing quote, up to the end of the row.
    AfterBadQuote,
}

impl QuoteState {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        match self {
            Self::AfterBadQuote => Self::AfterBadQuote,
            Self::Quoted if byte == b'"' => Self::AfterQuote,
            Self::Quoted => Self::Quoted,
            Self::AfterQuote | Self::CellStart if byte == b'"' => Self::Quoted,
            _ if byte == delimiter => Self::CellStart,
            Self::AfterQuote if matches!(byte, b'\r' | b'\n') => Self::AfterQuote,
            Self::AfterQuote => Self::AfterBadQuote,
            Self::CellStart | Self::Unquoted => Self::Unquoted,
        }
    }
}

/// The cells of the latest record, unquoted.
#[derive(Debug)]
struct Cells {
    reader: Reader,
    delimiter: u8,
    line: Vec<u8>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    text: String,
    count: usize,
}

impl Cells {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            line: Vec::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
            text: String::new(),
            count: 0,
        }
    }

    fn split(&mut self, record: &str) -> Result<(), RowProblem> {
        self.line.clear();
        self.line.extend_from_slice(record.as_bytes());
        self.line.push(b'\n');
        let delimiters = record.bytes().filter(|byte| *byte == self.delimiter);
        self.ends.resize(delimiters.count() + 1, 0);
        self.bytes.resize(self.line.len(), 0);
        let (result, read, written, count) =
            self.reader
                .read_record(&self.line, &mut self.bytes, &mut self.ends);
        match result {
            ReadRecordResult::Record if read == self.line.len() => {}
            ReadRecordResult::Record => {
                self.reader.reset();
                return Err(RowProblem::LoneCr);
            }
            _ => {
                self.reader.reset();
                return Err(RowProblem::OpenQuote);
            }
        }
        self.count = count;
        self.text.clear();
        let text = reader::text(&self.bytes[..written])?;
        self.text.push_str(text);
        Ok(())
    }

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, at: usize) -> &str {
        let start = match at {
            0 => 0,
            later => self.ends[later - 1],
        };
        &self.text[start..self.ends[at]]
    }

    fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.count).map(|at| self.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(record: &str) -> Result<Vec<String>, RowProblem> {
        let mut cells = Cells::new(b',');
        cells.split(record)?;
        assert_eq!(cells.len(), cells.iter().count());
        Ok(cells.iter().map(str::to_owned).collect())
    }

    #[test]
    fn a_record_is_split_and_unquoted() {
        assert_eq!(
            split("a,\"b,\"\"c\"\"\",").expect("good"),
            ["a", "b,\"c\"", ""]
        );
        assert_eq!(split(",,").expect("good"), ["", "", ""]);
        assert!(matches!(split("a\rb"), Err(RowProblem::LoneCr)));
        assert!(matches!(split("a,\"b"), Err(RowProblem::OpenQuote)));
    }

    #[test]
    fn cells_of_one_record_do_not_leak_into_the_next() {
        let mut cells = Cells::new(b',');
        cells.split("a,b,c").expect("good");
        assert!(cells.split("a,\"b").is_err());
        cells.split("d").expect("good");
        assert_eq!((cells.len(), cells.get(0)), (1, "d"));
    }

    #[test]
    fn a_row_ends_where_no_quote_is_open() {
        let end = |row: &str| {
            row.bytes()
                .fold(QuoteState::CellStart, |at, byte| at.after(byte, b','))
        };
        for whole in [
            "a,b\n",
            "\"a\",\"b\"\r\n",
            "5\" tall\n",
            "a,\"\"\n",
            "\"a\"\"b\"",
        ] {
            assert_ne!(end(whole), QuoteState::Quoted, "{whole:?}");
            assert_ne!(end(whole), QuoteState::AfterBadQuote, "{whole:?}");
        }
        for open in ["a,\"b\n", "\"a\"\"\n", "\"", "\"a,b\n"] {
            assert_eq!(end(open), QuoteState::Quoted, "{open:?}");
        }
        for bad in ["\"a\"b\n", "\"a\" ,b\n"] {
            assert_eq!(end(bad), QuoteState::AfterBadQuote, "{bad:?}");
        }
    }
}
