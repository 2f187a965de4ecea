//! The format `json`: any sequence of JSON values. Each is an object with the keys
//! that `-o json` prints, a `UserID`, or an array of these; so results can be
//! filtered, pretty-printed or collected, and used for the next run.
//!
//! Values are read one by one, also those inside of an array: a million of them
//! in one array cost no more memory than one. A value that lies whole in the
//! reader's buffer is parsed there. Only of others, and of bad ones, the end has to
//! be found first.
//!
//! In a feed the line after a bad value is read as the next row. Only a broken array
//! with `[` in a line of its own may end a feed.

use std::collections::VecDeque;
use std::io::Read;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::Deserializer;

use super::json_scan::{End, MAX_VALUE, find_end, is_inner_line, is_text};
use super::json_value::{OtherKeys, Value, ValueSeed};
use super::problem::RowProblem;
use super::reader::{self, LineReader};
use super::row::{self, BadRow, Row, ValueCache};
use crate::room::{Reason, RoomId, UserId};
use crate::secret::excerpt;

#[derive(Debug, Default)]
pub(super) struct JsonReader {
    is_live: bool,
    place: Place,
    shape: ArrayShape,
    /// Where the latest value, comma or bracket ended.
    last_line: u64,
    /// After a broken object: its other lines are skipped, so that its inner texts
    /// are not taken for members. This byte ends its first line.
    skipping: Option<u8>,
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
        let Some(first) = self.first_byte(input)? else {
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
                return Err(BadRow::new(line, RowProblem::CommaBetweenValues));
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
        // What begins in a new line is the next row.
        if line == self.last_line
            && let Err(bad) = input.skip_line()
        {
            return bad;
        }
        BadRow::new(start, RowProblem::InvalidJson(why.into()))
    }

    /// The first byte of what comes next, without taking it.
    fn first_byte<R: Read>(&mut self, input: &mut LineReader<R>) -> Result<Option<u8>, BadRow> {
        if let Some(last) = self.skipping.take() {
            let mut is_row = self.is_live && !matches!(last, b'{' | b'[');
            // After `{` alone, a whole text is no key: the row was cut short.
            let mut is_cut = self.is_live && last == b'{';
            let mut is_continued = false;
            while let Some(line) = input.next_line() {
                let line = line?.1;
                is_row |= std::mem::take(&mut is_cut) && is_text(line);
                if !is_inner_line(line, is_row, is_continued) {
                    input.unread_line();
                    break;
                }
                is_continued = matches!(line.trim_ascii_end().last(), Some(b'[' | b',' | b':'));
            }
        }
        input.skip_blanks()
    }

