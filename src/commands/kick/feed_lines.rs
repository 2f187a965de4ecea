//! Which rows of a live feed the job has taken. The reader is ahead of the job, and a
//! stop comes at any time: rows that nobody has taken are in no result and not in
//! `--failed-to`, so the report says after which line they begin.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::exit::Exit;
use crate::job::input::{LineRest, RowEnd};
use crate::job::{Outcome, Stop, Tally};

/// More rows than the reader can be ahead of the job.
const KEPT: usize = 8192;

/// The lines of the last rows that were handed to the job, shared with the reader.
#[derive(Debug, Clone, Default)]
pub(super) struct FeedLines(Arc<Mutex<Handed>>);

#[derive(Debug, Default)]
struct Handed {
    /// One for each message to the job: a row is one for each of its rooms.
    rows: VecDeque<RowLines>,
    /// Messages before those.
    earlier: u64,
    /// The reader has bytes of which it makes rows; else it waits for more.
    is_parsing: bool,
    has_ended: bool,
    /// The first line of the feed names its columns.
    has_header: bool,
    /// The line of the first row that was bad.
    first_bad: Option<u64>,
}

/// The first line of a row, and its end.
#[derive(Debug, Clone, Copy)]
struct RowLines {
    first: u64,
    end: RowEnd,
    kind: RowKind,
    /// No other member of its value comes.
    is_last: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Whole,
    /// Lines after it may belong to it.
    Open,
    /// The broken value of an array that is not read on. Lines after it may belong to it.
    EndsArray,
}

/// The rows of a feed that the job has not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowsLeft {
    /// The last line of the last row that was taken whole; 0 if none was.
    after: u64,
    /// More may follow in that line.
    is_within_line: bool,
    /// Some of these rows were taken, but not the first, or only a part of it.
    is_mixed: bool,
    /// That row is one of an array that goes on.
    is_in_array: bool,
    /// Where the broken value begins after which the array is not read on.
    broken: Option<u64>,
    /// Where the last row begins that was taken. If nothing was sent, it ends the feed.
    last: u64,
    first_bad: Option<u64>,
}

/// A feed when its job is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeedEnd {
    /// None if every row was taken.
    pub(super) left: Option<RowsLeft>,
    has_header: bool,
}

impl FeedLines {
    pub(super) fn new(has_header: bool) -> Self {
        let handed = Handed {
            has_header,
            ..Handed::default()
        };
        Self(Arc::new(Mutex::new(handed)))
    }

    /// The row of these lines comes next, in so many messages. A row whose end is before
    /// its first line is a problem at a place where nothing was read.
    pub(super) fn add(&self, first: u64, end: RowEnd, messages: usize) {
        self.lock().add(first, end, RowKind::Whole, messages);
    }

    /// The value of these lines, of which no member is taken, comes next.
    pub(super) fn add_bad_value(&self, first: u64, end: RowEnd) {
        let mut handed = self.lock();
        handed.add_bad(first, end, RowKind::Whole);
        if let Some(row) = handed.rows.back_mut() {
            row.is_last = true;
        }
    }

    /// The bad row of these lines comes next.
    pub(super) fn add_bad(&self, first: u64, end: RowEnd) {
        self.lock().add_bad(first, end, RowKind::Whole);
    }

    /// The same of a broken value. Lines after it may belong to it: a job that leaves some
    /// of them leaves the whole value, because names in them would be taken for rows.
    pub(super) fn add_open(&self, first: u64, end: RowEnd) {
        self.lock().add_bad(first, end, RowKind::Open);
    }

    /// The same of the value after which an array is not read on.
    pub(super) fn add_array_end(&self, first: u64, end: RowEnd) {
        let mut handed = self.lock();
        handed.add_bad(first, end, RowKind::EndsArray);
        if let Some(row) = handed.rows.back_mut() {
            // Values before it may be parts of it.
            row.first = end.inside.unwrap_or(first);
        }
    }

    /// The lines up to this end belong to the broken value before them, or may belong to
    /// it; so may those after them if it `is_open`.
    pub(super) fn add_part(&self, end: RowEnd, is_open: bool) {
        let mut handed = self.lock();
        let value = handed.rows.back().map_or(0, |row| row.first);
        let kind = if is_open {
            RowKind::Open
        } else {
            RowKind::Whole
        };
        handed.add(value, end, kind, 1);
        if let Some(skipped) = handed.rows.back_mut() {
            skipped.first = value;
        }
    }

    /// The reader has bytes of which it makes rows, or waits for more.
    pub(super) fn set_parsing(&self, is_parsing: bool) {
        self.lock().is_parsing = is_parsing;
    }

    /// The feed has no more rows.
    pub(super) fn end(&self) {
        self.lock().has_ended = true;
    }

    /// The feed at the end of a job that has taken so many messages.
    pub(super) fn at_end(&self, taken: u64) -> FeedEnd {
        FeedEnd {
            left: self.left(taken),
            has_header: self.lock().has_header,
        }
    }

