//! Lists of members: rows from any reader, one by one, whatever the format.
//!
//! Reads and cache; what a row without a room or a reason means is for the
//! caller to say, as is what becomes of bad rows. Memory stays bounded whatever
//! comes in. Used for whole files and for feeds that never end: a row is handed
//! out as soon as its line is there.

mod cells;
mod columns;
mod csv;
mod format;
mod json;
mod lines;
mod problem;
#[cfg(test)]
mod property_tests;
mod reader;
mod row;

use std::io::Read;

pub use columns::{Columns, HeaderProblem};
pub use format::Format;
pub use problem::{BadRow, RowProblem};
pub use row::Row;

use csv::CsvReader;
use json::JsonReader;
use lines::UserLines;
use reader::LineReader;
use row::ValueCache;

/// The rows of one list, good and bad. After a row that speaks for the whole
/// list ([`RowProblem::ends_list`]) there are no more.
#[derive(Debug)]
pub struct Rows<R> {
    input: LineReader<R>,
    format_reader: FormatReader,
    cache: ValueCache,
    over: bool,
}

#[derive(Debug)]
enum FormatReader {
    /// `lines` or `ndjson`: the first line that is not blank will tell.
    Undecided,
    Lines(UserLines),
    Json(JsonReader),
    Csv(Box<CsvReader>),
}

impl<R: Read> Rows<R> {
    /// The rows of `input`. Without a format it is `ndjson` when the first
    /// character is `{`, else `lines`. `columns` are those of a `csv` or `tsv`
    /// without a header; the other formats have no use for them.
    pub fn new(input: R, format: Option<Format>, columns: Option<Columns>) -> Self {
        let format_reader = match format {
            None => FormatReader::Undecided,
            Some(Format::Lines) => FormatReader::Lines(UserLines::default()),
            Some(Format::Ndjson) => FormatReader::Json(JsonReader::default()),
            Some(Format::Csv) => FormatReader::Csv(Box::new(CsvReader::new(b',', columns))),
            Some(Format::Tsv) => FormatReader::Csv(Box::new(CsvReader::new(b'\t', columns))),
        };
        Self {
            input: LineReader::new(input),
            format_reader,
            cache: ValueCache::default(),
            over: false,
        }
    }

