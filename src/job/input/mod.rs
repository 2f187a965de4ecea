//! Lists of members: the rows of any reader, one by one, in any format.
//!
//! Reads and checks values only. The caller decides about bad rows and about rows
//! without a room or a reason. Memory is bounded for any input. Serves whole files
//! and feeds that never end: a row is returned as soon as its line has been read.
//!
//! Bottom up: `format`, `columns`, `row` (values and problems), `reader` (bytes to
//! lines), then one file per format: `lines`, `csv`, `json`.

mod columns;
mod csv;
#[cfg(test)]
mod csv_tests;
mod format;
mod json;
mod lines;
#[cfg(test)]
mod property_tests;
mod reader;
mod row;

use std::io::Read;

pub(crate) use columns::Columns;
pub(crate) use format::Format;
pub(crate) use row::{BadRow, Row};

use csv::CsvReader;
use json::JsonReader;
use lines::UserLines;
use reader::LineReader;
use row::ValueCache;

/// The rows of one list, good and bad. Ends after a row whose problem concerns the
/// whole list.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    input: LineReader<R>,
    format: FormatReader,
    cache: ValueCache,
    is_over: bool,
}

#[derive(Debug)]
enum FormatReader {
    /// `lines` or `ndjson`, by the first line that is not blank.
    Undecided,
    Lines(UserLines),
    Json(JsonReader),
    Csv(Box<CsvReader>),
}

impl FormatReader {
    fn new(format: Format, columns: Option<Columns>) -> Self {
        match format {
            Format::Lines => Self::Lines(UserLines::default()),
            Format::Ndjson => Self::Json(JsonReader::default()),
            Format::Csv => Self::Csv(Box::new(CsvReader::new(b',', columns))),
            Format::Tsv => Self::Csv(Box::new(CsvReader::new(b'\t', columns))),
        }
    }

    fn from_first_line(text: &str) -> Self {
        if text.trim_start().starts_with('{') {
            Self::Json(JsonReader::default())
        } else {
            Self::Lines(UserLines::default())
        }
    }
}

impl<R: Read> Rows<R> {
    /// The rows of `input`. Without a format it is `ndjson` when the first
    /// character is `{`, else `lines`. `columns` are those of a `csv` or `tsv`
    /// without a header; other formats ignore them.
    pub(crate) fn new(input: R, format: Option<Format>, columns: Option<Columns>) -> Self {
        let format = format.map(|format| FormatReader::new(format, columns));
        Self {
            input: LineReader::new(input),
            format: format.unwrap_or(FormatReader::Undecided),
            cache: ValueCache::default(),
            is_over: false,
        }
    }

    fn read(&mut self) -> Option<Result<Row, BadRow>> {
        loop {
            if let FormatReader::Csv(csv) = &mut self.format {
                return csv.next(&mut self.input, &mut self.cache);
            }
            if let FormatReader::Json(json) = &mut self.format
                && let Some(row) = json.pending()
            {
                return Some(Ok(row));
            }
            let (line, text) = match self.input.next_text()? {
                Ok((_, text)) if text.trim().is_empty() => continue,
                Ok(found) => found,
                Err(bad) => return Some(Err(bad)),
            };
            if let FormatReader::Undecided = self.format {
                self.format = FormatReader::from_first_line(text);
            }
            let row = match &mut self.format {
                FormatReader::Lines(lines) => lines.row(line, text),
                FormatReader::Json(json) => json.row(line, text, &mut self.cache).map(Some),
                FormatReader::Undecided | FormatReader::Csv(_) => unreachable!("handled above"),
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
        if self.is_over {
            return None;
        }
        let row = self.read();
        self.is_over = match &row {
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
    fn the_first_character_separates_ndjson_from_lines() {
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
    fn an_empty_list_has_no_rows() {
        for format in Format::ALL {
            assert_eq!(users(b"", Some(format)), [""; 0], "{format:?}");
            assert_eq!(users(b"\n\r\n", Some(format)), [""; 0], "{format:?}");
        }
        assert_eq!(users(b"", None), [""; 0]);
    }

    #[test]
    fn lines_that_are_not_text_are_bad_rows() {
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

    /// Returns some bytes, then fails.
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
    fn a_reader_that_fails_ends_the_list_after_one_problem() {
        for format in Format::ALL {
            let head: &[u8] = if format == Format::Csv || format == Format::Tsv {
                b"user\n"
            } else {
                b""
            };
            let problems: Vec<String> = Rows::new(Broken(head), Some(format), None)
                .map(|row| row.expect_err("nothing good").problem.to_string())
                .collect();
            assert_eq!(problems, ["cannot be read: gone"], "{format:?}");
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
