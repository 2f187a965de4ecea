//! Lines of a reader, numbered, each of bounded length.

use std::io::{BufRead, BufReader, Read};

use super::row::{BadRow, RowProblem};

/// The longest line, and the longest row of several lines. The longest sensible
/// one, 20 members and a reason in escaped JSON, has about 7 KiB.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// Bytes in one read of a file. A pipe never gives more at once.
const BUFFER: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct LineReader<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

impl<R: Read> LineReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, input),
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line with its number and its line end, without a byte order mark
    /// at the start of the first. None at the end.
    pub(super) fn next_line(&mut self) -> Option<Result<(u64, &[u8]), BadRow>> {
        self.number += 1;
        let line = self.number;
        match self.fill() {
            Ok(true) => {}
            Ok(false) => return None,
            Err(problem) => return Some(Err(BadRow { line, problem })),
        }
        let mark: &[u8] = if line == 1 { b"\xef\xbb\xbf" } else { b"" };
        let bytes = self.line.strip_prefix(mark).unwrap_or(&self.line);
        Some(Ok((line, bytes)))
    }

    /// The next line as text, without its line end.
    pub(super) fn next_text(&mut self) -> Option<Result<(u64, &str), BadRow>> {
        let (line, bytes) = match self.next_line()? {
            Ok(found) => found,
            Err(bad) => return Some(Err(bad)),
        };
        let text = text(without_end(bytes));
        let with_line = text.map(|text| (line, text));
        Some(with_line.map_err(|problem| BadRow { line, problem }))
    }

    /// Reads one line; false at the end. Skips the rest of a line that is too
    /// long.
    fn fill(&mut self) -> Result<bool, RowProblem> {
        // The longest line and its CRLF.
        let most = MAX_BYTES + 2;
        self.line.clear();
        self.read_up_to(most)?;
        let is_whole = self.line.ends_with(b"\n") || self.line.len() < most;
        if is_whole && without_end(&self.line).len() <= MAX_BYTES {
            return Ok(!self.line.is_empty());
        }
        while !self.line.ends_with(b"\n") && !self.line.is_empty() {
            self.line.clear();
            self.read_up_to(BUFFER)?;
        }
        Err(RowProblem::TooLong(MAX_BYTES))
    }

    fn read_up_to(&mut self, most: usize) -> Result<(), RowProblem> {
        let mut some = self.input.by_ref().take(most as u64);
        let read = some.read_until(b'\n', &mut self.line);
        read.map(drop).map_err(RowProblem::Unreadable)
    }
}

/// The line without LF or CRLF.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The bytes as text. A NUL byte means UTF-16 or not a text file; no value may
/// hold one.
pub(super) fn text(bytes: &[u8]) -> Result<&str, RowProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| RowProblem::NotUtf8)?;
    if text.contains('\0') {
        return Err(RowProblem::Nul);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(input: &[u8]) -> Vec<String> {
        let mut reader = LineReader::new(input);
        let mut found = Vec::new();
        while let Some(line) = reader.next_text() {
            found.push(match line {
                Ok((number, text)) => format!("{number}={}", text.len()),
                Err(bad) => bad.to_string(),
            });
        }
        found
    }

    #[test]
    fn lines_are_numbered_whatever_ends_them() {
        assert_eq!(read_all(b"a\r\n\nbcd"), ["1=1", "2=0", "3=3"]);
        assert_eq!(read_all(b"a\n"), ["1=1"]);
        assert_eq!(read_all(b"\xef\xbb\xbfa\n\xef\xbb\xbf"), ["1=1", "2=3"]);
    }

    #[test]
    fn the_limit_is_exact_and_does_not_count_the_line_end() {
        for end in ["", "\n", "\r\n"] {
            let exact = format!("{}{end}", "x".repeat(MAX_BYTES));
            assert_eq!(read_all(exact.as_bytes()), ["1=65536"], "{end:?}");
            let over = format!("{}{end}", "x".repeat(MAX_BYTES + 1));
            assert_eq!(
                read_all(over.as_bytes()),
                ["1: has more than 64 KiB"],
                "{end:?}"
            );
        }
    }

    #[test]
    fn what_follows_a_long_line_is_read() {
        for extra in [1, 2, 3, BUFFER, BUFFER + 1, 5 * BUFFER] {
            let input = format!("{}\nab\n", "x".repeat(MAX_BYTES + extra));
            assert_eq!(
                read_all(input.as_bytes()),
                ["1: has more than 64 KiB", "2=2"]
            );
        }
    }
}
