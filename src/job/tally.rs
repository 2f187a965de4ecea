//! Counts of outcomes and requests, and the exit code that follows from them.

use super::outcome::{Outcome, Settled, Stop};
use crate::exit::Exit;
use crate::room::Action;

/// The counts of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    members: [u64; Outcome::ALL.len()],
    /// Requests that were sent.
    pub(crate) requests: u64,
    /// Those of them that repeated a failed one.
    pub(crate) retries: u64,
    /// Members that were found absent after a request for a larger batch got
    /// one answer for all: that request may have removed some of them.
    pub(crate) maybe_removed: u64,
    /// Members that were settled without another request because the job was
    /// stopped.
    pub(crate) given_up: u64,
}

impl Tally {
    #[cfg(test)]
    pub(crate) fn with_counts(members: [u64; Outcome::ALL.len()]) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// Members with this outcome.
    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.members[outcome as usize]
    }

    /// All settled members.
    pub(crate) fn total(&self) -> u64 {
        self.members.iter().sum()
    }

    /// Settled members, without those that a stop left: the progress of the job.
    pub(crate) fn processed(&self) -> u64 {
        self.total() - self.given_up
    }

    /// Counts a row of a live feed that names no member.
    pub(super) fn add_bad_row(&mut self) {
        self.members[Outcome::Refused as usize] += 1;
    }

    /// Counts a member that an earlier run settled.
    pub(super) fn add_resumed(&mut self, outcome: Outcome) {
        self.members[outcome as usize] += 1;
    }

    /// The members of both tallies. Requests are those of this one only.
    #[must_use]
    pub(crate) fn with_members_of(&self, earlier: &Self) -> Self {
        let mut both = self.clone();
        for (sum, more) in both.members.iter_mut().zip(earlier.members) {
            *sum += more;
        }
        both
    }

    pub(super) fn add(&mut self, settled: &Settled) {
        self.members[settled.outcome as usize] += settled.members.len() as u64;
    }

    /// Members for which the action succeeded.
    pub(crate) fn successes(&self, action: Action) -> u64 {
        let outcomes = [Outcome::Done, Outcome::Gone].into_iter();
        let done = outcomes.filter(|outcome| outcome.is_success(action, false));
        done.map(|outcome| self.count(outcome)).sum()
    }

    /// The exit code. If several apply, the first of 7, 129/130/143, 4, 5, 6, 1
    /// wins.
    pub(crate) fn exit(&self, action: Action, stop: Option<Stop>, ignore_absent: bool) -> Exit {
        match stop {
            Some(Stop::RecordLost) => return Exit::Record,
            Some(Stop::Signal(signal)) => return Exit::Interrupted(signal),
            Some(Stop::Credentials) => return Exit::Credentials,
            Some(Stop::MaxFailures) if self.count(Outcome::Unknown) == 0 => return Exit::Partial,
            // A live feed may have had more rows.
            Some(Stop::Deadline) => return Exit::Unreachable,
            Some(Stop::MaxFailures | Stop::OutputClosed) | None => {}
        }
        // An absent member that is ignored is neither a success nor a failure.
        let removed = self.successes(action);
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
        let exit = |counts| Tally::with_counts(counts).exit(Action::Kick, None, false);
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
    fn absent_counts_as_success_only_with_ignore_absent() {
        assert_eq!(
            Tally::with_counts([1, 0, 1, 0, 0, 0]).exit(Action::Kick, None, true),
            Exit::Done
        );
        assert_eq!(
            Tally::with_counts([0, 0, 1, 1, 0, 0]).exit(Action::Kick, None, true),
            Exit::Refused
        );
    }

    #[test]
    fn the_stop_decides_before_the_counts() {
        let all = Tally::with_counts([1, 0, 0, 0, 0, 0]);
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
        let rest = Tally::with_counts([0, 0, 0, 3, 0, 9]);
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
    fn for_a_ban_only_banned_is_a_success() {
        let exit = |counts| Tally::with_counts(counts).exit(Action::Ban, None, false);
        assert_eq!(exit([2, 0, 0, 0, 0, 0]), Exit::Done);
        assert_eq!(exit([1, 1, 0, 0, 0, 0]), Exit::Partial);
        assert_eq!(exit([0, 1, 0, 0, 0, 0]), Exit::Refused);
        assert_eq!(exit([0, 0, 1, 0, 0, 0]), Exit::Refused);
        assert_eq!(exit([1, 0, 0, 0, 1, 0]), Exit::Unreachable);
    }
}
