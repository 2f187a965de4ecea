//! One row of a table: where its quotes open and close, and its cells. `csv_core`
//! unquotes them.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::problem::RowProblem;
use super::reader;

/// The quoting at one place in a row: that of `csv_core`, but strict about what
/// follows a closing quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteState {
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
    pub(super) fn after(self, byte: u8, delimiter: u8) -> Self {
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

/// The line where the quote stands that is open at the end of the latest line.
#[derive(Debug, Default)]
pub(super) struct OpenQuote {
    pub(super) line: u64,
}

impl OpenQuote {
    /// The quoting after the line of this number.
    pub(super) fn after_line(
        &mut self,
        mut state: QuoteState,
        number: u64,
        bytes: &[u8],
        delimiter: u8,
    ) -> QuoteState {
        for byte in bytes {
            let next = state.after(*byte, delimiter);
            if next == QuoteState::Quoted && state == QuoteState::CellStart {
                self.line = number;
            }
            state = next;
        }
        state
    }
}

/// The cells of the latest record, unquoted.
#[derive(Debug)]
pub(super) struct Cells {
    reader: Reader,
    delimiter: u8,
    line: Vec<u8>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    text: String,
    count: usize,
}

impl Cells {
    pub(super) fn new(delimiter: u8) -> Self {
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

    pub(super) fn split(&mut self, record: &str) -> Result<(), RowProblem> {
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
                return Err(RowProblem::OpenQuote { in_tsv: false });
            }
        }
        self.count = count;
        self.text.clear();
        let text = reader::text(&self.bytes[..written])?;
        self.text.push_str(text);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let start = match at {
            0 => 0,
            later => self.ends[later - 1],
        };
        &self.text[start..self.ends[at]]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
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
        assert!(matches!(split("a,\"b"), Err(RowProblem::OpenQuote { .. })));
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