    fn value<R: Read>(
        &mut self,
        first: u8,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Result<(), BadRow> {
        let line = input.line();
        let is_nested = first == b'[';
        if !matches!(first, b'{' | b'"') && !is_nested {
            return Err(BadRow::new(line, self.other_value(input)?));
        }
        let chunk = input.chunk()?;
        let mut parser = Deserializer::from_slice(chunk);
        if let Ok(value) = ValueSeed(&mut self.other_keys).deserialize(&mut parser) {
            let length = parser.into_iter::<IgnoredAny>().byte_offset();
            // The parser does not check the texts that it skips.
            if std::str::from_utf8(&chunk[..length]).is_ok() {
                let accepted = self.accept(value, line, cache);
                input.take(length);
                return accepted;
            }
        }
        let mut value = std::mem::take(&mut self.value);
        let end = find_end(&mut value, input);
        let result = end.and_then(|end| self.whole_value(&value, &end, line, input, cache));
        self.value = value;
        result
    }

    /// Accepts a value that was collected, or reports what is wrong with it.
    fn whole_value<R: Read>(
        &mut self,
        bytes: &[u8],
        end: &End,
        line: u64,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Result<(), BadRow> {
        if let End::TooLong { is_whole } = *end {
            // Lines of the value must not be taken for members.
            self.skipping = end_of_first_line(bytes, None).filter(|_| !is_whole);
            self.is_over = !is_whole && !self.leave_array();
            return Err(BadRow::new(line, RowProblem::ValueTooLong(MAX_VALUE)));
        }
        let parsed = reader::text(bytes).and_then(|text| {
            let mut parser = Deserializer::from_str(text);
            let parsed = ValueSeed(&mut self.other_keys).deserialize(&mut parser);
            parsed.map_err(|error| RowProblem::InvalidJson(in_words(&error, line)))
        });
        let problem = match (end, parsed) {
            (End::Whole, Ok(value)) => return self.accept(value, line, cache),
            (End::Whole, Err(_)) if bytes.starts_with(b"[") => {
                return Err(BadRow::new(line, RowProblem::NestedArray));
            }
            (End::Whole, Err(problem)) => return Err(BadRow::new(line, problem)),
            (End::Missing, _) => RowProblem::Unclosed,
            (End::Broken, Err(_)) if is_bare_names(bytes, input.chunk()?) => {
                input.skip_line()?;
                self.leave_array();
                return Err(BadRow::new(line, RowProblem::BareNames));
            }
            (End::Broken | End::TooLong { .. }, Err(problem)) => problem,
            (End::Broken | End::TooLong { .. }, Ok(_)) => {
                RowProblem::InvalidJson("a value is broken".into())
            }
        };
        if !self.leave_array() {
            self.is_over = true;
            let problem = match problem {
                RowProblem::InvalidJson(why) => RowProblem::BrokenArray(why),
                other => other,
            };
            return Err(BadRow::new(line, problem));
        }
        // What follows the first line of the value may be the next value.
        let first_end = bytes.iter().position(|byte| *byte == b'\n');
        let last = if let Some(end) = first_end {
            input.unread_to_line(&bytes[end + 1..], line + 1);
            None
        } else {
            input.skip_line()?
        };
        self.skipping = end_of_first_line(bytes, last);
        Err(BadRow::new(line, problem))
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

    /// Takes something that is neither an object nor a string, and describes it.
    /// Outside of arrays it is the rest of the line.
    fn other_value<R: Read>(&self, input: &mut LineReader<R>) -> Result<RowProblem, BadRow> {
        const MOST: usize = 1024;
        let is_top = self.place == Place::Top;
        let is_end = |byte: u8| byte == b'\n' || (!is_top && matches!(byte, b',' | b']'));
        let mut kept = Vec::new();
        let mut taken = 0;
        while let Some(byte) = input.peek()?
            && !is_end(byte)
            && taken < reader::MAX_SKIPPED
        {
            if kept.len() < MOST {
                kept.push(byte);
            }
            taken += 1;
            input.take(1);
        }
        if taken == reader::MAX_SKIPPED {
            return Ok(RowProblem::Endless(reader::MAX_SKIPPED));
        }
        Ok(match reader::text(&kept) {
            Ok(text) => RowProblem::NotAMember(excerpt(text.trim())),
            Err(problem) if kept.len() < MOST => problem,
            Err(_) => RowProblem::NotAMember("this".into()),
        })
    }
}

/// The last byte of the first line of a broken value that is an object; `last` stands
/// there after `value`.
fn end_of_first_line(value: &[u8], last: Option<u8>) -> Option<u8> {
    let first_line = value.split(|byte| *byte == b'\n').next()?;
    let last = last.or(first_line.trim_ascii_end().last().copied());
    last.filter(|_| value.starts_with(b"{"))
}

/// Whether a broken value, with the bytes after it, is `{user1,user2}`: names
/// without any quote or colon.
fn is_bare_names(start: &[u8], rest: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"{},_-. \r".contains(byte);
    let line = || start.iter().chain(rest).take_while(|byte| **byte != b'\n');
    let is_template = line().take(2).all(|byte| *byte == b'{');
    start.starts_with(b"{")
        && !is_template
        && line().all(is_name)
        && line().any(|byte| *byte == b'}')
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
