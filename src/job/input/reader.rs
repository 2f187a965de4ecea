//! Lines of a reader, numbered, each of bounded length.

use std::io::{self, BufRead, ErrorKind, Read};

use super::problem::RowProblem;
use super::row::BadRow;
use super::source::{BUFFER, Pause, Source};

/// The longest line, and the longest row of several lines. The longest sensible
/// one, 20 members and a reason in escaped JSON, has about 7 KiB.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// Most bytes that are skipped to find the end of a line that is too long. An
/// input without line ends, like `/dev/zero`, ends there.
pub(super) const MAX_SKIPPED: usize = 16 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct LineReader<R> {
    input: Source<R>,
    line: Vec<u8>,
    number: u64,
    /// The line of the last byte that was taken.
    last_line: u64,
    has_paused: bool,
}

/// Where a row ends, as far as the input was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowEnd {
    /// The line of its last byte.
    pub(crate) line: u64,
    pub(crate) rest: LineRest,
    /// A comma follows: the row is one of an array that goes on.
    pub(crate) is_in_array: bool,
    /// This row, and what follows it, may be inside of the broken value of this line.
    pub(crate) inside: Option<u64>,
}

/// What follows a row in its last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineRest {
    /// Nothing: the line was taken with its end.
    Taken,
    /// Blanks, and at most one comma or bracket.
    Blank,
    /// More, or bytes that are not read yet.
    Open,
}

impl<R: Read> LineReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: Source::new(input),
            line: Vec::new(),
            number: 0,
            last_line: 0,
            has_paused: false,
        }
    }

    /// Whether the feed has paused after the last byte that was taken.
    pub(super) fn has_paused(&self) -> bool {
        self.has_paused
    }

    /// The end of the row that was just taken. Reads nothing.
    pub(super) fn row_end(&self) -> RowEnd {
        let mut end = RowEnd {
            line: self.last_line,
            rest: LineRest::Taken,
            is_in_array: false,
            inside: None,
        };
        if end.line > self.number {
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
            let bytes = self.input.buffer().iter();
            let mut bytes = bytes.skip_while(|byte| is_blank(byte)).peekable();
            let mark = bytes.next_if(|byte| matches!(byte, b',' | b']'));
            let is_over = bytes.find(|byte| !is_blank(byte)) == Some(&b'\n');
            end.rest = if is_over {
                LineRest::Blank
            } else {
                LineRest::Open
            };
            end.is_in_array = mark == Some(&b',');
        }
        end
    }

    /// The first character that is not blank, without taking it; None at the end.
    /// Takes the blank lines before it.
    pub(super) fn first_character(&mut self) -> Result<Option<u8>, BadRow> {
        let mut start_of_line = Vec::new();
        let first = loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                break None;
            }
            let blanks = chunk.iter().take_while(|byte| byte.is_ascii_whitespace());
            let blanks = blanks.count();
            let first = chunk.get(blanks).copied();
            for byte in &chunk[..blanks] {
                start_of_line.push(*byte);
                if *byte == b'\n' {
                    start_of_line.clear();
                }
            }
            self.take(blanks);
            if first.is_some() {
                break first;
            }
            if start_of_line.len() > MAX_BYTES {
                return Err(BadRow::new(self.line(), RowProblem::Endless(MAX_BYTES)));
            }
        };
        self.input.unread(&start_of_line);
        Ok(first)
    }

    /// The line of the next byte.
    pub(super) fn line(&self) -> u64 {
        self.number + 1
    }

    /// The bytes that are read already, or the next ones; empty at the end.
    pub(super) fn chunk(&mut self) -> Result<&[u8], BadRow> {
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                Err(why) => return Err(BadRow::new(self.line(), why.into())),
            }
        }
        Ok(self.input.buffer())
    }

    /// The next byte, without taking it.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, BadRow> {
        Ok(self.chunk()?.first().copied())
    }

    /// The line of the last byte that was taken.
    pub(super) fn last_line(&self) -> u64 {
        self.last_line
    }

    /// Takes bytes of the chunk.
    pub(super) fn take(&mut self, count: usize) {
        let taken = &self.input.buffer()[..count];
        self.number += count_lines(taken);
        self.has_paused = false;
        if let Some(last) = taken.last() {
            self.last_line = self.number + u64::from(*last != b'\n');
        }
        self.input.consume(count);
    }

    /// Takes the blanks and line ends before the next byte, which is returned.
    pub(super) fn skip_blanks(&mut self) -> Result<Option<u8>, BadRow> {
        loop {
            let chunk = self.chunk()?;
            let blanks = chunk.iter().take_while(|byte| byte.is_ascii_whitespace());
            let blanks = blanks.count();
            let first = chunk.get(blanks).copied();
            let is_end = chunk.is_empty();
            self.take(blanks);
            if first.is_some() || is_end {
                return Ok(first);
            }
        }
    }

    /// Takes the blanks in this line before the next byte, which is returned: it may be
    /// a line end.
    pub(super) fn skip_blanks_in_line(&mut self) -> Result<Option<u8>, BadRow> {
        while let Some(b' ' | b'\t' | b'\r') = self.peek()? {
            self.take(1);
        }
        self.peek()
    }

    /// The same, but None also if a feed pauses before that byte.
    pub(super) fn skip_blanks_in_line_unless_pause(&mut self) -> Result<Option<u8>, BadRow> {
        loop {
            match self.input.fill() {
                Ok(()) => {}
                Err(why) if why.kind() == ErrorKind::Interrupted => continue,
                Err(why) if Pause::is(&why) => {
                    self.has_paused = true;
                    return Ok(None);
                }
                Err(why) => return Err(BadRow::new(self.line(), why.into())),
            }
            match self.input.buffer().first() {
                Some(b' ' | b'\t' | b'\r') => self.take(1),
                next => return Ok(next.copied()),
            }
        }
    }

    /// Puts bytes back, which begin in this line.
    pub(super) fn unread_to_line(&mut self, bytes: &[u8], line: u64) {
        self.input.unread(bytes);
        self.number = line - 1;
        self.last_line = self.number;
    }

    /// The next line with its number and its line end. None at the end.
    pub(super) fn next_line(&mut self) -> Option<Result<(u64, &[u8]), BadRow>> {
        self.number += 1;
        let line = self.number;
        let filled = self.fill();
        // Of a list that cannot be read on, the line is not read.
        if !matches!(&filled, Err(problem) if problem.ends_list(true)) {
            self.last_line = line;
        }
        match filled {
            Ok(true) => Some(Ok((line, &self.line))),
            Ok(false) => None,
            Err(problem) => Some(Err(BadRow::new(line, problem))),
        }
    }

    /// Puts the latest line back, to be read next.
    pub(super) fn unread_line(&mut self) {
        self.input.unread(&self.line);
        self.number -= 1;
        self.last_line = self.number;
    }

    /// The next line as text, without its line end.
    pub(super) fn next_text(&mut self) -> Option<Result<(u64, &str), BadRow>> {
        let (line, bytes) = match self.next_line()? {
            Ok(found) => found,
            Err(bad) => return Some(Err(bad)),
        };
        let is_list = line == 1 && !bytes.ends_with(b"\n");
        let text = text(without_end(bytes)).map_err(|problem| match problem {
            RowProblem::Nul { .. } | RowProblem::NulSeparated { .. } => {
                nul_problem(without_end(bytes), is_list)
            }
            other => other,
        });
        let with_line = text.map(|text| (line, text));
        Some(with_line.map_err(|problem| BadRow::new(line, problem)))
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
        let mut other_ends = long_problem(&self.line);
        let mut skipped = 0;
        while !self.line.ends_with(b"\n") && !self.line.is_empty() {
            skipped += self.line.len();
            if skipped > MAX_SKIPPED {
                // The rest is not read.
                let problem = match other_ends {
                    Some(RowProblem::NulSeparated { is_list, .. }) => RowProblem::NulSeparated {
                        has_end: false,
                        is_list,
                    },
                    _ => RowProblem::Endless(MAX_SKIPPED),
                };
                return Err(problem);
            }
            self.line.clear();
            self.read_up_to(BUFFER)?;
        }
        if let Some(RowProblem::NulSeparated { is_list, .. }) = &mut other_ends {
            *is_list = self.number == 1 && self.line.is_empty();
        }
        Err(other_ends.unwrap_or(RowProblem::TooLong(MAX_BYTES)))
    }

    fn read_up_to(&mut self, most: usize) -> Result<(), RowProblem> {
        let mut some = self.input.by_ref().take(most as u64);
        let read = some.read_until(b'\n', &mut self.line);
        read.map(drop).map_err(io::Error::into)
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The line without LF or CRLF.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The bytes as text. A NUL byte means UTF-16 or not a text file; no value may
/// hold one.
pub(super) fn text(bytes: &[u8]) -> Result<&str, RowProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        let is_latin = is_latin(bytes);
        RowProblem::NotUtf8 { is_latin }
    })?;
    if text.contains('\0') {
        return Err(nul_problem(bytes, false));
    }
    Ok(text)
}

