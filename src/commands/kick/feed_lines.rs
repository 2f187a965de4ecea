//! Which rows of a live feed the job has taken. The reader is ahead of the job, and a
//! stop comes at any time: rows that nobody has taken are in no result and not in
//! `--failed-to`, so the report says after which line they begin.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::exit::Exit;
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
    has_ended: bool,
    /// The first line of the feed names its columns.
    has_header: bool,
}

/// The first and the last line of a row.
#[derive(Debug, Clone, Copy)]
struct RowLines {
    first: u64,
    last: u64,
}

/// The rows of a feed that the job has not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowsLeft {
    /// The last line of the last row that was taken whole; 0 if none was.
    after: u64,
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

    /// The row of these lines comes next, in so many messages.
    pub(super) fn add(&self, first: u64, last: u64, messages: usize) {
        let mut handed = self.lock();
        // An array that is not closed is reported with the line of its beginning.
        let first = first.max(handed.rows.back().map_or(0, |row| row.last));
        let last = last.max(first);
        let row = RowLines { first, last };
        handed.rows.extend(std::iter::repeat_n(row, messages));
        while handed.rows.len() > KEPT {
            handed.rows.pop_front();
            handed.earlier += 1;
        }
    }

    /// The feed has no more rows.
    pub(super) fn end(&self) {
        self.lock().has_ended = true;
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
        let after = rows.find(|row| next.is_none_or(|next| row.last < next.first));
        Some(RowsLeft {
            after: after.map_or(0, |row| row.last),
            has_header: handed.has_header,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Handed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RowsLeft {
    pub(super) fn message(self) -> String {
        match self.after {
            0 => "no row of the feed was read".into(),
            line => format!("the rows after line {line} of the feed were not read"),
        }
    }

    /// With members whose rows are needed again as well.
    fn hint(self, again: Option<&str>) -> String {
        let header = if self.has_header {
            ", with the header line"
        } else {
            ""
        };
        match (self.after, again) {
            (0, _) => format!("send the rows of the feed again{header}"),
            (line, None) => format!("send the rows after line {line} of the feed{header}"),
            (line, Some(again)) => {
                format!("{again}, and the rows after line {line} of the feed{header}")
            }
        }
    }

    /// Where nothing was sent because this line is not that of a list.
    fn correction(self) -> String {
        let line = match self.after {
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

/// How another feed does the rest.
pub(super) fn rest(
    left: Option<RowsLeft>,
    exit: Exit,
    stop: Option<Stop>,
    tally: &Tally,
) -> String {
    let is_refused = stop == Some(Stop::Credentials) && tally.count(Outcome::Refused) > 0;
    let has_unsettled = tally.count(Outcome::Unknown) + tally.count(Outcome::Unsent) > 0;
    let again = match (is_refused, has_unsettled) {
        (true, _) => Some(REFUSED_HINT),
        (false, true) => Some(UNSETTLED_HINT),
        (false, false) => None,
    };
    match left {
        Some(left) if exit == Exit::Usage => left.correction(),
        Some(left) => left.hint(again),
        None => again.unwrap_or(UNSETTLED_HINT).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_after(lines: &FeedLines, taken: u64) -> Option<u64> {
        lines.left(taken).map(|left| left.after)
    }

    #[test]
    fn a_row_counts_when_all_its_messages_were_taken() {
        let lines = FeedLines::default();
        assert_eq!(left_after(&lines, 0), Some(0));
        lines.add(2, 2, 1);
        lines.add(5, 5, 3);
        let after = (0..=4).map(|taken| left_after(&lines, taken));
        let expected = [0, 2, 2, 2, 5].map(Some);
        assert_eq!(after.collect::<Vec<_>>(), expected);
        lines.end();
        assert_eq!(left_after(&lines, 3), Some(2));
        assert_eq!(left_after(&lines, 4), None);
    }

    #[test]
    fn of_a_long_feed_only_the_last_lines_are_kept() {
        let lines = FeedLines::default();
        (1..=100_000).for_each(|line| lines.add(line, line, 1));
        assert_eq!(left_after(&lines, 99_500), Some(99_500));
        assert_eq!(lines.lock().rows.len(), KEPT);
    }

    #[test]
    fn a_row_of_several_lines_counts_with_its_last_one() {
        let lines = FeedLines::default();
        lines.add(1, 3, 1);
        assert_eq!(left_after(&lines, 1), Some(3));
        lines.add(4, 6, 1);
        assert_eq!(left_after(&lines, 1), Some(3));
        // It begins in the last line of the row before it.
        lines.add(6, 8, 1);
        assert_eq!(left_after(&lines, 2), Some(3));
        assert_eq!(left_after(&lines, 3), Some(8));
        lines.add(1, 1, 1);
        assert_eq!(left_after(&lines, 4), Some(8), "lines never go back");
    }
}
