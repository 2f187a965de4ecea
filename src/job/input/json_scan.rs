//! Where a JSON value ends, found byte by byte. A value that cannot be valid is
//! noticed at the first wrong byte, so that a torn line does not swallow the lines
//! after it. A row after it that was taken for a part of it is found again.

use std::io::Read;

use super::json_skip::{Brackets, Quotes};
use super::problem::RowProblem;
use super::reader::{self, LineReader};
use super::row::BadRow;

/// The longest value: an object with thousands of members.
pub(super) const MAX_VALUE: usize = 1024 * 1024;

/// The nesting that `serde_json` accepts.
const MAX_DEPTH: usize = 127;

/// How the search for the end of a value ended.
pub(super) enum End {
    Whole,
    /// At the wrong byte, which has been collected.
    Broken(Fault),
    /// Over the limit. The rest was taken, up to its end or to its fault.
    TooLong(Option<Fault>),
    /// The input is over.
    Missing(Fault),
}

/// Where a value is broken.
pub(super) struct Fault {
    /// What is open there.
    pub(super) brackets: Brackets,
    /// The next byte is the first of its line.
    pub(super) is_line_start: bool,
    /// Bytes of the value that were taken. The wrong one was, unless it ends a line or
    /// may begin a row.
    pub(super) taken: usize,
    /// Where in the value its last object begins, if it may be the row after a value
    /// that was cut short.
    pub(super) row: Option<usize>,
    /// The wrong byte is not one that begins another row: that object is a part.
    pub(super) is_row_inside: bool,
    /// It is in an array, and what follows may be another part without a comma before it.
    pub(super) is_comma_missing: bool,
}

/// What a byte means for the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The value goes on.
    More,
    /// This was its last byte.
    Done,
    /// The value is not valid.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expects {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    String,
    Escape,
    /// A number, true, false or null. Its characters are not checked.
    Literal,
}

/// Finds the end of one object, array or string.
#[derive(Debug)]
struct Scanner {
    /// The open containers: whether each is an object.
    open: Vec<bool>,
    expects: Expects,
    inside: Inside,
    /// Bytes before the next one.
    taken: usize,
    is_line_start: bool,
    /// The byte that breaks the value.
    wrong: Option<u8>,
    row: Option<InnerRow>,
}

/// An object inside of the value that begins a line: a row, if the value was cut short
/// before it. It is none if the value goes on after it.
#[derive(Debug, Clone, Copy)]
struct InnerRow {
    /// Where in the value it begins.
    at: usize,
    /// In how many containers.
    depth: usize,
}

impl Scanner {
    fn new() -> Self {
        Self {
            open: Vec::new(),
            expects: Expects::Value,
            inside: Inside::Nothing,
            taken: 0,
            is_line_start: false,
            wrong: None,
            row: None,
        }
    }

    /// Takes bytes until the value ends or is broken. Returns how it goes on, and how
    /// many bytes were taken.
    fn push_all(&mut self, bytes: &[u8]) -> (Step, usize) {
        for (at, byte) in bytes.iter().enumerate() {
            match self.push(*byte) {
                Step::More => {
                    self.taken += 1;
                    self.is_line_start = *byte == b'\n';
                }
                end => {
                    self.wrong = (end == Step::Broken).then_some(*byte);
                    return (end, at + 1);
                }
            }
        }
        (Step::More, bytes.len())
    }