    /// What a job leaves that has taken so many messages; None if that is all.
    pub(super) fn left(&self, taken: u64) -> Option<RowsLeft> {
        let handed = self.lock();
        let taken = usize::try_from(taken.saturating_sub(handed.earlier)).unwrap_or(usize::MAX);
        if handed.has_ended && taken >= handed.rows.len() {
            return None;
        }
        let next = handed.rows.get(taken);
        let mut rows = handed.rows.iter().take(taken).rev();
        let last = rows.clone().next();
        let line_of_next = match (next, last) {
            (Some(next), _) => next.first,
            (None, Some(last)) if last.kind != RowKind::Whole || last.end.inside.is_some() => {
                last.first
            }
            // It may be another member of the same value.
            (None, Some(last))
                if handed.is_parsing && !last.is_last && last.end.rest != LineRest::Taken =>
            {
                last.first
            }
            (None, _) => u64::MAX,
        };
        let after = rows.find(|row| row.end.line < line_of_next);
        let ends_array = |row: &&RowLines| row.kind == RowKind::EndsArray;
        Some(RowsLeft {
            after: after.map_or(0, |row| row.end.line),
            is_within_line: line_of_next == u64::MAX
                && after.is_some_and(|row| row.end.rest == LineRest::Open),
            is_mixed: last.is_some_and(|row| row.end.line >= line_of_next),
            is_in_array: after.is_some_and(|row| row.end.is_in_array),
            broken: last.filter(ends_array).map(|row| row.first),
            last: last.map_or(0, |row| row.first),
            first_bad: handed.first_bad,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Handed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handed {
    fn add_bad(&mut self, first: u64, end: RowEnd, kind: RowKind) {
        self.first_bad.get_or_insert(first);
        self.add(first, end, kind, 1);
    }

    fn add(&mut self, first: u64, mut end: RowEnd, kind: RowKind, messages: usize) {
        // An array that is not closed is reported with the line of its beginning.
        let before = self.rows.back().map_or(0, |row| row.end.line);
        let first = end.inside.unwrap_or(first.max(before));
        end.line = end.line.max(before);
        let row = RowLines {
            first,
            end,
            kind,
            is_last: false,
        };
        self.rows.extend(std::iter::repeat_n(row, messages));
        while self.rows.len() > KEPT {
            self.rows.pop_front();
            self.earlier += 1;
        }
    }
}

impl RowsLeft {
    pub(super) fn message(self) -> String {
        match (self.after, self.is_mixed) {
            (0, false) => "no row of the feed was read".into(),
            (0, true) => "the rows of the feed were not all read".into(),
            (_, false) => format!("{} were not read", self.in_words()),
            (_, true) => format!("{} were not all read", self.in_words()),
        }
    }

    fn in_words(self) -> String {
        let line = self.after;
        if self.is_within_line {
            format!("the rest of line {line} of the feed and the rows after it")
        } else {
            format!("the rows after line {line} of the feed")
        }
    }

    /// Whether a row before those is bad.
    pub(super) fn has_bad_row_before(self) -> bool {
        let line = self.broken.unwrap_or(u64::MAX);
        self.first_bad.is_some_and(|bad| bad < line)
    }

    /// With members whose rows are needed again as well.
    fn hint(self, again: Option<&str>) -> String {
        if let Some(line) = self.broken {
            let again = again.map_or(String::new(), |again| format!("{again}; "));
            return format!(
                "{again}fix the broken value that begins in line {line} of the feed; \
                 send it and all after it, with [ before it"
            );
        }
        let bracket = if self.is_in_array {
            ", with [ before the first row"
        } else {
            ""
        };
        match (self.after, again) {
            (0, _) => "send the rows of the feed again".into(),
            (_, None) => format!("send {}{bracket}", self.in_words()),
            (_, Some(again)) => format!("{again}, and {}{bracket}", self.in_words()),
        }
    }

    /// Where nothing was sent because its last row is not that of a list.
    fn correction(self) -> String {
        let line = match self.last {
            last if self.first_bad.is_some_and(|bad| bad < last) => {
                return "correct the rows reported above and send all of the feed again".into();
            }
            0 | 1 => "the first line".into(),
            line => format!("line {line}"),
        };
        format!("correct {line} of the feed and send all of it again")
    }
}

/// The remedy where only rows that were taken are left.
const UNSETTLED_HINT: &str = "send the rows of the members that are not settled again";

/// The same where the credentials are to blame for what was refused.
const REFUSED_HINT: &str = "send the rows of the members that are refused or not settled again";

impl FeedEnd {
    /// Whether another feed has something to do.
    pub(super) fn has_rest(self, stop: Option<Stop>, tally: &Tally) -> bool {
        self.left.is_some() || again(stop, tally).is_some()
    }

    /// How another feed does the rest.
    pub(super) fn rest(self, exit: Exit, stop: Option<Stop>, tally: &Tally) -> String {
        let again = again(stop, tally);
        let hint = match self.left {
            Some(left) if exit == Exit::Usage => return left.correction(),
            Some(left) => left.hint(again),
            None => again.unwrap_or(UNSETTLED_HINT).into(),
        };
        if self.has_header {
            format!("{hint}, with the header line")
        } else {
            hint
        }
    }
}

/// Which rows that were taken are needed again.
fn again(stop: Option<Stop>, tally: &Tally) -> Option<&'static str> {
    let is_refused = stop == Some(Stop::Credentials) && tally.count(Outcome::Refused) > 0;
    let has_unsettled = tally.count(Outcome::Unknown) + tally.count(Outcome::Unsent) > 0;
    match (is_refused, has_unsettled) {
        (true, _) => Some(REFUSED_HINT),
        (false, true) => Some(UNSETTLED_HINT),
        (false, false) => None,
    }
}

#[cfg(test)]
#[path = "feed_lines_tests.rs"]
mod tests;
