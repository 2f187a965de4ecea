//! The format `json`: any sequence of JSON values. Each is an object with the keys
//! that `-o json` prints, a `UserID`, or an array of these; so results can be
//! filtered, pretty-printed or collected, and used for the next run.
//!
//! Values are read one by one, also those inside of an array: a million of them
//! in one array cost no more memory than one. A value that lies whole in the
//! reader's buffer is parsed there. Only of others, and of bad ones, the end has to
//! be found first.
//!
//! What follows a bad value stands in `json_state` and `json_skip`.

use std::collections::VecDeque;
use std::io::Read;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::Deserializer;

use super::json_scan::{End, MAX_VALUE, find_end};
use super::json_skip::{OtherValue, Skipping, is_bare_names};
use super::json_state::{ArrayShape, InArray, JsonState, Place};
use super::json_value::{OtherKeys, Value, ValueSeed};
use super::problem::RowProblem;
use super::reader::{self, LineReader};
use super::row::{self, BadRow, Row, ValueCache};
use crate::room::{Reason, RoomId, UserId};

#[derive(Debug, Default)]
pub(super) struct JsonReader {
    state: JsonState,
    other_keys: OtherKeys,
    /// A value that is not whole in the reader's buffer.
    value: Vec<u8>,
    /// The members of the latest object that have not been returned yet.
    users: VecDeque<UserId>,
    line: u64,
    room: Option<RoomId>,
    reason: Option<Reason>,
}

impl JsonReader {
    pub(super) fn new(is_live: bool) -> Self {
        Self {
            state: JsonState::new(is_live),
            ..Self::default()
        }
    }

    /// Whether the rest of the input is not read.
    pub(super) fn is_over(&self) -> bool {
        self.state.is_over
    }

    /// Whether the input ends, or is not read on, in an array.
    pub(super) fn has_broken_array(&self) -> bool {
        self.state.is_over && self.state.place != Place::Top
    }

    /// The line of the broken value that the latest row may be a part of.
    pub(super) fn is_inside_of(&self) -> Option<u64> {
        let inside = self.state.maybe_inside;
        inside
            .filter(|inside| inside.is_likely)
            .map(|inside| inside.value)
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
            if self.state.is_over {
                return None;
            }
            if let Some(mut skipping) = self.state.skipping.take() {
                let skipped = skipping.skip(input);
                self.state.end_skipping(&skipping);
                if let Some(bad) = skipped.err().or_else(|| skipping.report()) {
                    return Some(Err(bad));
                }
            }
            let step = self.step(input, cache);
            self.state.last_line = input.line();
            match step {
                Ok(true) => {}
                Ok(false) => self.state.is_over = true,
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
        let last_line = input.last_line();
        let Some(first) = input.skip_blanks()? else {
            self.state.is_over = true;
            return match self.state.place {
                Place::Top => Ok(false),
                Place::Array(line, _) => Err(BadRow::new(line, RowProblem::Unclosed)),
            };
        };
        let line = input.line();
        if let Place::Array(start, InArray::Start) = self.state.place {
            self.state.shape = if line == start {
                ArrayShape::Row
            } else {
                ArrayShape::ManyLines
            };
        }
        let begins_line = line != last_line;
        self.state.leave_broken(first, begins_line);
        if let Some(bad) = self.state.reject_fragment_seen_late(first, input) {
            return Err(bad);
        }
        self.state.place = match (self.state.place, first) {
            (Place::Top, b'[') => Place::Array(line, InArray::Start),
            (Place::Top, b',') => return Err(self.state.comma_at_top(begins_line, input)?),
            (Place::Array(start, InArray::AfterValue(_)), b',') => {
                Place::Array(start, InArray::AfterComma)
            }
            (Place::Array(_, InArray::Start | InArray::AfterValue(_)), b']') => Place::Top,
            (Place::Array(start, state), b',' | b']') => {
                let is_end = first == b']' && state == InArray::AfterComma;
                let (why, next) = if is_end {
                    ("a comma stands before ]", Place::Top)
                } else {
                    let next = Place::Array(start, InArray::AfterComma);
                    ("a comma stands where a value should", next)
                };
                return Err(self.state.wrong_comma(why, next, input));
            }
            (Place::Array(start, InArray::AfterValue(before)), _) => {
                return Err(self.state.no_comma(start, before, first, input));
            }
            (Place::Array(..), b'[') if !self.state.is_live => {
                return Err(BadRow::new(line, RowProblem::NestedArray));
            }
            (place, first) => {
                if let Place::Array(start, _) = place {
                    self.state.place = Place::Array(start, InArray::AfterValue(first));
                }
                self.value(first, input, cache)?;
                return Ok(true);
            }
        };
        input.take(1);
        Ok(true)
    }

    fn value<R: Read>(
        &mut self,
        first: u8,
        input: &mut LineReader<R>,
        cache: &mut ValueCache,
    ) -> Result<(), BadRow> {
        let line = input.line();
        self.state.value_line = line;
        if !matches!(first, b'{' | b'"' | b'[') {
            let is_top = self.state.place == Place::Top;
            let other = OtherValue::take(is_top, self.state.is_live, input)?;
            return Err(if is_top || (self.state.is_live && !other.is_word) {
                self.state
                    .broken(line, other.problem, other.brackets, input)
            } else {
                BadRow::new(line, other.problem)
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
                return self.reject_inside(accepted, first, line, input);
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
        let (mut fault, problem) = match end {
            End::Whole => match self.parse(bytes, line) {
                Ok(value) => {
                    let accepted = self.accept(value, line, cache);
                    return self.reject_inside(accepted, bytes[0], line, input);
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
        if !((is_row || next.is_none()) && self.state.leave_array()) {
            fault
                .brackets
                .end_torn_text(bytes[..fault.taken.min(bytes.len())].last());
            return Err(self.state.broken(line, problem, fault.brackets, input));
        }
        let mut last = input.line() - u64::from(fault.is_line_start);
        if let Some(row) = fault.row {
            let before = memchr::memchr_iter(b'\n', &bytes[..row]).count() as u64;
            input.unread_to_line(&bytes[row..fault.taken], line + before);
            last = line + before - 1;
        }
        self.state.skipping = Some(Skipping::before_row(line, last, &fault));
        Err(BadRow::new(line, problem))
    }

    /// A value that was accepted, unless it is a part of a broken one.
    fn reject_inside<R: Read>(
        &mut self,
        accepted: Result<(), BadRow>,
        first: u8,
        line: u64,
        input: &mut LineReader<R>,
    ) -> Result<(), BadRow> {
        let users = &mut self.users;
        match first {
            b'"' => self.state.reject_fragment(accepted, line, users, input),
            b'{' if accepted.is_ok() && self.room.is_none() => {
                self.state.reject_part(line, users, input)
            }
            _ => accepted,
        }
    }

    fn parse<'a>(&mut self, bytes: &'a [u8], line: u64) -> Result<Value<'a>, RowProblem> {
        let mut parser = Deserializer::from_str(reader::text(bytes)?);
        let parsed = ValueSeed(&mut self.other_keys).deserialize(&mut parser);
        parsed.map_err(|error| RowProblem::InvalidJson(in_words(&error, line)))
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
                if let Some(bad) = self.state.perhaps_part(line) {
                    return Err(bad);
                }
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
        if parts.room.is_none()
            && let Some(bad) = self.state.perhaps_part(line)
        {
            self.users.clear();
            return Err(bad);
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