    /// How the value is broken, or cut by the end of the input.
    fn fault(&self) -> Fault {
        let quotes = match self.inside {
            // A text alone.
            _ if self.open.is_empty() => Quotes::Ignored,
            Inside::Nothing | Inside::Literal => Quotes::Outside,
            Inside::String => Quotes::Inside,
            Inside::Escape => Quotes::Escape,
        };
        let taken = self.wrong.filter(|_| !self.is_wrong_left());
        let mut brackets = Brackets::of(&self.open, quotes);
        // A bracket in the place of a value or of a colon may be another character.
        let is_complete = !matches!(self.expects, Expects::Value | Expects::Colon);
        if let Some(wrong) = taken.filter(|wrong| *wrong != b'}' || is_complete) {
            brackets.push(wrong);
        }
        let is_closed = |row: &InnerRow| row.depth == self.open.len();
        Fault {
            brackets,
            is_line_start: self.is_line_start && taken.is_none(),
            taken: self.taken + usize::from(taken.is_some()),
            row: self.row.filter(is_closed).map(|row| row.at),
            is_comma_missing: self.open.last() == Some(&false)
                && !(self.is_line_start && matches!(self.wrong, Some(b'}' | b']'))),
            is_row_inside: match self.wrong {
                Some(b'}' | b']' | b'"') => true,
                Some(b'{' | b'\n') | None => false,
                Some(_) => !self.is_line_start,
            },
        }
    }

    /// Whether the value is broken by a byte that is not taken with it.
    fn is_wrong_left(&self) -> bool {
        let is_row = |wrong| wrong == b'{' && self.is_line_start;
        self.wrong
            .is_some_and(|wrong| wrong == b'\n' || is_row(wrong))
    }

    fn push(&mut self, byte: u8) -> Step {
        match (self.inside, byte) {
            (Inside::String, b'"') => return self.end_string(),
            (Inside::String, b'\\') => self.inside = Inside::Escape,
            (Inside::String | Inside::Escape, 0..0x20) => return Step::Broken,
            (Inside::String, _) => {}
            (Inside::Escape, _) => self.inside = Inside::String,
            (Inside::Literal, byte) if is_literal(byte) => {}
            (Inside::Literal, byte) => {
                self.inside = Inside::Nothing;
                self.expects = Expects::CommaOrEnd;
                return self.structure(byte);
            }
            (Inside::Nothing, byte) => return self.structure(byte),
        }
        Step::More
    }

    fn structure(&mut self, byte: u8) -> Step {
        use Expects::{Colon, CommaOrEnd, Key, KeyOrEnd, Value, ValueOrEnd};
        match (byte, self.expects) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {}
            (b'"', Value | ValueOrEnd | Key | KeyOrEnd) => self.inside = Inside::String,
            (b'{' | b'[', Value | ValueOrEnd) if self.open.len() < MAX_DEPTH => {
                if byte == b'{' && self.is_line_start {
                    let (at, depth) = (self.taken, self.open.len());
                    self.row = Some(InnerRow { at, depth });
                }
                self.open.push(byte == b'{');
                self.expects = if byte == b'{' { KeyOrEnd } else { ValueOrEnd };
            }
            (b'}', KeyOrEnd | CommaOrEnd) if self.open.last() == Some(&true) => {
                return self.close();
            }
            (b']', ValueOrEnd | CommaOrEnd) if self.open.last() == Some(&false) => {
                return self.close();
            }
            (b',', CommaOrEnd) => {
                self.go_on();
                let is_object = self.open.last() == Some(&true);
                self.expects = if is_object { Key } else { Value };
            }
            (b':', Colon) => self.expects = Value,
            (byte, Value | ValueOrEnd) if is_literal(byte) => self.inside = Inside::Literal,
            _ => return Step::Broken,
        }
        Step::More
    }

    fn end_string(&mut self) -> Step {
        self.inside = Inside::Nothing;
        if matches!(self.expects, Expects::Key | Expects::KeyOrEnd) {
            self.expects = Expects::Colon;
            return Step::More;
        }
        self.end_value()
    }

    fn close(&mut self) -> Step {
        self.go_on();
        self.open.pop();
        self.end_value()
    }

    /// The value goes on after what may be a row.
    fn go_on(&mut self) {
        let depth = self.open.len();
        self.row = self.row.filter(|row| row.depth != depth);
    }

    fn end_value(&mut self) -> Step {
        self.expects = Expects::CommaOrEnd;
        if self.open.is_empty() {
            Step::Done
        } else {
            Step::More
        }
    }
}

