//! Counts, and the exit code that follows from them.

use super::outcome::{Outcome, Settled};
use super::stop::Stop;
use crate::exit::Exit;

/// What a job has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    members: [u64; Outcome::ALL.len()],
    /// Requests that left.
    pub requests: u64,
    /// Those of them that repeated a failed one.
    pub retries: u64,
    /// Members found absent after a request for several was answered for all
    /// of them: that request may have removed some.
    pub perhaps_removed: u64,
}

impl Tally {
    /// How many members came to this outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.members[outcome as usize]
    }

    /// All members settled so far.
    pub fn total(&self) -> u64 {
        self.members.iter().sum()
    }

    /// A row that named nobody was told of and left out.
    pub(super) fn add_bad_row(&mut self) {
        self.members[Outcome::Refused as usize] += 1;
    }

    /// A member that an earlier run settled.
    pub(super) fn add_past(&mut self, outcome: Outcome) {
        self.members[outcome as usize] += 1;
    }

    /// The members of both; requests are those of this one.
    #[must_use]
    pub fn with(&self, past: &Self) -> Self {
        let mut both = self.clone();
        for (sum, more) in both.members.iter_mut().zip(past.members) {
            *sum += more;
        }
        both
    }

    pub(super) fn add(&mut self, settled: &Settled) {
        self.members[settled.outcome as usize] += settled.members.len() as u64;
    }

    /// The exit code; where several hold, the first of 7, 129/130/143, 4, 5, 6,
    /// 1 wins.
    pub fn exit(&self, stop: Option<Stop>, ignore_absent: bool) -> Exit {
        match stop {
            Some(Stop::RecordLost) => return Exit::Record,
            Some(Stop::Signal(signal)) => return Exit::Interrupted(signal),
            Some(Stop::Credentials) => return Exit::Credentials,
            Some(Stop::MaxFailures) if self.count(Outcome::Unknown) == 0 => return Exit::Partial,
            // What a live feed would still have brought nobody knows.
            Some(Stop::Deadline) => return Exit::Unreachable,
            Some(Stop::MaxFailures | Stop::OutputClosed) | None => {}
        }
        let removed = self.count(Outcome::Done) + self.count(Outcome::Gone);
        let absent = self.count(Outcome::Absent);
        let failed = self.count(Outcome::Refused) + if ignore_absent { 0 } else { absent };
        let open = self.count(Outcome::Unknown) + self.count(Outcome::Unsent);
        match (open, failed, removed) {
            (1.., ..) => Exit::Unreachable,
            (0, 0, _) => Exit::Done,
            (0, _, 0) => Exit::Refused,
            (0, _, _) => Exit::Partial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interrupt::Signal;

    fn tally(counts: [u64; 6]) -> Tally {
        Tally {
            members: counts,
            ..Tally::default()
        }
    }

    #[test]
    fn exits_by_outcomes() {
        let exit = |counts| tally(counts).exit(None, false);
        assert_eq!(exit([3, 0, 0, 0, 0, 0]), Exit::Done);
        assert_eq!(exit([0, 1, 0, 0, 0, 0]), Exit::Done);
        assert_eq!(exit([0, 0, 1, 0, 0, 0]), Exit::Refused);
        assert_eq!(exit([0, 0, 0, 2, 0, 0]), Exit::Refused);
        assert_eq!(exit([1, 0, 1, 0, 0, 0]), Exit::Partial);
        assert_eq!(exit([1, 0, 0, 1, 0, 0]), Exit::Partial);
        assert_eq!(exit([1, 0, 1, 1, 1, 0]), Exit::Unreachable);
        assert_eq!(exit([0, 0, 0, 0, 0, 1]), Exit::Unreachable);
        assert_eq!(exit([0; 6]), Exit::Done);
    }

    #[test]
    fn absent_counts_as_success_only_when_told_so() {
        assert_eq!(tally([1, 0, 1, 0, 0, 0]).exit(None, true), Exit::Done);
        assert_eq!(tally([0, 0, 1, 1, 0, 0]).exit(None, true), Exit::Refused);
    }

    #[test]
    fn what_stopped_the_job_goes_before_the_counts() {
        let all = tally([1, 0, 0, 0, 0, 0]);
        assert_eq!(all.exit(Some(Stop::RecordLost), false), Exit::Record);
        assert_eq!(all.exit(Some(Stop::Credentials), false), Exit::Credentials);
        assert_eq!(
            all.exit(Some(Stop::Signal(Signal::Int)), false),
            Exit::Interrupted(Signal::Int)
        );
        assert_eq!(all.exit(Some(Stop::OutputClosed), false), Exit::Done);
        let rest = tally([0, 0, 0, 3, 0, 9]);
        assert_eq!(rest.exit(Some(Stop::MaxFailures), false), Exit::Partial);
        assert_eq!(rest.exit(Some(Stop::Deadline), false), Exit::Unreachable);
    }
}
