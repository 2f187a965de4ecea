//! Lists of members: the rows of any reader, one by one, in any format.
//!
//! Reads and checks values only. The caller decides about bad rows and about rows
//! without a room or a reason. Memory is bounded for any input. Serves whole files
//! and feeds that never end: a row is returned as soon as its line has been read, a JSON
//! value as soon as it is complete. Where a feed pauses after a text, that is complete.
//!
//! Bottom up: `not_a_name`, `column_words`, `spreadsheet`, `missing_values` and `names`
//! (what is almost surely not a name), `layout` (formats and columns), `foreign`, `problem`, `row` (values),
//! `source` and `reader` (bytes to lines), then one file per format: `lines`, `csv` with `cells`, `inner_rows`, `open_text`
//! and `separator`, `json` with `json_state`, `json_scan`, `json_skip` and `json_value`.

mod cells;
mod column_words;
mod csv;
#[cfg(test)]
mod csv_quote_tests;
#[cfg(test)]
mod csv_tests;
#[cfg(test)]
mod feed_tests;
mod foreign;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzz;
mod inner_rows;
mod json;
#[cfg(test)]
mod json_inside_tests;
#[cfg(test)]
mod json_limit_tests;
mod json_scan;
mod json_skip;
#[cfg(test)]
mod json_skip_tests;
mod json_state;
#[cfg(test)]
mod json_state_tests;
#[cfg(test)]
mod json_tests;
mod json_value;
mod layout;
mod lines;
mod missing_values;
mod names;
mod not_a_name;
mod open_text;
mod problem;
#[cfg(test)]
mod property_tests;
mod reader;
mod row;
mod separator;
mod source;
mod spreadsheet;

use std::io::Read;

pub(crate) use inner_rows::DoubtfulRows;
pub(crate) use layout::{Columns, Format, Layout};
pub(crate) use names::check as check_name;
pub(crate) use not_a_name::{NameOf, NotAName, literally};
pub(crate) use reader::{LineRest, RowEnd};
pub(crate) use row::{BadRow, Row};
pub(crate) use source::Pause;

use csv::CsvReader;
use json::JsonReader;
use lines::UserLines;
use problem::RowProblem;
use reader::LineReader;
use row::{AfterBadRow, ValueCache};
use spreadsheet::LongNumbers;

/// The rows of one list, good and bad. Ends after a row whose problem concerns the
/// whole list.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    input: LineReader<R>,
    layout: Layout,
    format: FormatReader,
    cache: ValueCache,
    long_numbers: LongNumbers,
    is_live: bool,
    is_over: bool,
}

#[derive(Debug)]
enum FormatReader {
    /// `lines` or `json`, by the first character that is not blank.
    Undecided,
    Lines(UserLines),
    Json(Box<JsonReader>),
    Csv(Box<CsvReader>),
}

impl FormatReader {
    fn new(format: Format, layout: &mut Layout, is_live: bool) -> Self {
        match format {
            Format::Lines => Self::Lines(UserLines::default()),
            Format::Json => Self::Json(Box::new(JsonReader::new(is_live))),
            Format::Csv | Format::Tsv => {
                Self::Csv(Box::new(CsvReader::new(format, layout, is_live)))
            }
        }
    }

    /// Whether the rest of the input is not read.
    fn is_over(&self) -> bool {
        match self {
            Self::Undecided | Self::Lines(_) => false,
            Self::Json(json) => json.is_over(),
            Self::Csv(csv) => csv.is_over(),
        }
    }
}

impl<R: Read> Rows<R> {
    /// The rows of `input`.
    pub(crate) fn new(input: R, layout: Layout) -> Self {
        Self::open(input, layout, false)
    }

    /// The rows of a live feed: a row is one line, and the feed goes on after every
    /// bad row that leaves a way.
    pub(crate) fn live(input: R, layout: Layout) -> Self {
        Self::open(input, layout, true)
    }

