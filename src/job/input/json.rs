//! The format `json`: any sequence of JSON values. Each is an object with the keys
//! that `-o json` prints, a `UserID`, or an array of these; so results can be
//! filtered, pretty-printed or collected, and used for the next run.
//!
//! Values are read one by one, also those inside of an array: a million of them
//! in one array cost no more memory than one. A value that lies whole in the
//! reader's buffer is parsed there. Only of others, and of bad ones, the end has to
//! be found first.
//!
//! After a bad value the next row is read (`json_skip`). Only a broken array with `[` in
//! a line of its own may end a feed.

use std::collections::VecDeque;
use std::io::Read;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::Deserializer;

use super::json_scan::{End, MAX_VALUE, find_end};
use super::json_skip::{Brackets, Skipping, is_bare_names, take_other_value};
use super::json_value::{OtherKeys, Value, ValueSeed};
use super::problem::RowProblem;
use super::reader::{self, LineReader};
use super::row::{self, AfterBadRow, BadRow, Row, ValueCache};
use crate::room::{Reason, RoomId, UserId};

#[derive(Debug, Default)]
pub(super) struct JsonReader {
    is_live: bool,
    place: Place,
    shape: ArrayShape,
    /// Where the latest value, comma or bracket ended.
    last_line: u64,
    /// After a broken value that takes more lines along.
    skipping: Option<Skipping>,
    /// The array that is read cannot be continued, or the input has ended in it.
    is_over: bool,
    other_keys: OtherKeys,
    /// A value that is not whole in the reader's buffer.
    value: Vec<u8>,
    /// The members of the latest object that have not been returned yet.
    users: VecDeque<UserId>,
    line: u64,
    room: Option<RoomId>,
    reason: Option<Reason>,
}

/// Where the next value stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Top,
    /// In the array that begins in this line.
    Array(u64, InArray),
}

/// How the array that is read is written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum ArrayShape {
    #[default]
    ManyLines,
    /// With its first value in the line of `[`, as a row of a feed.
    Row,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InArray {
    Start,
    AfterValue,
    AfterComma,
}

impl JsonReader {
    pub(super) fn new(is_live: bool) -> Self {
        Self {
            is_live,
            ..Self::default()
        }
    }

