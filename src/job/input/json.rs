//! The format `json`: any sequence of JSON values. Each is an object with the keys
//! that `-o json` prints, a `UserID`, or an array of these; so results can be
//! filtered, pretty-printed or collected, and used for the next run.
//!
//! Values are read one by one, also those inside of an array: a million of them
//! in one array cost no more memory than one. A value that lies whole in the
//! reader's buffer is parsed there. Only of others, and of bad ones, the end has to
//! be found first.

use std::collections::VecDeque;
use std::io::Read;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde_json::Deserializer;

use super::json_scan::{Scanner, Step};
use super::json_value::{OtherKeys, Value, ValueSeed};
use super::problem::RowProblem;
use super::reader::{self, LineReader};
use super::row::{self, BadRow, Row, ValueCache};
use crate::room::{Reason, RoomId, UserId};
use crate::secret::excerpt;

/// The longest value: an object with thousands of members.
const MAX_VALUE: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct JsonReader {
    place: Place,
    /// After a broken object: lines are skipped until one begins with an object,
    /// so that its inner texts are not taken for members.
    is_skipping: bool,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InArray {
    Start,
    AfterValue,
    AfterComma,
}

/// How the search for the end of a value ended.
enum End {
    Whole,
    Broken,
    /// Over the limit. The rest was skipped; whether its end was found.
    TooLong {
        is_whole: bool,
    },
    /// The input is over.
    Missing,
}

impl JsonReader {
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
            match self.step(input, cache) {
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
        let broken = |why: &str| {
            let problem = RowProblem::BrokenArray(why.into());
            Err(BadRow::new(line, problem))
        };
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
            (Place::Array(_, InArray::AfterComma), b']') => {
                return broken("a comma stands before ]");
            }
            (Place::Array(..), b',') => return broken("a comma stands where a value should"),
            (Place::Array(_, InArray::AfterValue), _) => {
                return broken("there is no comma between two values");
            }
            (Place::Array(..), b'[') => {
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

    /// The first byte of what comes next, without taking it.
    fn first_byte<R: Read>(&mut self, input: &mut LineReader<R>) -> Result<Option<u8>, BadRow> {
        while self.is_skipping {
            match input.peek()? {
                None | Some(b'{' | b'[') => self.is_skipping = false,
                Some(_) => input.skip_line()?,
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
        if !matches!(first, b'{' | b'"') {
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
            self.is_skipping = !is_whole && bytes.first() == Some(&b'{');
            self.is_over = !is_whole && self.place != Place::Top;
            return Err(BadRow::new(line, RowProblem::ValueTooLong(MAX_VALUE)));
        }
        let parsed = reader::text(bytes).and_then(|text| {
            let mut parser = Deserializer::from_str(text);
            let parsed = ValueSeed(&mut self.other_keys).deserialize(&mut parser);
            parsed.map_err(|error| RowProblem::InvalidJson(in_words(&error, line)))
        });
        let problem = match (end, parsed) {
            (End::Whole, Ok(value)) => return self.accept(value, line, cache),
            (End::Whole, Err(problem)) => return Err(BadRow::new(line, problem)),
            (End::Missing, _) => RowProblem::Unclosed,
            (End::Broken, Err(_)) if is_bare_names(bytes, input.chunk()?) => {
                input.skip_line()?;
                return Err(BadRow::new(line, RowProblem::BareNames));
            }
            (End::Broken | End::TooLong { .. }, Err(problem)) => problem,
            (End::Broken | End::TooLong { .. }, Ok(_)) => {
                RowProblem::InvalidJson("a value is broken".into())
            }
        };
        if let Place::Array(..) = self.place {
            self.is_over = true;
            let problem = match problem {
                RowProblem::InvalidJson(why) => RowProblem::BrokenArray(why),
                other => other,
            };
            return Err(BadRow::new(line, problem));
        }
        // What follows the first line of the value may be the next value.
        let first_end = bytes.iter().position(|byte| *byte == b'\n');
        match first_end {
            Some(end) => input.unread_to_line(&bytes[end + 1..], line + 1),
            None => input.skip_line()?,
        }
        self.is_skipping = bytes.first() == Some(&b'{');
        Err(BadRow::new(line, problem))
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

/// Collects the bytes of the value that begins here, up to its end.
fn find_end<R: Read>(value: &mut Vec<u8>, input: &mut LineReader<R>) -> Result<End, BadRow> {
    value.clear();
    let mut scanner = Scanner::new();
    loop {
        let chunk = input.chunk()?;
        if chunk.is_empty() {
            return Ok(End::Missing);
        }
        let chunk = &chunk[..chunk.len().min(MAX_VALUE + 1 - value.len())];
        let (end, length) = scanner.push_all(chunk);
        value.extend_from_slice(&chunk[..length]);
        input.take(length);
        if value.len() > MAX_VALUE {
            let is_whole = skip_rest(scanner, end, input)?;
            return Ok(End::TooLong { is_whole });
        }
        match end {
            Step::More => {}
            Step::Done => return Ok(End::Whole),
            Step::Broken => return Ok(End::Broken),
        }
    }
}

/// Skips the rest of a value that is too long, whatever lines it has. Returns whether
/// its end was found; false also where the input ends or the value is broken.
fn skip_rest<R: Read>(
    mut scanner: Scanner,
    mut end: Step,
    input: &mut LineReader<R>,
) -> Result<bool, BadRow> {
    let line = input.line();
    let mut skipped = 0;
    while end == Step::More {
        let chunk = input.chunk()?;
        if chunk.is_empty() {
            break;
        }
        let (step, length) = scanner.push_all(chunk);
        end = step;
        input.take(length);
        skipped += length;
        if skipped > reader::MAX_SKIPPED {
            let problem = RowProblem::Endless(reader::MAX_SKIPPED);
            return Err(BadRow::new(line, problem));
        }
    }
    Ok(end == Step::Done)
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
