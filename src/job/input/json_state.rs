//! How JSON goes on after what is not valid. No name in it is taken for a row: it would
//! be removed from another room than its own.
//!
//! Outside of arrays a fault costs the rest of its line, and what `json_skip` finds to
//! belong to it. So does one in an array of a feed that has a value in the line of its
//! `[`: the next row follows. Any other array ends there, and with it the list or the
//! feed. Only three faults leave no doubt where the next value begins, and such an array
//! of a feed goes on after them: a comma too many, unless a text follows in its line; no
//! comma between two texts or two objects; and a word alone, `user1` or `null`.
//!
//! A text is a piece of a broken value if it is a key, or if something else than a value
//! follows in its line; outside of arrays that is also a comma or a closing bracket. So is
//! a text after a comma outside of arrays. An object may be a piece as well, after a value
//! that was broken in a later line than its first one: it must name its room. Where a feed pauses after a text, it is a row.

use std::collections::VecDeque;
use std::io::Read;
use std::mem;

use super::json_skip::{Brackets, Skipping};
use super::problem::RowProblem;
use super::reader::LineReader;
use super::row::{AfterBadRow, BadRow};
use crate::room::UserId;

/// Where a sequence of JSON values is read, and how.
#[derive(Debug, Default)]
pub(super) struct JsonState {
    pub(super) is_live: bool,
    pub(super) place: Place,
    pub(super) shape: ArrayShape,
    pub(super) before: Before,
    /// Where the latest value begins.
    pub(super) value_line: u64,
    /// Where the latest value, comma or bracket ended.
    pub(super) last_line: u64,
    /// After a broken value that takes more lines along.
    pub(super) skipping: Option<Skipping>,
    /// In a feed, the line of a broken value of which the next object may be a part.
    pub(super) doubt: Option<u64>,
    /// The array that is read cannot be continued, or the input has ended in it.
    pub(super) is_over: bool,
}

/// Where the next value stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Top,
    /// In the array that begins in this line.
    Array(u64, InArray),
}

/// How the array that is read is written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArrayShape {
    #[default]
    ManyLines,
    /// With its first value in the line of `[`, as a row of a feed.
    Row,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InArray {
    Start,
    /// With the first byte of the value.
    AfterValue(u8),
    AfterComma,
}

/// What stands before the next value, comma or bracket, if that matters.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    #[default]
    Nothing,
    /// A text in this line, which became a row because a feed paused after it.
    TextAndPause(u64),
    /// A comma outside of arrays, in a feed.
    Comma,
}

/// The keys of an object. Without a colon they are no names in a feed.
const KEYS: [&str; 4] = ["RoomId", "Member_Account", "MemberList_Account", "Reason"];

impl JsonState {
    pub(super) fn new(is_live: bool) -> Self {
        Self {
            is_live,
            ..Self::default()
        }
    }

    /// The problem of a comma outside of arrays.
    pub(super) fn comma_at_top<R: Read>(
        &mut self,
        input: &mut LineReader<R>,
    ) -> Result<BadRow, BadRow> {
        let line = input.line();
        input.take(1);
        if input.skip_blanks_in_line()? == Some(b'"') {
            return Ok(self.piece(line, b',', input));
        }
        if self.is_live {
            self.before = Before::Comma;
        }
        Ok(BadRow::new(line, RowProblem::CommaBetweenValues))
    }

    /// The problem of a comma in an array that stands where a value should, or before
    /// `]`. The array goes on at `next`.
    pub(super) fn wrong_comma<R: Read>(
        &mut self,
        why: &str,
        next: Place,
        input: &mut LineReader<R>,
    ) -> BadRow {
        let line = input.line();
        let problem = RowProblem::InvalidJson(why.into());
        if self.is_live && self.shape == ArrayShape::ManyLines {
            input.take(1);
            match input.skip_blanks_in_line() {
                Err(bad) => return bad,
                // What stands before the comma in its line may be lost.
                Ok(Some(b'"')) if next != Place::Top => {}
                Ok(_) => {
                    self.place = next;
                    return BadRow::new(line, problem);
                }
            }
        }
        self.broken_array(line, problem, Brackets::NONE, input)
    }

