//! Which rows of a live feed the job has taken. The reader is ahead of the job, and a
//! stop comes at any time: rows that nobody has taken are in no result and not in
//! `--failed-to`, so the report says after which line they begin.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// More rows than the reader can be ahead of the job.
const KEPT: usize = 8192;

/// The lines of the last rows that were handed to the job, shared with the reader.
#[derive(Debug, Clone, Default)]
pub(super) struct FeedLines(Arc<Mutex<Handed>>);

#[derive(Debug, Default)]
struct Handed {
    /// One for each message to the job: a row is one for each of its rooms.
    lines: VecDeque<u64>,
    /// Messages before those.
    earlier: u64,
    has_ended: bool,
}

/// The rows of a feed that the job has not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowsLeft {
    /// The line of the last row that was taken whole; 0 if none was.
    after: u64,
}

impl FeedLines {
    /// The row of this line comes next, in so many messages.
    pub(super) fn add(&self, line: u64, messages: usize) {
        let mut handed = self.lock();
        handed.lines.extend(std::iter::repeat_n(line, messages));
        while handed.lines.len() > KEPT {
            handed.lines.pop_front();
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
        if handed.has_ended && taken >= handed.lines.len() {
            return None;
        }
        let next = handed.lines.get(taken);
        let mut lines = handed.lines.iter().take(taken).rev();
        let after = lines.find(|line| Some(*line) != next);
        Some(RowsLeft {
            after: after.copied().unwrap_or(0),
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

    /// With members that are not settled, their rows are needed again as well.
    pub(super) fn hint(self, has_unsettled: bool) -> String {
        match (self.after, has_unsettled) {
            (0, _) => "send the rows of the feed again".into(),
            (line, false) => format!("send the rows after line {line} of the feed"),
            (line, true) => format!("{UNSETTLED_HINT}, and the rows after line {line} of the feed"),
        }
    }
}

/// The remedy where only rows that were taken are left.
pub(super) const UNSETTLED_HINT: &str = "send the rows of the members that are not settled again";

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
        lines.add(2, 1);
        lines.add(5, 3);
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
        (1..=100_000).for_each(|line| lines.add(line, 1));
        assert_eq!(left_after(&lines, 99_500), Some(99_500));
        assert_eq!(lines.lock().lines.len(), KEPT);
    }
}