/// Whether most bytes that are not ASCII stand alone, as letters with accents do. In
/// the encodings of Chinese and Japanese they come in pairs.
fn is_latin(bytes: &[u8]) -> bool {
    let runs = bytes.split(u8::is_ascii).map(<[u8]>::len);
    let runs = runs.filter(|length| *length > 0);
    let alone = runs.clone().filter(|length| *length == 1).count();
    alone * 2 > runs.count()
}

/// In UTF-16 about every second byte is NUL, after names at most every fourth. One
/// without names before it stands in a damaged line; in a list without line ends
/// (`is_list`) the last name may have none after it.
fn nul_problem(bytes: &[u8], is_list: bool) -> RowProblem {
    let count = memchr::memchr_iter(0, bytes).count();
    let in_utf16 = count * 3 >= bytes.len();
    let is_after_each = count > 1 && bytes.ends_with(b"\0") || count > 2 && is_list;
    if in_utf16 || !is_after_each {
        return RowProblem::Nul { in_utf16 };
    }
    RowProblem::NulSeparated {
        has_end: true,
        is_list,
    }
}

/// The problem of a line that is too long: it may have other line ends.
fn long_problem(start: &[u8]) -> Option<RowProblem> {
    if start.contains(&0) {
        // The end may be within a name.
        return Some(nul_problem(start, true))
            .filter(|why| matches!(why, RowProblem::NulSeparated { .. }));
    }
    let ends = memchr::memchr_iter(b'\r', start).count();
    (ends > 1).then_some(RowProblem::LoneCr)
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
