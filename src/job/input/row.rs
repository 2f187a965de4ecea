//! One row of a list: its checked values, or the problems with it.

use std::fmt;

use super::not_a_name::{NameOf, NotAName};
use super::problem::RowProblem;
use super::{missing_values, names};
use crate::room::{Reason, RoomId, UserId};
use crate::secret::excerpt;

/// One member in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Counted from 1; of a row of several lines, the first.
    pub(crate) line: u64,
    /// None where the caller gives the room.
    pub(crate) room: Option<RoomId>,
    pub(crate) user: UserId,
    /// None where the caller gives the reason.
    pub(crate) reason: Option<Reason>,
}

/// A row that cannot be used, shown as `LINE: problem; problem`. Whoever reports
/// it puts the list's name in front.
#[derive(Debug)]
pub(crate) struct BadRow {
    /// Counted from 1; of a row of several lines, the first.
    pub(crate) line: u64,
    /// At least one.
    pub(crate) problems: Vec<RowProblem>,
    /// The row was read so far that it is known to need a room from the caller.
    pub(crate) needs_room: bool,
    /// The same for the reason.
    pub(crate) needs_reason: bool,
    pub(super) after: AfterBadRow,
}

/// How the reader goes on after a bad row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterBadRow {
    NextRow,
    /// Lines after it belong to it. They are reported when they have been read.
    SkippedLines,
    /// Lines after it may belong to it, and are bad rows.
    DoubtfulLines,
    /// The reader of its format cannot go on, although the problem is that of one row.
    Nothing,
}

impl BadRow {
    /// A row with one problem, of which nothing else is known.
    pub(super) fn new(line: u64, problem: RowProblem) -> Self {
        Self {
            line,
            problems: vec![problem],
            needs_room: false,
            needs_reason: false,
            after: AfterBadRow::NextRow,
        }
    }

    /// For lines that belong to the bad row before them, the last one.
    pub(crate) fn last_skipped(&self) -> Option<u64> {
        match self.problems[..] {
            [RowProblem::SkippedLines { last, .. }] => Some(last),
            _ => None,
        }
    }

    /// Whether it is a line that may belong to the bad row before it.
    pub(crate) fn is_doubtful_line(&self) -> bool {
        matches!(self.problems[..], [RowProblem::PerhapsText(_)])
    }

    /// Whether lines after it may belong to it.
    pub(crate) fn is_open(&self) -> bool {
        self.skips_lines() || self.after == AfterBadRow::DoubtfulLines
    }

    /// The same, where these lines are reported when all have been read.
    fn skips_lines(&self) -> bool {
        self.after == AfterBadRow::SkippedLines
    }

    /// Whether the rows after this one cannot be read.
    pub(crate) fn ends_list(&self, is_live: bool) -> bool {
        let mut problems = self.problems.iter();
        self.after == AfterBadRow::Nothing || problems.any(|problem| problem.ends_list(is_live))
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.line)?;
        if let Some(last) = self.last_skipped().filter(|last| *last > self.line) {
            write!(f, "-{last}")?;
        }
        f.write_str(": ")?;
        for (at, problem) in self.problems.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        if self.skips_lines() {
            f.write_str("; roomctl skips the next lines, up to one that begins with { or [{, or that closes this value")?;
        }
        Ok(())
    }
}

/// The values of one row as they are parsed. All problems are kept.
#[derive(Debug, Default)]
pub(super) struct RowParts {
    pub(super) room: Option<RoomId>,
    pub(super) reason: Option<Reason>,
    pub(super) problems: Vec<RowProblem>,
    has_room: bool,
    has_reason: bool,
}

impl RowParts {
    /// For a row that is something else: nothing is missing in it.
    pub(super) fn other(problem: RowProblem) -> Self {
        Self {
            problems: vec![problem],
            has_room: true,
            has_reason: true,
            ..Self::default()
        }
    }

    pub(super) fn add_room(&mut self, parsed: Result<Option<RoomId>, RowProblem>) {
        self.has_room |= !matches!(parsed, Ok(None));
        self.room = self.keep(parsed).flatten();
    }

    pub(super) fn add_reason(&mut self, parsed: Result<Option<Reason>, RowProblem>) {
        self.has_reason |= !matches!(parsed, Ok(None));
        self.reason = self.keep(parsed).flatten();
    }

    /// A key that means a room was found.
    pub(super) fn has_room(&mut self) {
        self.has_room = true;
    }

    /// The same for a reason.
    pub(super) fn has_reason(&mut self) {
        self.has_reason = true;
    }