    fn open(input: R, mut layout: Layout, is_live: bool) -> Self {
        let format = match layout.format {
            Some(format) => FormatReader::new(format, &mut layout, is_live),
            None => FormatReader::Undecided,
        };
        Self {
            input: LineReader::new(input),
            layout,
            format,
            cache: ValueCache::default(),
            long_numbers: LongNumbers::default(),
            is_live,
            is_over: false,
        }
    }

    /// The end of the row that was just returned, good or bad. Of a broken JSON value
    /// it is the end of the line of its fault.
    pub(crate) fn row_end(&self) -> RowEnd {
        let mut end = self.input.row_end();
        if let FormatReader::Json(json) = &self.format {
            end.inside = json.is_inside_of();
        }
        if matches!(&self.format, FormatReader::Json(json) if json.has_broken_array()) {
            // The rest of its line is not a row.
            end.rest = LineRest::Taken;
            end.is_in_array = true;
        }
        end
    }

    /// The rows of a table that may have lost other rows, after the last row. A feed has
    /// none, because a row of it is one line.
    pub(crate) fn doubtful_rows(self) -> DoubtfulRows {
        match self.format {
            FormatReader::Csv(csv) => csv.doubtful,
            _ => DoubtfulRows::default(),
        }
    }

    /// Whether the feed has paused after the row that was just returned, before it was known
    /// to be one.
    pub(crate) fn has_paused(&self) -> bool {
        self.input.has_paused()
    }

    /// At the end of a table or of lines. In JSON names are texts already, and of a
    /// feed every row was sent.
    fn rounded_numbers(&mut self) -> Option<Result<Row, BadRow>> {
        let is_json = matches!(self.format, FormatReader::Json(_));
        let (line, user) = self.long_numbers.rounded()?;
        let bad = BadRow::new(line, RowProblem::Rounded(user));
        (!is_json && !self.is_live).then_some(Err(bad))
    }

    fn read(&mut self) -> Option<Result<Row, BadRow>> {
        if let FormatReader::Undecided = self.format {
            let format = match self.input.first_character() {
                Ok(Some(b'{' | b'[')) => Format::Json,
                Ok(_) => Format::Lines,
                Err(bad) => {
                    self.is_over = true;
                    return Some(Err(bad));
                }
            };
            self.format = FormatReader::new(format, &mut self.layout, self.is_live);
        }
        match &mut self.format {
            FormatReader::Csv(csv) => csv.next(&mut self.input, &mut self.cache),
            FormatReader::Json(json) => json.next(&mut self.input, &mut self.cache),
            FormatReader::Lines(lines) => lines.next(&mut self.input),
            FormatReader::Undecided => None,
        }
    }
}

