//! How one member stands, and what intents and outcomes make of that. Six bits.

use crate::job::outcome::Outcome;
use crate::room::Action;

/// How a member stands by the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberStatus {
    /// To be asked about: never seen, refused, or surely untouched.
    Open,
    /// A request was sent that may have taken effect.
    InDoubt,
    /// Nothing is left to do.
    Settled(Outcome),
}

impl Outcome {
    /// Whether such a member need not be asked about again. A ban is another
    /// matter than a removal: who was not there can still come.
    pub fn settles(self, action: Action) -> bool {
        match self {
            Self::Done => true,
            Self::Gone | Self::Absent => match action {
                Action::Kick => true,
                Action::Ban | Action::Unban => false,
            },
            Self::Refused | Self::Unknown | Self::Unsent => false,
        }
    }
}

/// What is remembered of a member: the outcome in the low three bits (0 is
/// none), a doubt that nothing has lifted, an intent without outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct State(u8);

impl State {
    const OUTCOME: u8 = 0b0_0111;
    const DOUBT: u8 = 0b0_1000;
    const PENDING: u8 = 0b1_0000;
    const SETTLED: u8 = 0b10_0000;

    /// How many low bits it may use.
    pub(super) const BITS: u32 = 6;

    pub(super) fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    pub(super) fn bits(self) -> u8 {
        self.0
    }

    /// A request for the member is about to leave, the `attempt`th of its run.
    /// The first one of a run finds an intent without outcome only where an
    /// earlier run died.
    pub(super) fn record_intent(self, attempt: u32) -> Self {
        let orphan = attempt <= 1 && self.has(Self::PENDING);
        let doubt = if orphan { Self::DOUBT } else { 0 };
        Self(self.0 | doubt | Self::PENDING)
    }

    /// The member got an outcome, after so many requests of its run. Only one
    /// that settles it lifts a doubt that was there before: a refusal of today
    /// says nothing of what an earlier request did.
    pub(super) fn record_outcome(self, action: Action, outcome: Outcome, attempts: u32) -> Self {
        let number = outcome as u8 + 1;
        if outcome.settles(action) {
            return Self(number | Self::SETTLED);
        }
        let orphan = attempts == 0 && self.has(Self::PENDING);
        let is_doubtful = self.has(Self::DOUBT) || orphan || outcome == Outcome::Unknown;
        Self(number | if is_doubtful { Self::DOUBT } else { 0 })
    }

    pub(super) fn status(self) -> MemberStatus {
        if self.has(Self::PENDING | Self::DOUBT) {
            return MemberStatus::InDoubt;
        }
        match self.outcome() {
            Some(outcome) if self.has(Self::SETTLED) => MemberStatus::Settled(outcome),
            _ => MemberStatus::Open,
        }
    }

    /// The latest outcome; what is in doubt is unknown.
    pub(super) fn latest(self) -> Option<Outcome> {
        match self.status() {
            MemberStatus::InDoubt => Some(Outcome::Unknown),
            _ => self.outcome(),
        }
    }

    fn outcome(self) -> Option<Outcome> {
        let index = (self.0 & Self::OUTCOME).checked_sub(1)?;
        Outcome::ALL.get(usize::from(index)).copied()
    }

    fn has(self, bits: u8) -> bool {
        self.0 & bits != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(steps: &[(u32, Option<Outcome>)]) -> MemberStatus {
        let step = |state: State, (attempt, outcome): &(u32, Option<Outcome>)| match outcome {
            None => state.record_intent(*attempt),
            Some(outcome) => state.record_outcome(Action::Kick, *outcome, *attempt),
        };
        steps.iter().fold(State::default(), step).status()
    }

    #[test]
    fn an_intent_without_outcome_is_in_doubt() {
        assert_eq!(after(&[]), MemberStatus::Open);
        assert_eq!(after(&[(1, None)]), MemberStatus::InDoubt);
        assert_eq!(
            after(&[(1, None), (1, Some(Outcome::Refused))]),
            MemberStatus::Open
        );
        let unknown = [(1, None), (1, Some(Outcome::Unknown))];
        assert_eq!(after(&unknown), MemberStatus::InDoubt);
    }

    #[test]
    fn removed_gone_and_absent_settle() {
        for outcome in [Outcome::Done, Outcome::Gone, Outcome::Absent] {
            let steps = [(1, None), (1, Some(outcome))];
            assert_eq!(after(&steps), MemberStatus::Settled(outcome));
        }
    }

    #[test]
    fn a_doubt_is_lifted_by_nothing_but_a_settlement() {
        let died = (1, None);
        for outcome in [Outcome::Refused, Outcome::Unsent, Outcome::Unknown] {
            let later = [died, (1, None), (1, Some(outcome))];
            assert_eq!(
                after(&later),
                MemberStatus::InDoubt,
                "{outcome:?} of a later run"
            );
            let never_sent = [died, (0, Some(outcome))];
            assert_eq!(after(&never_sent), MemberStatus::InDoubt, "{outcome:?}");
        }
        let settled = [died, (1, None), (1, Some(Outcome::Gone))];
        assert_eq!(after(&settled), MemberStatus::Settled(Outcome::Gone));
    }

    #[test]
    fn a_retry_of_the_same_run_is_no_doubt_of_its_own() {
        let steps = [(1, None), (2, None), (2, Some(Outcome::Refused))];
        assert_eq!(after(&steps), MemberStatus::Open);
    }

    #[test]
    fn asked_anew_the_latest_counts() {
        let again = [(1, None), (1, Some(Outcome::Done)), (1, None)];
        assert_eq!(after(&again), MemberStatus::InDoubt);
        let again = [
            (1, None),
            (1, Some(Outcome::Done)),
            (0, Some(Outcome::Unsent)),
        ];
        assert_eq!(after(&again), MemberStatus::Open);
    }
}
