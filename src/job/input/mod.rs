//! Lists of members: rows from any reader, one by one, whatever the format.
//!
//! Reads and checks; what a row without a room or a reason means is for the
//! caller to say, as is what becomes of bad rows. Memory stays bounded whatever
//! comes in. Used for whole files and for feeds that never end: a row is handed
//! out as soon as its line is there.

mod cells;
mod columns;
mod fault;
mod format;
mod line;
mod lines;
mod ndjson;
#[cfg(test)]
mod property_tests;
mod row;
mod sheet;

use std::io::Read;

pub use columns::{Columns, HeaderFault};
pub use fault::{BadRow, Why};
pub use format::Format;
pub use row::Row;

use line::LineReader;
use lines::Lines;
use ndjson::Objects;
use row::Checks;
use sheet::Sheet;

/// The rows of one list, good and bad. After a row that speaks for the whole
/// list ([`Why::ends_the_list`]) there are no more.
#[derive(Debug)]
pub struct Rows<R> {
    input: LineReader<R>,
    shape: Shape,
    checks: Checks,
    over: bool,
}

#[derive(Debug)]
enum Shape {
    /// `lines` or `ndjson`: the first line that is not blank will tell.
    Undecided,
    Lines(Lines),
    Objects(Objects),
    Sheet(Box<Sheet>),
}

impl<R: Read> Rows<R> {
    /// The rows of `input`. Without a format it is `ndjson` when the first
    /// character is `{`, else `lines`. `columns` are those of a `csv` or `tsv`
    /// without a header; the other formats have no use for them.
    pub fn new(input: R, format: Option<Format>, columns: Option<Columns>) -> Self {
        let shape = match format {
            None => Shape::Undecided,
            Some(Format::Lines) => Shape::Lines(Lines::default()),
            Some(Format::Ndjson) => Shape::Objects(Objects::default()),
            Some(Format::Csv) => Shape::Sheet(Box::new(Sheet::new(b',', columns))),
            Some(Format::Tsv) => Shape::Sheet(Box::new(Sheet::new(b'\t', columns))),
        };
        Self {
            input: LineReader::new(input),
            shape,
            checks: Checks::default(),
            over: false,
        }
    }

    fn read(&mut self) -> Option<Result<Row, BadRow>> {
        let Self {
            input,
            shape,
            checks,
            ..
        } = self;
        loop {
            if let Shape::Sheet(sheet) = shape {
                return sheet.next(input, checks);
            }
            if let Shape::Objects(objects) = shape
                && let Some(row) = objects.pending()
            {
                return Some(Ok(row));
            }
            let (line, text) = match input.next_text()? {
                Ok((_, text)) if text.trim().is_empty() => continue,
                Ok(found) => found,
                Err(bad) => return Some(Err(bad)),
            };
            if let Shape::Undecided = shape {
                *shape = if text.trim_start().starts_with('{') {
                    Shape::Objects(Objects::default())
                } else {
                    Shape::Lines(Lines::default())
                };
            }
            let row = match shape {
                Shape::Lines(lines) => lines.row(line, text),
                Shape::Objects(objects) => objects.row(line, text, checks).map(Some),
                Shape::Undecided | Shape::Sheet(_) => unreachable!("dealt with above"),
            };
            match row {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(why) => return Some(Err(BadRow { line, why })),
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
            Some(Err(bad)) => bad.why.ends_the_list(),
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
                .map(|row| row.expect_err("nothing good").why.to_string())
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