    fn read(&mut self) -> Option<Result<Row, BadRow>> {
        let Self {
            input,
            format_reader,
            cache,
            ..
        } = self;
        loop {
            if let FormatReader::Csv(csv) = format_reader {
                return csv.next(input, cache);
            }
            if let FormatReader::Json(objects) = format_reader
                && let Some(row) = objects.pending()
            {
                return Some(Ok(row));
            }
            let (line, text) = match input.next_text()? {
                Ok((_, text)) if text.trim().is_empty() => continue,
                Ok(found) => found,
                Err(bad) => return Some(Err(bad)),
            };
            if let FormatReader::Undecided = format_reader {
                *format_reader = if text.trim_start().starts_with('{') {
                    FormatReader::Json(JsonReader::default())
                } else {
                    FormatReader::Lines(UserLines::default())
                };
            }
            let row = match format_reader {
                FormatReader::Lines(lines) => lines.row(line, text),
                FormatReader::Json(objects) => objects.row(line, text, cache).map(Some),
                FormatReader::Undecided | FormatReader::Csv(_) => unreachable!("dealt with above"),
            };
            match row {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(problem) => return Some(Err(BadRow { line, problem })),
            }
        }
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = self.read();
        self.over = match &row {
            None => true,
            Some(Err(bad)) => bad.problem.ends_list(),
            Some(Ok(_)) => false,
        };
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(input: &[u8], format: Option<Format>) -> Vec<String> {
        let rows = Rows::new(input, format, None);
        rows.map(|row| match row {
            Ok(row) => row.user.to_string(),
            Err(bad) => bad.to_string(),
        })
        .collect()
    }

    #[test]
    fn the_first_character_tells_ndjson_from_lines() {
        for input in [
            "{\"Member_Account\":\"a\"}",
            "\u{feff}{\"Member_Account\":\"a\"}",
            "\n \r\n{\"Member_Account\":\"a\"}\n",
        ] {
            assert_eq!(users(input.as_bytes(), None), ["a"], "{input:?}");
        }
        assert_eq!(users(b"a\n{b}\n", None), ["a", "{b}"]);
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_tolerated_everywhere() {
        for (input, format) in [
            ("\u{feff}a\r\nb\r\n", Format::Lines),
            ("\u{feff}user\r\na\r\nb", Format::Csv),
            ("\u{feff}user\troom\r\na\t\r\nb\tr\r\n", Format::Tsv),
            (
                "\u{feff}{\"Member_Account\":\"a\"}\r\n{\"Member_Account\":\"b\"}\r\n",
                Format::Ndjson,
            ),
        ] {
            let rows = users(input.as_bytes(), Some(format));
            assert_eq!(rows, ["a", "b"], "{format:?}");
        }
    }

    #[test]
    fn nothing_is_no_row() {
        for format in Format::ALL {
            assert_eq!(users(b"", Some(format)), [""; 0], "{format:?}");
            assert_eq!(users(b"\n\r\n", Some(format)), [""; 0], "{format:?}");
        }
        assert_eq!(users(b"", None), [""; 0]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_bad_row_each() {
        for (format, head) in [
            (Format::Lines, ""),
            (Format::Csv, "user\n"),
            (Format::Ndjson, "{\"Member_Account\":\"a\"}\n"),
        ] {
            let mut input = head.as_bytes().to_vec();
            input.extend(b"\xff\nb\0\n");
            let rows = users(&input, Some(format));
            let first = head.lines().count() + 1;
            let bad = [
                format!("{first}: is not UTF-8"),
                format!("{}: has a NUL byte: is this a text file?", first + 1),
            ];
            assert!(rows.ends_with(&bad), "{format:?}: {rows:?}");
        }
    }

    #[test]
    fn a_very_long_line_is_a_bad_row_and_the_next_is_read() {
        for (format, head) in [(Format::Lines, ""), (Format::Csv, "user\n")] {
            let input = format!("{head}{}\nb\n", "x".repeat(1_000_000));
            let rows = users(input.as_bytes(), Some(format));
            assert_eq!(rows.len(), 2);
            assert!(rows[0].ends_with(": has more than 64 KiB"), "{}", rows[0]);
            assert_eq!(rows[1], "b");
        }
    }

    /// Gives some rows, then fails for ever.
    struct Broken(&'static [u8]);

    impl Read for Broken {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(std::io::Error::other("gone")),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn a_reader_that_fails_ends_the_list_after_one_fault() {
        for format in Format::ALL {
            let head: &[u8] = if format == Format::Csv || format == Format::Tsv {
                b"user\n"
            } else {
                b""
            };
            let faults: Vec<String> = Rows::new(Broken(head), Some(format), None)
                .map(|row| row.expect_err("nothing good").problem.to_string())
                .collect();
            assert_eq!(faults, ["cannot be read: gone"], "{format:?}");
        }
    }

    #[test]
    fn rows_can_be_read_by_a_thread_of_their_own() {
        fn is_send<T: Send>(_: &T) {}
        is_send(&Rows::new(std::io::empty(), None, None));
    }

    /// One byte at a time, as a slow pipe may.
    struct Slow(&'static [u8]);

    impl Read for Slow {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let most = into.len().min(1);
            self.0.read(&mut into[..most])
        }
    }

    #[test]
    fn rows_do_not_depend_on_how_bytes_arrive() {
        let rows = Rows::new(
            Slow(b"user,reason\r\na,\"x\r\ny\"\r\n"),
            Some(Format::Csv),
            None,
        );
        let rows: Vec<Row> = rows.map(|row| row.expect("good")).collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].reason.as_ref().expect("given").as_str(), "x\r\ny");
    }
}