    /// The problem of a value in the array that begins in line `start`, without a comma
    /// after the value `before` it. Both are known by their first bytes.
    pub(super) fn no_comma<R: Read>(
        &mut self,
        start: u64,
        before: u8,
        first: u8,
        input: &mut LineReader<R>,
    ) -> BadRow {
        let line = input.line();
        let problem = RowProblem::InvalidJson("there is no comma between two values".into());
        let is_alike = before == first && matches!(first, b'{' | b'"');
        if self.is_live && is_alike && self.shape == ArrayShape::ManyLines {
            self.place = Place::Array(start, InArray::AfterComma);
            return BadRow::new(line, problem);
        }
        // A text after an object may be a part of it.
        let (brackets, line) = match first {
            b'"' if !is_alike && self.is_live => (Brackets::OF_ARRAY, self.value_line),
            b'"' if !is_alike => (Brackets::OF_ARRAY, line),
            _ => (Brackets::NONE, line),
        };
        self.broken_array(line, problem, brackets, input)
    }

    /// In an array over many lines the problem is that of `line`.
    fn broken_array<R: Read>(
        &mut self,
        line: u64,
        problem: RowProblem,
        brackets: Brackets,
        input: &mut LineReader<R>,
    ) -> BadRow {
        let Place::Array(start, _) = self.place else {
            return BadRow::new(line, problem);
        };
        if !self.leave_array() {
            return self.broken(line, problem, brackets, input);
        }
        // What begins in a new line is the next row.
        if input.line() != self.last_line && !brackets.is_open() {
            return BadRow::new(start, problem);
        }
        self.broken(start, problem, brackets, input)
    }

    /// The problem of a value that begins in `line` and is broken in this one, with what
    /// is open there. The rest of this line is taken, and if the value is still open at its
    /// end, lines after it are skipped. An array that cannot go on is the last of its list.
    pub(super) fn broken<R: Read>(
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
        let is_closed = match brackets.take_fault_line(input) {
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

    /// A text that was accepted as the only one of `users`, unless it is a piece of a
    /// broken value. Of a feed the rest of its line may come later.
    pub(super) fn unless_piece<R: Read>(
        &mut self,
        accepted: Result<(), BadRow>,
        line: u64,
        users: &mut VecDeque<UserId>,
        input: &mut LineReader<R>,
    ) -> Result<(), BadRow> {
        let name = users.front().filter(|_| self.is_live);
        let is_key = name.is_some_and(|name| KEYS.contains(&name.as_str()));
        let after = if is_key {
            Some(b':')
        } else {
            input.skip_blanks_in_line_unless_pause()?
        };
        match after {
            Some(after) if self.ends_piece(after) => {
                users.clear();
                Err(self.piece(line, after, input))
            }
            None if input.has_paused() => {
                self.before = Before::TextAndPause(line);
                accepted
            }
            _ => accepted,
        }
    }

    /// The problem of what comes next, if it shows that a text before it was a piece, or
    /// that it is one.
    pub(super) fn late_piece<R: Read>(
        &mut self,
        next: u8,
        input: &mut LineReader<R>,
    ) -> Option<BadRow> {
        let line = input.line();
        let after = match mem::take(&mut self.before) {
            Before::TextAndPause(text) if text == line && self.ends_piece(next) => next,
            Before::Comma if next == b'"' => b',',
            _ => return None,
        };
        Some(self.piece(line, after, input))
    }

    /// Whether a text before this byte is a piece.
    fn ends_piece(&self, after: u8) -> bool {
        match after {
            b'\n' | b'"' | b'{' | b'[' => false,
            b',' | b']' | b'}' => self.place == Place::Top,
            _ => true,
        }
    }

    /// The problem of a text before a colon, a comma or a bracket. Takes its line.
    fn piece<R: Read>(&mut self, line: u64, after: u8, input: &mut LineReader<R>) -> BadRow {
        let invalid = |why: &str| RowProblem::InvalidJson(why.into());
        let (problem, brackets) = match after {
            b':' => (
                invalid("a key stands outside of an object"),
                Brackets::OF_OBJECT,
            ),
            b'}' => (invalid("} closes nothing"), Brackets::OF_OBJECT),
            b']' => (invalid("] closes nothing"), Brackets::OF_ARRAY),
            b',' => (RowProblem::CommaBetweenValues, Brackets::OF_ARRAY),
            _ => (
                invalid("something else follows a text in its line"),
                Brackets::NONE,
            ),
        };
        self.broken(line, problem, brackets, input)
    }

    /// After a broken value: whether the next value can be found. An array that is a row
    /// of a feed ends there.
    pub(super) fn leave_array(&mut self) -> bool {
        if self.is_live && self.shape == ArrayShape::Row {
            self.place = Place::Top;
        }
        self.place == Place::Top
    }
}
