//! Counts, and the exit code that follows from them.

use super::outcome::{Outcome, Settled};
use super::stop::Stop;
use crate::exit::Exit;
use crate::room::Action;

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
    pub maybe_removed: u64,
    /// Members that were open when the job was stopped, and were settled without
    /// another request.
    pub given_up: u64,
}

impl Tally {
    /// With so many members of each outcome.
    #[cfg(test)]
    pub(crate) fn of(members: [u64; Outcome::ALL.len()]) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// How many members came to this outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.members[outcome as usize]
    }

    /// All members settled so far.
    pub fn total(&self) -> u64 {
        self.members.iter().sum()
    }

    /// Those of them that were not merely given up: how far a job has come.
    pub fn tried(&self) -> u64 {
        self.total() - self.given_up
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

    /// How many members it was done to.
    pub fn done(&self, action: Action) -> u64 {
        let outcomes = [Outcome::Done, Outcome::Gone].into_iter();
        let done = outcomes.filter(|outcome| outcome.is_success(action, false));
        done.map(|outcome| self.count(outcome)).sum()
    }

    /// The exit code; where several hold, the first of 7, 129/130/143, 4, 5, 6,
    /// 1 wins.
    pub fn exit(&self, action: Action, stop: Option<Stop>, ignore_absent: bool) -> Exit {
        match stop {
            Some(Stop::RecordLost) => return Exit::Record,
            Some(Stop::Signal(signal)) => return Exit::Interrupted(signal),
            Some(Stop::Credentials) => return Exit::Credentials,
            Some(Stop::MaxFailures) if self.count(Outcome::Unknown) == 0 => return Exit::Partial,
            // What a live feed would still have brought nobody knows.
            Some(Stop::Deadline) => return Exit::Unreachable,
            Some(Stop::MaxFailures | Stop::OutputClosed) | None => {}
        }
        // Who was not there and is not missed is neither a success nor a failure.
        let removed = self.done(action);
        let absences = [Outcome::Gone, Outcome::Absent].into_iter();
        let absent = absences.filter(|outcome| !outcome.is_success(action, ignore_absent));
        let absent: u64 = absent.map(|outcome| self.count(outcome)).sum();
        let failed = self.count(Outcome::Refused) + absent;
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

    #[test]
    fn exits_by_outcomes() {
        let exit = |counts| Tally::of(counts).exit(Action::Kick, None, false);
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
        assert_eq!(
            Tally::of([1, 0, 1, 0, 0, 0]).exit(Action::Kick, None, true),
            Exit::Done
        );
        assert_eq!(
            Tally::of([0, 0, 1, 1, 0, 0]).exit(Action::Kick, None, true),
            Exit::Refused
        );
    }

    #[test]
    fn what_stopped_the_job_goes_before_the_counts() {
        let all = Tally::of([1, 0, 0, 0, 0, 0]);
        assert_eq!(
            all.exit(Action::Kick, Some(Stop::RecordLost), false),
            Exit::Record
        );
        assert_eq!(
            all.exit(Action::Kick, Some(Stop::Credentials), false),
            Exit::Credentials
        );
        assert_eq!(
            all.exit(Action::Kick, Some(Stop::Signal(Signal::Int)), false),
            Exit::Interrupted(Signal::Int)
        );
        assert_eq!(
            all.exit(Action::Kick, Some(Stop::OutputClosed), false),
            Exit::Done
        );
        let rest = Tally::of([0, 0, 0, 3, 0, 9]);
        assert_eq!(
            rest.exit(Action::Kick, Some(Stop::MaxFailures), false),
            Exit::Partial
        );
        assert_eq!(
            rest.exit(Action::Kick, Some(Stop::Deadline), false),
            Exit::Unreachable
        );
    }

    #[test]
    fn only_banned_is_a_success_of_a_ban() {
        let exit = |counts| Tally::of(counts).exit(Action::Ban, None, false);
        assert_eq!(exit([2, 0, 0, 0, 0, 0]), Exit::Done);
        assert_eq!(exit([1, 1, 0, 0, 0, 0]), Exit::Partial);
        assert_eq!(exit([0, 1, 0, 0, 0, 0]), Exit::Refused);
        assert_eq!(exit([0, 0, 1, 0, 0, 0]), Exit::Refused);
        assert_eq!(exit([1, 0, 0, 0, 1, 0]), Exit::Unreachable);
    }
}