/// Collects the bytes of the value that begins here, up to its end.
pub(super) fn find_end<R: Read>(
    value: &mut Vec<u8>,
    input: &mut LineReader<R>,
) -> Result<End, BadRow> {
    value.clear();
    let mut scanner = Scanner::new();
    loop {
        let chunk = input.chunk()?;
        if chunk.is_empty() {
            return Ok(End::Missing(scanner.fault()));
        }
        let chunk = &chunk[..chunk.len().min(MAX_VALUE + 1 - value.len())];
        let (end, length) = scanner.push_all(chunk);
        value.extend_from_slice(&chunk[..length]);
        input.take(length - usize::from(scanner.is_wrong_left()));
        if value.len() > MAX_VALUE {
            return Ok(End::TooLong(skip_rest(scanner, end, input)?));
        }
        match end {
            Step::More => {}
            Step::Done => return Ok(End::Whole),
            Step::Broken => return Ok(End::Broken(scanner.fault())),
        }
    }
}

/// Skips the rest of a value that is too long, whatever lines it has. Returns how it is
/// broken, also where the input ends.
fn skip_rest<R: Read>(
    mut scanner: Scanner,
    mut end: Step,
    input: &mut LineReader<R>,
) -> Result<Option<Fault>, BadRow> {
    let line = input.line();
    let mut skipped = 0;
    while end == Step::More {
        let chunk = input.chunk()?;
        if chunk.is_empty() {
            break;
        }
        let (step, length) = scanner.push_all(chunk);
        end = step;
        input.take(length - usize::from(scanner.is_wrong_left()));
        skipped += length;
        if skipped > reader::MAX_SKIPPED {
            let problem = RowProblem::Endless(reader::MAX_SKIPPED);
            return Err(BadRow::new(line, problem));
        }
    }
    // What was skipped cannot be read again.
    scanner.row = None;
    Ok((end != Step::Done).then(|| scanner.fault()))
}

fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How it ended, and after how many bytes.
    fn scan(text: &str) -> (Step, usize) {
        Scanner::new().push_all(text.as_bytes())
    }

    #[test]
    fn a_value_ends_at_its_last_byte() {
        for value in [
            "{}",
            "[]",
            "\"a\"",
            r#""a\"b\\""#,
            r#"{"a":[1,-2.5e+3,true,null,{"b":"}"}],"c":{}}"#,
            "{\n \"a\" :\t[ ]\r\n}",
        ] {
            assert_eq!(
                scan(&format!("{value} }}]")),
                (Step::Done, value.len()),
                "{value}"
            );
        }
    }

    #[test]
    fn a_torn_line_is_noticed_in_the_next_one() {
        for torn in [
            "{\"a\":\"b\n",
            "{\"a\":\"b\\\n",
            "{\"a\":1\n{",
            "{\"a\":1,\n{",
            "{\"a\"\n{",
            "{\n{",
            "{\"a\":{}\n{",
            "{\"a\":[1,\n}",
            "{'",
            "{]",
            "[}",
            "[,",
        ] {
            assert_eq!(scan(torn), (Step::Broken, torn.len()), "{torn:?}");
        }
        assert_eq!(scan(&"[".repeat(1000)), (Step::Broken, MAX_DEPTH + 1));
    }

    proptest! {
        #[test]
        fn what_serde_accepts_is_scanned_to_its_end(text in r#"[\[{]([\[\]{}",: \n1a\\]|"a":|null|"b"|,){0,12}"#) {
            let parsed = serde_json::from_str::<serde::de::IgnoredAny>(text.trim_end());
            if parsed.is_ok() {
                prop_assert_eq!(scan(&text), (Step::Done, text.trim_end().len()));
            }
        }
    }
}