    /// Whether the rest of the input is not read.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The next member.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Option<Result<Row, BadRow>> {
        loop {
            if let Some(user) = self.users.pop_front() {
                return Some(Ok(Row {
                    line: self.line,
                    room: self.room.clone(),
                    user,
                    reason: self.reason.clone(),
                }));
            }
            if self.is_over {
                return None;
            }
            if let Some(mut skipping) = self.skipping.take() {
                let skipped = skipping.skip(input);
                if let Some(bad) = skipped.err().or_else(|| skipping.report()) {
                    return Some(Err(bad));
                }
            }
            let step = self.step(input, cache);
            self.last_line = input.line();
            match step {
                Ok(true) => {}
                Ok(false) => self.is_over = true,
                Err(bad) => return Some(Err(bad)),
            }
        }
    }

    /// Reads a value, a comma or a bracket; false at the end.
    fn step<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Result<bool, BadRow> {
        let Some(first) = input.skip_blanks()? else {
            self.is_over = true;
            return match self.place {
                Place::Top => Ok(false),
                Place::Array(line, _) => Err(BadRow::new(line, RowProblem::Unclosed)),
            };
        };
        let line = input.line();
        if let Place::Array(start, InArray::Start) = self.place {
            self.shape = if line == start {
                ArrayShape::Row
            } else {
                ArrayShape::ManyLines
            };
        }
        self.place = match (self.place, first) {
            (Place::Top, b'[') => Place::Array(line, InArray::Start),
            (Place::Top, b',') => {
                input.take(1);
                return Err(match input.skip_blanks_in_line()? {
                    Some(b'"') => self.piece(line, b',', input),
                    _ => BadRow::new(line, RowProblem::CommaBetweenValues),
                });
            }
            (Place::Array(start, InArray::AfterValue), b',') => {
                Place::Array(start, InArray::AfterComma)
            }
            (Place::Array(_, InArray::Start | InArray::AfterValue), b']') => Place::Top,
            (Place::Array(start, state), b',' | b']') => {
                let is_end = first == b']' && state == InArray::AfterComma;
                let (why, next) = if is_end {
                    ("a comma stands before ]", Place::Top)
                } else {
                    let next = Place::Array(start, InArray::AfterComma);
                    ("a comma stands where a value should", next)
                };
                return Err(self.broken_array(why, 1, next, input));
            }
            (Place::Array(start, InArray::AfterValue), _) => {
                let next = Place::Array(start, InArray::AfterComma);
                let why = "there is no comma between two values";
                return Err(self.broken_array(why, 0, next, input));
            }
            (Place::Array(..), b'[') if !self.is_live => {
                return Err(BadRow::new(line, RowProblem::NestedArray));
            }
            (place, first) => {
                if let Place::Array(start, _) = place {
                    self.place = Place::Array(start, InArray::AfterValue);
                }
                self.value(first, input, cache)?;
                return Ok(true);
            }
        };
        input.take(1);
        Ok(true)
    }

    /// The problem of an array with a wrong comma or bracket. In a list nothing is read
    /// after it. In a feed the next row follows an array that is a row; any other array
    /// continues at `next`, after `wrong` bytes.
    fn broken_array<R: Read>(
        &mut self,
        why: &str,
        wrong: usize,
        next: Place,
        input: &mut LineReader<R>,
    ) -> BadRow {
        let line = input.line();
        let Place::Array(start, _) = self.place else {
            return BadRow::new(line, RowProblem::BrokenArray(why.into()));
        };
        if !self.is_live {
            return BadRow::new(line, RowProblem::BrokenArray(why.into()));
        }
        if self.shape == ArrayShape::ManyLines {
            self.place = next;
            input.take(wrong);
            return BadRow::new(line, RowProblem::InvalidJson(why.into()));
        }
        self.place = Place::Top;
        let problem = RowProblem::InvalidJson(why.into());
        // What begins in a new line is the next row.
        if line != self.last_line {
            return BadRow::new(start, problem);
        }
        self.broken(start, problem, Brackets::NONE, input)
    }

    fn value<R: Read>(
        &mut self,
        first: u8,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Result<(), BadRow> {
        let line = input.line();
        if !matches!(first, b'{' | b'"' | b'[') {
            let is_top = self.place == Place::Top;
            let (problem, brackets) = take_other_value(is_top, input)?;
            return Err(if is_top {
                self.broken(line, problem, brackets, input)
            } else {
                BadRow::new(line, problem)
            });
        }
        let chunk = input.chunk()?;
        let mut parser = Deserializer::from_slice(chunk);
        if let Ok(value) = ValueSeed(&mut self.other_keys).deserialize(&mut parser) {
            let length = parser.into_iter::<IgnoredAny>().byte_offset();
            // The parser does not check the texts that it skips.
            if std::str::from_utf8(&chunk[..length]).is_ok() {
                let accepted = self.accept(value, line, cache);
                input.take(length);
                return self.unless_piece(accepted, first, line, input);
            }
        }
        let mut value = std::mem::take(&mut self.value);
        let end = find_end(&mut value, input);
        let result = end.and_then(|end| self.whole_value(&value, end, line, input, cache));
        self.value = value;
        result
    }

    /// Accepts a value that was collected, or reports what is wrong with it.
    fn whole_value<R: Read>(
        &mut self,
        bytes: &[u8],
        end: End,
        line: u64,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Result<(), BadRow> {
        let (fault, problem) = match end {
            End::Whole => match self.parse(bytes, line) {
                Ok(value) => {
                    let accepted = self.accept(value, line, cache);
                    return self.unless_piece(accepted, bytes[0], line, input);
                }
                Err(_) if bytes.starts_with(b"[") => {
                    return Err(BadRow::new(line, RowProblem::NestedArray));
                }
                Err(problem) => return Err(BadRow::new(line, problem)),
            },
            End::TooLong(None) => {
                return Err(BadRow::new(line, RowProblem::ValueTooLong(MAX_VALUE)));
            }
            End::TooLong(Some(fault)) => (fault, RowProblem::ValueTooLong(MAX_VALUE)),
            End::Missing(fault) => (fault, RowProblem::Unclosed),
            End::Broken(fault) if is_bare_names(bytes, input.chunk()?) => {
                (fault, RowProblem::BareNames)
            }
            End::Broken(fault) => match self.parse(bytes, line) {
                Ok(_) => (fault, RowProblem::InvalidJson("a value is broken".into())),
                Err(problem) => (fault, problem),
            },
        };
        let next = input.peek()?;
        let is_row = fault.row.is_some() || (fault.is_line_start && next == Some(b'{'));
        if !((is_row || next.is_none()) && self.leave_array()) {
            return Err(self.broken(line, problem, fault.brackets, input));
        }
        let mut last = input.line() - u64::from(fault.is_line_start);
        if let Some(row) = fault.row {
            let before = memchr::memchr_iter(b'\n', &bytes[..row]).count() as u64;
            input.unread_to_line(&bytes[row..fault.taken], line + before);
            last = line + before - 1;
        }
        self.skipping = Some(Skipping::new(line, last, fault.brackets));
        Err(BadRow::new(line, problem))
    }

    fn parse<'a>(&mut self, bytes: &'a [u8], line: u64) -> Result<Value<'a>, RowProblem> {
        let mut parser = Deserializer::from_str(reader::text(bytes)?);
        let parsed = ValueSeed(&mut self.other_keys).deserialize(&mut parser);
        parsed.map_err(|error| RowProblem::InvalidJson(in_words(&error, line)))
    }

    /// The problem of a value that begins in `line` and is broken in this one, with what
    /// is open there. The rest of this line is taken, and if the value is still open at its
    /// end, lines after it are skipped. Outside of a feed that is a row, an array ends there.
    fn broken<R: Read>(
        &mut self,
        line: u64,
        problem: RowProblem,
        mut brackets: Brackets,
        input: &mut LineReader<R>,
    ) -> BadRow {
        if !self.leave_array() {
            self.is_over = true;
            let problem = match problem {
                RowProblem::InvalidJson(why) => RowProblem::BrokenArray(why),
                other => other,
            };
            return BadRow::new(line, problem);
        }
        let last = input.line();
        let is_end = matches!(input.peek(), Ok(None));
        let is_closed = match brackets.take_line(input) {
            Ok(is_closed) => is_closed,
            Err(endless) => return endless,
        };
        let mut bad = BadRow::new(line, problem);
        if !is_closed {
            if self.is_live && !is_end {
                bad.after = AfterBadRow::SkippedLines;
            }
            self.skipping = Some(Skipping::new(line, last, brackets));
        }
        bad
    }

    /// A text that was accepted, unless it is a piece of a value without its beginning: a
    /// key, or a text of an array. It is no row: the lines after it may name a room.
    fn unless_piece<R: Read>(
        &mut self,
        accepted: Result<(), BadRow>,
        first: u8,
        line: u64,
        input: &mut LineReader<R>,
    ) -> Result<(), BadRow> {
        if first != b'"' {
            return accepted;
        }
        match input.skip_blanks_in_line()? {
            Some(after) if after == b':' || (after == b',' && self.place == Place::Top) => {
                self.users.clear();
                Err(self.piece(line, after, input))
            }
            _ => accepted,
        }
    }

    /// What is wrong with a text before a colon or a comma, and takes its line.
    fn piece<R: Read>(&mut self, line: u64, after: u8, input: &mut LineReader<R>) -> BadRow {
        let (problem, brackets) = if after == b':' {
            let why = "a key stands outside of an object";
            (RowProblem::InvalidJson(why.into()), Brackets::OF_OBJECT)
        } else {
            (RowProblem::CommaBetweenValues, Brackets::OF_ARRAY)
        };
        self.broken(line, problem, brackets, input)
    }

    /// After a broken value: whether the next value can be found. An array that is a row
    /// of a feed ends there.
    fn leave_array(&mut self) -> bool {
        if self.is_live && self.shape == ArrayShape::Row {
            self.place = Place::Top;
        }
        self.place == Place::Top
    }

    /// The members of a value become pending.
    fn accept(
        &mut self,
        value: Value<'_>,
        line: u64,
        cache: &mut ValueCache,
    ) -> Result<(), BadRow> {
        self.line = line;
        let object = match value {
            Value::User(text) => {
                (self.room, self.reason) = (None, None);
                let user = row::user(&text).map_err(|problem| BadRow::new(line, problem))?;
                self.users.push_back(user);
                return Ok(());
            }
            Value::Object(object) => object,
        };
        let parts = object.into_parts(cache, &mut self.users);
        if !parts.problems.is_empty() {
            self.users.clear();
            return Err(parts.into_bad_row(line));
        }
        (self.room, self.reason) = (parts.room, parts.reason);
        Ok(())
    }
}

/// The parser's message. Of a value of several lines with the line in the list.
fn in_words(error: &serde_json::Error, line: u64) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    match error.line() {
        0 | 1 => format!("{what} (at its byte {})", error.column()),
        later => format!("{what} (in line {})", line + later as u64 - 1),
    }
}