impl<R: Read> Rows<R> {
    /// The next row, or the lines that were skipped before it ([`BadRow::last_skipped`]).
    pub(crate) fn next_or_skipped(&mut self) -> Option<Result<Row, BadRow>> {
        if self.is_over {
            return None;
        }
        let mut row = self.read().or_else(|| self.rounded_numbers());
        self.is_over |= match &mut row {
            None => true,
            Some(Err(bad)) => {
                // The end of the input is not a rest that could be read.
                let is_cut = matches!(bad.problems[..], [RowProblem::Unclosed]);
                if self.format.is_over() && !is_cut {
                    bad.after = AfterBadRow::Nothing;
                }
                bad.ends_list(self.is_live)
            }
            Some(Ok(row)) => {
                self.long_numbers.add(row.line, &row.user);
                false
            }
        };
        row
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_or_skipped()? {
                Err(bad) if bad.last_skipped().is_some() => {}
                row => return Some(row),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(input: &[u8], format: Option<Format>) -> Vec<String> {
        let rows = Rows::new(input, Layout::of(format));
        rows.map(|row| match row {
            Ok(row) => row.user.to_string(),
            Err(bad) => bad.to_string(),
        })
        .collect()
    }

    #[test]
    fn the_first_character_separates_json_from_lines() {
        for input in [
            "{\"Member_Account\":\"a\"}",
            "\u{feff}{\"Member_Account\":\"a\"}",
            "\n \r\n{\"Member_Account\":\"a\"}\n",
        ] {
            assert_eq!(users(input.as_bytes(), None), ["a"], "{input:?}");
        }
        assert_eq!(users(b"\xef\xbb\xbf\n [\"a\"]", None), ["a"]);
        assert_eq!(users(b"a\n{b}\n", None)[1], "2: user \"{b}\" begins with {");
        assert_eq!(users(b" b\n", None), ["1: user \" b\" begins with a blank"]);
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_tolerated_everywhere() {
        for (input, format) in [
            ("\u{feff}a\r\nb\r\n", Format::Lines),
            ("\u{feff}user\r\na\r\nb", Format::Csv),
            ("\u{feff}user\troom\r\na\t\r\nb\tr\r\n", Format::Tsv),
            (
                "\u{feff}{\"Member_Account\":\"a\"}\r\n{\"Member_Account\":\"b\"}\r\n",
                Format::Json,
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
            (Format::Json, "{\"Member_Account\":\"a\"}\n"),
        ] {
            let mut input = head.as_bytes().to_vec();
            input.extend(b"\xff\nb\0\n");
            let rows = users(&input, Some(format));
            let first = head.lines().count() + 1;
            let bad = [
                format!("{first}: is not UTF-8: likely GBK"),
                format!("{}: has a NUL byte: is this a text file?", first + 1),
            ];
            let last = &rows[rows.len() - 2..];
            let mut pairs = last.iter().zip(&bad);
            assert!(
                pairs.all(|(row, bad)| row.starts_with(bad)),
                "{format:?}: {rows:?}"
            );
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

    #[test]
    fn utf16_with_a_byte_order_mark_is_read_in_every_format() {
        for (text, format) in [
            ("a\nb\n", Format::Lines),
            ("room\tuser\r\n\ta\r\n\tb\r\n", Format::Csv),
            ("user\troom\r\na\tr\r\nb\tr\r\n", Format::Tsv),
            ("[\"a\",\n\"b\"]", Format::Json),
        ] {
            let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
            let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
            assert_eq!(users(&little, Some(format)), ["a", "b"], "{format:?}");
            assert_eq!(users(&big, Some(format)), ["a", "b"], "{format:?}");
        }
        assert_eq!(users(b"\xff\xfe[\0\"\0a\0\"\0]\0", None), ["a"]);
        let cut = users(b"\xff\xfea\0\n\0b", None);
        assert!(
            cut[0].contains("UTF-16") || cut[1].contains("UTF-16"),
            "{cut:?}"
        );
    }

    #[test]
    fn a_file_that_is_not_a_list_is_one_problem() {
        for format in Format::ALL.map(Some).into_iter().chain([None]) {
            for (input, what) in [
                (&b"PK\x03\x04\x14\0\x06\0\n\n"[..], "is a workbook"),
                (b"\xd0\xcf\x11\xe0\n\n", "is a workbook"),
                (b"\x1f\x8b\x08\0\n\n", "is compressed with gzip"),
                (b"%PDF-1.7\n\n", "is a PDF document"),
                (b"<!DOCTYPE html>\n\n", "is an HTML page"),
            ] {
                let rows = users(input, format);
                assert!(
                    rows.len() == 1 && rows[0].starts_with(&format!("1: {what}")),
                    "{format:?}: {rows:?}"
                );
            }
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
            let problems: Vec<String> = Rows::new(Broken(head), Layout::of(Some(format)))
                .map(|row| row.expect_err("nothing good").problems[0].to_string())
                .collect();
            assert_eq!(problems, ["cannot be read: gone"], "{format:?}");
        }
    }

    #[test]
    fn rows_can_be_read_by_a_thread_of_their_own() {
        fn is_send<T: Send>(_: &T) {}
        is_send(&Rows::new(std::io::empty(), Layout::default()));
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
            Layout::of(Some(Format::Csv)),
        );
        let rows: Vec<Row> = rows.map(|row| row.expect("good")).collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].reason.as_ref().expect("given").as_str(), "x\r\ny");
    }
}