    /// The value, or its problem kept.
    pub(super) fn keep<T>(&mut self, parsed: Result<T, RowProblem>) -> Option<T> {
        parsed.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// The bad row with the problems found.
    pub(super) fn into_bad_row(self, line: u64) -> BadRow {
        BadRow {
            line,
            problems: self.problems,
            needs_room: !self.has_room,
            needs_reason: !self.has_reason,
            after: AfterBadRow::NextRow,
        }
    }
}

/// Parses rooms and reasons. Keeps the latest of each, because most rows have the
/// same as the row before.
#[derive(Debug, Default)]
pub(super) struct ValueCache {
    room: Option<RoomId>,
    reason: Option<Reason>,
}

impl ValueCache {
    /// None for an empty text.
    pub(super) fn room(&mut self, text: &str) -> Result<Option<RoomId>, RowProblem> {
        if text.is_empty() {
            return Ok(None);
        }
        if self.room.as_ref().is_none_or(|room| room.as_str() != text) {
            let room = RoomId::parse(text).map_err(|why| RowProblem::Room(excerpt(text), why))?;
            self.room = Some(room);
        }
        Ok(self.room.clone())
    }

    /// As [`Self::room`], for the cell of a table.
    pub(super) fn room_cell(&mut self, text: &str) -> Result<Option<RoomId>, RowProblem> {
        let is_cached = self.room.as_ref().is_some_and(|room| room.as_str() == text);
        if is_cached {
            return Ok(self.room.clone());
        }
        match names::check(text, NameOf::Room) {
            Some(why) => Err(RowProblem::NotAName {
                of: NameOf::Room,
                text: excerpt(text),
                why,
                in_lines: false,
            }),
            None => self.room(text),
        }
    }

    /// As [`Self::reason`], for the cell of a table.
    pub(super) fn reason_cell(&mut self, text: &str) -> Result<Option<Reason>, RowProblem> {
        let is_cached = self
            .reason
            .as_ref()
            .is_some_and(|reason| reason.as_str() == text);
        if !is_cached && missing_values::is_no_text(text) {
            return Err(RowProblem::NoReason(excerpt(text)));
        }
        self.reason(text)
    }

    /// None for an empty text.
    pub(super) fn reason(&mut self, text: &str) -> Result<Option<Reason>, RowProblem> {
        if text.is_empty() {
            return Ok(None);
        }
        if self
            .reason
            .as_ref()
            .is_none_or(|reason| reason.as_str() != text)
        {
            self.reason = Some(Reason::parse(text).map_err(RowProblem::Reason)?);
        }
        Ok(self.reason.clone())
    }
}

/// The text of JSON, taken literally.
pub(super) fn user(text: &str) -> Result<UserId, RowProblem> {
    UserId::parse(text).map_err(|why| RowProblem::User(excerpt(text), why))
}

/// The text of a line or a cell.
pub(super) fn user_name(text: &str, in_lines: bool) -> Result<UserId, RowProblem> {
    // In joined lists the header of the second is such a line.
    let is_header = in_lines && text.eq_ignore_ascii_case("user");
    let found = names::check(text, NameOf::User);
    if let Some(why) = found.or(is_header.then_some(NotAName::ColumnName)) {
        return Err(RowProblem::NotAName {
            of: NameOf::User,
            text: excerpt(text),
            why,
            in_lines,
        });
    }
    user(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_room_or_reason_is_not_given() {
        let mut cache = ValueCache::default();
        assert!(matches!(cache.room(""), Ok(None)));
        assert!(matches!(cache.reason(""), Ok(None)));
        let room = cache.room("r").expect("good").expect("given");
        assert_eq!(room.as_str(), "r");
        assert!(matches!(cache.room(""), Ok(None)), "not the one before");
        assert_eq!(cache.room("s").expect("good").expect("given").as_str(), "s");
    }

    #[test]
    fn a_problem_shows_the_value_but_not_a_whole_reason() {
        let mut cache = ValueCache::default();
        let room = cache.room("房间").expect_err("no RoomId").to_string();
        assert!(room.starts_with("room \"房间\": '房' at byte 1"), "{room}");
        let reason = cache.reason(&"x".repeat(1043)).expect_err("too long");
        assert_eq!(
            reason.to_string(),
            "reason: 1043 of 1000 bytes; a reason has at most 1000"
        );
        let user = user(&"u".repeat(999)).expect_err("too long").to_string();
        assert!(
            user.contains("999 of 32 bytes") && user.len() < 200,
            "{user}"
        );
    }
}
