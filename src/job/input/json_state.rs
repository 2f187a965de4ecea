//! Where reading continues after invalid JSON. No name in it is taken for a row: it would
//! be removed from another room than its own.
//!
//! Outside of arrays a fault costs the rest of its line, and what `json_skip` finds to
//! belong to it. So does one in an array of a feed that has a value in the line of its
//! `[`: the next row follows. Any other array ends there, and with it the list or the
//! feed. Only three faults leave no doubt where the next value begins, and such an array
//! of a feed goes on after them: a comma too many, unless a text follows in its line; no
//! comma between two texts or two objects; and a word alone, `user1` or `null`.
//!
//! A text is a fragment of a broken value if it is a key, or if something else than a value
//! follows in its line; outside of arrays that is also a comma or a closing bracket. So is
//! a text after a comma outside of arrays. Where a feed pauses after a text, it is a row.
//!
//! A value after a broken one may be inside of it, and must name its room
//! ([`MaybeInside`]): if the fault is in a later line than the beginning, if the last line
//! before it ends as JSON that goes on, or if a comma stands before or after it. That
//! ends where a value begins a line outside of arrays, after another value and without a
//! comma: so follow rows, but not what is inside of a value. Only if the fault is in an
//! inner array that may be a missing comma, and the rule holds for one value more. A torn
//! line costs no other.

use std::collections::VecDeque;
use std::io::Read;
use std::mem;

use super::json_skip::{Brackets, MaybeInside, Skipping};
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
    /// In a feed, the broken value of which the next values may be parts: up to one
    /// outside of arrays that begins a line, after another and without a comma.
    pub(super) maybe_inside: Option<MaybeInside>,
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
    /// A broken value, in a feed.
    Broken,
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
        begins_line: bool,
        input: &mut LineReader<R>,
    ) -> Result<BadRow, BadRow> {
        let line = input.line();
        input.take(1);
        let next = input.skip_blanks_in_line()?;
        if next == Some(b'"') {
            return Ok(self.fragment(line, b',', input));
        }
        if self.is_live {
            self.before = Before::Comma;
            // Two rows in one line may have a comma between them.
            let is_in_line = !begins_line && next != Some(b'\n');
            let is_likely = self.maybe_inside.is_some() || !is_in_line;
            let value = self.maybe_inside.map_or(line, |inside| inside.value);
            self.maybe_inside = Some(MaybeInside {
                value,
                is_likely,
                has_two: false,
            });
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

    /// A text that was accepted as the only one of `users`, unless it is a fragment of a
    /// broken value. Of a feed the rest of its line may come later.
    pub(super) fn reject_fragment<R: Read>(
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
            Some(after) if self.ends_fragment(after) => {
                users.clear();
                Err(self.fragment(line, after, input))
            }
            None if input.has_paused() => {
                self.before = Before::TextAndPause(line);
                accepted
            }
            _ => accepted,
        }
    }

    /// The lines after a broken value were skipped.
    pub(super) fn end_skipping(&mut self, skipped: &Skipping) {
        if !self.is_live {
            return;
        }
        if let Some(inside) = skipped.maybe_inside() {
            self.before = Before::Broken;
            let before = self.maybe_inside.filter(|before| before.is_likely);
            self.maybe_inside = before.filter(|_| !inside.is_likely).or(Some(inside));
        } else if skipped.ends_with_comma() {
            self.before = Before::Comma;
        }
    }

    /// What comes next may begin a row that is not inside of a broken value before it.
    pub(super) fn leave_broken(&mut self, next: u8, begins_line: bool) {
        let is_after_value = !matches!(self.before, Before::Comma | Before::Broken);
        let is_value = matches!(next, b'{' | b'[' | b'"');
        if self.place == Place::Top && is_value && begins_line && is_after_value {
            self.maybe_inside = self.maybe_inside.and_then(MaybeInside::after_row);
        }
    }

    /// The problem of a value that names no room, if it may be a part of a broken one.
    pub(super) fn perhaps_part(&self, line: u64) -> Option<BadRow> {
        let inside = self.maybe_inside.filter(|inside| inside.is_likely)?;
        Some(BadRow::new(line, RowProblem::PerhapsPart(inside.value)))
    }

    /// An object without a room that was accepted, unless a comma or a bracket shows that
    /// it is a part of the broken value before it.
    pub(super) fn reject_part<R: Read>(
        &mut self,
        line: u64,
        users: &mut VecDeque<UserId>,
        input: &mut LineReader<R>,
    ) -> Result<(), BadRow> {
        let Some(inside) = &mut self.maybe_inside else {
            return Ok(());
        };
        if self.place == Place::Top
            && let Some(b',' | b']' | b'}') = input.skip_blanks_in_line_unless_pause()?
        {
            inside.is_likely = true;
            users.clear();
        }
        self.perhaps_part(line).map_or(Ok(()), Err)
    }

    /// The problem of what comes next, if it shows that a text before it was a fragment, or
    /// that it is one.
    pub(super) fn reject_fragment_seen_late<R: Read>(
        &mut self,
        next: u8,
        input: &mut LineReader<R>,
    ) -> Option<BadRow> {
        let line = input.line();
        let after = match mem::take(&mut self.before) {
            Before::TextAndPause(text) if text == line && self.ends_fragment(next) => next,
            Before::Comma if next == b'"' => b',',
            _ => return None,
        };
        Some(self.fragment(line, after, input))
    }

    /// Whether a text before this byte is a fragment.
    fn ends_fragment(&self, after: u8) -> bool {
        match after {
            b'\n' | b'"' | b'{' | b'[' => false,
            b',' | b']' | b'}' => self.place == Place::Top,
            _ => true,
        }
    }

    /// The problem of a text before a colon, a comma or a bracket. Takes its line.
    fn fragment<R: Read>(&mut self, line: u64, after: u8, input: &mut LineReader<R>) -> BadRow {
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
